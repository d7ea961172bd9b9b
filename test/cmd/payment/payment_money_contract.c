/* payment_money_contract.c - money that is taken and given back. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "test/cmd/payment/payment_contract.h"
#include "tool/core/mem.h"

enum { TEN = 10 };

/* ---- captures ---- */

static void a_capture_is_taken_once_and_never_more_than_is_held(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 1000, "KRW");
    struct payment_amount asked = {test_uuid(), p.order_id, 1001};
    struct payment_moved moved;

    assert_status(ST_NOT_FOUND, world_capture(w, &p, 1000));
    assert_status(ST_OK, world_authorize(w, &p));
    assert_status(ST_CONFLICT, world_ask(w, &PAYMENT_CAPTURE, "", NULL, &asked, &moved));
    assert_string_equal(w->problem.code, "capture_exceeds_authorized");
    assert_non_null(strstr(w->problem.detail, "1000"));
    asked = (struct payment_amount){test_uuid(), p.order_id, 1000};
    for (int time = 0; time < 3; time++) {
        assert_status(ST_OK, world_ask(w, &PAYMENT_CAPTURE, "", NULL, &asked, &moved));
        world_sweep(w, &p, 1);
    }
    world_expect(w, &p, PAYMENT_IS_CAPTURED);
    world_expect_net(w, &p, 1000, false);
    assert_status(ST_CONFLICT, world_capture(w, &p, 1000));
    assert_status(ST_OK, world_void(w, &p)); /* too late: nothing happens */
    world_sweep(w, &p, 1);
    world_expect(w, &p, PAYMENT_IS_CAPTURED);
}

static void a_capture_that_fails_takes_nothing(void **state)
{
    struct world *w = *state;
    struct purchase p = world_captured(w, "tok_capture_fails", 1000);
    struct payinfo info;

    world_expect(w, &p, PAYMENT_IS_AUTHORIZED);
    assert_status(ST_OK, world_read(w, &p, &info));
    assert_int_equal(0, info.line.payment.captured.amount);
    assert_string_equal(info.line.payment.reason, "capture_failed");
    world_expect_net(w, &p, 0, true);
}

/* ---- refunds ---- */

static void a_refund_is_of_its_key_and_never_of_its_amount(void **state)
{
    struct world *w = *state;
    struct purchase p = world_captured(w, "tok_ok", 1000);
    struct refund_made made, again;

    assert_status(ST_INVALID, world_refund(w, &p, NULL, 100, &made));
    assert_string_equal(w->problem.code, "idempotency_key_required");
    assert_status(ST_OK, world_refund(w, &p, "one", 100, &made));
    assert_int_equal(OPERATION_SUCCEEDED, made.state);
    assert_status(ST_OK, world_refund(w, &p, "one", 100, &again));
    assert_true(uuid_equal(made.operation_id, again.operation_id));
    world_expect_net(w, &p, 900, false);
    assert_status(ST_OK, world_refund(w, &p, "two", 100, &again)); /* an equal one is another */
    assert_false(uuid_equal(made.operation_id, again.operation_id));
    world_expect_net(w, &p, 800, false);
    world_expect(w, &p, PAYMENT_IS_PARTLY_REFUNDED);
    assert_status(ST_UNPROCESSABLE, world_refund(w, &p, "two", 200, &again));
    assert_string_equal(w->problem.code, "idempotency_key_reused");
    assert_status(ST_CONFLICT, world_refund(w, &p, "three", 801, &again));
    assert_string_equal(w->problem.code, "refund_exceeds_captured");
    assert_non_null(strstr(w->problem.detail, "800"));
    assert_status(ST_OK, world_refund(w, &p, "four", 800, &again));
    world_expect(w, &p, PAYMENT_IS_REFUNDED);
    world_expect_net(w, &p, 0, false);
    assert_status(ST_CONFLICT, world_refund(w, &p, "five", 1, &again));
    assert_string_equal(w->problem.code, "refund_exceeds_captured");
}

static void a_refund_in_another_currency_is_none(void **state)
{
    struct world *w = *state;
    struct purchase p = world_captured(w, "tok_ok", 1000);
    struct refund_made made;

    p.total = (struct money){1000, "USD"};
    assert_status(ST_UNPROCESSABLE, world_refund(w, &p, "one", 100, &made));
    assert_string_equal(w->problem.code, "currency_mismatch");
}

