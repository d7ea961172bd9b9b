/* pay_test.c - paying an order that awaits it. */
#include "usecase/order/order_world_test.h"

/* An order whose payment could not be asked for. */
static struct uuid deferred(struct world *w)
{
    struct order_form form = form_of(2, 100);
    struct order_accepted accepted;

    w->shop.of_money = SHOP_AWAY;
    accepted = place(w, &form);
    run_for(w, 0);
    assert_string_equal(status_of(w, accepted.order_id), "AWAITING_PAYMENT");
    w->shop.of_money = SHOP_WELL;
    return accepted.order_id;
}

static enum status paid(struct world *w, struct order_paying *paying)
{
    return end_of(w, &ORDER_PAY, order_paid, "p", paying->saga_id, paying);
}

static void delivery_pay_later(void **state)
{
    struct world *w = *state;
    struct uuid id = deferred(w);
    struct order_view view = look(w, id);
    struct order_paying paying;

    assert_int_equal(view.order.n_actions, 2);
    assert_string_equal(view.order.actions[0].name, "pay");
    assert_string_equal(view.order.actions[1].name, "cancel");
    assert_string_equal(view.order.payment.status, "DEFERRED");
    assert_true(view.order.payment.pay_by_us == view.order.created_us + ORDER_PAY_WITHIN_US);
    assert_int_equal(pay(w, id, "p", &paying), ST_PENDING);
    assert_int_equal(paying.status, ORDER_STATUS_PAYING);
    run_for(w, 0);
    assert_int_equal(paid(w, &paying), ST_OK);
    assert_int_equal(paying.status, ORDER_STATUS_CONFIRMED);
    assert_string_equal(w->shop.method, "tok_other");
    check(w, id, 2);
}

static void it_ends_as_payment_decides(void **state)
{
    static const struct {
        const char *why;
        enum shop_mood money;
        int64_t run_ms;
        enum status want;
        const char *status, *refusal;
    } cases[] = {
        {"paid",              SHOP_WELL,   0,     ST_OK,          "CONFIRMED",        ""                   },
        {"declined",          SHOP_NO,     0,     ST_CONFLICT,    "AWAITING_PAYMENT", "payment_declined"   },
        {"silent",            SHOP_SILENT, 31000, ST_UNAVAILABLE, "AWAITING_PAYMENT", "payment_compensated"},
        {"away, for a while", SHOP_AWAY,   5000,  ST_PENDING,     "PAYING",           ""                   },
        {"away",              SHOP_AWAY,   31000, ST_UNAVAILABLE, "AWAITING_PAYMENT", "payment_compensated"},
        {"never asked",       SHOP_NEVER,  31000, ST_UNAVAILABLE, "AWAITING_PAYMENT",
         "payment_compensated"                                                                             },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct world *w;
        struct order_paying paying;
        struct uuid id;
        enum status got;
        teardown(state);
        setup(state);
        w = *state;
        id = deferred(w);
        w->shop.of_money = cases[i].money;
        w->shop.code = "payment_declined";
        assert_int_equal(pay(w, id, "p", &paying), ST_PENDING);
        run_for(w, cases[i].run_ms);
        got = paid(w, &paying);
        if (got != cases[i].want || strcmp(w->problem.code, cases[i].refusal) != 0 ||
            strcmp(status_of(w, id), cases[i].status) != 0)
            fail_msg("%s: got %s %s, %s", cases[i].why, status_name(got), w->problem.code,
                     status_of(w, id));
        w->shop.of_money = SHOP_WELL;
        run_for(w, 60000);
        check(w, id, 2);
    }
}

/* The clock that frees the stock does not begin anew with each try. */
static void a_try_to_pay_moves_no_clock(void **state)
{
    struct world *w = *state;
    struct uuid id = deferred(w);
    int64_t pay_by_us = look(w, id).order.payment.pay_by_us;
    struct order_paying paying;

    w->shop.of_money = SHOP_NO;
    w->shop.code = "payment_declined";
    run_for(w, 600000);
    assert_int_equal(pay(w, id, "1", &paying), ST_PENDING);
    run_for(w, 0);
    assert_true(look(w, id).order.payment.pay_by_us == pay_by_us);
    run_for(w, 1200000);
    assert_int_equal(pay(w, id, "2", &paying), ST_CONFLICT);
    assert_string_equal(w->problem.code, "payment_expired");
}

static void only_what_awaits_its_payment_is_paid_by_whose_it_is(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(1, 100);
    struct order_accepted accepted = place(w, &form);
    struct order_pay_form mine = {.payment = {"tok_ok"}};
    struct order_paying paying;
    struct call call;

    assert_int_equal(pay(w, accepted.order_id, "1", &paying), ST_CONFLICT);
    assert_string_equal(w->problem.code, "wrong_state");
    run_for(w, 0);
    assert_int_equal(pay(w, accepted.order_id, "1", &paying), ST_CONFLICT);
    assert_int_equal(pay(w, accepted.order_id, "", &paying), ST_INVALID);
    mine.order_id = deferred(w);
    for (int admin = 0; admin < 2; admin++) {
        call = call_of(w, BEN, "1");
        TEXT_COPY(call.roles, admin ? "admin" : "");
        assert_int_equal(order_pay(&w->orders, &call, &mine, &paying), ST_NOT_FOUND);
    }
}

static void a_key_pays_once(void **state)
{
    struct world *w = *state;
    struct uuid id = deferred(w);
    struct order_paying first, again;

    assert_int_equal(pay(w, id, "p", &first), ST_PENDING);
    assert_int_equal(pay(w, id, "p", &again), ST_PENDING);
    assert_true(uuid_equal(first.saga_id, again.saga_id));
    assert_int_equal(pay(w, id, "q", &again), ST_CONFLICT);
    run_for(w, 0);
    assert_int_equal(pay(w, id, "p", &again), ST_OK);
    assert_int_equal(again.status, ORDER_STATUS_CONFIRMED);
    check(w, id, 2);
}

/* 503 is no outcome: the next try goes on; a decline is told again. */
static void a_key_whose_payment_could_not_be_made_begins_anew(void **state)
{
    struct world *w = *state;
    struct uuid id = deferred(w);
    struct order_paying first, again;

    w->shop.of_money = SHOP_AWAY;
    assert_int_equal(pay(w, id, "p", &first), ST_PENDING);
    run_for(w, 31000);
    assert_int_equal(paid(w, &first), ST_UNAVAILABLE);
    w->shop.of_money = SHOP_NO;
    w->shop.code = "payment_declined";
    assert_int_equal(pay(w, id, "p", &again), ST_PENDING);
    assert_false(uuid_equal(first.saga_id, again.saga_id));
    run_for(w, 0);
    assert_int_equal(paid(w, &again), ST_CONFLICT);
    w->shop.of_money = SHOP_WELL;
    first = again;
    assert_int_equal(pay(w, id, "p", &again), ST_PENDING);
    assert_true(uuid_equal(first.saga_id, again.saga_id));
    assert_int_equal(paid(w, &again), ST_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(delivery_pay_later),
        TEST(it_ends_as_payment_decides),
        TEST(a_try_to_pay_moves_no_clock),
        TEST(only_what_awaits_its_payment_is_paid_by_whose_it_is),
        TEST(a_key_pays_once),
        TEST(a_key_whose_payment_could_not_be_made_begins_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
