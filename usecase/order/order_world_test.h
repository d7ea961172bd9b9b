/* order_world_test.h - for the tests of orders: memory stores, virtual time, a shop. */
#ifndef USECASE_ORDER_ORDER_WORLD_TEST_H
#define USECASE_ORDER_ORDER_WORLD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/delivery.h"
#include "protocol/delivery.h"
#include "protocol/order.h"
#include "protocol/store.h"
#include "tool/core/log.h"
#include "tool/once/memory/barrier_memory.h"
#include "tool/outbox/memory/outbox_memory.h"
#include "tool/saga/memory/saga_store_memory.h"
#include "tool/saga/saga_engine.h"
#include "tool/saga/saga_turn.h"
#include "tool/store/memory/store_memory.h"
#include "usecase/order/cancel.h"
#include "usecase/order/following.h"
#include "usecase/order/inner.h"
#include "usecase/order/order_row.h"
#include "usecase/order/order_shop_test.h"
#include "usecase/order/pay.h"
#include "usecase/order/place.h"
#include "usecase/order/reading.h"

static const char ANN[] = "01000000-0000-7000-8000-000000000000";
static const char BEN[] = "02000000-0000-7000-8000-000000000000";

struct world {
    struct clock clock;
    struct entropy entropy;
    int64_t now_ms;
    int same_numbers; /* so often the entropy gives order numbers that are taken */
    struct memdb *db;
    struct saga_store *sagas;
    struct cursor_key cursors;
    struct shop shop;
    struct orders orders;
    struct problem problem;
    int n_keys;
};

static int64_t now_ms(const struct clock *clock)
{
    return container_of(clock, struct world, clock)->now_ms;
}

static int64_t wall_us(const struct clock *clock)
{
    return 1767225600000000 + now_ms(clock) * 1000;
}

/* Of eight bytes: an order number's. */
static void fill(const struct entropy *entropy, void *buf, size_t len)
{
    struct world *w = container_of(entropy, struct world, entropy);

    if (len == sizeof(uint64_t) && w->same_numbers > 0) {
        w->same_numbers--;
        memset(buf, 0, len);
        return;
    }
    ENTROPY_SYSTEM.fill(&ENTROPY_SYSTEM, buf, len);
}

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    log_set_fd(-1);
    w->clock = (struct clock){now_ms, wall_us};
    w->entropy = (struct entropy){fill};
    w->db = memdb_create();
    w->sagas = saga_store_memory_create(w->db, &w->clock);
    w->shop = (struct shop){.left = 100};
    remote_memory_init(&w->shop.others, SHOP_ANSWERS, ARRAY_LEN(SHOP_ANSWERS), &w->shop);
    w->orders = (struct orders){
        .orders = store_memory_create(w->db, &ORDER_TABLE),
        .lines = store_memory_create(w->db, &ORDER_LINE_TABLE),
        .addresses = store_memory_create(w->db, &ORDER_ADDRESS_TABLE),
        .history = store_memory_create(w->db, &ORDER_HISTORY_TABLE),
        .transactor = memdb_transactor_create(w->db),
        .barrier = barrier_memory_create(w->db, &w->clock),
        .outbox = outbox_memory_create(w->db, &w->clock, &ENTROPY_SYSTEM),
        .remote = &w->shop.others.base,
        .clock = &w->clock,
        .entropy = &w->entropy,
        .cursors = &w->cursors,
        .num_east_s = 9 * 3600,
        .pay_within_us = ORDER_PAY_WITHIN_US,
    };
    w->orders.sagas = saga_engine_create(&(struct saga_engine_config){
        .transactor = w->orders.transactor,
        .store = w->sagas,
        .clock = &w->clock,
        .entropy = &ENTROPY_SYSTEM,
    });
    saga_engine_add(w->orders.sagas, &PLACE_ORDER_SAGA, &w->orders);
    saga_engine_add(w->orders.sagas, &PAY_ORDER_SAGA, &w->orders);
    saga_engine_add(w->orders.sagas, &CANCEL_ORDER_SAGA, &w->orders);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    saga_engine_destroy(w->orders.sagas);
    store_destroy(w->orders.orders);
    store_destroy(w->orders.lines);
    store_destroy(w->orders.addresses);
    store_destroy(w->orders.history);
    outbox_destroy(w->orders.outbox);
    w->orders.barrier->ops->destroy(w->orders.barrier);
    w->sagas->ops->destroy(w->sagas);
    w->orders.transactor->ops->destroy(w->orders.transactor);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

static struct call call_of(struct world *w, const char *who, const char *key)
{
    struct call call = {
        .clock = &w->clock, .deadline_ms = w->now_ms + 1000, .problem = &w->problem};

    w->problem = (struct problem){0};
    TEXT_COPY(call.user, who);
    TEXT_COPY(call.idempotency_key, key);
    return call;
}

static void run_for(struct world *w, int64_t ms)
{
    for (int64_t until_ms = w->now_ms + ms;; w->now_ms += 200) {
        struct call call = call_of(w, "", "");
        saga_engine_poll(w->orders.sagas, &call);
        if (w->now_ms >= until_ms)
            return;
    }
}

/* OpenAPI knows every refusal. */
static enum status declared(const struct world *w, const struct operation *op, enum status st)
{
    const char *code = w->problem.code[0] ? w->problem.code : status_code(st);

    if (st != ST_OK && !operation_declares(op, st, code))
        fail_msg("%s says %s %s", op->subject, status_name(st), code);
    return st;
}

static inline struct order_form form_of(int64_t quantity, int64_t price)
{
    struct order_form form = {
        .store_id = {{7}                                                                      },
        .lines = {{.product_id = {{8}}, .quantity = quantity, .unit_price = {price, "KRW"}}},
        .n_lines = 1,
        .deliver_to = {"Ann",                                                                     "+821012345678", "12 Hanok-gil"},
        .payment = {"tok_ok"                                                          },
        .pay_later = true,
    };

    return form;
}

