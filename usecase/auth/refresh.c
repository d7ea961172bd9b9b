/* refresh.c - see refresh.h. Rows are read without a lock and changed if they are still as they
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
    int64_t now_us = clock_wall_us(a->question->call->clock);
    enum refresh_verdict verdict = REFRESH_UNKNOWN;
    enum status st;

    a->next = a->token;
    if (a->found)
        verdict = refresh_token_judge(&a->session, now_us, &a->next);
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

static enum status rotate(void *row, const struct call *call, void *arg)
{
    int64_t now_us = clock_wall_us(call->clock);
    struct attempt *a = arg;
    const struct call *asker = a->question->call;
    struct session *session = row;

    a->next = a->token;
    refresh_token_next(session->seed, &a->next);
    refresh_token_hash(&a->next, session->token_hash);
    session_rotate(session, now_us);
    session_use(session, &a->batch->sessions->limits, now_us);
    if (asker->agent[0])
        TEXT_COPY(session->agent, asker->agent);
    if (asker->client[0])
        TEXT_COPY(session->address, asker->client);
    return ST_OK;
}

static enum status change_one(struct attempt *a, struct transaction *tx, const struct call *call)
{
    return store_change(a->batch->sessions->sessions, tx, call, &a->session.id,
                        &(struct store_change){.fn = rotate, .arg = a, .seen = &a->session}, NULL);
}

static enum status touch(void *row, const struct call *call, void *arg)
{
    struct session *session = row;
    int64_t now_us = clock_wall_us(call->clock);

    (void)arg;
    session->used_us = now_us > session->used_us ? now_us : session->used_us + 1;
    return ST_OK;
}

/* What a commit of this round is about. */
struct commit {
    const struct sessions *sessions;
    struct attempt *change[QUESTIONS_MAX], *again[QUESTIONS_MAX];
    size_t n_change, n_again;
    enum status changed[QUESTIONS_MAX];
    bool written;
};

/* The database shows a change before its log is synced: were it to die in between, the successor
 * that we read would be one that nobody ever had. A commit after it, of anything, is answered when
 * both are on disk; without one of a change, that of a touch does. */
static enum status write_all(struct transaction *tx, const struct call *call, void *arg)
{
    struct commit *c = arg;
    enum status st = ST_OK;

    c->written = false;
    for (size_t i = 0; st == ST_OK && i < c->n_change; i++) {
        c->changed[i] = change_one(c->change[i], tx, call);
        c->written |= c->changed[i] == ST_OK;
        st = c->changed[i] == ST_STALE ? ST_OK : c->changed[i];
    }
    for (size_t i = 0; st == ST_OK && !c->written && i < c->n_again; i++) {
        st = store_change(c->sessions->sessions, tx, call, &c->again[i]->session.id,
                          &(struct store_change){.fn = touch}, NULL);
        c->written |= st == ST_OK;
        st = st == ST_NOT_FOUND ? ST_OK : st;
    }
    return st;
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

static void write(struct batch *b)
{
    struct commit c = {.sessions = b->sessions};
    enum status st;

    c.n_change = pick(b, STEP_CHANGE, c.change);
    c.n_again = pick(b, STEP_AGAIN, c.again);
    if (c.n_change + c.n_again == 0)
        return;
    if (c.n_change == 1 && c.n_again == 0) {
        settle(c.change[0], change_one(c.change[0], NULL, &b->call));
        return;
    }
    st = transactor_run(b->sessions->transactor, &b->call, write_all, &c);
    for (size_t i = 0; i < c.n_change; i++)
        settle(c.change[i], st == ST_OK ? c.changed[i] : st);
    for (size_t i = 0; i < c.n_again; i++)
        settle(c.again[i], st == ST_OK && !c.written ? ST_STALE : st);
}

static void start(struct batch *b, struct question *asked, size_t n)
{
    b->call = questions_call(asked, n);
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
