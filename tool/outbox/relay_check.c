/* relay_check.c - has the stream what it acknowledged? A power loss, an empty store, a fail-over to
 * a server behind take away its end: what it has of a partition is then a beginning of what was
 * sent. So one row tells: the last. */
#include "tool/core/log.h"
#include "tool/outbox/relay_private.h"

enum { CHECK_MS = 5000, SEND_AGAIN_ROWS = 1000 };

/* What is asked about, in one look. */
struct look {
    struct relay *relay;
    uint64_t first, last; /* numbers that the stream has */
};

static enum status span(struct look *look)
{
    struct publisher *publisher = look->relay->config.publisher;
    struct call call = relay_call(look->relay);
    enum status st = publisher->ops->span(publisher, &call, &look->first, &look->last);

    if (st != ST_NOT_FOUND)
        return st;
    call = relay_call(look->relay);
    st = publisher->ops->create(publisher, &call);
    if (st != ST_OK)
        return st;
    call = relay_call(look->relay);
    return publisher->ops->span(publisher, &call, &look->first, &look->last);
}

static enum status last_sent(const struct look *look, unsigned partition, uint64_t at_most,
                             struct outbox_sent *out)
{
    struct outbox *outbox = look->relay->config.outbox;
    struct call call = relay_call(look->relay);

    return outbox->ops->last_sent(outbox, &call, partition, at_most, out);
}

/* ST_OK: the stream has it, or had it and let it go in time. ST_NOT_FOUND: it has not. */
static enum status has(const struct look *look, const struct outbox_sent *row)
{
    struct publisher *publisher = look->relay->config.publisher;
    struct call call = relay_call(look->relay);
    struct uuid id;
    enum status st;

    if (row->stream_seq > look->last)
        return ST_NOT_FOUND;
    if (row->stream_seq < look->first)
        return ST_OK;
    st = publisher->ops->id_at(publisher, &call, row->stream_seq, &id);
    return st == ST_OK && !uuid_equal(id, row->id) ? ST_NOT_FOUND : st;
}

/* *kept: the highest number up to which it has everything of the partition; lost: a row it has not.
 */
static enum status find_end(const struct look *look, const struct outbox_sent *lost, uint64_t *kept)
{
    uint64_t low = look->first > 0 ? look->first - 1 : 0, high = lost->stream_seq - 1;
    enum status st = ST_OK;

    if (high > look->last)
        high = look->last;
    while (low < high) {
        uint64_t middle = high - (high - low) / 2;
        struct outbox_sent row;
        st = last_sent(look, lost->partition, middle, &row);
        if (st == ST_OK && row.stream_seq > low)
            st = has(look, &row);
        else if (st == ST_OK || st == ST_NOT_FOUND) /* none in between */
            row.stream_seq = middle, st = ST_OK;
        if (st == ST_OK)
            low = middle;
        else if (st == ST_NOT_FOUND)
            high = row.stream_seq - 1;
        else
            return st;
    }
    *kept = low;
    return ST_OK;
}

/* Those sent first first, so that whoever dies in between leaves the last one, which tells again.
 */
static enum status send_again(const struct look *look, unsigned partition, uint64_t kept)
{
    struct outbox *outbox = look->relay->config.outbox;
    size_t n = SEND_AGAIN_ROWS, all = 0;
    enum status st = ST_OK;

    while (n == SEND_AGAIN_ROWS && st == ST_OK) {
        struct call call = relay_call(look->relay);
        st = outbox->ops->send_again(outbox, &call, partition, kept, SEND_AGAIN_ROWS, &n);
        all += st == ST_OK ? n : 0;
    }
    atomic_fetch_add(&look->relay->n_again, all);
    if (all > 0)
        log_warn("the stream has lost what it had acknowledged; it is sent again",
                 LOG_INT("partition", partition), LOG_INT("kept", kept), LOG_INT("events", all));
    return st;
}

static enum status look_after(const struct look *look, unsigned partition)
{
    struct relay *relay = look->relay;
    struct outbox_sent row = {0};
    uint64_t kept = 0;
    enum status st = last_sent(look, partition, UINT64_MAX, &row);

    if (st == ST_OK) {
        kept = row.stream_seq;
        st = has(look, &row);
        if (st == ST_NOT_FOUND) {
            st = find_end(look, &row, &kept);
            st = st == ST_OK ? send_again(look, partition, kept) : st;
        }
    } else if (st == ST_NOT_FOUND) { /* nothing was sent, so nothing is lost */
        st = ST_OK;
    }
    if (st != ST_OK)
        return st;
    relay->top[partition] = relay->newest[partition] = kept;
    relay->sound |= UINT32_C(1) << partition;
    relay->more |= UINT32_C(1) << partition;
    return ST_OK;
}

void relay_check(struct relay *relay)
{
    int64_t now_ms = clock_now_ms(relay->config.clock);
    struct look look = {.relay = relay};
    uint32_t doubtful = relay->held & ~relay->sound & relay_idle(relay) & ~relay->unmarked;
    enum status st;

    if (now_ms >= relay->check_at_ms) {
        doubtful = relay->held & relay_idle(relay) & ~relay->unmarked;
        relay->check_at_ms = now_ms + CHECK_MS;
    }
    if (!doubtful || now_ms < relay->feed_at_ms)
        return;
    st = span(&look);
    for (unsigned p = 0; p < EVENT_PARTITIONS && st == ST_OK; p++)
        if (doubtful >> p & 1)
            st = look_after(&look, p);
    if (st != ST_OK)
        relay->feed_at_ms = now_ms + RELAY_RETRY_MS;
}
