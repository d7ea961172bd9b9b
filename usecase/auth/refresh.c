/* refresh.c - see refresh.h. Rows are read without a lock and replaced if they are still as they
 * were read; who was not the first looks again, and finds what the first has made of it. */
#include "usecase/auth/refresh.h"

#include <string.h>

#include "protocol/auth.h"
#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { ROUNDS_MAX = 8 };

enum step {
    STEP_LOOK,   /* at its rows, perhaps once more */
    STEP_CHANGE, /* the token is the newest: for the next */
    STEP_AGAIN,  /* next is what it was changed for */
    STEP_DONE,   /* question->st is the answer */
};

/* One token on its way. */
struct attempt {
    struct batch *batch;
    struct question *question;
    enum step step;
    struct refresh_token token, next;
    struct session session; /* as it was read */
    struct account account;
    bool found;
};

/* All that are asked together. */
struct batch {
    const struct sessions *sessions;
    struct call call;
    int64_t
        asked_us; /* when they came: what they are late for does not depend on how slow we are */
    size_t n;
    struct attempt *attempts;
};

static void decide(struct attempt *a, enum status st)
{
    a->step = STEP_DONE;
    a->question->st = st;
}

static void refuse(struct attempt *a)
{
    decide(a, call_fail(a->question->call, ST_UNAUTHENTICATED, "invalid_token",
                        "The refresh token is not valid (any more)."));
}

/* Of those at that step, by the session's id: all lock in one order. */
static size_t pick(struct batch *b, enum step step, struct attempt *picked[QUESTIONS_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < b->n; i++) {
        size_t at = n;
        if (b->attempts[i].step != step)
            continue;
        for (; at > 0 && memcmp(picked[at - 1]->token.session.b, b->attempts[i].token.session.b,
                                sizeof(struct uuid)) > 0;
             at--)
            picked[at] = picked[at - 1];
        picked[at] = &b->attempts[i];
        n++;
    }
    return n;
}

static enum status find_sessions(struct batch *b, struct attempt *const wanted[], size_t n)
{
    const void *keys[QUESTIONS_MAX];
    bool found[QUESTIONS_MAX];
    struct session *rows = mem_alloc(n, sizeof(*rows));
    enum status st;

    for (size_t i = 0; i < n; i++)
        keys[i] = &wanted[i]->token.session;
    st = store_find_many(b->sessions->sessions, NULL, &b->call, NULL, keys, n, rows, found);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        wanted[i]->found = found[i] && session_alive(&rows[i], clock_wall_us(b->call.clock));
        wanted[i]->session = rows[i];
    }
    free(rows);
    return st;
}

static enum status find_accounts(struct batch *b, struct attempt *const wanted[], size_t n)
{
    const void *keys[QUESTIONS_MAX];
    bool found[QUESTIONS_MAX];
    struct account *rows = mem_alloc(n, sizeof(*rows));
    enum status st;

    for (size_t i = 0; i < n; i++)
        keys[i] = &wanted[i]->session.user_id;
    st = store_find_many(b->sessions->accounts, NULL, &b->call, NULL, keys, n, rows, found);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        wanted[i]->found = wanted[i]->found && found[i];
        wanted[i]->account = rows[i];
    }
    explicit_bzero(rows, n * sizeof(*rows)); /* hashes of passwords */
    free(rows);
    return st;
}

static enum status revoke(struct transaction *tx, const struct call *call, void *arg)
{
    const struct attempt *a = arg;
    const struct sessions *sessions = a->batch->sessions;
    struct session_reused event = {a->session.user_id, a->session.id};
    enum status st = account_lock(sessions->accounts, tx, call, &event.user_id, NULL);

    if (st == ST_OK)
        st = store_remove(sessions->sessions, tx, call, &event.session_id, NULL, NULL);
    if (st == ST_OK)
        st = event_say(sessions->outbox, tx, call, &AUTH_SESSION_REUSED, &event);
    return st;
}

/* Two have the token: whoever they are, neither goes on with this session. */
static void end_reused(struct attempt *a)
{
    const struct call *call = a->question->call;
    enum status st = transactor_run(a->batch->sessions->transactor, call, revoke, a);

    if (st != ST_OK && st != ST_NOT_FOUND) {
        decide(a, st);
        return;
    }
    if (st == ST_OK)
        log_warn("refresh token used again, session revoked", LOG_CALL(call),
                 LOG_UUID("userId", a->session.user_id), LOG_UUID("sessionId", a->session.id));
    refuse(a);
}

static void judge(struct attempt *a)
{
    enum refresh_verdict verdict = REFRESH_UNKNOWN;
    enum status st;

    a->next = a->token;
    if (a->found)
        verdict = refresh_token_judge(&a->session, a->batch->asked_us, &a->next);
    if (verdict == REFRESH_UNKNOWN) {
        refuse(a);
        return;
    }
    if (verdict == REFRESH_REUSED) {
        end_reused(a);
        return;
    }
    st = session_allowed(a->question->call, a->account.status);
    if (st != ST_OK)
        decide(a, st);
    else
        a->step = verdict == REFRESH_GOOD ? STEP_CHANGE : STEP_AGAIN;
}

