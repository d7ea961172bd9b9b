/* write.c - see write.h. */
#include "tool/service/write.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/service/write_key.h"

enum { LOCK_WAIT_MS = 2000 }; /* about as long as the database waits for a locked row */

/* One request, over all its transactions. */
struct attempt {
    const struct write *write;
    const void *in;
    void *out;
    struct write_key key;
    bool entering;                       /* it has not come past the barrier, or not yet */
    bool seen;                           /* noted is the outcome of one before */
    char noted[BARRIER_OUTCOME_MAX + 1]; /* as the barrier keeps it */
};

/* The effect is wanted under the name of the request that makes it, also by who undoes it. */
static const char *consumer_of(const struct endpoint *row)
{
    return row->undoes ? row->undoes->subject : row->op->subject;
}

static void forget(struct attempt *a, const struct call *call)
{
    const struct descriptor *reply = a->write->row->op->reply;

    if (reply)
        memset(a->out, 0, reply->size);
    *call->problem = (struct problem){0};
}

/* ST_OK: it is the first; a->noted is kept unless changed. a->seen then says otherwise. */
static enum status enter(struct attempt *a, struct transaction *tx, const struct call *call)
{
    struct barrier *barrier = a->write->barrier;
    char noted[BARRIER_OUTCOME_MAX + 1];
    enum status st;

    if (a->entering && call_left_ms(call) < LOCK_WAIT_MS)
        return ST_UNAVAILABLE; /* no time to wait for the other once more */
    a->entering = true;
    memcpy(noted, a->noted, sizeof(noted));
    st = barrier->ops->enter(barrier, tx, call, consumer_of(a->write->row), a->key.request.key,
                             noted, a->noted);
    a->seen = st == ST_CONFLICT;
    a->entering = st != ST_OK && st != ST_CONFLICT;
    return a->seen ? ST_OK : st;
}

static enum status keep(struct attempt *a, struct transaction *tx, const struct call *call)
{
    struct barrier *barrier = a->write->barrier;

    return barrier->ops->record(barrier, tx, call, consumer_of(a->write->row), a->key.request.key,
                                a->noted);
}

static bool note(struct attempt *a, enum status st, const struct call *call)
{
    char text[OUTCOME_MAX + 1];

    if (!outcome_write(a->write->row, st, call, a->out, text))
        return false;
    write_key_note(&a->key, text, a->noted);
    return true;
}

static enum status change(const struct attempt *a, struct transaction *tx, const struct call *call)
{
    const struct endpoint *row = a->write->row;

    return row->change(a->write->self, tx, call, a->in, row->run ? NULL : a->out);
}

/* The request alone tells what is answered when all goes well. */
static bool is_foretold(const struct endpoint *row)
{
    return row->run || !row->op->reply;
}

static enum status answer(const struct attempt *a, const struct call *call)
{
    const struct endpoint *row = a->write->row;

    return row->run ? row->run(a->write->self, call, a->in, a->out) : ST_OK;
}

static enum status foretell(struct attempt *a, const struct call *call)
{
    enum status st = answer(a, call);

    if (st != ST_OK)
        return st;
    st = note(a, ST_OK, call) ? ST_OK : ST_INTERNAL;
    forget(a, call); /* it is answered once it is done */
    return st;
}

/* The transaction of the effect. Events join it here: written with the effect, or not at all. An
 * answer that is foretold is kept as the message is entered, any other by a second write. */
static enum status do_once(struct transaction *tx, const struct call *call, void *arg)
{
    struct attempt *a = arg;
    bool foretold = is_foretold(a->write->row);
    enum status st;

    forget(a, call);
    if (!a->key.once)
        return change(a, tx, call);
    a->noted[0] = '\0';
    st = foretold ? foretell(a, call) : ST_OK;
    if (st == ST_OK)
        st = enter(a, tx, call);
    if (st != ST_OK || a->seen)
        return st;
    st = change(a, tx, call);
    if (st != ST_OK || foretold)
        return st;
    return note(a, ST_OK, call) ? keep(a, tx, call) : ST_INTERNAL;
}

