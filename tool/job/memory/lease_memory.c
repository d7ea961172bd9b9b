/* lease_memory.c - see lease_memory.h. */
#include "tool/job/memory/lease_memory.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"

struct lease_row {
    char name[LEASE_NAME_MAX + 1];
    int64_t fence, taken_us, free_us;
};

struct lease_memory {
    struct lease base;
    struct memdb *db;
    struct memdb_table *table;
    const struct clock *clock;
};

static struct lease_memory *self_of(struct lease *base)
{
    return container_of(base, struct lease_memory, base);
}

static bool is_named(const void *row, const void *name)
{
    return strcmp(((const struct lease_row *)row)->name, name) == 0;
}

/* Joined. A row nobody ever took when there is none. */
static struct lease_row row_of(struct lease_memory *self, const char *name, long *at)
{
    struct lease_row row = {.fence = 0};

    *at = memdb_find(self->table, is_named, name);
    if (*at >= 0)
        row = *(const struct lease_row *)memdb_row(self->table, (size_t)*at);
    else
        ASSERT(TEXT_COPY(row.name, name));
    return row;
}

static void write_row(struct lease_memory *self, long at, const struct lease_row *row)
{
    if (at >= 0)
        memdb_update(self->table, NULL, (size_t)at, row);
    else
        memdb_insert(self->table, NULL, row);
}

/* Taken in the future: the clock has been set back since. What is left is as long as it ever was.
 */
static void mend(struct lease_row *row, int64_t now_us)
{
    if (row->taken_us <= now_us)
        return;
    row->free_us += now_us - row->taken_us;
    row->taken_us = now_us;
}

static enum status memory_take(struct lease *base, const struct call *call, const char *name,
                               struct uuid holder, int64_t lease_ms, int64_t *fence,
                               int64_t *wait_ms)
{
    struct lease_memory *self = self_of(base);
    int64_t now_us = clock_wall_us(self->clock);
    struct lease_row row;
    bool is_free;
    long at;

    (void)call;
    (void)holder;
    memdb_join(self->db, NULL);
    row = row_of(self, name, &at);
    mend(&row, now_us);
    is_free = row.free_us <= now_us;
    if (is_free) {
        *fence = ++row.fence;
        row.taken_us = now_us;
        row.free_us = now_us + lease_ms * 1000;
    } else {
        *wait_ms = (row.free_us - now_us + 999) / 1000;
    }
    write_row(self, at, &row);
    memdb_leave(self->db, NULL);
    return is_free ? ST_OK : ST_CONFLICT;
}

static enum status memory_check(struct lease *base, struct transaction *tx, const struct call *call,
                                const char *name, int64_t fence)
{
    struct lease_memory *self = self_of(base);
    int64_t now;
    long at;

    (void)call;
    memdb_join(self->db, tx);
    now = row_of(self, name, &at).fence;
    memdb_leave(self->db, tx);
    return now == fence ? ST_OK : ST_STALE;
}

static enum status memory_give(struct lease *base, const struct call *call, const char *name,
                               int64_t fence, int64_t next_ms)
{
    struct lease_memory *self = self_of(base);
    struct lease_row row;
    bool mine;
    long at;

    (void)call;
    memdb_join(self->db, NULL);
    row = row_of(self, name, &at);
    mine = at >= 0 && row.fence == fence;
    if (mine) {
        row.free_us = clock_wall_us(self->clock) + next_ms * 1000;
        write_row(self, at, &row);
    }
    memdb_leave(self->db, NULL);
    return mine ? ST_OK : ST_STALE;
}

static void memory_destroy(struct lease *base)
{
    if (base)
        free(self_of(base));
}

static const struct lease_ops MEMORY_OPS = {
    .take = memory_take,
    .check = memory_check,
    .give = memory_give,
    .destroy = memory_destroy,
};

struct lease *lease_memory_create(struct memdb *db, const struct clock *clock)
{
    struct lease_memory *self = MEM_NEW(struct lease_memory);

    self->base.ops = &MEMORY_OPS;
    self->db = db;
    self->table = memdb_table(db, "job_lease", sizeof(struct lease_row));
    self->clock = clock;
    return &self->base;
}
