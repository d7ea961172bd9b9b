/* order_copy.h - an order as catalog knows it from what the order service says: a copy, which is
 * there when that service is not. Plain values. */
#ifndef MODEL_ORDER_COPY_H
#define MODEL_ORDER_COPY_H

#include "model/order.h"

enum { ORDER_COPY_LINES_MAX = 3000 };

/* The row. */
struct order_copy {
    struct uuid order_id, user_id, store_id;
    char order_num[ORDER_NUM_MAX + 1];
    char status[ORDER_STATUS_MAX + 1];
    char lines[ORDER_COPY_LINES_MAX + 1]; /* JSON of ORDER_COPY_LINES */
    struct money total;
    int64_t version;
    int64_t as_of_us; /* when that was so */
};

struct order_copy_lines {
    struct order_line lines[ORDER_LINES_MAX];
    size_t n_lines;
};

struct order_copy_query {
    struct uuid order_id;
};

struct order_copy_view {
    struct uuid order_id;
    char order_num[ORDER_NUM_MAX + 1];
    char status[ORDER_STATUS_MAX + 1];
    struct order_copy_lines lines;
    struct money total;
    int64_t version;
    int64_t as_of_us;
};

#endif
