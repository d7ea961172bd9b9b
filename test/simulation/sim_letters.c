/* sim_letters.c - the dead letters of a process that may die. */
#include "test/simulation/sim_process.h"
#include "tool/core/mem.h"

struct sim_letters {
    struct dead_letters base;
    struct sim_process *process;
    struct dead_letters *inner;
};

static struct sim_letters *self_of(struct dead_letters *base)
{
    return container_of(base, struct sim_letters, base);
}

static enum status op_head(struct dead_letters *base, struct transaction *tx,
                           const struct call *call, struct uuid key, struct dead_letter *out)
{
    struct sim_letters *self = self_of(base);

    SIM_THROUGH(self->process, "letters.head",
                self->inner->ops->head(self->inner, tx, call, key, out));
}

static enum status op_any(struct dead_letters *base, struct transaction *tx,
                          const struct call *call, const struct uuid keys[], size_t n)
{
    struct sim_letters *self = self_of(base);

    SIM_THROUGH(self->process, "letters.any",
                self->inner->ops->any(self->inner, tx, call, keys, n));
}

static enum status op_insert(struct dead_letters *base, struct transaction *tx,
                             const struct call *call, const struct dead_letter *letter)
{
    struct sim_letters *self = self_of(base);

    SIM_THROUGH(self->process, "letters.insert",
                self->inner->ops->insert(self->inner, tx, call, letter));
}

static enum status op_update(struct dead_letters *base, struct transaction *tx,
                             const struct call *call, const struct dead_letter *letter)
{
    struct sim_letters *self = self_of(base);

    SIM_THROUGH(self->process, "letters.update",
                self->inner->ops->update(self->inner, tx, call, letter));
}

static enum status op_remove(struct dead_letters *base, struct transaction *tx,
                             const struct call *call, struct uuid id)
{
    struct sim_letters *self = self_of(base);

    SIM_THROUGH(self->process, "letters.remove",
                self->inner->ops->remove(self->inner, tx, call, id));
}

static enum status op_find(struct dead_letters *base, struct transaction *tx,
                           const struct call *call, struct uuid id, struct dead_letter *out)
{
    struct sim_letters *self = self_of(base);

    SIM_THROUGH(self->process, "letters.find",
                self->inner->ops->find(self->inner, tx, call, id, out));
}

static enum status op_list(struct dead_letters *base, const struct call *call,
                           const struct dead_letter_list *list, size_t max, struct dead_letter *out,
                           size_t *n)
{
    struct sim_letters *self = self_of(base);

    SIM_THROUGH(self->process, "letters.list",
                self->inner->ops->list(self->inner, call, list, max, out, n));
}

/* That there are none is no news. */
static enum status op_stuck(struct dead_letters *base, const struct call *call, struct uuid *id)
{
    struct sim_letters *self = self_of(base);
    enum sim_fate fate = sim_enter(self->process, "letters.stuck");
    enum status st;

    if (!sim_goes(fate))
        return ST_UNAVAILABLE;
    st = self->inner->ops->stuck(self->inner, call, id);
    return st == ST_NOT_FOUND && fate == SIM_FINE
               ? st
               : sim_leave(self->process, fate, "letters.stuck", st);
}

static enum status op_census(struct dead_letters *base, const struct call *call,
                             struct dead_letter_census *out)
{
    struct sim_letters *self = self_of(base);

    SIM_THROUGH(self->process, "letters.census", self->inner->ops->census(self->inner, call, out));
}

static void op_destroy(struct dead_letters *base)
{
    struct sim_letters *self = self_of(base);

    dead_letters_destroy(self->inner);
    free(self);
}

static const struct dead_letters_ops OPS = {
    .head = op_head,
    .any = op_any,
    .insert = op_insert,
    .update = op_update,
    .remove = op_remove,
    .find = op_find,
    .list = op_list,
    .stuck = op_stuck,
    .census = op_census,
    .destroy = op_destroy,
};

struct dead_letters *sim_letters_create(struct sim_process *process, struct dead_letters *inner)
{
    struct sim_letters *self = MEM_NEW(struct sim_letters);

    *self = (struct sim_letters){{&OPS}, process, inner};
    return &self->base;
}
