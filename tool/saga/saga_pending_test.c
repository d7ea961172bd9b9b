/* saga_pending_test.c - participants that answer "not yet", and nudges. */
#include "tool/saga/saga_trip_test.h"

static void who_has_not_decided_is_asked_again_and_nothing_is_counted(void **state)
{
    struct world *w = *state;
    struct saga_record row;

    answer(&w->trip.desks[HOTEL], ST_PENDING, 7);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 4000);
    row = row_of(w, 1);
    assert_int_equal(row.view.state, SAGA_STARTED);
    assert_string_equal(row.view.step, "book_hotel");
    assert_int_equal(row.attempts, 0);
    assert_int_equal(row.version, 1); /* nothing was written, as its lease lasts */
    assert_in_range(w->trip.desks[HOTEL].asked, 4, 7);
    run_for(w, 5900);
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
    assert_int_equal(w->trip.desks[HOTEL].asked, 8);
    assert_int_equal(saga_engine_running(w->engine), 0);
}

static void the_lease_is_kept_as_long_as_it_takes(void **state)
{
    struct world *w = *state;
    struct saga_engine *other = new_engine(w), *own = w->engine;
    struct saga_record row;

    answer(&w->trip.desks[CAR], ST_PENDING, 30); /* a pivot is waited for past the deadline */
    assert_int_equal(start(w, 1), ST_OK);
    for (int i = 0; i < 600; i++) { /* two processes, one row */
        w->engine = i % 2 ? other : own;
        run_for(w, 50);
    }
    row = row_of(w, 1);
    assert_string_equal(row.view.step, "book_car");
    assert_int_equal(saga_engine_running(own), 1);
    assert_int_equal(saga_engine_running(other), 0);
    assert_true(row.version < 25); /* about one write a lease of 10 s, and three steps */
    saga_engine_destroy(other);
    w->engine = own;
}

static void a_decision_that_does_not_come_by_the_deadline_is_undone(void **state)
{
    struct world *w = *state;

    answer(&w->trip.desks[FLIGHT], ST_PENDING, ANSWERS_MAX);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, DEADLINE_MS - 100);
    assert_int_equal(view_of(w, 1).state, SAGA_PROCESSING);
    run_for(w, 300);
    assert_int_equal(view_of(w, 1).state, SAGA_COMPENSATED);
    assert_string_equal(view_of(w, 1).reason, "deadline_exceeded");
    assert_int_equal(w->trip.desks[FLIGHT].undone, 1); /* it may have happened */
}

static void a_nudge_asks_at_once(void **state)
{
    struct world *w = *state;
    size_t asked;

    answer(&w->trip.desks[FLIGHT], ST_PENDING, 6);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 1500);
    for (asked = w->trip.desks[FLIGHT].asked; asked < 6; asked++) {
        assert_int_equal(saga_wake(w->engine, id_of(1)), ST_OK);
        run_for(w, 0);
        assert_int_equal(w->trip.desks[FLIGHT].asked, asked + 1);
    }
    assert_int_equal(saga_wake(w->engine, id_of(1)), ST_OK);
    run_for(w, 0);
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
    assert_int_equal(saga_wake(w->engine, id_of(1)), ST_OK); /* late: nothing happens */
    assert_int_equal(saga_wake(w->engine, id_of(9)), ST_OK); /* of nobody */
    run_for(w, 1000);
    assert_int_equal(w->trip.confirmed, 1);
}

static void a_nudge_that_comes_while_it_is_asked_is_not_lost(void **state)
{
    struct world *w = *state;

    answer(&w->trip.desks[FLIGHT], ST_PENDING, 5);
    w->trip.nudges = true;
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 0);
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
    assert_int_equal(w->trip.desks[FLIGHT].asked, 6);
}

static void a_nudge_reaches_what_another_process_has(void **state)
{
    struct world *w = *state;
    struct saga_engine *own = w->engine, *other = new_engine(w);

    answer(&w->trip.desks[FLIGHT], ST_PENDING, 6);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 3000);
    assert_int_equal(w->trip.desks[FLIGHT].asked, 6);
    assert_int_equal(saga_wake(other, id_of(1)), ST_OK);
    w->engine = other; /* the first one hangs */
    run_for(w, 0);
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
    w->engine = own;
    run_for(w, 20000);
    assert_int_equal(saga_engine_running(own), 0);
    assert_int_equal(w->trip.confirmed, 1);
    assert_int_equal(w->ended, 1);
    saga_engine_destroy(other);
}

