/* order_view.h - what is asked of orders, and what people are shown of them. Plain values. */
#ifndef MODEL_ORDER_VIEW_H
#define MODEL_ORDER_VIEW_H

#include "model/order.h"

struct order_payment {
    char status[ORDER_PAYMENT_MAX + 1];
    int64_t pay_by_us; /* 0 = nothing is to be paid by then */
};

/* What whoever ordered is answered. */
struct order_accepted {
    struct uuid order_id, saga_id;
    char order_num[ORDER_NUM_MAX + 1];
    int status;
    struct money total;
    int64_t pay_by_us; /* 0 = nothing is to be paid by then */
    char reason[ORDER_REASON_MAX + 1];
    struct state_action actions[STATE_ACTIONS_MAX];
    size_t n_actions;
};

struct order_query {
    struct uuid order_id;
};

struct order_num_query {
    char order_num[ORDER_NUM_MAX + 1];
};

/* What all who show an order show of it, without its lines. */
struct order_summary {
    struct uuid order_id, user_id, store_id;
    char order_num[ORDER_NUM_MAX + 1];
    struct money total;
    int status;
    struct order_payment payment;
    bool cancel_asked;
    char reason[ORDER_REASON_MAX + 1];
    struct state_action actions[STATE_ACTIONS_MAX];
    size_t n_actions;
    int64_t created_us, updated_us, version;
};

struct order_line_view {
    struct order_line line;
    char note[ORDER_NOTE_MAX + 1];
};

struct order_view {
    struct order_summary order;
    struct order_line_view lines[ORDER_LINES_MAX];
    size_t n_lines;
};

struct order_list {
    struct uuid user_id; /* nil = the caller's; for an admin, everybody's */
    int status;
    int64_t from_us, to_us; /* made at or after, before */
    struct page_query page;
    struct given given; /* whether a status and to_us were said */
};

struct order_page {
    struct order_summary items[PAGE_LIMIT_MAX];
    size_t n_items;
    char next_cursor[PAGE_CURSOR_MAX + 1];
};

enum { ORDER_HISTORY_MAX = 100 };

/* The oldest first; of an order that has moved more often its last moves. */
struct order_history_view {
    struct order_history items[ORDER_HISTORY_MAX];
    size_t n_items;
};

struct order_pay_form {
    struct uuid order_id;
    struct order_method payment;
};

struct order_paying {
    struct uuid order_id, saga_id;
    int status;
    int64_t pay_by_us; /* 0 = nothing is to be paid by then */
};

struct order_cancel_form {
    struct uuid order_id;
    char reason[ORDER_REASON_MAX + 1]; /* "" = none said */
};

struct order_canceling {
    struct uuid order_id, saga_id;
    int status;
    bool cancel_asked;
    struct money refund; /* what is given back; none = nothing was paid */
};

/* What has happened to an order, and all of it that others may know: nothing personal. */
struct order_event {
    struct uuid order_id, user_id, store_id;
    char order_num[ORDER_NUM_MAX + 1];
    char status[ORDER_STATUS_MAX + 1];
    char payment_status[ORDER_PAYMENT_MAX + 1];
    struct order_line lines[ORDER_LINES_MAX];
    size_t n_lines;
    struct money total;
    bool cancel_asked;
    int64_t version;
    char reason[ORDER_REASON_MAX + 1];
    char item_name[PRODUCT_NAME_SIZE];        /* of its first line; "" = not known yet */
    int64_t created_us, updated_us, ended_us; /* 0 = it has not ended */
};

#endif
