/* following.c - see following.h. */
#include "usecase/order/following.h"

#include "model/delivery.h"
#include "protocol/order.h"
#include "protocol/store.h"
#include "tool/core/mem.h"
#include "usecase/order/cancel.h"
#include "usecase/order/order_row.h"

static void note_heard(struct order *order, const void *arg)
{
    if (order->status == ORDER_STATUS_CANCEL_PENDING)
        order->heard = *(const int *)arg;
}

/* Locks the row until tx ends; order: as it is. */
static enum status hear(const struct orders *orders, struct transaction *tx,
                        const struct call *call, struct uuid id, int heard, struct order *order)
{
    return order_move(
        orders, tx, call, id,
        &(struct order_move){.actor = ORDER_ACTOR_EVENT, .also = note_heard, .arg = &heard}, order);
}

enum status order_ticket_dropped(void *self, struct transaction *tx, const struct call *call,
                                 const struct event *event, const void *data)
{
    const struct ticket_event *ticket = data;
    const char *reason = event->type == &STORE_REJECTED ? "store_rejected" : "store_canceled";
    struct order order;
    enum status st = hear(self, tx, call, ticket->order_id, ORDER_HEARD_DROPPED, &order);

    if (st != ST_OK || order.status != ORDER_STATUS_CONFIRMED)
        return st == ST_NOT_FOUND ? ST_OK : st;
    return order_cancel_at_once(self, tx, call, &order, ORDER_ACTOR_EVENT,
                                ticket->reason[0] ? ticket->reason : reason);
}

/* ---- it will not be canceled ---- */

static void set_kept(struct order *order, const void *arg)
{
    static const int KEPT = ORDER_HEARD_KEPT;

    (void)arg;
    note_heard(order, &KEPT);
    if (order->status == ORDER_STATUS_CONFIRMED)
        order->cancel_asked = false;
}

enum status order_ticket_kept(void *self, struct transaction *tx, const struct call *call,
                              const struct event *event, const void *data)
{
    const struct ticket_event *ticket = data;
    enum status st = order_move(self, tx, call, ticket->order_id,
                                &(struct order_move){
                                    .actor = ORDER_ACTOR_EVENT,
                                    .reason = "store_cancel_refused",
                                    .says = &ORDER_CHANGED,
                                    .also = set_kept,
                                },
                                NULL);

    (void)event;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* ---- it has arrived ---- */

static void forget_wish(struct order *order, const void *arg)
{
    (void)arg;
    order->cancel_asked = false;
}

enum status order_complete(const struct orders *orders, struct transaction *tx,
                           const struct call *call, struct uuid id)
{
    return order_move(orders, tx, call, id,
                      &(struct order_move){
                          .action = "complete",
                          .actor = ORDER_ACTOR_EVENT,
                          .says = &ORDER_COMPLETED,
                          .also = forget_wish,
                      },
                      NULL);
}

enum status order_delivered(void *self, struct transaction *tx, const struct call *call,
                            const struct event *event, const void *data)
{
    const struct delivery_event *delivery = data;
    struct order order;
    enum status st = hear(self, tx, call, delivery->order_id, ORDER_HEARD_DELIVERED, &order);

    (void)event;
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? ST_OK : st;
    if (order.status == ORDER_STATUS_CANCEL_PENDING || order.status == ORDER_STATUS_COMPLETED)
        return ST_OK;
    return order_complete(self, tx, call, delivery->order_id);
}
