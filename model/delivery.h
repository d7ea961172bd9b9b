/* delivery.h - the way of an order from its store to the door: a job for one courier. Plain values;
 * what may become of one is delivery_state.h's. */
#ifndef MODEL_DELIVERY_H
#define MODEL_DELIVERY_H

#include "model/delivery_state.h"
#include "model/order.h"

/* For so long after the delivery its courier is still told where it went: somebody may call. */
#define DELIVERY_ADDRESS_TOLD_US (INT64_C(3600) * 1000000)

/* The row. */
struct delivery_row {
    struct uuid order_id;
    struct uuid store_id, user_id; /* of the order */
    struct uuid owner_id;          /* of the store */
    struct uuid courier_id;        /* who has it; nil = nobody */
    int status;
    bool ready;                                     /* to be picked up: it is cooked */
    int64_t started_us, picked_up_us, delivered_us; /* 0 = not yet */
    int64_t pickup_by_us; /* then it is for another; 0 = nobody has it, or it is not ready */
    int64_t look_at_us;   /* when the timer looks at it next; the sweeper's */
    int64_t version;      /* 1, 2, 3 ...: each is said */
    int64_t created_us, updated_us;
};

struct delivery_query {
    struct uuid order_id;
};

/* What everybody who may see it sees of it. */
struct delivery_summary {
    struct uuid order_id, store_id, courier_id;
    int status;
    bool ready;
    struct state_action actions[STATE_ACTIONS_MAX];
    size_t n_actions;
    int64_t started_us, pickup_by_us, picked_up_us, delivered_us;
    int64_t created_us, updated_us, version;
};

struct delivery_view {
    struct delivery_summary delivery;
    struct order_address deliver_to; /* personal: for who carries it, else empty */
    int64_t tag; /* the ETag: the version; 0 = its address could not be asked for just now */
};

struct delivery_list {
    int status;
    struct page_query page;
    struct given given; /* whether a status was said */
};

struct delivery_page {
    struct delivery_summary items[PAGE_LIMIT_MAX];
    size_t n_items;
    char next_cursor[PAGE_CURSOR_MAX + 1];
};

/* What has happened to a delivery, and all of it that others may know: nothing personal. */
struct delivery_event {
    struct uuid order_id, store_id, user_id, courier_id;
    char status[DELIVERY_STATUS_MAX + 1];
    bool ready;
    int64_t started_us, pickup_by_us, picked_up_us, delivered_us;
    int64_t version;
    int64_t at_us;
};

/** Whether it is this courier's, or was. */
bool delivery_is_carried_by(const struct delivery_row *delivery, struct uuid courier);
/** Whether who carries it may know where to, at that time: from when it is his until
 * DELIVERY_ADDRESS_TOLD_US after he has brought it. */
bool delivery_tells_address(const struct delivery_row *delivery, int64_t now_us);
/** After each change of it, at that time: once somebody has it and it is ready, he has so long to
 * pick it up. */
void delivery_set_pickup_by(struct delivery_row *delivery, int64_t now_us, int64_t within_us);

#endif
