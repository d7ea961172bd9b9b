/* relay_mark.c - what became of what was sent; what the stream has is marked so. */
#include "tool/outbox/relay_private.h"

enum {
    MARK_ROWS = 512, /* a commit is for so many, if so many come within MARK_MS */
    LIGHT_ROWS = 64, /* so few are left to the next commit, if that comes within LIGHT_MS */
    MARK_MS = 5,
    LIGHT_MS = 100,
};

/* ---- outcomes ---- */

/* Acknowledged under a number that is lower than one before: the stream has gone back, and what it
 * has lost comes first. */
static bool went_back(const struct relay *relay, const struct publication *p)
{
    return !p->duplicate && p->stream_seq <= relay->top[p->row.partition];
}

static void keep_sent(struct relay *relay, const struct publication *p)
{
    unsigned partition = p->row.partition;

    if (relay->n_sent == 0)
        relay->sent_ms = clock_now_ms(relay->config.clock);
    relay->sent[relay->n_sent++] =
        (struct outbox_sent){p->row.seq, p->stream_seq, p->row.id, partition};
    relay->unmarked |= UINT32_C(1) << partition;
    if (relay->newest[partition] < p->stream_seq)
        relay->newest[partition] = p->stream_seq;
}

static void collect_one(struct relay *relay, const struct publication *p)
{
    unsigned partition = p->row.partition;

    relay->n_flying--;
    relay->flying[partition]--;
    if (p->tenure != relay->tenure[partition]) {
        relay->more |= UINT32_C(1) << partition;
    } else if (p->st == ST_OK && !went_back(relay, p)) {
        keep_sent(relay, p);
    } else {
        relay->more |= UINT32_C(1) << partition;
        if (p->st == ST_OK || p->st == ST_NOT_FOUND)
            relay->sound = 0;
        if (p->st != ST_OK) {
            atomic_fetch_add(&relay->n_failed, 1);
            relay->feed_at_ms = clock_now_ms(relay->config.clock) + RELAY_RETRY_MS;
        }
    }
    /* They come in any order; what is sent after all of them is later. */
    if (relay->flying[partition] == 0)
        relay->top[partition] = relay->newest[partition];
}

bool relay_collect(struct relay *relay)
{
    struct publisher *publisher = relay->config.publisher;
    struct publication *p = publisher->ops->collect(publisher), *next;
    bool any = p != NULL;

    for (; p; p = next) {
        next = p->next;
        collect_one(relay, p);
        relay->free[relay->n_free++] = p;
    }
    return any;
}

/* ---- marks ---- */

void relay_disown(struct relay *relay, uint32_t partitions)
{
    size_t kept = 0;

    for (unsigned p = 0; p < EVENT_PARTITIONS; p++)
        relay->tenure[p] += partitions >> p & 1;
    for (size_t i = 0; i < relay->n_sent; i++)
        if (!(partitions >> relay->sent[i].partition & 1))
            relay->sent[kept++] = relay->sent[i];
    relay->n_sent = kept;
    relay->unmarked &= ~partitions;
}

bool relay_is_light(const struct relay *relay)
{
    return relay->n_sent <= LIGHT_ROWS;
}

bool relay_has_unmarked(const struct relay *relay, uint64_t seq)
{
    for (size_t i = 0; i < relay->n_sent; i++)
        if (relay->sent[i].seq == seq)
            return true;
    return false;
}

/* Few wait for the commit that has what is read next on disk, unless they are to be looked after:
 * that begins with what is marked. Many wait until no more are on their way. */
int64_t relay_mark_at_ms(const struct relay *relay)
{
    int64_t at_ms = relay->sent_ms + (relay_is_light(relay) ? LIGHT_MS : MARK_MS);

    if (relay->n_sent == 0)
        return INT64_MAX;
    if (relay_is_light(relay) && relay->check_at_ms < at_ms)
        at_ms = relay->check_at_ms;
    if (relay_is_light(relay) ? relay->unmarked & ~relay->sound
                              : relay->n_sent >= MARK_ROWS || relay->n_flying == 0)
        at_ms = relay->sent_ms;
    return at_ms > relay->mark_at_ms ? at_ms : relay->mark_at_ms;
}

enum status relay_mark(struct relay *relay, const struct outbox_row *seen)
{
    struct outbox *outbox = relay->config.outbox;
    struct call call = relay_call(relay);
    enum status st =
        outbox->ops->sent(outbox, &call, relay->self, relay->sent, relay->n_sent, seen);

    if (st != ST_OK) { /* once more */
        relay->mark_at_ms = clock_now_ms(relay->config.clock) + RELAY_RETRY_MS;
        return st;
    }
    atomic_fetch_add(&relay->n_acknowledged, relay->n_sent);
    relay->n_sent = 0;
    relay->unmarked = 0;
    return ST_OK;
}

void relay_mark_due(struct relay *relay)
{
    if (clock_now_ms(relay->config.clock) >= relay_mark_at_ms(relay))
        relay_mark(relay, NULL);
}
