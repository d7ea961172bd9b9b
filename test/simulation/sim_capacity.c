/* sim_capacity.c - see sim_capacity.h. */
#include "test/simulation/sim_capacity.h"

#include <string.h>

#include "dataservice/capacity/memory/capacity_rows_memory.h"
#include "dataservice/capacity/slot_store.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"

enum { SLOTS_MAX = 8, PAUSE_US = 2000000, DEPTH_MAX = 5, ASKED_BY = 2 };

struct sim_capacity {
    struct capacity_rows base;
    struct sim_process *process;
    struct memdb *db;
    struct memdb_table *slots;
    struct capacity_rows *inner;
    struct slot seen[SLOTS_MAX];
    size_t n_seen;
    bool pauses; /* between the two */
};

static struct sim_capacity *self_of(const struct capacity_rows *base)
{
    return container_of(base, struct sim_capacity, base);
}

/* ---- the mistake ---- */

static void snapshot(struct sim_capacity *self)
{
    struct memdb_table *slots = self->slots;

    memdb_join(self->db, NULL);
    self->n_seen = memdb_count(slots) < SLOTS_MAX ? memdb_count(slots) : SLOTS_MAX;
    for (size_t i = 0; i < self->n_seen; i++)
        self->seen[i] = *(const struct slot *)memdb_row(slots, i);
    memdb_leave(self->db, NULL);
}

/* Others do what they want between the look and the transaction: it is as deep in the world as
 * whoever asks for it, so that they can ask as well. */
static void look(struct sim_process *process)
{
    struct sim_capacity *self = process->begins_arg;
    struct sim *sim = process->sim;
    const unsigned depth = sim->depth;
    struct slot seen[SLOTS_MAX];
    int64_t until_us;

    if (!process->mistakes->checks_first)
        return;
    snapshot(self);
    if (self->pauses)
        return;
    memcpy(seen, self->seen, sizeof(seen));
    until_us = sim->now_us + (int64_t)sim_below(sim, PAUSE_US);
    self->pauses = true;
    sim->depth = depth > ASKED_BY ? depth - ASKED_BY : 0;
    while (sim->depth < DEPTH_MAX && sim_turn(sim, until_us))
        ;
    sim->depth = depth;
    self->pauses = false;
    memcpy(self->seen, seen, sizeof(seen));
}

static enum status believe(struct sim_capacity *self, struct transaction *tx, struct uuid slot_id,
                           int64_t units, int64_t *left)
{
    struct memdb_table *slots = self->slots;

    for (size_t i = 0; i < self->n_seen; i++) {
        struct slot slot;
        if (!uuid_equal(self->seen[i].id, slot_id))
            continue;
        *left = slot_available(&self->seen[i]);
        if (*left < units)
            return ST_CONFLICT;
        memdb_join(self->db, tx);
        slot = *(const struct slot *)memdb_row(slots, i);
        slot.held += units;
        memdb_update(slots, tx, i, &slot);
        memdb_leave(self->db, tx);
        return ST_OK;
    }
    *left = 0;
    return ST_CONFLICT;
}

/* ---- */

static enum status op_take(const struct capacity_rows *base, struct transaction *tx,
                           const struct call *call, struct uuid slot_id, int64_t units,
                           int64_t *left)
{
    struct sim_capacity *self = self_of(base);

    if (self->process->mistakes->checks_first)
        return believe(self, tx, slot_id, units, left);
    SIM_THROUGH(self->process, "slot.take",
                self->inner->ops->take(self->inner, tx, call, slot_id, units, left));
}

static enum status op_move(const struct capacity_rows *base, struct transaction *tx,
                           const struct call *call, struct uuid slot_id, int64_t held, int64_t sold)
{
    struct sim_capacity *self = self_of(base);

    SIM_THROUGH(self->process, "slot.move",
                self->inner->ops->move(self->inner, tx, call, slot_id, held, sold));
}

static enum status op_add_lines(const struct capacity_rows *base, struct transaction *tx,
                                const struct call *call, struct uuid hold_id,
                                const struct hold_line lines[], size_t n)
{
    struct sim_capacity *self = self_of(base);

    SIM_THROUGH(self->process, "hold_line.add",
                self->inner->ops->add_lines(self->inner, tx, call, hold_id, lines, n));
}

static enum status op_lines(const struct capacity_rows *base, struct transaction *tx,
                            const struct call *call, struct uuid hold_id, struct hold_line lines[],
                            size_t max, size_t *n)
{
    struct sim_capacity *self = self_of(base);

    *n = 0;
    SIM_THROUGH(self->process, "hold_line.list",
                self->inner->ops->lines(self->inner, tx, call, hold_id, lines, max, n));
}

static const struct capacity_rows_ops OPS = {
    .take = op_take,
    .move = op_move,
    .add_lines = op_add_lines,
    .lines = op_lines,
};

struct capacity_rows *sim_capacity_create(struct sim_process *process, struct memdb *db,
                                          struct capacity_rows *inner)
{
    struct sim_capacity *self = MEM_NEW(struct sim_capacity);

    *self = (struct sim_capacity){.base = {&OPS}, .process = process, .db = db, .inner = inner};
    self->slots = memdb_table(db, SLOT_TABLE.name, SLOT_TABLE.row_size);
    process->begins = look;
    process->begins_arg = self;
    return &self->base;
}

void sim_capacity_destroy(const struct capacity_rows *rows)
{
    capacity_rows_memory_destroy(self_of(rows)->inner);
    free(self_of(rows));
}
