/* delivery_row.c - see delivery_row.h. */
#include "usecase/delivery/delivery_row.h"

#include <string.h>

#include "tool/core/mem.h"

static unsigned who_is(const struct delivery_row *delivery, const struct call *call)
{
    struct uuid caller;
    unsigned who = call_has_role(call, "courier") ? DELIVERY_BY_COURIER : 0;

    if (who && uuid_parse(call->user, &caller) && delivery_is_carried_by(delivery, caller))
        who |= DELIVERY_BY_CARRIER;
    return who;
}

/* What is not cooked yet is not picked up. */
static void leave_out_pickup(struct delivery_summary *out)
{
    size_t n = 0;

    for (size_t i = 0; i < out->n_actions; i++)
        if (strcmp(out->actions[i].name, "pickup") != 0)
            out->actions[n++] = out->actions[i];
    out->n_actions = n;
}

struct delivery_summary delivery_summarize(const struct delivery_row *delivery,
                                           const struct call *call)
{
    struct delivery_summary out = {
        .order_id = delivery->order_id,
        .store_id = delivery->store_id,
        .courier_id = delivery->courier_id,
        .status = delivery->status,
        .ready = delivery->ready,
        .started_us = delivery->started_us,
        .pickup_by_us = delivery->pickup_by_us,
        .picked_up_us = delivery->picked_up_us,
        .delivered_us = delivery->delivered_us,
        .created_us = delivery->created_us,
        .updated_us = delivery->updated_us,
        .version = delivery->version,
    };

    out.n_actions = states_actions(&DELIVERY_STATES, delivery->status, who_is(delivery, call),
                                   out.actions, ARRAY_LEN(out.actions));
    if (!delivery->ready)
        leave_out_pickup(&out);
    return out;
}

void delivery_export(const void *row, void *data)
{
    const struct delivery_row *delivery = row;
    struct delivery_event *event = data;

    *event = (struct delivery_event){
        .order_id = delivery->order_id,
        .store_id = delivery->store_id,
        .user_id = delivery->user_id,
        .courier_id = delivery->courier_id,
        .ready = delivery->ready,
        .started_us = delivery->started_us,
        .pickup_by_us = delivery->pickup_by_us,
        .picked_up_us = delivery->picked_up_us,
        .delivered_us = delivery->delivered_us,
        .version = delivery->version,
        .at_us = delivery->updated_us,
    };
    TEXT_COPY(event->status, DELIVERY_STATUS_NAMES[delivery->status]);
}

enum status delivery_say(const struct deliveries *d, struct transaction *tx,
                         const struct call *call, const struct event_type *type,
                         const struct delivery_row *delivery)
{
    struct delivery_event event;

    delivery_export(delivery, &event);
    return event_say(d->outbox, tx, call, type, &event);
}
