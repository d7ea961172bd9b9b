/* order.h - what somebody wants of a store, what became of it, and how one is asked for. Plain
 * values; what may become of an order is order_state.h's. */
#ifndef MODEL_ORDER_H
#define MODEL_ORDER_H

#include "model/order_state.h"
#include "model/profile.h"
#include "model/stock.h"
#include "tool/core/given.h"
#include "tool/core/page.h"

enum {
    ORDER_NUM_MAX = 24, /* 14 digits of the time at the shop, 10 drawn at random */
    ORDER_ADDRESS_MAX = 200 /* code points */,
    ORDER_METHOD_MAX = 63,
    ORDER_REASON_MAX = 47,
    ORDER_NOTE_MAX = 95,
};

/* As it is sent, without a name, and as events tell it. */
struct order_line {
    struct uuid product_id;
    int64_t quantity;
    struct money unit_price;
    char name[PRODUCT_NAME_SIZE]; /* when it was reserved; "" = not known, or not told */
};

/* Personal: never in an event, in a saga's data, in a log. */
struct order_address {
    char name[PROFILE_NAME_BYTES_MAX + 1];
    char phone[PROFILE_PHONE_RAW_MAX + 1];
    char address[4 * ORDER_ADDRESS_MAX + 1];
};

struct order_method {
    char method[ORDER_METHOD_MAX + 1]; /* the provider's token, never a card's number */
};

struct order_form {
    struct uuid store_id;
    struct order_line lines[ORDER_LINES_MAX];
    size_t n_lines;
    struct order_address deliver_to;
    struct order_method payment;
    bool pay_later; /* true unless said otherwise: given */
    struct given given;
};

/* The row. */
struct order {
    struct uuid order_id, user_id, store_id;
    struct uuid saga_id;        /* that placed it: the id of its hold of stock */
    struct uuid cancel_saga_id; /* that cancels it; nil = none does */
    char order_num[ORDER_NUM_MAX + 1];
    struct money total; /* as sent; from its confirmation on, as charged */
    int status;
    int before_cancel; /* the status that CANCEL_PENDING came from */
    char payment_status[ORDER_PAYMENT_MAX + 1];
    int64_t pay_by_us;                 /* set once, at the start */
    int64_t look_at_us;                /* when the timer looks at it next; the sweeper's */
    int64_t ended_us;                  /* when it came to its end; 0 = it has not */
    char method[ORDER_METHOD_MAX + 1]; /* kept until it was used, then "" */
    bool cancel_asked;
    int heard;                         /* enum order_heard */
    char reason[ORDER_REASON_MAX + 1]; /* why it was rejected or canceled; "" = it was not */
    int64_t version;                   /* 1, 2, 3 ...: each is said */
    int64_t created_us, updated_us;
};

/* A row a line. */
struct order_line_row {
    struct uuid line_id, order_id;
    int64_t seq; /* 0, 1, 2 ... as sent */
    struct order_line sent;
    bool reserved;                 /* what follows, and the name, is known */
    int64_t charged;               /* for one */
    char note[ORDER_NOTE_MAX + 1]; /* why it could not be had: "2 left"; "" = nothing */
};

/* Kept until 90 days after the order's end. */
struct order_address_row {
    struct uuid order_id;
    struct order_address to;
    int64_t forget_us; /* when it goes; ORDER_KEPT = not known yet */
};

/* 9999-12-31: as long as the order has no end. */
#define ORDER_KEPT INT64_C(253402214400000000)
/* The day before: until its end, and no longer, as who ordered is gone. */
#define ORDER_KEPT_TO_END INT64_C(253402128000000000)

/* What has been done to it, by whom and why. */
struct order_history {
    struct uuid entry_id, order_id;
    int64_t seq; /* the version it led to */
    int64_t at_us;
    int by;                          /* enum order_actor */
    struct uuid by_id;               /* a person's; nil = it was none */
    char from[ORDER_STATUS_MAX + 1]; /* "" = there was none */
    char to[ORDER_STATUS_MAX + 1];
    char reason[ORDER_REASON_MAX + 1];
};

extern const struct rule ORDER_ADDRESS_RULE, ORDER_METHOD_RULE, ORDER_REASON_RULE, ORDER_NUM_RULE;

#endif
