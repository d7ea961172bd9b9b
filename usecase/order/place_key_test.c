/* place_key_test.c - ordering something again under the same Idempotency-Key. */
#include "usecase/order/order_world_test.h"

static void an_idempotency_key_has_one_order(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(1, 100), other = form_of(2, 100);
    struct order_accepted first, again;

    assert_int_equal(place_as(w, &form, ANN, "", &again), ST_INVALID);
    assert_string_equal(w->problem.code, "idempotency_key_required");
    assert_int_equal(place_as(w, &form, ANN, "key", &first), ST_OK);
    assert_int_equal(place_as(w, &form, ANN, "key", &again), ST_OK);
    assert_memory_equal(&first, &again, sizeof(first));
    assert_int_equal(place_as(w, &other, ANN, "key", &again), ST_UNPROCESSABLE);
    assert_string_equal(w->problem.code, "idempotency_key_reused");
    assert_int_equal(place_as(w, &form, BEN, "key", &again), ST_OK);
    assert_false(uuid_equal(first.order_id, again.order_id));
    run_for(w, 0);
    assert_int_equal(place_as(w, &form, ANN, "key", &again), ST_OK);
    assert_true(uuid_equal(first.order_id, again.order_id));
    assert_int_equal(again.status, ORDER_STATUS_CONFIRMED);
    assert_int_equal(w->shop.left, 98);
}

/* 503 is no outcome: the next try goes on, with an order of its own. Who was told an order is told
 * it again until somebody was told that it was undone. */
static void a_key_whose_order_could_not_be_placed_begins_anew(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(1, 100), other = form_of(2, 100);
    struct order_accepted first, again, anew;

    w->shop.of_money = SHOP_DEAF;
    assert_int_equal(place_as(w, &form, ANN, "key", &first), ST_OK);
    run_for(w, 31000);
    assert_int_equal(place_as(w, &form, ANN, "key", &again), ST_OK);
    assert_true(uuid_equal(first.order_id, again.order_id));
    assert_int_equal(again.status, ORDER_STATUS_REJECTED);
    assert_int_equal(placed_under(w, "key", &again), ST_UNAVAILABLE);
    w->shop.of_money = SHOP_WELL;
    assert_int_equal(place_as(w, &form, ANN, "key", &anew), ST_OK);
    assert_false(uuid_equal(first.order_id, anew.order_id));
    assert_int_equal(placed_under(w, "key", &again), ST_UNAVAILABLE); /* told late: of the first */
    run_for(w, 0);
    assert_int_equal(placed_under(w, "key", &anew), ST_OK);
    assert_int_equal(anew.status, ORDER_STATUS_CONFIRMED);
    assert_int_equal(place_as(w, &form, ANN, "key", &again), ST_OK);
    assert_true(uuid_equal(anew.order_id, again.order_id));
    assert_int_equal(place_as(w, &other, ANN, "key", &again), ST_UNPROCESSABLE);
    assert_int_equal(w->shop.left, 99);
}

static void a_refusal_is_told_again_under_its_key(void **state)
{
    struct world *w = *state;
    struct order_form form = form_of(1, 100);
    struct order_accepted first, again;

    w->shop.left = 0;
    assert_int_equal(place_as(w, &form, ANN, "key", &first), ST_OK);
    run_for(w, 0);
    assert_int_equal(placed_under(w, "key", &first), ST_CONFLICT);
    w->shop.left = 100;
    assert_int_equal(place_as(w, &form, ANN, "key", &again), ST_OK);
    assert_true(uuid_equal(first.order_id, again.order_id));
    assert_int_equal(placed_under(w, "key", &again), ST_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_idempotency_key_has_one_order),
        TEST(a_key_whose_order_could_not_be_placed_begins_anew),
        TEST(a_refusal_is_told_again_under_its_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
