/* store_counted_test.h - for tests: a store in front of another that counts how often it is asked
 * for lists. */
#ifndef TOOL_STORE_MEMORY_STORE_COUNTED_TEST_H
#define TOOL_STORE_MEMORY_STORE_COUNTED_TEST_H

#include "tool/core/mem.h"
#include "tool/store/store.h"

struct store_counted {
    struct store base; /* nothing else may be asked of it */
    struct store *inner;
    unsigned lists;
};

static inline enum status store_counted_list(struct store *base, struct transaction *tx,
                                             const struct call *call, const struct store_list *list,
                                             size_t max, void *rows, size_t *n)
{
    struct store_counted *self = container_of(base, struct store_counted, base);

    self->lists++;
    return store_list(self->inner, tx, call, list, max, rows, n);
}

static inline enum status store_counted_list_many(struct store *base, struct transaction *tx,
                                                  const struct call *call,
                                                  const struct store_many *many, size_t max,
                                                  void *rows, size_t counts[])
{
    struct store_counted *self = container_of(base, struct store_counted, base);

    self->lists++;
    return store_list_many(self->inner, tx, call, many, max, rows, counts);
}

/** Takes the place of *store until it is given back as self->inner. */
static inline void store_counted_init(struct store_counted *self, struct store **store)
{
    static const struct store_ops OPS = {.list = store_counted_list,
                                         .list_many = store_counted_list_many};

    *self = (struct store_counted){
        {&OPS, (*store)->table},
        *store, 0
    };
    *store = &self->base;
}

#endif
