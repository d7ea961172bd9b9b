/* outbox_memory.c - the outbox in a memdb. */
#include "tool/outbox/memory/outbox_memory.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"
#include "tool/outbox/memory/claim_row.h"

struct event_row {
    struct outbox_row base;
    uint64_t stream_seq; /* 0 = to be sent */
    int64_t sent_us;
};

struct outbox_memory {
    struct outbox base;
    struct memdb *db;
    struct memdb_table *table, *counter, *claims;
    const struct clock *clock;
    uint64_t taken; /* what the next row gets; 0 = the next number */
};

/* The only one of its table. */
struct counter_row {
    uint64_t seq;
};

static struct outbox_memory *self_of(struct outbox *base)
{
    return container_of(base, struct outbox_memory, base);
}

/* Not given again when its transaction is rolled back. */
static uint64_t next_seq(struct outbox_memory *self)
{
    struct counter_row *counter;

    if (memdb_count(self->counter) == 0)
        memdb_insert(self->counter, NULL, &(struct counter_row){0});
    counter = memdb_row(self->counter, 0);
    return ++counter->seq;
}

/* Of its key, it is the highest. */
static bool may_use(struct outbox_memory *self, uint64_t seq, struct uuid key)
{
    for (size_t i = 0; i < memdb_count(self->table); i++) {
        const struct event_row *row = memdb_row(self->table, i);
        if (row->base.seq >= seq && uuid_equal(row->base.key, key))
            return false;
    }
    return seq > 0;
}

static enum status memory_append(struct outbox *base, struct transaction *tx,
                                 const struct call *call, const struct outbox_event *event)
{
    struct outbox_memory *self = self_of(base);
    struct event_row event_row = {0};
    struct outbox_row *row = &event_row.base;

    ASSERT(tx);
    row->id = event->id;
    row->key = event->key;
    row->saga_id = call->saga_id;
    row->partition = event->partition;
    row->created_us = clock_wall_us(self->clock);
    ASSERT(TEXT_COPY(row->type, event->type));
    ASSERT(!call->saga_state || TEXT_COPY(row->saga_state, call->saga_state));
    ASSERT(TEXT_COPY(row->json, event->json));
    TEXT_COPY(row->traceparent, call->traceparent);
    memdb_join(self->db, tx);
    row->seq = may_use(self, self->taken, row->key) ? self->taken : next_seq(self);
    self->taken = 0;
    memdb_insert(self->table, tx, &event_row);
    memdb_leave(self->db, tx);
    return ST_OK;
}

/* The pending row of a partition with the lowest seq above `after`, or NULL. */
static const struct outbox_row *next_pending(const struct outbox_memory *self, unsigned partition,
                                             uint64_t after)
{
    const struct outbox_row *lowest = NULL;

    for (size_t i = 0; i < memdb_count(self->table); i++) {
        const struct event_row *row = memdb_row(self->table, i);
        if (row->stream_seq == 0 && row->base.partition == partition && row->base.seq > after &&
            (!lowest || row->base.seq < lowest->seq))
            lowest = &row->base;
    }
    return lowest;
}

/* Partitions with any: most have none. */
static uint32_t with_pending(const struct outbox_memory *self)
{
    uint32_t partitions = 0;

    for (size_t i = 0; i < memdb_count(self->table); i++) {
        const struct event_row *row = memdb_row(self->table, i);
        if (row->stream_seq == 0)
            partitions |= UINT32_C(1) << row->base.partition;
    }
    return partitions;
}

static enum status memory_pending(struct outbox *base, const struct call *call, uint32_t partitions,
                                  size_t max, struct outbox_row *const rows[], size_t *n)
{
    struct outbox_memory *self = self_of(base);

    (void)call;
    *n = 0;
    memdb_join(self->db, NULL);
    partitions &= with_pending(self);
    for (unsigned p = 0; p < EVENT_PARTITIONS; p++) {
        const struct outbox_row *row = partitions >> p & 1 ? next_pending(self, p, 0) : NULL;
        for (; row && *n < max; row = next_pending(self, p, row->seq))
            *rows[(*n)++] = *row;
    }
    memdb_leave(self->db, NULL);
    return ST_OK;
}

static bool has_seq(const void *row, const void *seq)
{
    return ((const struct event_row *)row)->base.seq == *(const uint64_t *)seq;
}

static void set_sent(struct outbox_memory *self, size_t at, uint64_t stream_seq)
{
    struct event_row row = *(const struct event_row *)memdb_row(self->table, at);

    row.stream_seq = stream_seq;
    row.sent_us = clock_wall_us(self->clock);
    memdb_update(self->table, NULL, at, &row);
}

struct claim {
    unsigned partition;
    struct uuid holder;
};

static bool is_claim(const void *row, const void *key)
{
    const struct claim_row *claim_row = row;
    const struct claim *claim = key;

    return claim_row->partition == (int)claim->partition &&
           uuid_equal(claim_row->holder, claim->holder);
}

static bool is_his(const struct outbox_memory *self, unsigned partition, struct uuid holder)
{
    return memdb_find(self->claims, is_claim, &(struct claim){partition, holder}) >= 0;
}

