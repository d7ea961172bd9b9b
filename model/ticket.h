/* ticket.h - an order as its store has it: accepted or not, cooked, fetched; and what is asked of
 * it. Plain values; what may become of a ticket is ticket_state.h's. */
#ifndef MODEL_TICKET_H
#define MODEL_TICKET_H

#include "model/order.h"
#include "model/ticket_state.h"

enum { TICKET_MINUTES_MAX = 240 };

/* The row. One of an order that was canceled before it was heard of has no more than its id: it
 * stands for the ticket that is not to be made. */
struct ticket {
    struct uuid order_id, store_id, owner_id, user_id; /* the store's owner; who ordered */
    char order_num[ORDER_NUM_MAX + 1];
    int status;
    bool cancel_asked;                 /* and not answered yet */
    struct uuid cancel_saga_id;        /* that asked last; nil = none has */
    int64_t accept_by_us;              /* set once, at the start */
    int64_t answer_by_us;              /* of the question, if it was ever asked; else 0 */
    int64_t look_at_us;                /* when the timer looks at it next; the sweeper's */
    int64_t minutes;                   /* that it takes, as the store said; 0 = it said nothing */
    int64_t accepted_us, cooked_us;    /* 0 = not so far */
    char reason[ORDER_REASON_MAX + 1]; /* why it was rejected or canceled; "" = it was not */
    int64_t version;                   /* 1, 2, 3 ...: each is said */
    int64_t created_us, updated_us;
};

/* A row a line. */
struct ticket_line_row {
    struct uuid line_id, order_id;
    int64_t seq; /* 0, 1, 2 ... as ordered */
    struct order_line line;
};

struct ticket_query {
    struct uuid store_id, order_id;
};

struct ticket_list {
    struct uuid store_id;
    int status;
    struct page_query page;
    struct given given; /* whether a status was said */
};

/* What the store is shown. */
struct ticket_view {
    struct uuid order_id, store_id;
    char order_num[ORDER_NUM_MAX + 1];
    struct order_line lines[ORDER_LINES_MAX];
    size_t n_lines;
    int status;
    bool cancel_asked;
    int64_t accept_by_us; /* 0 = it was answered */
    int64_t answer_by_us; /* 0 = nothing is asked */
    int64_t minutes;
    char reason[ORDER_REASON_MAX + 1];
    struct state_action actions[STATE_ACTIONS_MAX];
    size_t n_actions;
    int64_t created_us, updated_us, version;
};

struct ticket_page {
    struct ticket_view items[PAGE_LIMIT_MAX];
    size_t n_items;
    char next_cursor[PAGE_CURSOR_MAX + 1];
};

struct ticket_acceptance {
    struct uuid store_id, order_id;
    int64_t minutes; /* 1 to TICKET_MINUTES_MAX; 0 = not said */
};

struct ticket_rejection {
    struct uuid store_id, order_id;
    char reason[ORDER_REASON_MAX + 1];
};

enum ticket_answer { TICKET_APPROVE, TICKET_REFUSE };
extern const char *const TICKET_ANSWER_NAMES[]; /* "APPROVE" "REFUSE", NULL */

struct ticket_cancellation {
    struct uuid store_id, order_id;
    int answer;
};

/* Of the order service: may this order be canceled? */
struct ticket_cancel {
    struct uuid saga_id, order_id;
    int by; /* enum order_actor */
};

struct ticket_canceled {
    int status; /* TICKET_CANCELED or TICKET_REJECTED */
};

/* What has become of one, and all of it that others may know. Of one that was canceled before it
 * was heard of the number and the other ids are not known: nil. */
struct ticket_event {
    struct uuid order_id, store_id, owner_id, user_id;
    char order_num[ORDER_NUM_MAX + 1];
    char status[TICKET_STATUS_MAX + 1];
    bool cancel_asked;
    int64_t accept_by_us; /* microseconds; 0 = there is none */
    int64_t minutes;      /* 0 = not said */
    char reason[ORDER_REASON_MAX + 1];
    int64_t version;
    int64_t at_us;                  /* when it became so */
    int64_t accepted_us, cooked_us; /* 0 = not so far */
};

#endif
