/* carrying_test.c - what couriers do with deliveries, over a table in memory. */
#include "usecase/delivery/delivery_world_test.h"

static void an_order_is_brought_to_the_door(void **state)
{
    static const char *const SAID[] = {"delivery.waiting", "delivery.changed", "delivery.started",
                                       "delivery.picked_up", "delivery.delivered"};
    struct world *w = *state;
    struct delivery_view view;

    accepted(w, ORDER);
    cooked(w, ORDER);
    assert_int_equal(start(w, &KIM), ST_OK);
    assert_int_equal(pickup(w, &KIM), ST_OK);
    assert_int_equal(complete(w, &KIM), ST_OK);
    view = seen(w, &KIM);
    assert_int_equal(view.delivery.status, DELIVERY_IS_DELIVERED);
    assert_int_equal(view.delivery.n_actions, 0);
    assert_true(view.delivery.created_us < view.delivery.started_us);
    assert_int_equal(view.delivery.picked_up_us - view.delivery.started_us, 1000000);
    assert_int_equal(view.delivery.delivered_us - view.delivery.picked_up_us, 1000000);
    assert_said(w, SAID, ARRAY_LEN(SAID));
}

static void the_first_courier_has_it(void **state)
{
    static const char *const SAID[] = {"delivery.waiting", "delivery.started"};
    struct world *w = *state;

    accepted(w, ORDER);
    assert_int_equal(start(w, &KIM), ST_OK);
    assert_int_equal(start(w, &LEE), ST_CONFLICT);
    assert_string_equal(w->problem.code, "taken");
    assert_int_equal(pickup(w, &LEE), ST_CONFLICT);
    assert_string_equal(w->problem.code, "taken");
    assert_int_equal(give_back(w, &LEE), ST_CONFLICT);
    assert_string_equal(w->problem.code, "taken");
    assert_said(w, SAID, ARRAY_LEN(SAID));
}

