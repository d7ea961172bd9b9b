/* sim_outbox.c - the outbox of a process that may die. */
#include "test/simulation/sim_process.h"
#include "tool/core/mem.h"

struct sim_outbox {
    struct outbox base;
    struct sim_process *process;
    struct outbox *inner;
};

static struct sim_outbox *self_of(struct outbox *base)
{
    return container_of(base, struct sim_outbox, base);
}

static enum status outbox_append(struct outbox *base, struct transaction *tx,
                                 const struct call *call, const struct outbox_event *event)
{
    struct sim_outbox *self = self_of(base);

    SIM_THROUGH(self->process, "outbox.append",
                self->inner->ops->append(self->inner, tx, call, event));
}

static enum status outbox_pending(struct outbox *base, const struct call *call, uint32_t partitions,
                                  size_t max, struct outbox_row *const rows[], size_t *n)
{
    struct sim_outbox *self = self_of(base);

    SIM_THROUGH(self->process, "outbox.pending",
                self->inner->ops->pending(self->inner, call, partitions, max, rows, n));
}

static enum status outbox_sent(struct outbox *base, const struct call *call,
                               const struct outbox_sent rows[], size_t n)
{
    struct sim_outbox *self = self_of(base);

    SIM_THROUGH(self->process, "outbox.sent", self->inner->ops->sent(self->inner, call, rows, n));
}

static enum status outbox_last_sent(struct outbox *base, const struct call *call,
                                    unsigned partition, uint64_t at_most, struct outbox_sent *out)
{
    struct sim_outbox *self = self_of(base);

    SIM_THROUGH(self->process, "outbox.last_sent",
                self->inner->ops->last_sent(self->inner, call, partition, at_most, out));
}

static enum status outbox_send_again(struct outbox *base, const struct call *call,
                                     unsigned partition, uint64_t after, size_t max, size_t *n)
{
    struct sim_outbox *self = self_of(base);

    SIM_THROUGH(self->process, "outbox.send_again",
                self->inner->ops->send_again(self->inner, call, partition, after, max, n));
}

static enum status outbox_lag(struct outbox *base, const struct call *call, struct outbox_lag *out)
{
    struct sim_outbox *self = self_of(base);

    SIM_THROUGH(self->process, "outbox.lag", self->inner->ops->lag(self->inner, call, out));
}

static enum status outbox_purge(struct outbox *base, const struct call *call, int64_t age_s,
                                size_t max, size_t *n)
{
    struct sim_outbox *self = self_of(base);

    SIM_THROUGH(self->process, "outbox.purge",
                self->inner->ops->purge(self->inner, call, age_s, max, n));
}

static void outbox_op_destroy(struct outbox *base)
{
    struct sim_outbox *self = self_of(base);

    outbox_destroy(self->inner);
    free(self);
}

static const struct outbox_ops OUTBOX_OPS = {
    .append = outbox_append,
    .pending = outbox_pending,
    .sent = outbox_sent,
    .last_sent = outbox_last_sent,
    .send_again = outbox_send_again,
    .lag = outbox_lag,
    .purge = outbox_purge,
    .destroy = outbox_op_destroy,
};

struct outbox *sim_outbox_create(struct sim_process *process, struct outbox *inner)
{
    struct sim_outbox *self = MEM_NEW(struct sim_outbox);

    *self = (struct sim_outbox){
        {&OUTBOX_OPS, inner->entropy},
        process, inner
    };
    return &self->base;
}
