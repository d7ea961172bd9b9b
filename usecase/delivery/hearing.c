/* hearing.c - see hearing.h. */
#include "usecase/delivery/hearing.h"

#include "protocol/delivery.h"
#include "protocol/store.h"
#include "tool/core/log.h"
#include "usecase/delivery/delivery_row.h"

static enum status keep(const struct deliveries *d, struct transaction *tx, const struct call *call,
                        const struct ticket_event *ticket, bool ready)
{
    struct delivery_row made = {
        .order_id = ticket->order_id,
        .store_id = ticket->store_id,
        .user_id = ticket->user_id,
        .owner_id = ticket->owner_id,
        .status = DELIVERY_IS_WAITING,
        .ready = ready,
    };
    enum status st = store_insert(d->deliveries, tx, call, &made, NULL);

    if (st == ST_CONFLICT) /* it has come this very moment: all of it again */
        return ST_UNAVAILABLE;
    return st == ST_OK ? delivery_say(d, tx, call, &DELIVERY_WAITING, &made) : st;
}

enum status delivery_wait(void *self, struct transaction *tx, const struct call *call,
                          const struct event *event, const void *data)
{
    const struct deliveries *d = self;
    const struct ticket_event *ticket = data;
    struct delivery_row found;
    enum status st = store_find(d->deliveries, tx, call, NULL, &ticket->order_id, &found);

    (void)event;
    return st == ST_NOT_FOUND ? keep(d, tx, call, ticket, false) : st;
}

struct changing {
    int64_t within_us; /* to pick it up */
    int64_t before;    /* its version */
};

static enum status set_ready(void *row, const struct call *call, void *arg)
{
    struct delivery_row *delivery = row;
    struct changing *c = arg;

    c->before = delivery->version;
    if (delivery->status == DELIVERY_IS_WAITING || delivery->status == DELIVERY_IS_STARTED)
        delivery->ready = true;
    delivery_set_pickup_by(delivery, clock_wall_us(call->clock), c->within_us);
    return ST_OK;
}

enum status delivery_be_ready(void *self, struct transaction *tx, const struct call *call,
                              const struct event *event, const void *data)
{
    const struct deliveries *d = self;
    const struct ticket_event *ticket = data;
    struct changing c = {.within_us = d->pickup_within_us};
    struct delivery_row delivery;
    enum status st = store_change(d->deliveries, tx, call, &ticket->order_id,
                                  &(struct store_change){.fn = set_ready, .arg = &c}, &delivery);

    (void)event;
    if (st == ST_NOT_FOUND) /* what is cooked was accepted: the stream has forgotten that */
        return keep(d, tx, call, ticket, true);
    return st == ST_OK && delivery.version != c.before
               ? delivery_say(d, tx, call, &DELIVERY_CHANGED, &delivery)
               : st;
}

static enum status set_canceled(void *row, const struct call *call, void *arg)
{
    struct delivery_row *delivery = row;

    *(int64_t *)arg = delivery->version;
    if (!states_allow(&DELIVERY_STATES, delivery->status, "cancel", DELIVERY_BY_ORDER,
                      &delivery->status) &&
        delivery->status != DELIVERY_IS_CANCELED)
        log_warn("an order was canceled that is on its way",
                 LOG_UUID("orderId", delivery->order_id));
    delivery_set_pickup_by(delivery, clock_wall_us(call->clock), 0);
    return ST_OK;
}

enum status delivery_cancel(void *self, struct transaction *tx, const struct call *call,
                            const struct event *event, const void *data)
{
    const struct deliveries *d = self;
    int64_t before = 0; /* its version */
    struct delivery_row delivery;
    enum status st =
        store_change(d->deliveries, tx, call, &event->key,
                     &(struct store_change){.fn = set_canceled, .arg = &before}, &delivery);

    (void)data;
    if (st == ST_NOT_FOUND) /* it was not accepted, or that is still to be heard; then so is this */
        return ST_OK;
    return st == ST_OK && delivery.version != before
               ? delivery_say(d, tx, call, &DELIVERY_CANCELED, &delivery)
               : st;
}
