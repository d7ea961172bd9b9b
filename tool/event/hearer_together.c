/* hearer_together.c - events that are there at the same time share a transaction: what each costs
 * by itself is mostly the commit. Only where all goes well; what does not is handled one by one, as
 * if it had come so. */
#include <assert.h>
#include <stdio.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/event/hearer_private.h"

static_assert((int)HEARER_TOGETHER_MAX <= (int)BARRIER_ALL_MAX &&
                  (int)HEARER_TOGETHER_MAX <= (int)DEAD_LETTER_KEYS_MAX,
              "what is asked at once");

struct together {
    struct hearer *hearer;
    size_t n;
    struct hearer_reading readings[HEARER_TOGETHER_MAX];
    struct call calls[HEARER_TOGETHER_MAX];
};

/* None that nobody hears, cannot be read, or has failed before. */
static bool is_plain(const struct together *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct hearer_reading *r = &t->readings[i];
        if (!r->row || !r->data || hearer_tried(t->hearer, &r->event))
            return false;
    }
    return true;
}

/* ST_OK: all for the first time, and there is no letter behind which one would be parked. */
static enum status enter(const struct together *t, struct transaction *tx, const struct call *call)
{
    struct barrier *barrier = t->hearer->config.barrier;
    struct dead_letters *letters = t->hearer->config.dead_letters;
    char keys[HEARER_TOGETHER_MAX][UUID_TEXT_LEN + 1], places[HEARER_TOGETHER_MAX][24];
    struct barrier_note notes[HEARER_TOGETHER_MAX];
    struct uuid of[HEARER_TOGETHER_MAX];
    size_t n = 0;
    enum status st;

    for (size_t i = 0; i < t->n; i++) {
        const struct event *e = &t->readings[i].event;
        if (t->readings[i].row->kind != HEAR_IN_ORDER)
            continue;
        snprintf(places[n], sizeof(places[n]), "%llu", (unsigned long long)e->stream_seq);
        notes[n] = (struct barrier_note){uuid_text(e->id, keys[n]), places[n]};
        of[n++] = e->key;
    }
    if (n == 0)
        return ST_OK;
    st = barrier->ops->enter_all(barrier, tx, call, t->hearer->consumer, notes, n);
    if (st != ST_OK)
        return st;
    st = letters->ops->any(letters, tx, call, of, n);
    if (st == ST_NOT_FOUND)
        return ST_OK;
    return st == ST_OK ? ST_CONFLICT : st;
}

static bool go_together(const struct hearing *a, const struct hearing *b)
{
    return a->together && a->together == b->together && a->self == b->self;
}

static bool went_before(const struct together *t, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (go_together(t->readings[k].row, t->readings[i].row))
            return true;
    return false;
}

/* The i-th, with all after it that go with it. */
static enum status handle_from(struct together *t, struct transaction *tx, size_t i)
{
    const struct hearing *row = t->readings[i].row;
    struct hearing_item items[HEARER_TOGETHER_MAX];
    size_t n = 0;

    if (!row->together)
        return hearer_call(t->hearer, row, tx, &t->calls[i], &t->readings[i].event,
                           t->readings[i].data);
    for (size_t k = i; k < t->n; k++)
        if (go_together(row, t->readings[k].row))
            items[n++] = (struct hearing_item){&t->readings[k].event, t->readings[k].data};
    problem_clear(t->calls[i].problem);
    return row->together((char *)t->hearer->config.self + row->self, tx, &t->calls[i], items, n);
}

static enum status handle(struct transaction *tx, const struct call *call, void *arg)
{
    struct together *t = arg;
    enum status st = enter(t, tx, call);

    for (size_t i = 0; i < t->n && st == ST_OK; i++)
        if (!went_before(t, i))
            st = handle_from(t, tx, i);
    return st;
}

/* ST_OK: all of them are handled. What is not there for one is not asked for again by each. */
static enum status handle_together(struct together *t, struct heard_event heard[])
{
    enum status st = transactor_run(t->hearer->config.transactor, &t->calls[0], handle, t);

    for (size_t i = 0; i < t->n; i++)
        if (st == ST_OK)
            heard[i] = (struct heard_event){HEARD_HANDLED, 0};
        else if (hearer_is_away(st))
            heard[i] = hearer_put_off(t->hearer, &t->readings[i].event, st, &t->calls[i]);
    return hearer_is_away(st) ? ST_OK : st;
}

void hearer_handle_all(struct hearer *hearer, const struct delivery *const deliveries[], size_t n,
                       struct heard_event heard[])
{
    struct together *t = n > 1 ? MEM_NEW(struct together) : NULL;
    bool done = false;

    ASSERT(n <= HEARER_TOGETHER_MAX);
    if (t) {
        t->hearer = hearer;
        t->n = n;
        for (size_t i = 0; i < n; i++) {
            hearer_read(hearer, deliveries[i], &t->readings[i]);
            t->calls[i] = hearer_call_of(hearer, &t->readings[i]);
        }
        done = is_plain(t) && handle_together(t, heard) == ST_OK;
        for (size_t i = 0; i < n; i++)
            hearer_forget(&t->readings[i]);
        free(t);
    }
    for (size_t i = 0; i < n && !done; i++)
        heard[i] = hearer_handle(hearer, deliveries[i]);
}