static inline enum status place_as(struct world *w, const struct order_form *form, const char *who,
                                   const char *key, struct order_accepted *out)
{
    struct call call = call_of(w, who, key);

    *out = (struct order_accepted){0};
    return declared(w, &ORDER_CREATE, order_place(&w->orders, &call, form, out));
}

/* Under a key of its own. */
static inline struct order_accepted place(struct world *w, const struct order_form *form)
{
    struct order_accepted accepted;
    char key[16];

    snprintf(key, sizeof(key), "%d", ++w->n_keys);
    assert_int_equal(place_as(w, form, ANN, key, &accepted), ST_OK);
    return accepted;
}

typedef enum status (*end_fn)(void *self, const struct call *call, const struct saga_view *end,
                              void *out);

/* How its saga ended, as the skeleton asks; ST_PENDING until then. */
static inline enum status end_of(struct world *w, const struct operation *op, end_fn ended,
                                 const char *key, struct uuid saga_id, void *out)
{
    struct call call = call_of(w, ANN, key);
    struct saga_view view;
    enum status st = saga_find(w->orders.sagas, &call, saga_id, &view);

    if (st == ST_OK && view.state != SAGA_SUCCEEDED && view.state != SAGA_COMPENSATED)
        return ST_PENDING;
    return declared(w, op, ended(&w->orders, &call, st == ST_OK ? &view : NULL, out));
}

static inline enum status placed_under(struct world *w, const char *key,
                                       struct order_accepted *accepted)
{
    return end_of(w, &ORDER_CREATE, order_placed, key, accepted->saga_id, accepted);
}

static inline enum status placed(struct world *w, struct order_accepted *accepted)
{
    return placed_under(w, "", accepted);
}

static inline enum status pay(struct world *w, struct uuid id, const char *key,
                              struct order_paying *out)
{
    struct call call = call_of(w, ANN, key);
    struct order_pay_form form = {id, {"tok_other"}};

    *out = (struct order_paying){0};
    return declared(w, &ORDER_PAY, order_pay(&w->orders, &call, &form, out));
}

static inline enum status cancel(struct world *w, struct uuid id, struct order_canceling *out)
{
    struct call call = call_of(w, ANN, "");

    *out = (struct order_canceling){0};
    return declared(w, &ORDER_CANCEL,
                    order_cancel(&w->orders, &call, &(struct order_cancel_form){id, ""}, out));
}

/* ---- what stores and couriers say ---- */

struct world_event {
    struct world *w;
    hear_fn fn;
    const struct event_type *type;
    const void *data;
};

static inline enum status told_in(struct transaction *tx, const struct call *call, void *arg)
{
    const struct world_event *e = arg;
    const struct event event = {.type = e->type};

    return e->fn(&e->w->orders, tx, call, &event, e->data);
}

static inline enum status told(struct world *w, hear_fn fn, const struct event_type *type,
                               const void *data)
{
    struct world_event e = {w, fn, type, data};
    struct call call = call_of(w, "", "");

    return transactor_run(w->orders.transactor, &call, told_in, &e);
}

static inline enum status hear_ticket(struct world *w, const struct event_type *type,
                                      struct uuid id, const char *reason)
{
    struct ticket_event ticket = {.order_id = id};

    TEXT_COPY(ticket.reason, reason);
    return told(w, type == &STORE_CANCEL_REFUSED ? order_ticket_kept : order_ticket_dropped, type,
                &ticket);
}

static inline enum status hear_delivered(struct world *w, struct uuid id)
{
    const struct delivery_event delivery = {.order_id = id};

    return told(w, order_delivered, &DELIVERY_DELIVERED, &delivery);
}

/* ---- looking ---- */

static inline struct order_view look(struct world *w, struct uuid id)
{
    struct call call = call_of(w, ANN, "");
    struct order_view view = {0};

    assert_int_equal(order_read(&w->orders, &call, &(struct order_query){id}, &view), ST_OK);
    return view;
}

static inline const char *status_of(struct world *w, struct uuid id)
{
    return ORDER_STATUS_NAMES[look(w, id).order.status];
}

/* Of one order: what it has had done is what its state says (I3, I4), and each version was said
 * (I8). */
static inline void check(struct world *w, struct uuid id, int64_t units)
{
    struct order_view view = look(w, id);
    const struct shop *shop = &w->shop;
    int64_t held = shop_sum(shop->holds, shop->n_holds, HOLD_HELD);
    int64_t sold = shop_sum(shop->holds, shop->n_holds, HOLD_COMMITTED);
    int64_t money = shop_sum(shop->money, shop->n_money, HOLD_HELD);
    struct outbox_row said[16];
    size_t n = outbox_memory_said(w->orders.outbox, &id, said, ARRAY_LEN(said));

    if (view.order.status == ORDER_STATUS_CONFIRMED) {
        assert_int_equal(sold, units);
        assert_int_equal(held, 0);
        assert_int_equal(money, view.order.total.amount);
    } else if (view.order.status == ORDER_STATUS_AWAITING_PAYMENT) {
        assert_int_equal(held, units);
        assert_int_equal(money, 0);
    } else {
        assert_int_equal(view.order.status, ORDER_STATUS_REJECTED);
        assert_true(held == 0 && sold == 0 && money == 0);
        assert_int_equal(shop->left, 100);
    }
    assert_int_equal(n, view.order.version);
    for (size_t i = 0; i < n; i++) {
        char version[32];
        snprintf(version, sizeof(version), "\"version\":%zu", i + 1);
        assert_non_null(strstr(said[i].json, version));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