static enum status memory_sent(struct outbox *base, const struct call *call, struct uuid holder,
                               const struct outbox_sent rows[], size_t n,
                               const struct outbox_row *seen)
{
    struct outbox_memory *self = self_of(base);

    (void)call;
    (void)seen;
    memdb_join(self->db, NULL);
    for (size_t i = 0; i < n; i++) {
        long at = memdb_find(self->table, has_seq, &rows[i].seq);
        if (at >= 0 && is_his(self, rows[i].partition, holder))
            set_sent(self, (size_t)at, rows[i].stream_seq);
    }
    memdb_leave(self->db, NULL);
    return ST_OK;
}

static enum status memory_last_sent(struct outbox *base, const struct call *call,
                                    unsigned partition, uint64_t at_most, struct outbox_sent *out)
{
    struct outbox_memory *self = self_of(base);
    struct outbox_sent last = {0};

    (void)call;
    memdb_join(self->db, NULL);
    for (size_t i = 0; i < memdb_count(self->table); i++) {
        const struct event_row *row = memdb_row(self->table, i);
        if (row->base.partition == partition && row->stream_seq <= at_most &&
            row->stream_seq > last.stream_seq)
            last = (struct outbox_sent){row->base.seq, row->stream_seq, row->base.id, partition};
    }
    memdb_leave(self->db, NULL);
    if (last.stream_seq == 0)
        return ST_NOT_FOUND;
    *out = last;
    return ST_OK;
}

/* The lowest above `after`, or -1. */
static long first_sent(const struct outbox_memory *self, unsigned partition, uint64_t after)
{
    uint64_t lowest = UINT64_MAX;
    long found = -1;

    for (size_t i = 0; i < memdb_count(self->table); i++) {
        const struct event_row *row = memdb_row(self->table, i);
        if (row->base.partition == partition && row->stream_seq > after &&
            row->stream_seq < lowest) {
            lowest = row->stream_seq;
            found = (long)i;
        }
    }
    return found;
}

static enum status memory_send_again(struct outbox *base, const struct call *call,
                                     unsigned partition, uint64_t after, size_t max, size_t *n)
{
    struct outbox_memory *self = self_of(base);
    long at;

    (void)call;
    memdb_join(self->db, NULL);
    for (*n = 0; *n < max && (at = first_sent(self, partition, after)) >= 0; (*n)++)
        set_sent(self, (size_t)at, 0);
    memdb_leave(self->db, NULL);
    return ST_OK;
}

static enum status memory_lag(struct outbox *base, const struct call *call, struct outbox_lag *out)
{
    struct outbox_memory *self = self_of(base);
    int64_t now_us = clock_wall_us(self->clock), oldest_us = now_us;

    (void)call;
    *out = (struct outbox_lag){0};
    memdb_join(self->db, NULL);
    for (size_t i = 0; i < memdb_count(self->table); i++) {
        const struct event_row *row = memdb_row(self->table, i);
        if (row->stream_seq > 0)
            continue;
        out->pending++;
        if (row->base.created_us < oldest_us)
            oldest_us = row->base.created_us;
    }
    memdb_leave(self->db, NULL);
    out->oldest_ms = (now_us - oldest_us) / 1000;
    return ST_OK;
}

static bool is_old(const void *row, const void *before_us)
{
    const struct event_row *event = row;

    return event->stream_seq > 0 && event->sent_us < *(const int64_t *)before_us;
}

static enum status memory_purge(struct outbox *base, const struct call *call, int64_t age_s,
                                size_t max, size_t *n)
{
    struct outbox_memory *self = self_of(base);
    int64_t before_us = clock_wall_us(self->clock) - age_s * 1000000;

    (void)call;
    *n = memdb_prune(self->db, self->table, is_old, &before_us, max);
    return ST_OK;
}

uint64_t outbox_memory_take(struct outbox *base, struct transaction *tx)
{
    struct outbox_memory *self = self_of(base);
    uint64_t seq;

    memdb_join(self->db, tx);
    seq = next_seq(self);
    memdb_leave(self->db, tx);
    return seq;
}

void outbox_memory_use(struct outbox *base, uint64_t seq)
{
    self_of(base)->taken = seq;
}

size_t outbox_memory_said(struct outbox *base, const struct uuid *key, struct outbox_row *rows,
                          size_t max)
{
    struct outbox_memory *self = self_of(base);
    size_t n = 0;

    memdb_join(self->db, NULL);
    for (size_t i = 0; i < memdb_count(self->table); i++) {
        const struct event_row *row = memdb_row(self->table, i);
        if (key && !uuid_equal(row->base.key, *key))
            continue;
        if (n < max)
            rows[n] = row->base;
        n++;
    }
    memdb_leave(self->db, NULL);
    return n;
}

static void memory_destroy(struct outbox *base)
{
    free(self_of(base));
}

static const struct outbox_ops MEMORY_OPS = {
    .append = memory_append,
    .pending = memory_pending,
    .sent = memory_sent,
    .last_sent = memory_last_sent,
    .send_again = memory_send_again,
    .lag = memory_lag,
    .purge = memory_purge,
    .destroy = memory_destroy,
};

struct outbox *outbox_memory_create(struct memdb *db, const struct clock *clock,
                                    const struct entropy *entropy)
{
    struct outbox_memory *self = MEM_NEW(struct outbox_memory);

    self->base = (struct outbox){&MEMORY_OPS, entropy};
    self->db = db;
    self->table = memdb_table(db, "outbox", sizeof(struct event_row));
    self->counter = memdb_table(db, "outbox_seq", sizeof(struct counter_row));
    self->claims = memdb_table(db, CLAIM_TABLE, sizeof(struct claim_row));
    self->clock = clock;
    return &self->base;
}
