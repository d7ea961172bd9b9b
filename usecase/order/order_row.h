/* order_row.h - an order as its tables have it, and the one way it moves: state, history and event
 * in one transaction. Private to usecase/order. */
#ifndef USECASE_ORDER_ORDER_ROW_H
#define USECASE_ORDER_ORDER_ROW_H

#include "model/order_view.h"
#include "usecase/order/orders.h"

/** The lines of an order. */
struct order_lines {
    struct order_line_row rows[ORDER_LINES_MAX];
    size_t n;
};

/* What is done to an order, by whom and why. */
struct order_move {
    const char *action; /* of ORDER_STATES; NULL = it stays in its state */
    enum order_actor actor;
    struct uuid by_id;  /* a person's; nil = none */
    const char *reason; /* for its history; NULL = none */
    const struct event_type *says;
    /** What else changes with it, in the row, which is locked and has moved; NULL = nothing. */
    void (*also)(struct order *order, const void *arg);
    const void *arg;
    const struct order_lines *lines; /* as the transaction has them; NULL = they are read */
};

/** Moves it, and in tx notes that and says so; one whose move changes nothing is left alone. out
 * (NULL = not wanted): as it is then. ST_OK | ST_NOT_FOUND | ST_CONFLICT wrong_state |
 * ST_UNAVAILABLE ... */
enum status order_move(const struct orders *orders, struct transaction *tx, const struct call *call,
                       struct uuid id, const struct order_move *move, struct order *out);
/** In tx: history and event of an order that was just kept. */
enum status order_tell(const struct orders *orders, struct transaction *tx, const struct call *call,
                       const struct order *order, const char *from, const struct order_move *move);
/** tx may be NULL. ST_OK | ST_UNAVAILABLE ... */
enum status order_read_lines(const struct orders *orders, struct transaction *tx,
                             const struct call *call, struct uuid id, struct order_lines *out);
/** The same of n orders, by a statement for many of them; out: an array of n, zeroed. */
enum status order_read_all_lines(const struct orders *orders, const struct call *call,
                                 const void *const ids[], size_t n, struct order_lines *out);
/** A line as people and events are told it: while the order is PENDING at the price as sent and
 * without a name, then as charged. */
struct order_line order_line_of(const struct order *order, const struct order_line_row *row);
/** In an event the first lines have their names, as many as fit into one. */
void order_event_of(const struct order *order, const struct order_lines *lines,
                    struct order_event *event);
/** The one of that id, if the caller may see it: his own, any for an admin; others as if there were
 * none. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE ... */
enum status order_find(const struct orders *orders, const struct call *call, const char *by,
                       const void *key, struct order *out);
/** Whoever asks: ORDER_ACTOR_CUSTOMER for his own, ORDER_ACTOR_ADMIN. */
enum order_actor order_actor_of(const struct call *call, const struct order *order);

#endif
