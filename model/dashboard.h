/* dashboard.h - how far an order is, for everybody who watches it: one row, made of the latest
 * state of each service that has a part in it, and of nothing else. So it does not matter in which
 * order these come, how often, or whether they are read again from their owners. Plain values. */
#ifndef MODEL_DASHBOARD_H
#define MODEL_DASHBOARD_H

#include "model/order_view.h"
#include "model/payment.h"

enum {
    DASHBOARD_TEXT_MAX = 23,   /* a status as its owner calls it */
    DASHBOARD_SUFFIX_MAX = 31, /* of an item's name: " 외 2건", " +2" */
};

/* name: exactly the text in the table and on the wire */
#define DASHBOARD_STATUS_LIST(X)                                                                   \
    X(DASHBOARD_ORDERED, "ORDERED")                                                                \
    X(DASHBOARD_PAYMENT_DEFERRED, "PAYMENT_DEFERRED")                                              \
    X(DASHBOARD_ACCEPTED, "ACCEPTED")                                                              \
    X(DASHBOARD_COOKING, "COOKING")                                                                \
    X(DASHBOARD_COOKED, "COOKED")                                                                  \
    X(DASHBOARD_DELIVERY_STARTED, "DELIVERY_STARTED")                                              \
    X(DASHBOARD_PICKED_UP, "PICKED_UP")                                                            \
    X(DASHBOARD_DELIVERED, "DELIVERED")                                                            \
    X(DASHBOARD_ORDER_CANCELED, "ORDER_CANCELED")                                                  \
    X(DASHBOARD_ORDER_REJECTED, "ORDER_REJECTED")

enum dashboard_status {
#define X(name, text) name,
    DASHBOARD_STATUS_LIST(X)
#undef X
};
extern const char *const DASHBOARD_STATUS_NAMES[]; /* "ORDERED" ..., NULL */

/* What each owner says, as of its version; 0 = nothing is known of it. Times: 0 = not so far. */

struct dashboard_order {
    int64_t version;
    char order_num[ORDER_NUM_MAX + 1];
    char status[ORDER_STATUS_MAX + 1];
    char payment_status[ORDER_PAYMENT_MAX + 1];
    char item_name[PRODUCT_NAME_SIZE]; /* of the first line */
    int64_t item_qty, lines;
    struct money total;
    bool cancel_asked;
    char reason[ORDER_REASON_MAX + 1];
    int64_t ordered_us, ended_us, as_of_us;
};

struct dashboard_payment {
    int64_t version;
    char status[DASHBOARD_TEXT_MAX + 1];
    int64_t captured, refunded; /* in the order's currency */
    char reason[PAYMENT_REASON_SIZE];
    int64_t paid_us, as_of_us;
};

struct dashboard_ticket {
    int64_t version;
    struct uuid owner_id; /* of the store */
    char status[DASHBOARD_TEXT_MAX + 1];
    bool cancel_asked;
    char reason[ORDER_REASON_MAX + 1];
    int64_t accepted_us, cooked_us, as_of_us;
};

struct dashboard_delivery {
    int64_t version;
    char status[DASHBOARD_TEXT_MAX + 1];
    int64_t picked_up_us, delivered_us, as_of_us;
};

/* The row. */
struct dashboard {
    struct uuid order_id, user_id, store_id; /* nil = not known yet */
    struct dashboard_order order;
    struct dashboard_payment payment;
    struct dashboard_ticket ticket;
    struct dashboard_delivery delivery;
    /* What follows from those: */
    int status;       /* enum dashboard_status */
    int64_t version;  /* the sum of theirs: it rises with each change; not kept */
    int64_t as_of_us; /* when the latest of them came to be so; not kept */
    int64_t changes;  /* how often the row was written; no part of what it says */
};

/** Takes over each part of news that is newer than the row's. Associative, commutative, and again
 * it changes nothing; both are of one order, the zero value is of any. */
void dashboard_join(struct dashboard *row, const struct dashboard *news);
/** What the row's parts come to: for one that was read. dashboard_join does it itself. */
void dashboard_derive(struct dashboard *row);
/** What its items are called: the first line's product, and how many lines there are beside it: in
 * Korean where that is Korean. "" = not known yet. */
void dashboard_item_name(const struct dashboard_order *order,
                         char name[PRODUCT_NAME_SIZE + DASHBOARD_SUFFIX_MAX]);

/* ---- stores, as the dashboard knows them ---- */

struct dashboard_shop {
    struct uuid store_id, owner_id;
    char name[PRODUCT_NAME_SIZE];
    int64_t version;
};

/* ---- how far a rebuild is ---- */

enum rebuild_state {
    REBUILD_IDLE,    /* none is under way */
    REBUILD_WANTED,  /* begins soon, from nothing */
    REBUILD_READING, /* what is heard goes into both tables */
    REBUILD_SWAPPING,
};
extern const char *const REBUILD_STATE_NAMES[]; /* "IDLE" "WANTED" "READING" "SWAPPING", NULL */

/* The row; there is one. */
struct dashboard_rebuild {
    struct uuid id;
    int state;                    /* enum rebuild_state */
    struct uuid after;            /* how far all of the sources were read; nil = from their start */
    int64_t items;                /* that were read, of all sources */
    int64_t done;                 /* rebuilds that have come to their end */
    int64_t started_us, ended_us; /* 0 = never; of the last one */
    int64_t version;
};

extern const struct uuid DASHBOARD_REBUILD_ID;

#endif