static void what_is_done_already_is_answered_as_done(void **state)
{
    static const char *const SAID[] = {"delivery.waiting", "delivery.changed", "delivery.started",
                                       "delivery.picked_up", "delivery.delivered"};
    struct world *w = *state;
    struct delivery_summary first, again;

    accepted(w, ORDER);
    cooked(w, ORDER);
    assert_int_equal(do_it(w, &KIM, delivery_start, &DELIVERY_START, &first), ST_OK);
    assert_int_equal(do_it(w, &KIM, delivery_start, &DELIVERY_START, &again), ST_OK);
    assert_memory_equal(&first, &again, sizeof(first));
    for (int i = 0; i < 2; i++)
        assert_int_equal(pickup(w, &KIM), ST_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(complete(w, &KIM), ST_OK);
    assert_said(w, SAID, ARRAY_LEN(SAID));
}

static void nothing_is_picked_up_before_it_is_cooked(void **state)
{
    struct world *w = *state;
    struct delivery_summary taken;

    accepted(w, ORDER);
    assert_int_equal(do_it(w, &KIM, delivery_start, &DELIVERY_START, &taken), ST_OK);
    assert_int_equal(taken.n_actions, 1);
    assert_string_equal(taken.actions[0].name, "give_back");
    assert_int_equal(pickup(w, &KIM), ST_CONFLICT);
    assert_string_equal(w->problem.code, "not_ready");
    cooked(w, ORDER);
    assert_int_equal(seen(w, &KIM).delivery.n_actions, 2);
    assert_int_equal(pickup(w, &KIM), ST_OK);
}

static void what_is_given_back_waits_for_another(void **state)
{
    static const char *const SAID[] = {"delivery.waiting", "delivery.started", "delivery.waiting",
                                       "delivery.started"};
    struct world *w = *state;
    struct delivery_view view;

    accepted(w, ORDER);
    assert_int_equal(start(w, &KIM), ST_OK);
    assert_int_equal(give_back(w, &KIM), ST_OK);
    view = seen(w, &ANN);
    assert_true(uuid_is_nil(view.delivery.courier_id));
    assert_int_equal(view.delivery.started_us, 0);
    assert_int_equal(give_back(w, &KIM), ST_OK); /* his answer was lost */
    assert_int_equal(start(w, &LEE), ST_OK);
    assert_int_equal(start(w, &KIM), ST_CONFLICT);
    assert_string_equal(w->problem.code, "taken");
    assert_said(w, SAID, ARRAY_LEN(SAID));
}

/* He has time from when it is both his and ready: what is not cooked keeps nobody waiting. */
static void who_has_what_is_ready_is_to_pick_it_up(void **state)
{
    const int64_t within_us = PICKUP_WITHIN_S * INT64_C(1000000);
    struct world *w = *state;
    struct delivery_summary job;
    int64_t by_us;

    accepted(w, ORDER);
    assert_int_equal(do_it(w, &KIM, delivery_start, &DELIVERY_START, &job), ST_OK);
    assert_int_equal(job.pickup_by_us, 0);
    cooked(w, ORDER);
    by_us = clock_wall_us(&w->clock) + within_us;
    assert_int_equal(seen(w, &KIM).delivery.pickup_by_us, by_us);
    cooked(w, ORDER);
    assert_int_equal(do_it(w, &KIM, delivery_start, &DELIVERY_START, &job), ST_OK);
    assert_int_equal(job.pickup_by_us, by_us); /* it never moves */
    assert_int_equal(do_it(w, &KIM, delivery_give_back, &DELIVERY_GIVE_BACK, &job), ST_OK);
    assert_int_equal(job.pickup_by_us, 0);
    assert_int_equal(do_it(w, &LEE, delivery_start, &DELIVERY_START, &job), ST_OK);
    assert_int_equal(job.pickup_by_us, clock_wall_us(&w->clock) + within_us);
    assert_int_equal(do_it(w, &LEE, delivery_pickup, &DELIVERY_PICKUP, &job), ST_OK);
    assert_int_equal(job.pickup_by_us, 0);
}

static void who_never_comes_does_not_keep_it(void **state)
{
    static const char *const SAID[] = {"delivery.waiting", "delivery.changed",
                                       "delivery.started", "delivery.waiting",
                                       "delivery.started", "delivery.picked_up"};
    struct world *w = *state;
    struct delivery_view view;

    accepted(w, ORDER);
    cooked(w, ORDER);
    assert_int_equal(start(w, &KIM), ST_OK);
    assert_int_equal(lapse(w), ST_OK);
    view = seen(w, &ANN);
    assert_int_equal(view.delivery.status, DELIVERY_IS_WAITING);
    assert_true(uuid_is_nil(view.delivery.courier_id));
    assert_int_equal(view.delivery.started_us, 0);
    assert_int_equal(view.delivery.pickup_by_us, 0);
    assert_int_equal(lapse(w), ST_CONFLICT); /* nobody has it */
    assert_int_equal(pickup(w, &KIM), ST_CONFLICT);
    assert_string_equal(w->problem.code, "wrong_state");
    assert_int_equal(start(w, &LEE), ST_OK);
    assert_int_equal(pickup(w, &KIM), ST_CONFLICT);
    assert_string_equal(w->problem.code, "taken");
    assert_int_equal(pickup(w, &LEE), ST_OK);
    assert_int_equal(lapse(w), ST_CONFLICT); /* what is on its way is nobody else's */
    assert_said(w, SAID, ARRAY_LEN(SAID));
}

/* From each state what leads nowhere from it. */
static void no_step_is_left_out(void **state)
{
    struct world *w = *state;

    assert_int_equal(start(w, &KIM), ST_NOT_FOUND);
    accepted(w, ORDER);
    cooked(w, ORDER);
    assert_int_equal(pickup(w, &KIM), ST_CONFLICT);
    assert_string_equal(w->problem.code, "wrong_state");
    assert_int_equal(complete(w, &KIM), ST_CONFLICT);
    assert_int_equal(start(w, &KIM), ST_OK);
    assert_int_equal(complete(w, &KIM), ST_CONFLICT);
    assert_string_equal(w->problem.code, "wrong_state");
    assert_int_equal(pickup(w, &KIM), ST_OK);
    assert_int_equal(start(w, &KIM), ST_CONFLICT);
    assert_int_equal(give_back(w, &KIM), ST_CONFLICT);
    assert_string_equal(w->problem.code, "wrong_state");
    assert_int_equal(complete(w, &KIM), ST_OK);
    assert_int_equal(pickup(w, &KIM), ST_CONFLICT);
    assert_string_equal(w->problem.code, "wrong_state");
}

static void nobody_takes_what_was_canceled(void **state)
{
    struct world *w = *state;

    accepted(w, ORDER);
    assert_int_equal(start(w, &KIM), ST_OK);
    canceled(w, ORDER);
    assert_int_equal(pickup(w, &KIM), ST_CONFLICT);
    assert_string_equal(w->problem.code, "wrong_state");
    assert_int_equal(start(w, &LEE), ST_CONFLICT);
    assert_string_equal(w->problem.code, "wrong_state");
    assert_int_equal(seen(w, &KIM).delivery.status, DELIVERY_IS_CANCELED);
}

static enum status end(struct world *w)
{
    return do_it(w, &(struct somebody){"", "operator admin"}, delivery_end, &DELIVERY_END, NULL);
}

static void an_operator_ends_what_nobody_brings(void **state)
{
    static const char *const SAID[] = {"delivery.waiting", "delivery.changed", "delivery.started",
                                       "delivery.picked_up", "delivery.delivered"};
    static const char *const BY_NOBODY[] = {"delivery.waiting", "delivery.changed",
                                            "delivery.picked_up", "delivery.delivered"};
    static enum status (*const DONE[])(struct world * w, const struct somebody *who) = {start,
                                                                                        pickup};

    for (size_t n = 0; n <= ARRAY_LEN(DONE); n++) {
        struct world *w;
        struct delivery_view view;

        teardown(state);
        assert_int_equal(setup(state), 0);
        w = *state;
        accepted(w, ORDER);
        cooked(w, ORDER);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(DONE[i](w, &KIM), ST_OK);
        for (int i = 0; i < 2; i++) /* again it is the same */
            assert_int_equal(end(w), ST_OK);
        view = seen(w, &OWNER);
        assert_int_equal(view.delivery.status, DELIVERY_IS_DELIVERED);
        assert_int_equal(uuid_is_nil(view.delivery.courier_id), n == 0);
        assert_true(view.delivery.picked_up_us > 0 && view.delivery.delivered_us > 0);
        if (n == 0)
            assert_said(w, BY_NOBODY, ARRAY_LEN(BY_NOBODY));
        else
            assert_said(w, SAID, ARRAY_LEN(SAID));
    }
}

static void what_is_not_made_or_was_canceled_is_not_ended(void **state)
{
    struct world *w = *state;

    assert_int_equal(end(w), ST_NOT_FOUND);
    accepted(w, ORDER);
    assert_int_equal(end(w), ST_CONFLICT);
    assert_string_equal(w->problem.code, "not_ready");
    assert_int_equal(start(w, &KIM), ST_OK);
    assert_int_equal(end(w), ST_CONFLICT);
    assert_string_equal(w->problem.code, "not_ready");
    canceled(w, ORDER);
    assert_int_equal(end(w), ST_CONFLICT);
    assert_string_equal(w->problem.code, "wrong_state");
}

static void the_table_of_states_is_sound(void **state)
{
    char text[256] = "";

    (void)state;
    if (states_fault(&DELIVERY_STATES, text, sizeof(text)))
        fail_msg("%s", text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_order_is_brought_to_the_door),
        TEST(the_first_courier_has_it),
        TEST(what_is_done_already_is_answered_as_done),
        TEST(nothing_is_picked_up_before_it_is_cooked),
        TEST(what_is_given_back_waits_for_another),
        TEST(who_has_what_is_ready_is_to_pick_it_up),
        TEST(who_never_comes_does_not_keep_it),
        TEST(no_step_is_left_out),
        TEST(nobody_takes_what_was_canceled),
        TEST(an_operator_ends_what_nobody_brings),
        TEST(what_is_not_made_or_was_canceled_is_not_ended),
        TEST(the_table_of_states_is_sound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
