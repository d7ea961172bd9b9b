/* hearing_test.c - what deliveries hear, in every order and more than once. */
#include "usecase/delivery/delivery_world_test.h"

static void what_a_store_accepts_waits_for_a_courier(void **state)
{
    static const char *const SAID[] = {"delivery.waiting"};
    struct world *w = *state;
    struct delivery_view view;

    accepted(w, ORDER);
    accepted(w, ORDER);
    view = seen(w, &OWNER);
    assert_int_equal(view.delivery.status, DELIVERY_IS_WAITING);
    assert_true(uuid_equal(view.delivery.store_id, STORE));
    assert_false(view.delivery.ready);
    assert_said(w, SAID, ARRAY_LEN(SAID));
}

static void what_is_cooked_is_ready_once(void **state)
{
    static const char *const SAID[] = {"delivery.waiting", "delivery.changed"};
    struct world *w = *state;

    accepted(w, ORDER);
    cooked(w, ORDER);
    cooked(w, ORDER);
    assert_true(seen(w, &OWNER).delivery.ready);
    assert_said(w, SAID, ARRAY_LEN(SAID));
}

static void what_is_cooked_was_accepted_even_if_nobody_has_heard_it(void **state)
{
    static const char *const SAID[] = {"delivery.waiting"};
    struct world *w = *state;

    cooked(w, ORDER);
    accepted(w, ORDER);
    assert_true(seen(w, &OWNER).delivery.ready);
    assert_said(w, SAID, ARRAY_LEN(SAID));
}

static void what_is_canceled_is_brought_by_nobody(void **state)
{
    static const char *const SAID[] = {"delivery.waiting", "delivery.canceled"};
    struct world *w = *state;
    struct delivery_view view;

    accepted(w, ORDER);
    canceled(w, ORDER);
    canceled(w, ORDER);
    cooked(w, ORDER);
    view = seen(w, &ANN);
    assert_int_equal(view.delivery.status, DELIVERY_IS_CANCELED);
    assert_false(view.delivery.ready);
    assert_said(w, SAID, ARRAY_LEN(SAID));
}

/* Who cancels asks the store, and may be faster than what the store said before. */
static void what_is_canceled_before_it_is_accepted_is_canceled_by_its_store(void **state)
{
    static const char *const SAID[] = {"delivery.waiting", "delivery.canceled"};
    struct world *w = *state;

    canceled(w, ORDER); /* by its order */
    assert_int_equal(outbox_memory_said(w->use.outbox, NULL, NULL, 0), 0);
    accepted(w, ORDER);
    canceled(w, ORDER); /* by its store */
    assert_int_equal(seen(w, &ANN).delivery.status, DELIVERY_IS_CANCELED);
    assert_said(w, SAID, ARRAY_LEN(SAID));
}

static void what_is_on_its_way_is_not_called_back(void **state)
{
    static const char *const SAID[] = {"delivery.waiting", "delivery.changed", "delivery.started",
                                       "delivery.picked_up", "delivery.delivered"};
    struct world *w = *state;

    accepted(w, ORDER);
    cooked(w, ORDER);
    assert_int_equal(start(w, &KIM), ST_OK);
    assert_int_equal(pickup(w, &KIM), ST_OK);
    canceled(w, ORDER);
    assert_int_equal(seen(w, &ANN).delivery.status, DELIVERY_IS_PICKED_UP);
    assert_int_equal(complete(w, &KIM), ST_OK);
    canceled(w, ORDER);
    assert_said(w, SAID, ARRAY_LEN(SAID));
}

static void the_largest_event_fits(void **state)
{
    struct delivery_event event = {
        .order_id = {{1}},
        .store_id = {{1}},
        .user_id = {{1}},
        .courier_id = {{1}},
        .ready = true,
        .started_us = 1,
        .pickup_by_us = 1,
        .picked_up_us = 1,
        .delivered_us = 1,
        .version = INT64_MAX,
        .at_us = 1,
    };
    char json[EVENT_DATA_MAX + 1];
    struct json_out o;

    (void)state;
    memset(event.status, 'X', DELIVERY_STATUS_MAX);
    json_out_init(&o, json, sizeof(json));
    encode(DELIVERY_WAITING.data, &event, &o);
    assert_false(o.overflow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_store_accepts_waits_for_a_courier),
        TEST(what_is_cooked_is_ready_once),
        TEST(what_is_cooked_was_accepted_even_if_nobody_has_heard_it),
        TEST(what_is_canceled_is_brought_by_nobody),
        TEST(what_is_canceled_before_it_is_accepted_is_canceled_by_its_store),
        TEST(what_is_on_its_way_is_not_called_back),
        TEST(the_largest_event_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