static void a_refund_that_is_not_answered_is_pending_and_comes_to_its_end(void **state)
{
    struct world *w = *state;
    struct purchase p = world_captured(w, "tok_ok", 1000);
    struct refund_made made, again;

    provider_memory_up(w->p->provider, false);
    assert_status(ST_PENDING, world_refund(w, &p, "one", 600, &made));
    assert_int_equal(OPERATION_REQUESTED, made.state);
    assert_status(ST_CONFLICT, world_refund(w, &p, "two", 600, &again)); /* it counts already */
    provider_memory_up(w->p->provider, true);
    world_sweep(w, &p, 1);
    assert_status(ST_OK, world_refund(w, &p, "one", 600, &again));
    assert_true(uuid_equal(made.operation_id, again.operation_id));
    assert_int_equal(OPERATION_SUCCEEDED, again.state);
    world_expect_net(w, &p, 400, false);
}

struct race {
    struct world *world;
    struct purchase purchase;
    atomic_int done, refused;
};

static void refund_one(void *arg, int i)
{
    struct race *race = arg;
    struct world own = *race->world; /* a problem of its own */
    char key[16];
    struct refund_made made;
    enum status st;

    own.p = &own.service.payments;
    snprintf(key, sizeof(key), "refund %d", i);
    do
        st = world_refund(&own, &race->purchase, key, 300, &made);
    while (st == ST_UNAVAILABLE || st == ST_PENDING);
    if (st == ST_OK)
        race->done++;
    else if (st == ST_CONFLICT && strcmp(own.problem.code, "refund_exceeds_captured") == 0)
        race->refused++;
}

static void ten_refunds_at_once_never_exceed_what_was_captured(void **state)
{
    struct world *w = *state;
    struct race race = {.world = w, .purchase = world_captured(w, "tok_ok", 1000)};

    test_race(TEN, refund_one, &race);
    assert_int_equal(3, race.done);
    assert_int_equal(TEN - 3, race.refused);
    world_sweep(w, &race.purchase, 1);
    world_expect_net(w, &race.purchase, 100, false);
    world_expect(w, &race.purchase, PAYMENT_IS_PARTLY_REFUNDED);
}

/* Half of them ask for it, half undo it. */
static void ask_or_undo(void *arg, int i)
{
    struct race *race = arg;
    struct world own = *race->world;
    struct purchase purchase = race->purchase;
    enum status st;

    own.p = &own.service.payments;
    do
        st = i % 2 ? world_authorize(&own, &purchase) : world_void(&own, &purchase);
    while (st == ST_UNAVAILABLE || st == ST_PENDING);
    race->done += st == ST_OK;
    race->refused += st == ST_CONFLICT;
}

static void whatever_comes_first_nothing_is_left_of_what_was_undone(void **state)
{
    static const char *const METHODS[] = {"tok_ok", "tok_no_answer", "tok_declined"};
    struct world *w = *state;

    for (size_t round = 0; round < 2 * ARRAY_LEN(METHODS); round++) {
        struct race race = {.world = w};
        struct payinfo info;

        race.purchase = world_purchase(METHODS[round % ARRAY_LEN(METHODS)], 100, "USD");
        test_race(TEN, ask_or_undo, &race);
        assert_int_equal(TEN, race.done + race.refused);
        world_sweep(w, &race.purchase, 3);
        if (world_read(w, &race.purchase, &info) == ST_NOT_FOUND)
            continue;
        assert_true(info.line.payment.status == PAYMENT_IS_VOIDED ||
                    info.line.payment.status == PAYMENT_IS_DECLINED);
        assert_int_equal(1, info.n_operations - (info.operations[0].kind == PAYMENT_KIND_VOID));
        world_expect_net(w, &race.purchase, 0, false);
    }
}

static void settle_one(void *arg, int i)
{
    struct race *race = arg;
    struct world own = *race->world;
    struct call call = world_call(&own, "");
    struct payment_operation op;

    (void)i;
    own.p = &own.service.payments;
    while (operation_settle(own.p, &call, race->purchase.authorized.operation_id, SETTLE_AGAIN,
                            &op) != ST_OK)
        ;
    race->done += op.state == OPERATION_SUCCEEDED;
}

static void an_outcome_counts_once_whoever_finds_it_out(void **state)
{
    struct world *w = *state;
    struct race race = {.world = w, .purchase = world_captured(w, "tok_ok", 1000)};
    struct refund_made made;

    provider_memory_up(w->p->provider, false);
    assert_status(ST_PENDING, world_refund(w, &race.purchase, "one", 300, &made));
    provider_memory_up(w->p->provider, true);
    race.purchase.authorized.operation_id = made.operation_id;
    test_race(TEN, settle_one, &race);
    assert_int_equal(TEN, race.done);
    world_expect_net(w, &race.purchase, 700, false);
    assert_status(ST_OK, world_refund(w, &race.purchase, "two", 700, &made));
    world_expect(w, &race.purchase, PAYMENT_IS_REFUNDED);
}

/* ---- orders that are canceled with money taken ---- */

