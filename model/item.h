/* item.h - what lies on a store's shelf and is counted: products are made of it. How many there
 * are is kept by the slot of the same id (slot.h). Plain values. */
#ifndef MODEL_ITEM_H
#define MODEL_ITEM_H

#include <stdbool.h>
#include <stdint.h>

#include "tool/core/rule.h"
#include "tool/core/uuid.h"

enum {
    ITEM_SKU_MAX = 40,
    ITEM_NAME_MAX = 60, /* code points */
    ITEM_NAME_SIZE = 4 * ITEM_NAME_MAX + 1,
    MOVEMENT_REASON_MAX = 47, /* code points */
    MOVEMENT_REASON_SIZE = 4 * MOVEMENT_REASON_MAX + 1,
};

/* Of one item, and by one movement. */
#define ITEM_UNITS_MAX INT64_C(1000000000)

/* The row, and what has happened to its stock: on_hand and available are what was told last. */
struct item {
    struct uuid item_id, store_id;
    char sku[ITEM_SKU_MAX + 1]; /* of its own in its store */
    char name[ITEM_NAME_SIZE];
    int64_t on_hand;   /* not sold yet */
    int64_t available; /* of these, not held for an order */
    int64_t version;   /* 1, 2, 3 ... */
    int64_t created_us, updated_us;
};

struct item_form {
    struct uuid store_id;
    char sku[ITEM_SKU_MAX + 1];
    char name[ITEM_NAME_SIZE];
    int64_t on_hand;
};

struct item_stock {
    struct uuid item_id;
    int64_t on_hand, available;
};

/* So many more, or fewer: two clerks who count at the same time do not overwrite each other. */
struct stock_movement_form {
    struct uuid item_id;
    int64_t delta; /* not 0 */
    char reason[MOVEMENT_REASON_SIZE];
};

struct stock_movement {
    struct uuid movement_id, item_id;
    struct uuid user_id; /* by whom */
    int64_t delta;
    char reason[MOVEMENT_REASON_SIZE];
    int64_t created_us;
};

extern const struct rule ITEM_SKU_RULE, MOVEMENT_REASON_RULE;

#endif
