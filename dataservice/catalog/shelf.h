/* shelf.h - questions about products and their stock that no single table answers. Implemented by
 * mysql/ and memory/. */
#ifndef DATASERVICE_CATALOG_SHELF_H
#define DATASERVICE_CATALOG_SHELF_H

#include "model/product.h"
#include "tool/core/transaction.h"

enum { SHELF_PRODUCTS_MAX = 32 };

struct shelf {
    const struct shelf_ops *ops;
};

/* The product after which a list goes on. */
struct shelf_place {
    struct uuid product_id;
    int64_t number;   /* its price, or when it was made, where that is what the list is sorted by */
    const char *name; /* its name, likewise */
};

/* So many of an item are in one of a product. */
struct shelf_part {
    struct uuid product_id, item_id;
    char sku[ITEM_SKU_MAX + 1];
    char name[ITEM_NAME_SIZE];
    int64_t quantity;
    int64_t available; /* of the item, 0 or more */
};

/* Every op blocks until call->deadline_ms at most and may be called from any thread. Any of them:
 * ST_UNAVAILABLE, ST_OVERLOADED, ST_INTERNAL. */
struct shelf_ops {
    /** Products that are sold, as the list asks (its page is not looked at), strictly after the
     * place (NULL = from the start), max at most, 1 to PAGE_LIMIT_MAX. ST_OK: *n says how many */
    enum status (*list)(struct shelf *self, const struct call *call,
                        const struct product_list *list, const struct shelf_place *after,
                        size_t max, struct product_line lines[], size_t *n);
    /** What n products (1 to SHELF_PRODUCTS_MAX) are made of, in the order in which that was said;
     * parts: an array of n * PRODUCT_PARTS_MAX. tx NULL: on its own. ST_OK: *n_parts says how many
     */
    enum status (*parts)(struct shelf *self, struct transaction *tx, const struct call *call,
                         const struct uuid products[], size_t n, struct shelf_part parts[],
                         size_t *n_parts);
    /** Frees self; NULL is fine. No other op may be running. */
    void (*destroy)(struct shelf *self);
};

static inline void shelf_destroy(struct shelf *shelf)
{
    if (shelf)
        shelf->ops->destroy(shelf);
}

#endif