/* First: a tombstone stays, and the request that comes late is refused. Else what was done is
 * undone, once; what was refused stays refused. */
static enum status undo_once(struct transaction *tx, const struct call *call, void *arg)
{
    struct attempt *a = arg;
    enum status st;

    forget(a, call);
    write_key_note(&a->key, OUTCOME_UNDONE, a->noted);
    st = enter(a, tx, call);
    if (st != ST_OK || !a->seen || !outcome_was_done(a->write->undone, a->noted, call))
        return st;
    st = change(a, tx, call);
    if (st != ST_OK)
        return st;
    write_key_note(&a->key, OUTCOME_UNDONE, a->noted);
    return keep(a, tx, call);
}

/* A refusal has no effect but that it is remembered: what the use case had written is rolled back
 * already, and if another delivery was decided meanwhile, that is the answer. */
static enum status remember(struct transaction *tx, const struct call *call, void *arg)
{
    return enter(arg, tx, call);
}

static enum status answer_seen(struct attempt *a, const struct call *call)
{
    const char *text = write_key_text(&a->key, a->noted);

    forget(a, call);
    return text ? outcome_read(a->write->row, text, call, a->out) : request_key_reused(call);
}

static enum status refuse(struct attempt *a, enum status st, const struct call *call)
{
    enum status kept;

    if (call->problem->status != st)
        call_fail(call, st, NULL, "%s.", status_title(st));
    if (!note(a, st, call))
        return ST_INTERNAL;
    kept = transactor_run(a->write->transactor, call, remember, a);
    if (kept != ST_OK)
        return kept;
    return a->seen ? answer_seen(a, call) : st;
}

/* The first still runs if it holds the barrier's row: then the database answers, but shows none. */
static enum status still_running(struct attempt *a, const struct call *call)
{
    struct barrier *barrier = a->write->barrier;
    enum status st =
        barrier->ops->find(barrier, call, consumer_of(a->write->row), a->key.request.key, a->noted);

    if (st == ST_OK)
        return answer_seen(a, call);
    if (st != ST_NOT_FOUND)
        return st;
    return request_key_in_progress(call);
}

/* Whether a commit that nobody heard of has happened, the barrier knows. */
static enum status run_certain(struct attempt *a, const struct call *call, transaction_fn body)
{
    struct transactor *transactor = a->write->transactor;
    enum status st = transactor_run(transactor, call, body, a);

    if (st != ST_UNCERTAIN || !a->key.once)
        return st;
    st = transactor_run(transactor, call, body, a);
    return st == ST_OK || status_is_refusal(st) ? st : ST_UNCERTAIN;
}

/* What a saga should not have asked so it asks again, and gets through once that is mended. */
static bool is_outcome(const struct attempt *a, enum status st)
{
    return a->key.by_saga ? status_is_no(st) : status_is_refusal(st);
}

static enum status run_once(struct attempt *a, const struct call *call)
{
    enum status st = run_certain(a, call, do_once);

    if (!a->key.once)
        return st;
    if (st == ST_OK)
        return a->seen ? answer_seen(a, call) : answer(a, call);
    if (is_outcome(a, st))
        return refuse(a, st, call);
    return st == ST_UNAVAILABLE && a->entering && !a->key.by_saga ? still_running(a, call) : st;
}

static enum status run_undo(struct attempt *a, const struct call *call)
{
    enum status st = run_certain(a, call, undo_once);

    if (st != ST_OK)
        return st;
    forget(a, call);
    return answer(a, call);
}

enum status write_run(const struct write *write, const struct call *call, const void *in, void *out)
{
    const struct endpoint *row = write->row;
    struct attempt a = {.write = write, .in = in, .out = out};
    struct call own = *call;
    enum status st = write_key_init(&a.key, row, call, in);

    ASSERT(call->problem);
    if (st != ST_OK)
        return st;
    own.saga_id = a.key.saga_id;
    st = row->undoes ? run_undo(&a, &own) : run_once(&a, &own);
    return st == ST_OK && row->after ? row->after(write->self, &own, in, out, a.seen) : st;
}
