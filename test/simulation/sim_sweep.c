/* sim_sweep.c - see sim_sweep.h. */
#include "test/simulation/sim_sweep.h"

#include "tool/core/mem.h"

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

struct sweep_rows *sim_sweep_create(struct sim_process *process, struct sweep_rows *inner)
{
    struct sim_sweep *self = MEM_NEW(struct sim_sweep);

    *self = (struct sim_sweep){{&OPS}, process, inner};
    return &self->base;
}
