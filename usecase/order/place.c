/* place.c - see place.h. */
#include "usecase/order/place.h"

#include <string.h>

#include "model/order_num.h"
#include "protocol/order.h"
#include "tool/core/mem.h"
#include "tool/encoder/patch.h"
#include "usecase/order/order_key.h"
#include "usecase/order/order_row.h"
#include "usecase/order/place_refusal.h"
#include "usecase/order/place_saga.h"

/* An order on its way into the tables. */
struct placing {
    const struct orders *orders;
    const struct order_form *form;
    struct order_key key;
    struct order order;
    struct place_data *data; /* of its saga */
    bool entering;           /* it waits for a twin, or is past the key */
    bool twin;               /* one was first */
};

/* ---- what it says ---- */

static enum status count_up(const struct order_form *form, const struct call *call,
                            struct money *total)
{
    *total = (struct money){0};
    for (size_t i = 0; i < form->n_lines; i++) {
        struct money line = form->lines[i].unit_price;
        if (strcmp(line.currency, form->lines[0].unit_price.currency) != 0)
            return call_fail(call, ST_UNPROCESSABLE, "currency_mismatch",
                             "The lines of an order are all in one currency.");
        if (!money_times(&line, form->lines[i].quantity) || !money_add(total, line))
            return problem_field(call->problem, "lines", "must not cost that much");
    }
    return total->amount > 0 ? ST_OK : problem_field(call->problem, "lines", "must cost something");
}

static enum status make(struct placing *p, const struct call *call)
{
    const struct orders *orders = p->orders;
    struct order *order = &p->order;

    if (!uuid_parse(call->user, &order->user_id))
        return ST_UNAUTHENTICATED;
    order->order_id = uuid_v7(orders->clock, orders->entropy);
    order->saga_id = uuid_v7(orders->clock, orders->entropy);
    order->store_id = p->form->store_id;
    order->status = order->before_cancel = ORDER_STATUS_PENDING;
    order->pay_by_us = order->look_at_us = clock_wall_us(orders->clock) + orders->pay_within_us;
    TEXT_COPY(order->payment_status, "REQUESTED");
    TEXT_COPY(order->method, p->form->payment.method);
    return count_up(p->form, call, &order->total);
}

/* ---- keeping it ---- */

static enum status keep_order(struct placing *p, struct transaction *tx, const struct call *call)
{
    const struct orders *orders = p->orders;

    for (int i = 0; i < ORDER_NUM_TRIES; i++) {
        const char *taken = NULL;
        enum status st;

        order_num_draw(clock_wall_us(orders->clock), orders->num_east_s, orders->entropy,
                       p->order.order_num);
        st = store_insert(orders->orders, tx, call, &p->order, &taken);
        if (st != ST_CONFLICT || !taken || strcmp(taken, "order_num") != 0)
            return st;
    }
    return ST_UNAVAILABLE;
}

static enum status keep_lines(const struct placing *p, struct transaction *tx,
                              const struct call *call)
{
    struct order_lines *lines = &p->data->lines;
    enum status st = ST_OK;

    for (size_t i = 0; st == ST_OK && i < lines->n; i++)
        st = store_insert(p->orders->lines, tx, call, &lines->rows[i], NULL);
    return st;
}

static enum status keep_address(const struct placing *p, struct transaction *tx,
                                const struct call *call)
{
    struct order_address_row row = {
        .order_id = p->order.order_id, .to = p->form->deliver_to, .forget_us = ORDER_KEPT};

    return store_insert(p->orders->addresses, tx, call, &row, NULL);
}

static enum status keep(struct transaction *tx, const struct call *call, void *arg)
{
    struct placing *p = arg;
    const struct order_move made = {
        .actor = ORDER_ACTOR_CUSTOMER,
        .by_id = p->order.user_id,
        .says = &ORDER_CREATED,
        .lines = &p->data->lines,
    };
    enum status st;

    p->entering = true;
    st = order_key_enter(p->orders, tx, call, &p->key,
                         &(struct order_led){p->order.order_id, p->order.saga_id});
    p->twin = st == ST_CONFLICT;
    if (st != ST_OK)
        return st;
    p->entering = false;
    st = keep_order(p, tx, call);
    if (st == ST_OK)
        st = keep_lines(p, tx, call);
    if (st == ST_OK)
        st = keep_address(p, tx, call);
    return st == ST_OK ? order_tell(p->orders, tx, call, &p->order, "", &made) : st;
}

