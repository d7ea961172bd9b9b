/* partition_lease_memory.c - who relays what, in a memdb. */
#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"
#include "tool/outbox/memory/claim_row.h"
#include "tool/outbox/memory/outbox_memory.h"

enum { CLAIMS_MAX = 64 };

struct partition_lease_memory {
    struct partition_lease base;
    struct memdb *db;
    struct memdb_table *table;
    const struct clock *clock;
};

static struct partition_lease_memory *self_of(struct partition_lease *base)
{
    return container_of(base, struct partition_lease_memory, base);
}

static size_t look(const struct partition_lease_memory *self,
                   struct partition_claim claims[CLAIMS_MAX])
{
    size_t n = memdb_count(self->table);

    ASSERT(n <= CLAIMS_MAX);
    for (size_t i = 0; i < n; i++) {
        const struct claim_row *row = memdb_row(self->table, i);
        claims[i] = (struct partition_claim){row->partition, row->holder,
                                             row->until_us > clock_wall_us(self->clock)};
    }
    return n;
}

static bool is_same(const void *row, const void *key)
{
    const struct claim_row *a = row, *b = key;

    return a->partition == b->partition && (a->partition >= 0 || uuid_equal(a->holder, b->holder));
}

static void put(struct partition_lease_memory *self, const struct claim_row *row)
{
    long at = memdb_find(self->table, is_same, row);

    if (at < 0)
        memdb_insert(self->table, NULL, row);
    else
        memdb_update(self->table, NULL, (size_t)at, row);
}

static bool is_gone(const void *row, const void *now_us)
{
    const struct claim_row *claim = row;

    return claim->partition < 0 && claim->until_us <= *(const int64_t *)now_us;
}

/* An end further ahead is of a clock that has been set back since. */
static void shorten(struct partition_lease_memory *self, int64_t until_us)
{
    for (size_t i = 0; i < memdb_count(self->table); i++) {
        struct claim_row *row = memdb_row(self->table, i);
        if (row->until_us > until_us)
            row->until_us = until_us;
    }
}

static enum status memory_hold(struct partition_lease *base, const struct call *call,
                               struct uuid holder, int64_t lease_ms, uint32_t *held,
                               unsigned *holders)
{
    struct partition_lease_memory *self = self_of(base);
    int64_t now_us = clock_wall_us(self->clock), until_us = now_us + lease_ms * 1000;
    struct partition_claim claims[CLAIMS_MAX];
    struct partition_plan plan;

    (void)call;
    memdb_prune(self->db, self->table, is_gone, &now_us, CLAIMS_MAX);
    memdb_join(self->db, NULL);
    plan = partition_share(claims, look(self, claims), holder);
    *held = plan.keep | plan.take;
    *holders = plan.holders;
    for (int p = 0; p < EVENT_PARTITIONS; p++) {
        if (*held >> p & 1)
            put(self, &(struct claim_row){p, holder, until_us});
        else if (plan.give_back >> p & 1)
            put(self, &(struct claim_row){p, {{0}}, 0});
    }
    put(self, &(struct claim_row){-1, holder, until_us});
    shorten(self, until_us);
    memdb_leave(self->db, NULL);
    return ST_OK;
}

static enum status memory_leave(struct partition_lease *base, const struct call *call,
                                struct uuid holder)
{
    struct partition_lease_memory *self = self_of(base);

    (void)call;
    memdb_join(self->db, NULL);
    for (size_t i = 0; i < memdb_count(self->table); i++) {
        struct claim_row row = *(const struct claim_row *)memdb_row(self->table, i);
        row.until_us = 0;
        if (uuid_equal(row.holder, holder))
            memdb_update(self->table, NULL, i, &row);
    }
    memdb_leave(self->db, NULL);
    return ST_OK;
}

static void memory_destroy(struct partition_lease *base)
{
    free(self_of(base));
}

static const struct partition_lease_ops MEMORY_OPS = {
    .hold = memory_hold,
    .leave = memory_leave,
    .destroy = memory_destroy,
};

struct partition_lease *partition_lease_memory_create(struct memdb *db, const struct clock *clock)
{
    struct partition_lease_memory *self = MEM_NEW(struct partition_lease_memory);

    *self = (struct partition_lease_memory){
        {&MEMORY_OPS}, db, memdb_table(db, CLAIM_TABLE, sizeof(struct claim_row)), clock};
    return &self->base;
}
