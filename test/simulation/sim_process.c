/* sim_process.c - the fate of calls; transactions, saga rows and the barrier of a process that may
 * die. */
#include "test/simulation/sim_process.h"

#include "tool/core/mem.h"

enum sim_fate sim_enter(struct sim_process *process, const char *what)
{
    enum sim_fate fate = process->dead ? SIM_FAIL : process->fate(process->arg, process, what);

    if (fate == SIM_CRASH_BEFORE)
        process->dead = true;
    if (!sim_goes(fate) && !process->dead)
        sim_note(process->sim, process->name, what, ST_UNAVAILABLE);
    if (fate == SIM_CRASH_BEFORE)
        sim_note(process->sim, process->name, "dies before", ST_OK);
    return fate;
}

enum status sim_leave(struct sim_process *process, enum sim_fate fate, const char *what,
                      enum status st)
{
    if (process->dead) /* of a call inside this one */
        return ST_UNAVAILABLE;
    sim_note(process->sim, process->name, what, st);
    if (fate == SIM_CRASH_AFTER) {
        process->dead = true;
        sim_note(process->sim, process->name, "dies after", st);
        return ST_UNAVAILABLE;
    }
    return fate == SIM_LOSE && st == ST_OK ? ST_UNCERTAIN : st;
}

struct sim_transactor {
    struct transactor base;
    struct sim_process *process;
    struct transactor *inner;
};

struct body {
    struct sim_process *process;
    transaction_fn fn;
    void *arg;
};

static enum status run_body(struct transaction *tx, const struct call *call, void *arg)
{
    struct body *body = arg;
    enum status st;

    body->process->open++;
    st = body->fn(tx, call, body->arg);
    body->process->open--;
    return body->process->dead ? ST_UNAVAILABLE : st;
}

static enum status transactor_op_run(struct transactor *base, const struct call *call,
                                     transaction_fn fn, void *arg)
{
    struct sim_transactor *self = container_of(base, struct sim_transactor, base);
    struct body body = {self->process, fn, arg};

    if (self->process->begins)
        self->process->begins(self->process);
    SIM_THROUGH(self->process, "transaction",
                self->inner->ops->run(self->inner, call, run_body, &body));
}

static void transactor_op_destroy(struct transactor *base)
{
    struct sim_transactor *self = container_of(base, struct sim_transactor, base);

    self->inner->ops->destroy(self->inner);
    free(self);
}

static const struct transactor_ops TRANSACTOR_OPS = {
    .run = transactor_op_run,
    .destroy = transactor_op_destroy,
};

struct transactor *sim_transactor_create(struct sim_process *process, struct transactor *inner)
{
    struct sim_transactor *self = MEM_NEW(struct sim_transactor);

    *self = (struct sim_transactor){{&TRANSACTOR_OPS}, process, inner};
    return &self->base;
}

struct sim_saga_store {
    struct saga_store base;
    struct sim_process *process;
    struct saga_store *inner;
};

static struct sim_saga_store *store_of(struct saga_store *base)
{
    return container_of(base, struct sim_saga_store, base);
}

static enum status saga_op_insert(struct saga_store *base, struct transaction *tx,
                                  const struct call *call, struct saga_record *record,
                                  int64_t lease_ms)
{
    struct sim_saga_store *self = store_of(base);

    if (self->process->saga)
        self->process->saga(self->process->arg, record->view.id);
    SIM_THROUGH(self->process, "saga.insert",
                self->inner->ops->insert(self->inner, tx, call, record, lease_ms));
}

static enum status saga_op_update(struct saga_store *base, struct transaction *tx,
                                  const struct call *call, struct saga_record *record,
                                  int64_t wake_ms)
{
    struct sim_saga_store *self = store_of(base);

    SIM_THROUGH(self->process, "saga.update",
                self->inner->ops->update(self->inner, tx, call, record, wake_ms));
}

static enum status saga_op_find(struct saga_store *base, const struct call *call, struct uuid id,
                                struct saga_record *out)
{
    struct sim_saga_store *self = store_of(base);

    SIM_THROUGH(self->process, "saga.find", self->inner->ops->find(self->inner, call, id, out));
}

/* A claim that finds nothing is no news. */
static enum status saga_op_claim(struct saga_store *base, const struct call *call, int64_t lease_ms,
                                 size_t max, struct saga_record *out, size_t *n)
{
    struct sim_saga_store *self = store_of(base);
    enum sim_fate fate = sim_enter(self->process, "saga.claim");
    enum status st;

    *n = 0;
    if (!sim_goes(fate))
        return ST_UNAVAILABLE;
    st = self->inner->ops->claim(self->inner, call, lease_ms, max, out, n);
    return *n == 0 && fate == SIM_FINE ? st : sim_leave(self->process, fate, "saga.claim", st);
}

static enum status saga_op_set_aside(struct saga_store *base, const struct call *call,
                                     const struct saga_record *record, int64_t wake_ms)
{
    struct sim_saga_store *self = store_of(base);

    SIM_THROUGH(self->process, "saga.set_aside",
                self->inner->ops->set_aside(self->inner, call, record, wake_ms));
}

