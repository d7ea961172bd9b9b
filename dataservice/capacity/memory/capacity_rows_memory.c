/* capacity_rows_memory.c - see capacity_rows_memory.h. */
#include "dataservice/capacity/memory/capacity_rows_memory.h"

#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"

struct row {
    struct uuid hold_id;
    struct hold_line line;
};

struct capacity_rows_memory {
    struct capacity_rows base;
    struct memdb *db;
    struct memdb_table *lines;
    struct store *slots;
};

static struct capacity_rows_memory *self_of(const struct capacity_rows *base)
{
    return container_of(base, struct capacity_rows_memory, base);
}

struct move {
    int64_t held, sold, left;
};

static enum status take_units(void *row, const struct call *call, void *arg)
{
    struct slot *slot = row;
    struct move *move = arg;

    (void)call;
    move->left = slot_available(slot);
    if (move->left < move->held)
        return ST_CONFLICT;
    slot->held += move->held;
    slot->untold = true;
    return ST_OK;
}

static enum status memory_take(const struct capacity_rows *base, struct transaction *tx,
                               const struct call *call, struct uuid slot_id, int64_t units,
                               int64_t *left)
{
    struct move move = {.held = units};
    enum status st = store_change(self_of(base)->slots, tx, call, &slot_id,
                                  &(struct store_change){.fn = take_units, .arg = &move}, NULL);

    *left = move.left;
    return st == ST_NOT_FOUND ? ST_CONFLICT : st;
}

static enum status move_units(void *row, const struct call *call, void *arg)
{
    struct slot *slot = row;
    const struct move *move = arg;

    (void)call;
    slot->held += move->held;
    slot->sold += move->sold;
    slot->untold = true;
    return slot->held >= 0 && slot->sold >= 0 ? ST_OK : ST_CONFLICT;
}

static enum status memory_move(const struct capacity_rows *base, struct transaction *tx,
                               const struct call *call, struct uuid slot_id, int64_t held,
                               int64_t sold)
{
    struct move move = {.held = held, .sold = sold};
    enum status st = store_change(self_of(base)->slots, tx, call, &slot_id,
                                  &(struct store_change){.fn = move_units, .arg = &move}, NULL);

    return st == ST_NOT_FOUND ? ST_CONFLICT : st;
}

static enum status memory_add_lines(const struct capacity_rows *base, struct transaction *tx,
                                    const struct call *call, struct uuid hold_id,
                                    const struct hold_line lines[], size_t n)
{
    struct capacity_rows_memory *self = self_of(base);

    (void)call;
    memdb_join(self->db, tx);
    for (size_t i = 0; i < n; i++)
        memdb_insert(self->lines, tx, &(struct row){hold_id, lines[i]});
    memdb_leave(self->db, tx);
    return ST_OK;
}

/* They were added in that order. */
static enum status memory_lines(const struct capacity_rows *base, struct transaction *tx,
                                const struct call *call, struct uuid hold_id,
                                struct hold_line lines[], size_t max, size_t *n)
{
    struct capacity_rows_memory *self = self_of(base);

    (void)call;
    *n = 0;
    memdb_join(self->db, tx);
    for (size_t i = 0; i < memdb_count(self->lines) && *n < max; i++) {
        const struct row *row = memdb_row(self->lines, i);
        if (uuid_equal(row->hold_id, hold_id))
            lines[(*n)++] = row->line;
    }
    memdb_leave(self->db, tx);
    return ST_OK;
}

static const struct capacity_rows_ops MEMORY_OPS = {
    .take = memory_take,
    .move = memory_move,
    .add_lines = memory_add_lines,
    .lines = memory_lines,
};

struct capacity_rows *capacity_rows_memory_create(struct memdb *db, struct store *slots)
{
    struct capacity_rows_memory *self = MEM_NEW(struct capacity_rows_memory);

    self->base.ops = &MEMORY_OPS;
    self->db = db;
    self->lines = memdb_table(db, "hold_line", sizeof(struct row));
    self->slots = slots;
    return &self->base;
}

void capacity_rows_memory_destroy(struct capacity_rows *rows)
{
    if (rows)
        free(self_of(rows));
}
