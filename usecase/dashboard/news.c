/* news.c - see news.h. */
#include "usecase/dashboard/news.h"

#include "protocol/delivery.h"
#include "protocol/order.h"
#include "protocol/payment.h"
#include "protocol/store.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "usecase/dashboard/keeping.h"

static void news_of_order(const void *data, struct dashboard *news)
{
    const struct order_event *event = data;
    struct dashboard_order *order = &news->order;

    news->order_id = event->order_id;
    news->user_id = event->user_id;
    news->store_id = event->store_id;
    order->version = event->version;
    TEXT_COPY(order->order_num, event->order_num);
    TEXT_COPY(order->status, event->status);
    TEXT_COPY(order->payment_status, event->payment_status);
    TEXT_COPY(order->item_name, event->item_name);
    order->lines = (int64_t)event->n_lines;
    for (size_t i = 0; i < event->n_lines; i++)
        order->item_qty += event->lines[i].quantity;
    order->total = event->total;
    order->cancel_asked = event->cancel_asked;
    TEXT_COPY(order->reason, event->reason);
    order->ordered_us = event->created_us;
    order->ended_us = event->ended_us;
    order->as_of_us = event->updated_us;
}

static void news_of_payment(const void *data, struct dashboard *news)
{
    const struct payment_event *event = data;
    struct dashboard_payment *payment = &news->payment;

    news->order_id = event->order_id;
    news->user_id = event->user_id;
    news->store_id = event->store_id;
    payment->version = event->version;
    TEXT_COPY(payment->status, PAYMENT_STATUS_NAMES[event->status]);
    payment->captured = event->captured.amount;
    payment->refunded = event->refunded.amount;
    TEXT_COPY(payment->reason, event->reason);
    payment->paid_us = event->authorized_us;
    payment->as_of_us = event->updated_us;
}

static void news_of_ticket(const void *data, struct dashboard *news)
{
    const struct ticket_event *event = data;
    struct dashboard_ticket *ticket = &news->ticket;

    news->order_id = event->order_id;
    news->user_id = event->user_id;
    news->store_id = event->store_id;
    ticket->version = event->version;
    ticket->owner_id = event->owner_id;
    TEXT_COPY(ticket->status, event->status);
    ticket->cancel_asked = event->cancel_asked;
    TEXT_COPY(ticket->reason, event->reason);
    ticket->accepted_us = event->accepted_us;
    ticket->cooked_us = event->cooked_us;
    ticket->as_of_us = event->at_us;
}

static void news_of_delivery(const void *data, struct dashboard *news)
{
    const struct delivery_event *event = data;
    struct dashboard_delivery *delivery = &news->delivery;

    news->order_id = event->order_id;
    news->user_id = event->user_id;
    news->store_id = event->store_id;
    delivery->version = event->version;
    TEXT_COPY(delivery->status, event->status);
    delivery->picked_up_us = event->picked_up_us;
    delivery->delivered_us = event->delivered_us;
    delivery->as_of_us = event->at_us;
}

const struct dashboard_source DASHBOARD_SOURCE_ROWS[DASHBOARD_SOURCES] = {
    {&ORDER_CHANGED,        &ORDER_EXPORT,    news_of_order   },
    {&PAYMENT_AUTHORIZED,   &PAYMENT_EXPORT,  news_of_payment },
    {&STORE_TICKET_CHANGED, &STORE_EXPORT,    news_of_ticket  },
    {&DELIVERY_CHANGED,     &DELIVERY_EXPORT, news_of_delivery},
};

/* What is read again was said long ago: that is no lag. */
static void note_lag(struct dashboards *self, const struct call *call, const struct event *event)
{
    int64_t lag_us = clock_wall_us(call->clock) - event->time_us;

    if (event->stream_seq == 0)
        return;
    atomic_store_explicit(&self->lag_us, lag_us > 0 ? lag_us : 0, memory_order_relaxed);
    metric_set(self->lag, lag_us / 1000);
}

static enum status hear(struct dashboards *self, struct transaction *tx, const struct call *call,
                        const struct event *event, const void *data,
                        void (*news_of)(const void *data, struct dashboard *news))
{
    struct dashboard news = {0};
    enum status st;

    news_of(data, &news);
    st = dashboard_keep(self, tx, call, &news);
    if (st == ST_OK)
        note_lag(self, call, event);
    return st;
}

/* Whose data it has. */
static const struct dashboard_source *source_of(const struct event_type *type)
{
    for (size_t i = 0; i < DASHBOARD_SOURCES; i++)
        if (DASHBOARD_SOURCE_ROWS[i].type->data == type->data)
            return &DASHBOARD_SOURCE_ROWS[i];
    return NULL;
}

enum status dashboard_hear_together(void *self, struct transaction *tx, const struct call *call,
                                    const struct hearing_item items[], size_t n)
{
    struct dashboard *news = mem_alloc(n, sizeof(*news));
    enum status st;

    for (size_t i = 0; i < n; i++) {
        const struct dashboard_source *source = source_of(items[i].event->type);
        ASSERT(source);
        source->news(items[i].data, &news[i]);
        dashboard_derive(&news[i]);
    }
    st = dashboard_keep_heard(self, tx, call, news, n);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        note_lag(self, call, items[i].event);
    free(news);
    return st;
}

enum status dashboard_hear_order(void *self, struct transaction *tx, const struct call *call,
                                 const struct event *event, const void *data)
{
    return hear(self, tx, call, event, data, news_of_order);
}

enum status dashboard_hear_payment(void *self, struct transaction *tx, const struct call *call,
                                   const struct event *event, const void *data)
{
    return hear(self, tx, call, event, data, news_of_payment);
}

enum status dashboard_hear_ticket(void *self, struct transaction *tx, const struct call *call,
                                  const struct event *event, const void *data)
{
    return hear(self, tx, call, event, data, news_of_ticket);
}

enum status dashboard_hear_delivery(void *self, struct transaction *tx, const struct call *call,
                                    const struct event *event, const void *data)
{
    return hear(self, tx, call, event, data, news_of_delivery);
}

enum status dashboard_hear_store(void *self, struct transaction *tx, const struct call *call,
                                 const struct event *event, const void *data)
{
    struct dashboards *dashboards = self;
    const struct store_event *store = data;
    struct dashboard_shop shop = {
        .store_id = store->store_id,
        .owner_id = store->owner_id,
        .version = store->version,
    };
    enum status st;

    (void)event;
    TEXT_COPY(shop.name, store->name);
    st = store_keep(dashboards->shops, tx, call, &shop, NULL);
    return st == ST_STALE ? ST_OK : st;
}