static void what_was_taken_for_a_canceled_order_is_given_back(void **state)
{
    struct world *w = *state;
    struct purchase p = world_captured(w, "tok_ok", 1000), half = world_captured(w, "tok_ok", 1000);
    struct refund_made made;

    assert_status(ST_OK, world_refund(w, &half, "half", 400, &made));
    assert_status(ST_OK, world_cancel(w, &p));
    assert_status(ST_OK, world_cancel(w, &half));
    world_sweep(w, &p, 1);
    world_sweep(w, &half, 1);
    world_expect(w, &p, PAYMENT_IS_ORDER_CANCELED);
    world_expect(w, &half, PAYMENT_IS_ORDER_CANCELED);
    world_expect_net(w, &p, 0, false);
    world_expect_net(w, &half, 0, false);
}

static void a_cancellation_waits_for_the_capture_that_is_under_way(void **state)
{
    static const char *const METHODS[] = {"tok_ok", "tok_capture_fails"};
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(METHODS); i++) {
        struct purchase p = world_purchase(METHODS[i], 1000, "KRW");

        assert_status(ST_OK, world_authorize(w, &p));
        assert_status(ST_OK, world_capture(w, &p, 1000));
        assert_status(ST_OK, world_cancel(w, &p));
        world_expect(w, &p, PAYMENT_IS_CANCELING);
        world_sweep(w, &p, 3);
        world_expect(w, &p, PAYMENT_IS_ORDER_CANCELED);
        world_expect_net(w, &p, 0, false);
    }
}

/* Whatever reason the store has given for it: that is a text. */
static void a_cancellation_goes_on_after_a_refund_that_was_declined(void **state)
{
    static const struct provider_outcome NO = {PROVIDER_DECLINED, "try_later"};
    struct world *w = *state;
    struct purchase p = world_captured(w, "tok_ok", 1000);
    struct refund_form form = {
        .order_id = p.order_id, .amount = {600, "KRW"},
             .reason = "reversed"
    };
    struct call call = world_call(w, "");
    struct payment_operation op;
    struct refund_made made;

    provider_memory_up(w->p->provider, false);
    assert_status(ST_PENDING, world_ask(w, &PAYMENT_REFUND_CREATE, "admin", "one", &form, &made));
    assert_status(ST_OK, world_cancel(w, &p));
    assert_status(ST_OK, store_find(w->p->operations, NULL, &call, NULL, &made.operation_id, &op));
    assert_status(ST_OK, operation_end(w->p, &call, &NO, &op));
    provider_memory_up(w->p->provider, true);
    world_sweep(w, &p, 1);
    world_expect(w, &p, PAYMENT_IS_ORDER_CANCELED);
    world_expect_net(w, &p, 0, false);
}

/* ---- time ---- */

static enum status expire_in(struct transaction *tx, const struct call *call, void *arg)
{
    struct canceled {
        struct world *world;
        struct uuid id;
    } *c = arg;

    return payment_expire(c->world->p, tx, call, c->id);
}

static void an_authorization_that_nobody_used_ends(void **state)
{
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 1000, "KRW"), taken = p;
    struct call call = world_call(w, "");
    struct {
        struct world *world;
        struct uuid id;
    } c = {w, {{0}}};

    taken.order_id = test_uuid();
    taken.saga_id = test_uuid();
    assert_status(ST_OK, world_authorize(w, &p));
    assert_status(ST_OK, world_authorize(w, &taken));
    assert_status(ST_OK, world_capture(w, &taken, 1000));
    c.id = p.authorized.payment_id;
    assert_status(ST_OK, transactor_run(w->p->transactor, &call, expire_in, &c));
    world_expect(w, &p, PAYMENT_IS_EXPIRED);
    c.id = taken.authorized.payment_id; /* money is on its way */
    assert_status(ST_STALE, transactor_run(w->p->transactor, &call, expire_in, &c));
    assert_status(ST_OK, world_cancel(w, &p));
    world_expect(w, &p, PAYMENT_IS_ORDER_CANCELED);
}

int payment_money_contract(world_fn setup, world_fn teardown)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_capture_is_taken_once_and_never_more_than_is_held),
        TEST(a_capture_that_fails_takes_nothing),
        TEST(a_refund_is_of_its_key_and_never_of_its_amount),
        TEST(a_refund_in_another_currency_is_none),
        TEST(a_refund_that_is_not_answered_is_pending_and_comes_to_its_end),
        TEST(ten_refunds_at_once_never_exceed_what_was_captured),
        TEST(whatever_comes_first_nothing_is_left_of_what_was_undone),
        TEST(an_outcome_counts_once_whoever_finds_it_out),
        TEST(what_was_taken_for_a_canceled_order_is_given_back),
        TEST(a_cancellation_waits_for_the_capture_that_is_under_way),
        TEST(a_cancellation_goes_on_after_a_refund_that_was_declined),
        TEST(an_authorization_that_nobody_used_ends),
    };

    return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
