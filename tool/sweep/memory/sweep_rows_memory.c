/* sweep_rows_memory.c - see sweep_rows_memory.h. */
#include "tool/sweep/memory/sweep_rows_memory.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"

struct sweep_rows_memory {
    struct sweep_rows base;
    struct sweep_memory_table t;
};

static struct sweep_rows_memory *self_of(struct sweep_rows *base)
{
    return container_of(base, struct sweep_rows_memory, base);
}

static int64_t number_of(const void *row, size_t offset)
{
    int64_t v;

    memcpy(&v, (const char *)row + offset, sizeof(v));
    return v;
}

static struct uuid id_of(const struct sweep_memory_table *t, const void *row)
{
    struct uuid id;

    memcpy(&id, (const char *)row + t->id, sizeof(id));
    return id;
}

/* Joined. The open row whose turn it is and that waits longest, -1 = none. */
static long find_due(const struct sweep_memory_table *t, int64_t now_us, int64_t lease_ms)
{
    int64_t ahead_us = now_us + (lease_ms + SWEEP_SLACK_MS) * 1000;
    int64_t best = 0;
    long at = -1;

    for (size_t i = 0; i < memdb_count(t->table); i++) {
        const void *row = memdb_row(t->table, i);
        int64_t next = number_of(row, t->next_us);

        if (!t->open(row) || number_of(row, t->due_us) > now_us)
            continue;
        if (next > now_us && next <= ahead_us)
            continue;
        if (at < 0 || next < best) {
            best = next;
            at = (long)i;
        }
    }
    return at;
}

static struct sweep_claim claim_row(const struct sweep_memory_table *t, size_t at, int64_t token)
{
    char *row = mem_alloc(1, t->row_size);
    struct sweep_claim claim;

    memcpy(row, memdb_row(t->table, at), t->row_size);
    memcpy(row + t->next_us, &token, sizeof(token));
    claim = (struct sweep_claim){.id = id_of(t, row), .token = token};
    memdb_update(t->table, NULL, at, row);
    free(row);
    return claim;
}

static enum status memory_claim(struct sweep_rows *base, const struct call *call, int64_t lease_ms,
                                size_t max, struct sweep_claim *out, size_t *n)
{
    const struct sweep_memory_table *t = &self_of(base)->t;
    int64_t now_us = clock_wall_us(t->clock);
    long at;

    (void)call;
    ASSERT(lease_ms > 0);
    memdb_join(t->db, NULL);
    for (*n = 0; *n < max && (at = find_due(t, now_us, lease_ms)) >= 0; ++*n)
        out[*n] = claim_row(t, (size_t)at, now_us + lease_ms * 1000);
    memdb_leave(t->db, NULL);
    return ST_OK;
}

static enum status memory_lock(struct sweep_rows *base, struct transaction *tx,
                               const struct call *call, const struct sweep_claim *claim)
{
    const struct sweep_memory_table *t = &self_of(base)->t;
    enum status st = ST_STALE;

    (void)call;
    memdb_join(t->db, tx);
    for (size_t i = 0; i < memdb_count(t->table); i++) {
        const void *row = memdb_row(t->table, i);

        if (uuid_equal(id_of(t, row), claim->id) && t->open(row) &&
            number_of(row, t->next_us) == claim->token)
            st = ST_OK;
    }
    memdb_leave(t->db, tx);
    return st;
}

static enum status memory_overdue(struct sweep_rows *base, const struct call *call,
                                  int64_t grace_ms, size_t max, int64_t *n)
{
    const struct sweep_memory_table *t = &self_of(base)->t;
    int64_t before_us = clock_wall_us(t->clock) - grace_ms * 1000;

    (void)call;
    *n = 0;
    memdb_join(t->db, NULL);
    for (size_t i = 0; i < memdb_count(t->table) && *n < (int64_t)max; i++) {
        const void *row = memdb_row(t->table, i);

        *n += t->open(row) && number_of(row, t->due_us) < before_us;
    }
    memdb_leave(t->db, NULL);
    return ST_OK;
}

static void memory_destroy(struct sweep_rows *base)
{
    if (base)
        free(self_of(base));
}

static const struct sweep_rows_ops MEMORY_OPS = {
    .claim = memory_claim,
    .lock = memory_lock,
    .overdue = memory_overdue,
    .destroy = memory_destroy,
};

struct sweep_rows *sweep_rows_memory_create(const struct sweep_memory_table *table)
{
    struct sweep_rows_memory *self = MEM_NEW(struct sweep_rows_memory);

    self->base.ops = &MEMORY_OPS;
    self->t = *table;
    return &self->base;
}
