/* ticket_hearing.c - see ticket_hearing.h. */
#include "usecase/store/ticket_hearing.h"

#include "model/delivery.h"
#include "model/order_view.h"
#include "protocol/store.h"
#include "tool/core/mem.h"
#include "usecase/store/ticket_row.h"

static enum status keep_lines(const struct shops *shops, struct transaction *tx,
                              const struct call *call, const struct order_event *order)
{
    enum status st = ST_OK;

    for (size_t i = 0; st == ST_OK && i < order->n_lines; i++) {
        struct ticket_line_row row = {.line_id = uuid_v7(call->clock, shops->entropy),
                                      .order_id = order->order_id,
                                      .seq = (int64_t)i,
                                      .line = order->lines[i]};
        st = store_insert(shops->lines, tx, call, &row, NULL);
    }
    return st;
}

static enum status keep(const struct shops *shops, struct transaction *tx, const struct call *call,
                        const struct order_event *order, struct uuid owner_id)
{
    struct ticket ticket = {
        .order_id = order->order_id,
        .store_id = order->store_id,
        .owner_id = owner_id,
        .user_id = order->user_id,
        .accept_by_us = clock_wall_us(call->clock) + shops->accept_within_us,
    };
    enum status st;

    ticket.look_at_us = ticket.accept_by_us;
    TEXT_COPY(ticket.order_num, order->order_num);
    st = store_insert(shops->tickets, tx, call, &ticket, NULL);
    if (st == ST_OK)
        st = keep_lines(shops, tx, call, order);
    return st == ST_OK ? ticket_say(shops, tx, call, &STORE_RECEIVED, &ticket) : st;
}

enum status ticket_hear_confirmed(void *self, struct transaction *tx, const struct call *call,
                                  const struct event *event, const void *data)
{
    const struct shops *shops = self;
    const struct order_event *order = data;
    struct store_row store = {.open = false};
    enum status st = store_find(shops->stores, tx, call, NULL, &order->store_id, &store);

    (void)event;
    if (st != ST_OK && st != ST_NOT_FOUND) /* of one that nothing is known of: it is nobody's */
        return st;
    st = keep(shops, tx, call, order, store.owner_id);
    if (st == ST_CONFLICT) /* canceled before it came */
        return ST_OK;
    if (st != ST_OK || !store.auto_accept)
        return st;
    return ticket_move(
        shops, tx, call, order->order_id,
        &(struct ticket_move){.action = "accept", .who = TICKET_BY_STORE, .says = &STORE_ACCEPTED},
        NULL);
}

static enum status move_if_may(const struct shops *shops, struct transaction *tx,
                               const struct call *call, struct uuid order_id,
                               const struct ticket_move *move)
{
    enum status st = ticket_move(shops, tx, call, order_id, move, NULL);

    return st == ST_NOT_FOUND || st == ST_CONFLICT ? ST_OK : st;
}

enum status ticket_hear_canceled(void *self, struct transaction *tx, const struct call *call,
                                 const struct event *event, const void *data)
{
    (void)event;
    return move_if_may(self, tx, call, ((const struct order_event *)data)->order_id,
                       &(struct ticket_move){.action = "cancel",
                                             .who = TICKET_BY_EVENT,
                                             .reason = "order_canceled",
                                             .says = &STORE_CANCELED,
                                             .also = ticket_set_answered});
}

enum status ticket_hear_picked_up(void *self, struct transaction *tx, const struct call *call,
                                  const struct event *event, const void *data)
{
    (void)event;
    return move_if_may(self, tx, call, ((const struct delivery_event *)data)->order_id,
                       &(struct ticket_move){.action = "pick_up",
                                             .who = TICKET_BY_EVENT,
                                             .says = &STORE_TICKET_CHANGED});
}