static void make_lines(const struct placing *p, struct order_lines *out)
{
    const struct orders *orders = p->orders;

    out->n = p->form->n_lines;
    for (size_t i = 0; i < out->n; i++)
        out->rows[i] = (struct order_line_row){
            .line_id = uuid_v7(orders->clock, orders->entropy),
            .order_id = p->order.order_id,
            .seq = (int64_t)i,
            .sent = p->form->lines[i],
        };
}

static struct place_data *make_data(const struct placing *p)
{
    const struct order *order = &p->order;
    struct place_data *data = MEM_NEW(struct place_data);

    data->user_id = order->user_id;
    data->store_id = order->store_id;
    data->total = order->total;
    data->expires_us = order->pay_by_us + ORDER_HOLD_LONGER_US;
    data->pay_later = p->form->pay_later || !given_has(ORDER_CREATE.request, p->form,
                                                       offsetof(struct order_form, pay_later));
    TEXT_COPY(data->method, order->method);
    make_lines(p, &data->lines);
    return data;
}

static enum status start(struct placing *p, const struct call *call)
{
    enum status st = make(p, call);

    if (st != ST_OK)
        return st;
    p->data = make_data(p);
    st = saga_start(p->orders->sagas, call, &PLACE_ORDER_SAGA, p->order.saga_id, p->order.order_id,
                    p->data, keep, p);
    free(p->data);
    return st;
}

/* ---- what is answered ---- */

static void answer(const struct order *order, const struct call *call, struct order_accepted *out)
{
    *out = (struct order_accepted){
        .order_id = order->order_id,
        .saga_id = order->saga_id,
        .status = order->status,
        .total = order->total,
        .pay_by_us = order->status == ORDER_STATUS_AWAITING_PAYMENT ? order->pay_by_us : 0,
    };
    TEXT_COPY(out->order_num, order->order_num);
    TEXT_COPY(out->reason, order->reason);
    out->n_actions = states_actions(&ORDER_STATES, order->status, 1U << order_actor_of(call, order),
                                    out->actions, STATE_ACTIONS_MAX);
}

static enum status answer_again(const struct orders *orders, const struct call *call,
                                const struct order_led *led, struct order_accepted *out)
{
    struct order order;
    enum status st = store_find(orders->orders, NULL, call, NULL, &led->order_id, &order);

    if (st == ST_OK)
        answer(&order, call, out);
    return st == ST_NOT_FOUND ? ST_UNAVAILABLE : st; /* it is kept in the commit of its key */
}

/* A look at the key first, though entering it would tell: sagas that begin share a commit, of which
 * one that comes again would have all others done again. */
enum status order_place(void *self, const struct call *call, const void *in, void *out)
{
    struct placing p = {.orders = self, .form = in};
    struct order_led led;
    enum status st = order_key_init(&p.key, call, &ORDER_CREATE, in);

    if (st == ST_OK)
        st = order_key_find(p.orders, call, &p.key, &led);
    if (st == ST_OK)
        return answer_again(p.orders, call, &led, out);
    if (st != ST_NOT_FOUND)
        return st;
    st = start(&p, call);
    if (st == ST_OK) {
        answer(&p.order, call, out);
        return st;
    }
    if (!p.twin && !(p.entering && st == ST_UNAVAILABLE))
        return st;
    st = order_key_twin(p.orders, call, &p.key, &led);
    return st == ST_OK ? answer_again(p.orders, call, &led, out) : st;
}

enum status order_placed(void *self, const struct call *call, const struct saga_view *end,
                         void *out)
{
    const struct orders *orders = self;
    struct order_accepted *accepted = out;
    struct order order;

    (void)end; /* the order knows it longer than the saga's row */
    if (store_find(orders->orders, NULL, call, NULL, &accepted->order_id, &order) != ST_OK)
        return ST_OK; /* the promise stands */
    if (order.status == ORDER_STATUS_REJECTED) {
        enum status st = place_refuse(orders, call, &order);
        if (st == ST_UNAVAILABLE)
            order_key_forget(orders, call, &ORDER_CREATE, accepted->saga_id);
        return st;
    }
    answer(&order, call, accepted);
    return ST_OK;
}
