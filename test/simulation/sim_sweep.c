/* sim_sweep.c - see sim_sweep.h. */
#include "test/simulation/sim_sweep.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/service/sweeps.h"
#include "tool/sweep/memory/sweep_rows_memory.h"

struct sim_sweep {
    struct sweep_rows base;
    struct sim_process *process;
    struct sweep_rows *inner;
};

static struct sim_sweep *self_of(struct sweep_rows *base)
{
    return container_of(base, struct sim_sweep, base);
}

/* That nothing is due is no news. */
static enum status op_claim(struct sweep_rows *base, const struct call *call, int64_t lease_ms,
                            size_t max, struct sweep_claim *out, size_t *n)
{
    struct sim_sweep *self = self_of(base);
    enum sim_fate fate = sim_enter(self->process, "sweep.claim");
    enum status st;

    *n = 0;
    if (!sim_goes(fate))
        return ST_UNAVAILABLE;
    st = self->inner->ops->claim(self->inner, call, lease_ms, max, out, n);
    return *n == 0 && fate == SIM_FINE ? st : sim_leave(self->process, fate, "sweep.claim", st);
}

static enum status op_lock(struct sweep_rows *base, struct transaction *tx, const struct call *call,
                           const struct sweep_claim *claim)
{
    struct sim_sweep *self = self_of(base);

    SIM_THROUGH(self->process, "sweep.lock", self->inner->ops->lock(self->inner, tx, call, claim));
}

static enum status op_overdue(struct sweep_rows *base, const struct call *call, int64_t grace_ms,
                              size_t max, int64_t *n)
{
    struct sim_sweep *self = self_of(base);

    return self->process->dead ? ST_UNAVAILABLE
                               : self->inner->ops->overdue(self->inner, call, grace_ms, max, n);
}

static void op_destroy(struct sweep_rows *base)
{
    struct sim_sweep *self = self_of(base);

    self->inner->ops->destroy(self->inner);
    free(self);
}

static const struct sweep_rows_ops OPS = {
    .claim = op_claim,
    .lock = op_lock,
    .overdue = op_overdue,
    .destroy = op_destroy,
};

static const struct table *find_table(const struct service *rows, const char *name)
{
    for (size_t i = 0; i < rows->n_stores; i++)
        if (strcmp(rows->stores[i].table->name, name) == 0)
            return rows->stores[i].table;
    ASSERT(!"what is swept is a table of the service");
    return NULL;
}

static struct sweep_rows *make(void *arg, const struct sweep_table *table)
{
    struct sim_instance *instance = arg;
    struct sim_service *service = instance->service;
    struct sim_sweep *self = MEM_NEW(struct sim_sweep);

    *self = (struct sim_sweep){
        .base = {&OPS},
        .process = &instance->process,
        .inner = sweep_rows_memory_create(service->db, &service->db_clock.base,
                                          find_table(service->rows, table->table), table),
    };
    return &self->base;
}

void sim_sweeps_create(struct sim_instance *instance)
{
    sweeps_create(instance->service->rows, instance->self, &instance->run, make, instance);
}

void sim_sweeps_destroy(struct sim_instance *instance)
{
    sweeps_destroy(instance->service->rows, instance->self);
}