static enum status saga_op_wake(struct saga_store *base, const struct call *call, struct uuid id,
                                int64_t quiet_ms)
{
    struct sim_saga_store *self = store_of(base);

    SIM_THROUGH(self->process, "saga.wake",
                self->inner->ops->wake(self->inner, call, id, quiet_ms));
}

static enum status saga_op_census(struct saga_store *base, const struct call *call,
                                  struct saga_census *out)
{
    struct sim_saga_store *self = store_of(base);

    SIM_THROUGH(self->process, "saga.census", self->inner->ops->census(self->inner, call, out));
}

static enum status saga_op_purge(struct saga_store *base, const struct call *call, int64_t age_s,
                                 size_t max, size_t *n)
{
    struct sim_saga_store *self = store_of(base);

    SIM_THROUGH(self->process, "saga.purge",
                self->inner->ops->purge(self->inner, call, age_s, max, n));
}

static void saga_op_destroy(struct saga_store *base)
{
    struct sim_saga_store *self = store_of(base);

    self->inner->ops->destroy(self->inner);
    free(self);
}

static const struct saga_store_ops STORE_OPS = {
    .insert = saga_op_insert,
    .update = saga_op_update,
    .set_aside = saga_op_set_aside,
    .wake = saga_op_wake,
    .find = saga_op_find,
    .claim = saga_op_claim,
    .census = saga_op_census,
    .purge = saga_op_purge,
    .destroy = saga_op_destroy,
};

struct saga_store *sim_saga_store_create(struct sim_process *process, struct saga_store *inner)
{
    struct sim_saga_store *self = MEM_NEW(struct sim_saga_store);

    *self = (struct sim_saga_store){{&STORE_OPS}, process, inner};
    return &self->base;
}

struct sim_barrier {
    struct barrier base;
    struct sim_process *process;
    struct barrier *inner;
};

static struct sim_barrier *barrier_of(struct barrier *base)
{
    return container_of(base, struct sim_barrier, base);
}

static enum status barrier_enter(struct barrier *base, struct transaction *tx,
                                 const struct call *call, const char *consumer, const char *key,
                                 const char *first, char seen[BARRIER_OUTCOME_MAX + 1])
{
    struct sim_barrier *self = barrier_of(base);

    SIM_THROUGH(self->process, "barrier.enter",
                self->inner->ops->enter(self->inner, tx, call, consumer, key, first, seen));
}

static enum status barrier_enter_all(struct barrier *base, struct transaction *tx,
                                     const struct call *call, const char *consumer,
                                     const struct barrier_note notes[], size_t n)
{
    struct sim_barrier *self = barrier_of(base);

    SIM_THROUGH(self->process, "barrier.enter_all",
                self->inner->ops->enter_all(self->inner, tx, call, consumer, notes, n));
}

static enum status barrier_record(struct barrier *base, struct transaction *tx,
                                  const struct call *call, const char *consumer, const char *key,
                                  const char *outcome)
{
    struct sim_barrier *self = barrier_of(base);

    SIM_THROUGH(self->process, "barrier.record",
                self->inner->ops->record(self->inner, tx, call, consumer, key, outcome));
}

static enum status barrier_find(struct barrier *base, const struct call *call, const char *consumer,
                                const char *key, char outcome[BARRIER_OUTCOME_MAX + 1])
{
    struct sim_barrier *self = barrier_of(base);

    SIM_THROUGH(self->process, "barrier.find",
                self->inner->ops->find(self->inner, call, consumer, key, outcome));
}

static enum status barrier_forget(struct barrier *base, const struct call *call,
                                  const char *consumer, const char *key, const char *outcome)
{
    struct sim_barrier *self = barrier_of(base);

    SIM_THROUGH(self->process, "barrier.forget",
                self->inner->ops->forget(self->inner, call, consumer, key, outcome));
}

static enum status barrier_purge(struct barrier *base, const struct call *call, int64_t age_s,
                                 size_t max, size_t *n)
{
    struct sim_barrier *self = barrier_of(base);

    SIM_THROUGH(self->process, "barrier.purge",
                self->inner->ops->purge(self->inner, call, age_s, max, n));
}

static void barrier_destroy(struct barrier *base)
{
    struct sim_barrier *self = barrier_of(base);

    self->inner->ops->destroy(self->inner);
    free(self);
}

static const struct barrier_ops BARRIER_OPS = {
    .enter = barrier_enter,
    .enter_all = barrier_enter_all,
    .record = barrier_record,
    .find = barrier_find,
    .forget = barrier_forget,
    .purge = barrier_purge,
    .destroy = barrier_destroy,
};

struct barrier *sim_barrier_create(struct sim_process *process, struct barrier *inner)
{
    struct sim_barrier *self = MEM_NEW(struct sim_barrier);

    *self = (struct sim_barrier){{&BARRIER_OPS}, process, inner};
    return &self->base;
}
