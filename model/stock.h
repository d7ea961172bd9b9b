/* stock.h - what an order asks of the catalog: to keep what it is about, to sell it, to let it go.
 * Plain values. */
#ifndef MODEL_STOCK_H
#define MODEL_STOCK_H

#include <stddef.h>

#include "model/hold.h"
#include "model/product.h"
#include "tool/core/money.h"

enum { ORDER_LINES_MAX = 20, LINE_UNITS_MAX = 99 };

/* So many of a product, each at the price that the customer has seen. */
struct stock_line {
    struct uuid product_id;
    int64_t quantity; /* 1 to LINE_UNITS_MAX */
    struct money unit_price;
};

struct stock_reservation {
    struct uuid saga_id; /* becomes the hold's id */
    struct uuid order_id, store_id;
    struct stock_line lines[ORDER_LINES_MAX];
    size_t n_lines;
    int64_t expires_at; /* wall clock, microseconds: then the order is asked whether it wants it */
};

/* At the price that is charged: not above the one that was asked for. */
struct reserved_line {
    struct uuid product_id;
    char name[PRODUCT_NAME_SIZE];
    int64_t quantity;
    struct money unit_price;
};

struct stock_reserved {
    struct reserved_line lines[ORDER_LINES_MAX];
    size_t n_lines;
    struct money total;
};

/* To release, commit, return. */
struct stock_order {
    struct uuid saga_id, order_id;
};

struct stock_held {
    int state; /* enum hold_state */
};

/* Asked of the order service: is a hold still wanted? */
struct hold_question {
    struct uuid order_id, hold_id;
};

struct hold_answer {
    int answer; /* enum hold_wish */
};

/* What has become of a hold. */
struct stock_event_line {
    struct uuid product_id;
    int64_t quantity;
};

struct stock_event {
    struct uuid order_id, hold_id;
    int state; /* enum hold_state */
    struct stock_event_line lines[ORDER_LINES_MAX];
    size_t n_lines;
    int64_t version; /* of the hold: 1, 2, 3 */
};

#endif
