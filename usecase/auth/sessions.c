/* sessions.c - see sessions.h. */
#include "usecase/auth/sessions.h"

#include <string.h>

#include "protocol/auth.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { PURGE_BATCH = 100, HELD_RETRY_S = 1 };

/* All of an account, the oldest first; n at most SESSIONS_MAX. Freed by the caller. */
static enum status list(const struct sessions *sessions, struct transaction *tx,
                        const struct call *call, struct uuid user_id, struct session **out,
                        size_t *n)
{
    const struct store_list of_user = {.where = {{"user_id", &user_id}}};

    *out = mem_alloc(SESSIONS_MAX, sizeof(**out));
    return store_list(sessions->sessions, tx, call, &of_user, SESSIONS_MAX, *out, n);
}

static enum status end(const struct sessions *sessions, struct transaction *tx,
                       const struct call *call, const struct session *session)
{
    enum status st = store_remove(sessions->sessions, tx, call, &session->id, NULL, NULL);

    return st == ST_NOT_FOUND ? ST_OK : st; /* logged out meanwhile */
}

static enum status make_room(const struct sessions *sessions, struct transaction *tx,
                             const struct call *call, struct uuid user_id)
{
    int64_t now_us = clock_wall_us(call->clock), left = 0;
    struct session *rows;
    size_t n;
    enum status st = list(sessions, tx, call, user_id, &rows, &n);

    for (size_t i = 0; st == ST_OK && i < n; i++)
        left += session_alive(&rows[i], now_us);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        bool alive = session_alive(&rows[i], now_us);
        if (alive && left < sessions->limits.max)
            continue;
        left -= alive;
        st = end(sessions, tx, call, &rows[i]);
    }
    free(rows);
    return st;
}

enum status session_begin(const struct sessions *sessions, struct transaction *tx,
                          const struct call *call, struct uuid user_id, struct refresh_token *first)
{
    int64_t now_us = clock_wall_us(call->clock);
    struct session session = {.user_id = user_id, .created_us = now_us};
    enum status st = make_room(sessions, tx, call, user_id);

    if (st != ST_OK)
        return st;
    session.id = uuid_v7(call->clock, sessions->entropy);
    *first = (struct refresh_token){.session = session.id};
    refresh_secret_make(sessions->entropy, first->secret);
    refresh_secret_make(sessions->entropy, session.seed);
    refresh_token_hash(first, session.token_hash);
    TEXT_COPY(session.agent, call->agent);
    TEXT_COPY(session.address, call->client);
    session_use(&session, &sessions->limits, now_us);
    return store_insert(sessions->sessions, tx, call, &session, NULL);
}

enum status session_grant(const struct sessions *sessions, const struct call *call,
                          const struct account *account, const struct refresh_token *token,
                          struct login_granted *out)
{
    out->user_id = account->id;
    TEXT_COPY(out->token_type, "Bearer");
    refresh_token_text(token, out->refresh_token);
    return sessions->issuer->ops->issue(sessions->issuer, call, account->id, token->session,
                                        account->roles, out->access_token, &out->expires_in_s);
}

enum status sessions_revoke(const struct sessions *sessions, struct transaction *tx,
                            const struct call *call, struct uuid user_id,
                            enum sessions_revoked_why why)
{
    struct sessions_revoked event = {.user_id = user_id, .why = (int)why};
    struct session *rows;
    size_t n;
    enum status st = list(sessions, tx, call, user_id, &rows, &n);

    for (size_t i = 0; st == ST_OK && i < n; i++)
        st = end(sessions, tx, call, &rows[i]);
    free(rows);
    if (st != ST_OK || n == 0)
        return st;
    event.sessions = (int64_t)n;
    return event_say(sessions->outbox, tx, call, &AUTH_SESSIONS_REVOKED, &event);
}

enum status session_allowed(const struct call *call, enum account_status status)
{
    if (status == ACCOUNT_ACTIVE)
        return ST_OK;
    if (call->problem)
        call->problem->retry_after_s = HELD_RETRY_S;
    return status == ACCOUNT_SIGNUP_PENDING
               ? call_fail(call, ST_CONFLICT, "signup_pending", "The signup has not finished yet.")
               : call_fail(call, ST_CONFLICT, "withdrawal_pending",
                           "The account is being withdrawn.");
}

static enum status has_expired(void *row, const struct call *call, void *arg)
{
    (void)arg;
    return session_alive(row, clock_wall_us(call->clock)) ? ST_CONFLICT : ST_OK;
}

struct purge {
    const struct sessions *sessions;
    size_t gone;
};

static enum status purge(struct transaction *tx, const struct call *call, void *arg)
{
    static const struct store_list BY_END = {.sort = "expires_at"};
    struct purge *purge = arg;
    struct store *store = purge->sessions->sessions;
    struct session *rows = mem_alloc(PURGE_BATCH, sizeof(*rows));
    size_t n;
    enum status st = store_list(store, tx, call, &BY_END, PURGE_BATCH, rows, &n);

    purge->gone = 0;
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        if (has_expired(&rows[i], call, NULL) != ST_OK)
            break;
        st = store_remove(store, tx, call, &rows[i].id, has_expired, NULL);
        purge->gone += st == ST_OK;
        if (st == ST_NOT_FOUND || st == ST_CONFLICT) /* somebody was faster */
            st = ST_OK;
    }
    free(rows);
    return st;
}

enum status sessions_purge(void *self, const struct job_run *run)
{
    struct purge work = {.sessions = self};
    enum status st = transactor_run(work.sessions->transactor, run->call, purge, &work);

    if (st == ST_OK && work.gone > 0)
        log_info("sessions purged", LOG_CALL(run->call), LOG_INT("sessions", (int64_t)work.gone));
    return st == ST_OK && work.gone == PURGE_BATCH ? ST_PENDING : st;
}
