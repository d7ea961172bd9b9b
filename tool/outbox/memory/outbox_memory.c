/* outbox_memory.c - the outbox in a memdb. */
#include "tool/outbox/memory/outbox_memory.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"

struct event_row {
    struct outbox_row base;
    uint64_t stream_seq; /* 0 = to be sent */
};

struct outbox_memory {
    struct outbox base;
    struct memdb *db;
    struct memdb_table *table, *counter;
    const struct clock *clock;
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
    row->seq = next_seq(self);
    memdb_insert(self->table, tx, &event_row);
    memdb_leave(self->db, tx);
    return ST_OK;
}

/* The table's order is that of seq. */
static enum status memory_pending(struct outbox *base, const struct call *call, uint32_t partitions,
                                  size_t max, struct outbox_row *rows, size_t *n)
{
    struct outbox_memory *self = self_of(base);

    (void)call;
    *n = 0;
    memdb_join(self->db, NULL);
    for (unsigned p = 0; p < EVENT_PARTITIONS; p++) {
        for (size_t i = 0; partitions >> p & 1 && i < memdb_count(self->table) && *n < max; i++) {
            const struct event_row *row = memdb_row(self->table, i);
            if (row->base.partition == p && row->stream_seq == 0)
                rows[(*n)++] = row->base;
        }
    }
    memdb_leave(self->db, NULL);
    return ST_OK;
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
    self->clock = clock;
    return &self->base;
}
