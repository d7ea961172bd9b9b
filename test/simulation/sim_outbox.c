/* sim_outbox.c - see sim_outbox.h. */
#include "test/simulation/sim_outbox.h"

#include "tool/core/mem.h"
#include "tool/outbox/memory/outbox_memory.h"

struct sim_outbox {
    struct outbox base;
    struct sim_process *process;
    struct outbox *inner;
    struct sim_numbers *numbers;
    uint64_t last;
};

static struct sim_outbox *self_of(struct outbox *base)
{
    return container_of(base, struct sim_outbox, base);
}

/* ---- who says something ---- */

/* This transaction has had its number for long; or the next one takes one, and lets others pass. */
static void choose_number(struct sim_outbox *self, struct transaction *tx)
{
    struct sim_numbers *numbers = self->numbers;
    struct sim *sim = self->process->sim;

    if (numbers->late == 0)
        return;
    if (numbers->n > 0 && sim_chance(sim, 500))
        outbox_memory_use(self->inner, numbers->taken[--numbers->n]);
    else if (numbers->n < SIM_NUMBERS_MAX && sim_chance(sim, numbers->late))
        numbers->taken[numbers->n++] = outbox_memory_take(self->inner, tx);
}

static enum status op_append(struct outbox *base, struct transaction *tx, const struct call *call,
                             const struct outbox_event *event)
{
    struct sim_outbox *self = self_of(base);
    enum sim_fate fate = sim_enter(self->process, "outbox.append");
    enum status st;

    if (!sim_goes(fate))
        return ST_UNAVAILABLE;
    choose_number(self, tx);
    self->process->said(self->process->arg);
    st = self->inner->ops->append(self->inner, tx, call, event);
    return sim_leave(self->process, fate, "outbox.append", st);
}

/* ---- who relays it ---- */

/* The mistake: what has a lower number and is committed later is never seen. */
static size_t only_above(struct sim_outbox *self, struct outbox_row *const rows[], size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (rows[i]->seq > self->last)
            *rows[kept++] = *rows[i];
    return kept;
}

/* Looking and finding nothing is no news, here and below. */
static enum status op_pending(struct outbox *base, const struct call *call, uint32_t partitions,
                              size_t max, struct outbox_row *const rows[], size_t *n)
{
    struct sim_outbox *self = self_of(base);
    enum sim_fate fate = sim_enter(self->process, "outbox.pending");
    enum status st;

    if (!sim_goes(fate))
        return ST_UNAVAILABLE;
    st = self->inner->ops->pending(self->inner, call, partitions, max, rows, n);
    if (self->process->mistakes->above_last)
        *n = only_above(self, rows, *n);
    return *n == 0 && fate == SIM_FINE ? st : sim_leave(self->process, fate, "outbox.pending", st);
}

static enum status op_sent(struct outbox *base, const struct call *call, struct uuid holder,
                           const struct outbox_sent rows[], size_t n, const struct outbox_row *seen)
{
    struct sim_outbox *self = self_of(base);

    for (size_t i = 0; i < n; i++)
        if (self->last < rows[i].seq)
            self->last = rows[i].seq;
    SIM_THROUGH(self->process, "outbox.sent",
                self->inner->ops->sent(self->inner, call, holder, rows, n, seen));
}

static enum status op_last_sent(struct outbox *base, const struct call *call, unsigned partition,
                                uint64_t at_most, struct outbox_sent *out)
{
    struct sim_outbox *self = self_of(base);
    enum sim_fate fate = sim_enter(self->process, "outbox.last_sent");
    enum status st;

    if (!sim_goes(fate))
        return ST_UNAVAILABLE;
    st = self->inner->ops->last_sent(self->inner, call, partition, at_most, out);
    return fate == SIM_FINE ? st : sim_leave(self->process, fate, "outbox.last_sent", st);
}

static enum status op_send_again(struct outbox *base, const struct call *call, unsigned partition,
                                 uint64_t after, size_t max, size_t *n)
{
    struct sim_outbox *self = self_of(base);

    self->last = 0;
    SIM_THROUGH(self->process, "outbox.send_again",
                self->inner->ops->send_again(self->inner, call, partition, after, max, n));
}

static enum status op_lag(struct outbox *base, const struct call *call, struct outbox_lag *out)
{
    struct sim_outbox *self = self_of(base);

    SIM_THROUGH(self->process, "outbox.lag", self->inner->ops->lag(self->inner, call, out));
}

static enum status op_purge(struct outbox *base, const struct call *call, int64_t age_s, size_t max,
                            size_t *n)
{
    struct sim_outbox *self = self_of(base);

    SIM_THROUGH(self->process, "outbox.purge",
                self->inner->ops->purge(self->inner, call, age_s, max, n));
}

static void op_destroy(struct outbox *base)
{
    struct sim_outbox *self = self_of(base);

    outbox_destroy(self->inner);
    free(self);
}

static const struct outbox_ops OUTBOX_OPS = {
    .append = op_append,
    .pending = op_pending,
    .sent = op_sent,
    .last_sent = op_last_sent,
    .send_again = op_send_again,
    .lag = op_lag,
    .purge = op_purge,
    .destroy = op_destroy,
};

struct outbox *sim_outbox_create(struct sim_process *process, struct outbox *inner,
                                 struct sim_numbers *numbers)
{
    struct sim_outbox *self = MEM_NEW(struct sim_outbox);

    *self = (struct sim_outbox){
        .base = {&OUTBOX_OPS, inner->entropy},
        .process = process,
        .inner = inner,
        .numbers = numbers
    };
    return &self->base;
}

/* ---- leases ---- */

struct sim_lease {
    struct partition_lease base;
    struct sim_process *process;
    struct partition_lease *inner;
    uint32_t held;
};

static struct sim_lease *lease_of(struct partition_lease *base)
{
    return container_of(base, struct sim_lease, base);
}

static enum status lease_hold(struct partition_lease *base, const struct call *call,
                              struct uuid holder, int64_t lease_ms, uint32_t *held,
                              unsigned *holders)
{
    struct sim_lease *self = lease_of(base);
    enum sim_fate fate = sim_enter(self->process, "lease.hold");
    uint32_t before = self->held;
    enum status st;

    if (!sim_goes(fate))
        return ST_UNAVAILABLE;
    st = self->inner->ops->hold(self->inner, call, holder, lease_ms, held, holders);
    self->held = *held;
    return *held == before && fate == SIM_FINE ? st
                                               : sim_leave(self->process, fate, "lease.hold", st);
}

static enum status lease_leave(struct partition_lease *base, const struct call *call,
                               struct uuid holder)
{
    struct sim_lease *self = lease_of(base);

    SIM_THROUGH(self->process, "lease.leave", self->inner->ops->leave(self->inner, call, holder));
}

static void lease_destroy(struct partition_lease *base)
{
    struct sim_lease *self = lease_of(base);

    self->inner->ops->destroy(self->inner);
    free(self);
}

static const struct partition_lease_ops LEASE_OPS = {
    .hold = lease_hold,
    .leave = lease_leave,
    .destroy = lease_destroy,
};

struct partition_lease *sim_lease_create(struct sim_process *process, struct partition_lease *inner)
{
    struct sim_lease *self = MEM_NEW(struct sim_lease);

    *self = (struct sim_lease){.base = {&LEASE_OPS}, .process = process, .inner = inner};
    return &self->base;
}
