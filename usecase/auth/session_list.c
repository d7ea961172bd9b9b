/* session_list.c - see session_list.h. */
#include "usecase/auth/session_list.h"

#include <string.h>

#include "model/role.h"
#include "protocol/auth.h"
#include "tool/core/mem.h"

static void show(const struct session *session, const struct call *call, struct sessions_page *page)
{
    struct session_view *view = &page->items[page->n_items++];

    *view = (struct session_view){
        .session_id = session->id,
        .created_us = session->created_us,
        .used_us = session->used_us,
        .current = uuid_equal(session->id, call->session),
    };
    session_client(session, view->client);
}

enum status session_list(void *self, const struct call *call, const void *in, void *out)
{
    const struct sessions *sessions = self;
    const struct sessions_query *query = in;
    const size_t limit = (size_t)query->page.limit;
    struct store_list list = {.where = {{"user_id", &query->user_id}}, .descending = true};
    struct sessions_page *page = out;
    struct session *rows;
    struct cursor after;
    bool is_set;
    size_t n = 0;
    enum status st =
        cursor_open(sessions->cursors, call, AUTH_SESSIONS.request, query, &after, &is_set);

    if (st != ST_OK)
        return st;
    if (is_set)
        list.after_key = &after.id;
    rows = mem_alloc(limit, sizeof(*rows));
    st = store_list(sessions->sessions, NULL, call, &list, limit, rows, &n);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        if (session_alive(&rows[i], clock_wall_us(call->clock)))
            show(&rows[i], call, page);
    if (st == ST_OK && n == limit)
        cursor_seal(sessions->cursors, AUTH_SESSIONS.request, query,
                    &(struct cursor){.id = rows[n - 1].id}, page->next_cursor);
    free(rows);
    return st;
}

static enum status is_of(void *row, const struct call *call, void *arg)
{
    const struct session *session = row;

    return uuid_equal(session->user_id, *(const struct uuid *)arg) &&
                   session_alive(session, clock_wall_us(call->clock))
               ? ST_OK
               : ST_NOT_FOUND;
}

struct ending {
    const struct sessions *sessions;
    struct session_end which;
};

static enum status end(struct transaction *tx, const struct call *call, void *arg)
{
    struct ending *ending = arg;
    const struct sessions *sessions = ending->sessions;
    struct sessions_revoked event = {ending->which.user_id, 1, SESSIONS_ENDED};
    enum status st = account_lock(sessions->accounts, tx, call, &event.user_id, NULL);

    if (st == ST_OK)
        st = store_remove(sessions->sessions, tx, call, &ending->which.session_id, is_of,
                          &event.user_id);
    return st == ST_OK ? event_say(sessions->outbox, tx, call, &AUTH_SESSIONS_REVOKED, &event) : st;
}

enum status session_end(void *self, const struct call *call, const void *in, void *out)
{
    struct ending ending = {self, *(const struct session_end *)in};
    enum status st = transactor_run(ending.sessions->transactor, call, end, &ending);

    (void)out;
    return st == ST_NOT_FOUND ? call_fail(call, st, "not_found", "There is no such session.") : st;
}

enum status session_logout(void *self, const struct call *call, const void *in, void *out)
{
    const struct sessions *sessions = self;
    struct uuid user_id;
    enum status st = ST_NOT_FOUND;

    (void)in;
    (void)out;
    if (uuid_parse(call->user, &user_id) && !uuid_is_nil(call->session))
        st = store_remove(sessions->sessions, NULL, call, &call->session, is_of, &user_id);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status over(const struct call *call)
{
    return call_fail(call, ST_UNAUTHENTICATED, "invalid_token", "The session is over.");
}

enum status session_check(void *self, const struct call *call, const void *in, void *out)
{
    const struct sessions *sessions = self;
    struct granted_roles *granted = out;
    struct uuid user_id;
    struct session session;
    struct account account;
    enum status st = ST_NOT_FOUND;

    (void)in;
    if (uuid_parse(call->user, &user_id) && !uuid_is_nil(call->session))
        st = store_find(sessions->sessions, NULL, call, NULL, &call->session, &session);
    if (st == ST_OK)
        st = is_of(&session, call, &user_id);
    if (st == ST_OK)
        st = store_find(sessions->accounts, NULL, call, NULL, &user_id, &account);
    if (st == ST_OK) {
        TEXT_COPY(granted->roles, account.roles);
        explicit_bzero(&account, sizeof(account)); /* its password's hash */
    }
    return st == ST_NOT_FOUND ? over(call) : st;
}
