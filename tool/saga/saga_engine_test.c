/* saga_engine_test.c - sagas that end well, that are undone, that wait, that change hands. */
#include "tool/saga/saga_trip_test.h"

static void a_booking_goes_through_all_its_steps_at_once(void **state)
{
    struct world *w = *state;
    struct saga_view view;

    assert_int_equal(start(w, 1), ST_OK);
    assert_int_equal(view_of(w, 1).state, SAGA_STARTED);
    assert_int_equal(saga_engine_running(w->engine), 1);
    run_for(w, 0);
    view = view_of(w, 1);
    assert_int_equal(view.state, SAGA_SUCCEEDED);
    assert_true(uuid_equal(view.about, id_of(200)));
    assert_int_equal(w->trip.confirmed, 1);
    assert_string_equal(w->trip.state, "SUCCEEDED"); /* what is said in a commit says its state */
    assert_int_equal(w->trip.places, 2);
    assert_int_equal(w->ended, 1);
    assert_int_equal(saga_engine_running(w->engine), 0);
}

static void a_refusal_undoes_what_came_before_it(void **state)
{
    static const struct {
        const char *why;
        int refuses;
        size_t hotel, flight;
    } cases[] = {
        {"the hotel has no room",                     HOTEL,  0, 0},
        {"the flight is full, and may be so no more", FLIGHT, 1, 1},
        {"there is no car",                           CAR,    1, 1},
    };
    struct world *w = *state;

    for (uint8_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct saga_view view;
        w->trip = (struct trip){0};
        w->trip.desks[cases[i].refuses].answers[0] = ST_CONFLICT;
        assert_int_equal(start(w, i), ST_OK);
        run_for(w, 0);
        view = view_of(w, i);
        if (view.state != SAGA_COMPENSATED || strcmp(view.reason, "sold_out") != 0)
            fail_msg("%s: %s %s", cases[i].why, SAGA_STATE_NAMES[view.state], view.reason);
        assert_int_equal(w->trip.desks[HOTEL].undone, cases[i].hotel);
        assert_int_equal(w->trip.desks[FLIGHT].undone, cases[i].flight);
        assert_int_equal(w->trip.removed, 1);
        assert_string_equal(w->trip.state, "COMPENSATED");
    }
}

static void silence_is_waited_out_and_asked_again(void **state)
{
    struct world *w = *state;

    silence(&w->trip.desks[FLIGHT], 5);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 0);
    assert_int_equal(view_of(w, 1).state, SAGA_PROCESSING);
    assert_string_equal(view_of(w, 1).step, "book_flight");
    run_for(w, 5000);
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
    assert_int_equal(w->trip.desks[HOTEL].asked, 1); /* what is done is not asked again */
    assert_int_equal(w->trip.desks[FLIGHT].asked, 6);
}

static void silence_until_the_deadline_undoes_also_what_may_have_happened(void **state)
{
    struct world *w = *state;

    silence(&w->trip.desks[FLIGHT], ANSWERS_MAX);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, DEADLINE_MS - 100);
    assert_int_equal(view_of(w, 1).state, SAGA_PROCESSING);
    run_for(w, 200);
    assert_int_equal(view_of(w, 1).state, SAGA_COMPENSATED);
    assert_string_equal(view_of(w, 1).reason, "deadline_exceeded");
    assert_string_equal(w->trip.reason, "deadline_exceeded");
    assert_int_equal(w->trip.desks[FLIGHT].undone, 1);
    assert_int_equal(w->trip.desks[HOTEL].undone, 1);
    assert_int_equal(w->trip.desks[CAR].asked, 0);
}

static void a_pivot_in_doubt_is_asked_until_it_answers(void **state)
{
    struct world *w = *state;

    silence(&w->trip.desks[CAR], ANSWERS_MAX);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 2 * DEADLINE_MS);
    assert_int_equal(view_of(w, 1).state, SAGA_PROCESSING); /* long past the deadline */
    assert_string_equal(view_of(w, 1).step, "book_car");
    run_for(w, 3 * DEADLINE_MS);
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
}

static void past_the_pivot_it_only_goes_forward(void **state)
{
    struct world *w = *state;

    w->trip.confirm = ST_CONFLICT; /* even a refusal */
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 2 * DEADLINE_MS);
    assert_int_equal(view_of(w, 1).state, SAGA_PROCESSING);
    assert_string_equal(view_of(w, 1).step, "confirm");
    w->trip.confirm = ST_OK;
    run_for(w, 3000);
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
    assert_int_equal(w->trip.desks[HOTEL].undone, 0);
}

static void an_undo_that_fails_is_seen_and_blocks_nobody(void **state)
{
    struct world *w = *state;

    w->trip.desks[FLIGHT].answers[0] = ST_CONFLICT;
    w->trip.desks[HOTEL].undo_failures = 6;
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 0);
    assert_int_equal(view_of(w, 1).state, SAGA_COMPENSATING);
    assert_string_equal(view_of(w, 1).step, "book_hotel");
    assert_string_equal(view_of(w, 1).reason, "sold_out");
    assert_int_equal(start(w, 2), ST_OK);
    run_for(w, 0);
    assert_int_equal(view_of(w, 2).state, SAGA_SUCCEEDED);
    run_for(w, 30000);
    assert_int_equal(view_of(w, 1).state, SAGA_COMPENSATED);
    assert_int_equal(w->trip.desks[HOTEL].undone, 1);
}

static void who_lost_the_row_has_no_effect(void **state)
{
    struct world *w = *state;
    struct saga_engine *slow = w->engine, *quick = new_engine(w);

    assert_int_equal(start(w, 1), ST_OK);
    w->now_ms += 10000; /* its lease is over: another process takes the saga */
    w->engine = quick;
    run_for(w, 0);
    assert_int_equal(view_of(w, 1).state, SAGA_COMPENSATED); /* as its deadline is, too */
    w->engine = slow;
    run_for(w, 20000);
    assert_int_equal(view_of(w, 1).state, SAGA_COMPENSATED);
    assert_int_equal(w->trip.removed, 1);
    assert_int_equal(w->ended, 1);
    saga_engine_destroy(quick);
}

static void a_stopped_engine_leaves_its_sagas_to_others(void **state)
{
    struct world *w = *state;

    assert_int_equal(start(w, 1), ST_OK);
    saga_engine_stop(w->engine);
    assert_int_equal(start(w, 2), ST_OK);
    run_for(w, 0);
    assert_int_equal(saga_engine_running(w->engine), 0);
    assert_int_equal(w->trip.desks[HOTEL].asked, 0);
    saga_engine_destroy(w->engine);
    w->engine = new_engine(w);
    run_for(w, 0); /* due at once, no lease to wait for */
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
    assert_int_equal(view_of(w, 2).state, SAGA_SUCCEEDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_booking_goes_through_all_its_steps_at_once),
        TEST(a_refusal_undoes_what_came_before_it),
        TEST(silence_is_waited_out_and_asked_again),
        TEST(silence_until_the_deadline_undoes_also_what_may_have_happened),
        TEST(a_pivot_in_doubt_is_asked_until_it_answers),
        TEST(past_the_pivot_it_only_goes_forward),
        TEST(an_undo_that_fails_is_seen_and_blocks_nobody),
        TEST(who_lost_the_row_has_no_effect),
        TEST(a_stopped_engine_leaves_its_sagas_to_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