static void an_undo_may_be_pending_too(void **state)
{
    struct world *w = *state;

    w->trip.desks[FLIGHT].answers[0] = ST_CONFLICT;
    w->trip.desks[HOTEL].undo_failures = 3;
    w->trip.desks[HOTEL].undo_failure = ST_PENDING;
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 0);
    assert_int_equal(view_of(w, 1).state, SAGA_COMPENSATING);
    assert_int_equal(row_of(w, 1).attempts, 0);
    run_for(w, 3000);
    assert_int_equal(view_of(w, 1).state, SAGA_COMPENSATED);
}

static void what_waits_is_given_back_by_an_engine_that_stops(void **state)
{
    struct world *w = *state;

    answer(&w->trip.desks[FLIGHT], ST_PENDING, 6);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 3000);
    assert_int_equal(saga_engine_running(w->engine), 1);
    saga_engine_stop(w->engine);
    run_for(w, 0);
    assert_int_equal(saga_engine_running(w->engine), 0);
    saga_engine_destroy(w->engine);
    w->engine = new_engine(w);
    run_for(w, 0);
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
}

static void more_than_there_is_room_for_wait_in_their_rows(void **state)
{
    struct world *w = *state;

    answer(&w->trip.desks[HOTEL], ST_OK, ANSWERS_MAX);
    w->trip.desks[CAR].always = ST_PENDING;
    for (int n = 0; n < 300; n++) {
        struct uuid id = {
            {(uint8_t)(n / 200), (uint8_t)n}
        };
        struct call call = call_of(w);
        assert_int_equal(saga_start(w->engine, &call, &BOOKING, id, id_of(200),
                                    &(struct trip_data){.places = 2}, NULL, NULL),
                         ST_OK);
    }
    run_for(w, 3000);
    assert_int_equal(saga_engine_running(w->engine), 256);
    w->trip.desks[CAR].always = ST_OK;
    run_for(w, 10000);
    assert_int_equal(saga_engine_running(w->engine), 0);
    assert_int_equal(w->ended, 300);
}

/* Who may do something only while nobody can have been asked (an order that is paid later). */
static void only_who_asks_first_knows_that_nobody_has(void **state)
{
    struct world *w = *state;
    struct trip *trip = &w->trip;

    answer(&trip->desks[HOTEL], ST_PENDING, 2);
    trip->desks[FLIGHT].answers[0] = ST_TIMEOUT;
    trip->desks[FLIGHT].answers[1] = ST_UNAVAILABLE;
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 3000);
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
    assert_int_equal(trip->desks[HOTEL].asked, 3);
    assert_int_equal(trip->desks[HOTEL].asked_first, 1);
    assert_int_equal(trip->desks[FLIGHT].asked, 3);
    assert_int_equal(trip->desks[FLIGHT].asked_first, 1);

    assert_int_equal(start(w, 2), ST_OK);
    saga_engine_destroy(w->engine); /* perhaps it has asked for the hotel; for no flight */
    w->engine = new_engine(w);
    w->now_ms += 1000;
    assert_int_equal(saga_wake(w->engine, id_of(2)), ST_OK);
    run_for(w, 1000);
    assert_int_equal(view_of(w, 2).state, SAGA_SUCCEEDED);
    assert_int_equal(trip->desks[HOTEL].asked_first, 1);
    assert_int_equal(trip->desks[FLIGHT].asked_first, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_has_not_decided_is_asked_again_and_nothing_is_counted),
        TEST(the_lease_is_kept_as_long_as_it_takes),
        TEST(a_decision_that_does_not_come_by_the_deadline_is_undone),
        TEST(a_nudge_asks_at_once),
        TEST(a_nudge_that_comes_while_it_is_asked_is_not_lost),
        TEST(a_nudge_reaches_what_another_process_has),
        TEST(an_undo_may_be_pending_too),
        TEST(what_waits_is_given_back_by_an_engine_that_stops),
        TEST(more_than_there_is_room_for_wait_in_their_rows),
        TEST(only_who_asks_first_knows_that_nobody_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