static void look(struct batch *b)
{
    struct attempt *wanted[QUESTIONS_MAX];
    size_t n = pick(b, STEP_LOOK, wanted);
    enum status st = n > 0 ? find_sessions(b, wanted, n) : ST_OK;

    if (st == ST_OK && n > 0)
        st = find_accounts(b, wanted, n);
    for (size_t i = 0; i < n; i++) {
        if (st == ST_OK)
            judge(wanted[i]);
        else
            decide(wanted[i], st);
    }
}

static void rotate(struct attempt *a, struct session *session)
{
    const struct call *asker = a->question->call;
    int64_t now_us = clock_wall_us(asker->clock);

    *session = a->session;
    a->next = a->token;
    refresh_token_next(session->seed, &a->next);
    refresh_token_hash(&a->next, session->token_hash);
    session_rotate(session, now_us);
    session_use(session, &a->batch->sessions->limits, now_us);
    if (asker->agent[0])
        TEXT_COPY(session->agent, asker->agent);
    if (asker->client[0])
        TEXT_COPY(session->address, asker->client);
}

/* Each session once: who comes with another token of it looks again, and finds this change. */
static size_t each_once(struct attempt *picked[QUESTIONS_MAX], size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && uuid_equal(picked[kept - 1]->session.id, picked[i]->session.id))
            picked[i]->step = STEP_LOOK;
        else
            picked[kept++] = picked[i];
    }
    return kept;
}

/* *all: every one of them is written. */
static enum status change(struct batch *b, struct attempt *const picked[], size_t n, bool *all)
{
    struct session *seen = mem_alloc(2 * n, sizeof(*seen)), *wanted = seen + n;
    size_t replaced = 0;
    enum status st;

    for (size_t i = 0; i < n; i++) {
        seen[i] = picked[i]->session;
        rotate(picked[i], &wanted[i]);
    }
    st = store_replace(b->sessions->sessions, NULL, &b->call, seen, wanted, n, &replaced);
    *all = replaced == n;
    free(seen);
    return st;
}

static enum status touch(void *row, const struct call *call, void *arg)
{
    struct session *session = row;
    int64_t now_us = clock_wall_us(call->clock);

    (void)arg;
    session->used_us = now_us > session->used_us ? now_us : session->used_us + 1;
    return ST_OK;
}

/* Who was not the first, and who cannot know whether he was, looks again. */
static void settle(struct attempt *a, enum status st)
{
    if (st == ST_OK)
        decide(a, session_grant(a->batch->sessions, a->question->call, &a->account, &a->next,
                                a->question->out));
    else if (st == ST_STALE || st == ST_UNCERTAIN)
        a->step = STEP_LOOK;
    else
        decide(a, st);
}

/* The database shows a change before its log is synced: were it to die in between, the successor
 * that we read would be one that nobody ever had. A commit after it, of anything, is answered when
 * both are on disk. */
static enum status sync_again(struct batch *b, struct attempt *const again[], size_t n)
{
    enum status st = ST_NOT_FOUND;

    for (size_t i = 0; i < n && st == ST_NOT_FOUND; i++)
        st = store_change(b->sessions->sessions, NULL, &b->call, &again[i]->session.id,
                          &(struct store_change){.fn = touch}, NULL);
    return st;
}

static void write(struct batch *b)
{
    struct attempt *changing[QUESTIONS_MAX], *again[QUESTIONS_MAX];
    size_t n = pick(b, STEP_CHANGE, changing), n_again = pick(b, STEP_AGAIN, again);
    enum status st = ST_STALE;
    bool all = false;

    n = each_once(changing, n);
    if (n > 0)
        st = change(b, changing, n, &all);
    for (size_t i = 0; i < n; i++)
        settle(changing[i], st == ST_OK && !all ? ST_STALE : st);
    if (n_again > 0 && !all)
        st = sync_again(b, again, n_again);
    for (size_t i = 0; i < n_again; i++)
        settle(again[i], st == ST_NOT_FOUND ? ST_STALE : st);
}

static void start(struct batch *b, struct question *asked, size_t n)
{
    b->call = questions_call(asked, n);
    b->asked_us = clock_wall_us(b->call.clock);
    b->n = n;
    b->attempts = mem_alloc(n, sizeof(*b->attempts));
    for (size_t i = 0; i < n; i++) {
        const struct refresh_form *form = asked[i].in;
        b->attempts[i].batch = b;
        b->attempts[i].question = &asked[i];
        asked[i].st = ST_UNAVAILABLE; /* unless it is decided */
        if (!refresh_token_parse(form->refresh_token, &b->attempts[i].token))
            refuse(&b->attempts[i]);
    }
}

void refresh_grant(void *self, struct question *asked, size_t n)
{
    struct batch b = {.sessions = self};
    struct attempt *left[QUESTIONS_MAX];

    ASSERT(n >= 1 && n <= QUESTIONS_MAX);
    start(&b, asked, n);
    for (int round = 0; round < ROUNDS_MAX && pick(&b, STEP_LOOK, left) > 0; round++) {
        look(&b);
        write(&b);
    }
    explicit_bzero(b.attempts, n * sizeof(*b.attempts));
    free(b.attempts);
}
