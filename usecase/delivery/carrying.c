/* carrying.c - see carrying.h. */
#include "usecase/delivery/carrying.h"

#include "protocol/delivery.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "usecase/delivery/delivery_row.h"

/* What a courier does, and what it leads to. */
struct step {
    const char *action; /* of DELIVERY_STATES */
    int to;
    const struct event_type *says;
    bool needs_ready;
    /** What else changes with it. */
    void (*also)(struct delivery_row *delivery, struct uuid courier, int64_t now_us);
};

struct stepping {
    const struct step *step;
    struct uuid courier;
    int64_t within_us; /* to pick it up */
    int64_t before;    /* its version */
};

static enum status take_step(void *row, const struct call *call, void *arg)
{
    struct delivery_row *delivery = row;
    struct stepping *s = arg;
    const bool his = delivery_is_carried_by(delivery, s->courier);
    const int64_t now_us = clock_wall_us(call->clock);
    enum status st;

    s->before = delivery->version;
    /* What was given back is nobody's: whose it was is not known any more, and need not be. */
    if (delivery->status == s->step->to && (his || uuid_is_nil(delivery->courier_id)))
        return ST_OK;
    if (!his && !uuid_is_nil(delivery->courier_id) && delivery->status != DELIVERY_IS_CANCELED)
        return call_fail(call, ST_CONFLICT, "taken", "Another courier has it.");
    if (his && s->step->needs_ready && delivery->status == DELIVERY_IS_STARTED && !delivery->ready)
        return call_fail(call, ST_CONFLICT, "not_ready", "It is not cooked yet.");
    st = states_move(&DELIVERY_STATES, call, &delivery->status, s->step->action,
                     DELIVERY_BY_COURIER | (his ? DELIVERY_BY_CARRIER : 0U));
    if (st != ST_OK)
        return st;
    s->step->also(delivery, s->courier, now_us);
    delivery_set_pickup_by(delivery, now_us, s->within_us);
    return ST_OK;
}

static enum status go(const struct deliveries *d, struct transaction *tx, const struct call *call,
                      const struct step *step, const struct delivery_query *query,
                      struct delivery_summary *out)
{
    struct stepping s = {.step = step, .within_us = d->pickup_within_us};
    struct delivery_row delivery;
    enum status st;

    if (!uuid_parse(call->user, &s.courier))
        return ST_UNAUTHENTICATED;
    st = store_change(d->deliveries, tx, call, &query->order_id,
                      &(struct store_change){.fn = take_step, .arg = &s}, &delivery);
    if (st == ST_NOT_FOUND)
        return call_fail(call, st, NULL, "There is no such delivery.");
    if (st == ST_OK && delivery.version != s.before)
        st = delivery_say(d, tx, call, step->says, &delivery);
    if (st == ST_OK)
        *out = delivery_summarize(&delivery, call);
    return st;
}

static void note_start(struct delivery_row *delivery, struct uuid courier, int64_t now_us)
{
    delivery->courier_id = courier;
    delivery->started_us = now_us;
}

enum status delivery_start(void *self, struct transaction *tx, const struct call *call,
                           const void *in, void *out)
{
    static const struct step START = {"start", DELIVERY_IS_STARTED, &DELIVERY_STARTED,
                                      .also = note_start};

    return go(self, tx, call, &START, in, out);
}

static void note_pickup(struct delivery_row *delivery, struct uuid courier, int64_t now_us)
{
    (void)courier;
    delivery->picked_up_us = now_us;
}

static const struct step PICKUP = {"pickup", DELIVERY_IS_PICKED_UP, &DELIVERY_PICKED_UP,
                                   .needs_ready = true, .also = note_pickup};

enum status delivery_pickup(void *self, struct transaction *tx, const struct call *call,
                            const void *in, void *out)
{
    return go(self, tx, call, &PICKUP, in, out);
}

