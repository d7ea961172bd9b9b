/* sim_data.c - a table of a process that may die. */
#include <stdio.h>

#include "test/simulation/sim_process.h"
#include "tool/core/mem.h"

enum { WHAT_MAX = 63 };

struct sim_store {
    struct store base;
    struct sim_process *process;
    const char *name;
    struct store *inner;
};

static struct sim_store *self_of(struct store *base)
{
    return container_of(base, struct sim_store, base);
}

static const char *what(const struct sim_store *self, const char *op, char buf[WHAT_MAX + 1])
{
    snprintf(buf, WHAT_MAX + 1, "%s.%s", self->name, op);
    return buf;
}

static enum status store_op_insert(struct store *base, struct transaction *tx,
                                   const struct call *call, void *row, const char **taken)
{
    struct sim_store *self = self_of(base);
    char buf[WHAT_MAX + 1];

    SIM_THROUGH(self->process, what(self, "insert", buf),
                store_insert(self->inner, tx, call, row, taken));
}

static enum status store_op_insert_many(struct store *base, struct transaction *tx,
                                        const struct call *call, void *rows, size_t n,
                                        const char **taken)
{
    struct sim_store *self = self_of(base);
    char buf[WHAT_MAX + 1];

    SIM_THROUGH(self->process, what(self, "insert_many", buf),
                store_insert_many(self->inner, tx, call, rows, n, taken));
}

static enum status store_op_keep(struct store *base, struct transaction *tx,
                                 const struct call *call, const void *row, const char **taken)
{
    struct sim_store *self = self_of(base);
    char buf[WHAT_MAX + 1];

    SIM_THROUGH(self->process, what(self, "keep", buf),
                store_keep(self->inner, tx, call, row, taken));
}

static enum status store_op_find(struct store *base, struct transaction *tx,
                                 const struct call *call, const char *by, const void *key,
                                 void *out)
{
    struct sim_store *self = self_of(base);
    char buf[WHAT_MAX + 1];

    SIM_THROUGH(self->process, what(self, "find", buf),
                store_find(self->inner, tx, call, by, key, out));
}

static enum status store_op_find_many(struct store *base, struct transaction *tx,
                                      const struct call *call, const char *by,
                                      const void *const keys[], size_t n, void *rows, bool found[])
{
    struct sim_store *self = self_of(base);
    char buf[WHAT_MAX + 1];

    SIM_THROUGH(self->process, what(self, "find_many", buf),
                store_find_many(self->inner, tx, call, by, keys, n, rows, found));
}

static enum status store_op_list(struct store *base, struct transaction *tx,
                                 const struct call *call, const struct store_list *list, size_t max,
                                 void *rows, size_t *n)
{
    struct sim_store *self = self_of(base);
    char buf[WHAT_MAX + 1];

    SIM_THROUGH(self->process, what(self, "list", buf),
                store_list(self->inner, tx, call, list, max, rows, n));
}

static enum status store_op_list_many(struct store *base, struct transaction *tx,
                                      const struct call *call, const struct store_many *many,
                                      size_t max, void *rows, size_t counts[])
{
    struct sim_store *self = self_of(base);
    char buf[WHAT_MAX + 1];

    SIM_THROUGH(self->process, what(self, "list_many", buf),
                store_list_many(self->inner, tx, call, many, max, rows, counts));
}

static enum status store_op_sum(struct store *base, struct transaction *tx, const struct call *call,
                                const struct store_sums *sums, size_t max, void *rows, size_t *n)
{
    struct sim_store *self = self_of(base);
    char buf[WHAT_MAX + 1];

    SIM_THROUGH(self->process, what(self, "sum", buf),
                store_sum(self->inner, tx, call, sums, max, rows, n));
}

static enum status store_op_change(struct store *base, struct transaction *tx,
                                   const struct call *call, const void *key,
                                   const struct store_change *how, void *out)
{
    struct sim_store *self = self_of(base);
    char buf[WHAT_MAX + 1];

    SIM_THROUGH(self->process, what(self, "change", buf),
                store_change(self->inner, tx, call, key, how, out));
}

static enum status store_op_replace(struct store *base, struct transaction *tx,
                                    const struct call *call, const void *seen, const void *wanted,
                                    size_t n, size_t *replaced)
{
    struct sim_store *self = self_of(base);
    char buf[WHAT_MAX + 1];

    SIM_THROUGH(self->process, what(self, "replace", buf),
                store_replace(self->inner, tx, call, seen, wanted, n, replaced));
}

static enum status store_op_remove(struct store *base, struct transaction *tx,
                                   const struct call *call, const void *key, store_change_fn may,
                                   void *arg)
{
    struct sim_store *self = self_of(base);
    char buf[WHAT_MAX + 1];

    SIM_THROUGH(self->process, what(self, "remove", buf),
                store_remove(self->inner, tx, call, key, may, arg));
}

static void store_op_destroy(struct store *base)
{
    struct sim_store *self = self_of(base);

    store_destroy(self->inner);
    free(self);
}

static const struct store_ops STORE_OPS = {
    .insert = store_op_insert,
    .insert_many = store_op_insert_many,
    .keep = store_op_keep,
    .find = store_op_find,
    .find_many = store_op_find_many,
    .list = store_op_list,
    .list_many = store_op_list_many,
    .sum = store_op_sum,
    .change = store_op_change,
    .replace = store_op_replace,
    .remove = store_op_remove,
    .destroy = store_op_destroy,
};

struct store *sim_store_create(struct sim_process *process, const char *name, struct store *inner)
{
    struct sim_store *self = MEM_NEW(struct sim_store);

    *self = (struct sim_store){
        {&STORE_OPS, inner->table},
        process, name, inner
    };
    return &self->base;
}