static void note_end(struct delivery_row *delivery, struct uuid courier, int64_t now_us)
{
    (void)courier;
    delivery->delivered_us = now_us;
}

static const struct step COMPLETE = {"complete", DELIVERY_IS_DELIVERED, &DELIVERY_DELIVERED,
                                     .also = note_end};

enum status delivery_complete(void *self, struct transaction *tx, const struct call *call,
                              const void *in, void *out)
{
    return go(self, tx, call, &COMPLETE, in, out);
}

/* ---- what nobody brings ---- */

static enum status step_by_hand(void *row, const struct call *call, void *arg)
{
    struct delivery_row *delivery = row;
    struct stepping *s = arg;
    enum status st;

    s->before = delivery->version;
    if (delivery->status == s->step->to || delivery->status == DELIVERY_IS_DELIVERED)
        return ST_OK;
    if (s->step->needs_ready && !delivery->ready && delivery->status != DELIVERY_IS_CANCELED)
        return call_fail(call, ST_CONFLICT, "not_ready", "It is not cooked yet.");
    st = states_move(&DELIVERY_STATES, call, &delivery->status, s->step->action,
                     DELIVERY_BY_OPERATOR);
    if (st != ST_OK)
        return st;
    s->step->also(delivery, s->courier, clock_wall_us(call->clock));
    delivery_set_pickup_by(delivery, 0, 0);
    return ST_OK;
}

/* Both steps, so that its store hears what it has to hear. */
enum status delivery_end(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out)
{
    static const struct step *const STEPS[] = {&PICKUP, &COMPLETE};
    const struct deliveries *d = self;
    const struct delivery_query *query = in;
    struct delivery_row delivery;
    enum status st = ST_OK;

    for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(STEPS); i++) {
        struct stepping s = {.step = STEPS[i]};
        st = store_change(d->deliveries, tx, call, &query->order_id,
                          &(struct store_change){.fn = step_by_hand, .arg = &s}, &delivery);
        if (st == ST_OK && delivery.version != s.before)
            st = delivery_say(d, tx, call, STEPS[i]->says, &delivery);
    }
    if (st == ST_NOT_FOUND)
        return call_fail(call, st, NULL, "There is no such delivery.");
    if (st == ST_OK) {
        *(struct delivery_summary *)out = delivery_summarize(&delivery, call);
        log_warn("an operator has ended a delivery", LOG_CALL(call),
                 LOG_UUID("orderId", query->order_id));
    }
    return st;
}

static void forget_start(struct delivery_row *delivery, struct uuid courier, int64_t now_us)
{
    static const struct uuid NOBODY;

    (void)courier;
    (void)now_us;
    delivery->courier_id = NOBODY;
    delivery->started_us = 0;
}

enum status delivery_give_back(void *self, struct transaction *tx, const struct call *call,
                               const void *in, void *out)
{
    static const struct step GIVE_BACK = {"give_back", DELIVERY_IS_WAITING, &DELIVERY_WAITING,
                                          .also = forget_start};

    return go(self, tx, call, &GIVE_BACK, in, out);
}

static enum status take_back(void *row, const struct call *call, void *arg)
{
    static const struct uuid NOBODY;
    struct delivery_row *delivery = row;
    enum status st =
        states_move(&DELIVERY_STATES, call, &delivery->status, "give_back", DELIVERY_BY_TIMER);

    (void)arg;
    if (st != ST_OK)
        return st;
    forget_start(delivery, NOBODY, 0);
    delivery_set_pickup_by(delivery, 0, 0);
    return ST_OK;
}

enum status delivery_lapse(void *arg, struct transaction *tx, const struct call *call,
                           struct uuid order_id)
{
    const struct deliveries *d = arg;
    struct delivery_row delivery;
    enum status st = store_change(d->deliveries, tx, call, &order_id,
                                  &(struct store_change){.fn = take_back}, &delivery);

    return st == ST_OK ? delivery_say(d, tx, call, &DELIVERY_WAITING, &delivery) : st;
}
