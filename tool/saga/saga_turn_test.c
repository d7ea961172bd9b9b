/* saga_turn_test.c - what operators do to sagas: look, list, try again, turn around. */
#include "tool/saga/saga_admin.h"
#include "tool/saga/saga_trip_test.h"
#include "tool/saga/saga_turn.h"

typedef enum status (*saga_ask_fn)(void *self, const struct call *call, const void *in, void *out);

struct asked {
    struct problem problem;
    struct saga_detail detail;
};

static enum status ask(struct world *w, saga_ask_fn fn, uint8_t n, struct asked *asked)
{
    struct call call = call_of(w);
    struct saga_query query = {id_of(n)};

    *asked = (struct asked){0};
    call.problem = &asked->problem;
    return fn(&w->engine, &call, &query, &asked->detail);
}

static void a_saga_is_shown_step_by_step(void **state)
{
    struct world *w = *state;
    struct asked asked;

    silence(&w->trip.desks[FLIGHT], 5);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 0);
    assert_int_equal(ask(w, saga_admin_get, 1, &asked), ST_OK);
    assert_string_equal(asked.detail.item.type, "booking");
    assert_int_equal(asked.detail.item.attempts, 1);
    assert_true(asked.detail.item.due_ms > 0);
    assert_int_equal(asked.detail.n_steps, ARRAY_LEN(STEPS));
    assert_string_equal(asked.detail.steps[2].name, "book_flight");
    assert_int_equal(asked.detail.steps[1].progress, 2); /* DONE */
    assert_int_equal(asked.detail.steps[2].progress, 1); /* PRESENT */
    assert_int_equal(asked.detail.steps[3].progress, 0); /* WAITING */
    assert_int_equal(ask(w, saga_admin_get, 9, &asked), ST_NOT_FOUND);
}

static void a_retry_does_not_wait_for_the_back_off(void **state)
{
    struct world *w = *state;
    struct asked asked;

    silence(&w->trip.desks[FLIGHT], 20);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 2500); /* by now it waits for a second or two */
    assert_int_equal(view_of(w, 1).state, SAGA_PROCESSING);
    w->trip.desks[FLIGHT].asked = ANSWERS_MAX;
    assert_int_equal(ask(w, saga_admin_retry, 1, &asked), ST_OK);
    run_for(w, 300);
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
    assert_int_equal(ask(w, saga_admin_retry, 1, &asked), ST_CONFLICT);
    assert_string_equal(asked.problem.code, "saga_ended");
}

static void before_its_pivot_a_saga_is_turned_around(void **state)
{
    struct world *w = *state;
    struct asked asked;

    silence(&w->trip.desks[FLIGHT], ANSWERS_MAX);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 0);
    assert_int_equal(ask(w, saga_admin_compensate, 1, &asked), ST_OK);
    assert_int_equal(asked.detail.item.view.state, SAGA_COMPENSATING);
    assert_string_equal(asked.detail.item.view.reason, SAGA_TURNED);
    assert_int_equal(ask(w, saga_admin_compensate, 1, &asked), ST_OK); /* as it is already */
    run_for(w, 300);
    assert_int_equal(view_of(w, 1).state, SAGA_COMPENSATED);
    assert_string_equal(w->trip.reason, SAGA_TURNED);
    assert_int_equal(w->trip.desks[FLIGHT].undone, 1); /* it may have happened */
    assert_int_equal(w->trip.desks[HOTEL].undone, 1);
    assert_int_equal(w->trip.removed, 1);
    assert_int_equal(ask(w, saga_admin_compensate, 1, &asked), ST_CONFLICT);
    assert_string_equal(asked.problem.code, "saga_ended");
    assert_int_equal(ask(w, saga_admin_compensate, 9, &asked), ST_NOT_FOUND);
}

static void past_or_in_its_pivot_a_saga_only_goes_forward(void **state)
{
    struct world *w = *state;
    struct asked asked;

    silence(&w->trip.desks[CAR], 1); /* the pivot may have happened */
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 0);
    assert_string_equal(view_of(w, 1).step, "book_car");
    assert_int_equal(ask(w, saga_admin_compensate, 1, &asked), ST_CONFLICT);
    assert_string_equal(asked.problem.code, "past_pivot");
    w->trip.confirm = ST_UNAVAILABLE;
    run_for(w, 1000);
    assert_string_equal(view_of(w, 1).step, "confirm");
    assert_int_equal(ask(w, saga_admin_compensate, 1, &asked), ST_CONFLICT);
    assert_string_equal(asked.problem.code, "past_pivot");
    w->trip.confirm = ST_OK;
    run_for(w, 3000);
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
    assert_int_equal(w->trip.removed, 0);
}

/* Another process has it in hand and goes on while it is turned around: the fence stops it. */
static void who_has_it_in_hand_loses_it(void **state)
{
    struct world *w = *state;
    struct saga_record held;
    struct call call = call_of(w);
    struct asked asked;

    silence(&w->trip.desks[FLIGHT], 1);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 0);
    held = row_of(w, 1);
    assert_int_equal(ask(w, saga_admin_compensate, 1, &asked), ST_OK);
    assert_int_equal(w->store->ops->update(w->store, NULL, &call, &held, 0), ST_STALE);
    run_for(w, 300);
    assert_int_equal(view_of(w, 1).state, SAGA_COMPENSATED);
    assert_int_equal(w->trip.confirmed, 0);
}

static void what_this_release_cannot_read_is_left_alone(void **state)
{
    struct world *w = *state;
    struct asked asked;

    silence(&w->trip.desks[FLIGHT], 1);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 0);
    saga_store_memory_spoil(w->store, id_of(1), true);
    assert_int_equal(ask(w, saga_admin_compensate, 1, &asked), ST_CONFLICT);
    assert_string_equal(asked.problem.code, "saga_unreadable");
    assert_int_equal(ask(w, saga_admin_get, 1, &asked), ST_OK);
    assert_string_equal(asked.detail.item.why, "spoilt");
}

static void sagas_are_listed_by_state_and_up_to_a_limit(void **state)
{
    struct world *w = *state;
    struct saga_list *list = MEM_NEW(struct saga_list);
    struct call call = call_of(w);
    struct saga_list_query query = {.limit = 2};

    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 0);
    w->trip.desks[FLIGHT].always = ST_TIMEOUT;
    for (uint8_t i = 2; i < 5; i++)
        assert_int_equal(start(w, i), ST_OK);
    run_for(w, 0);
    assert_int_equal(saga_admin_list(&w->engine, &call, &query, list), ST_OK);
    assert_int_equal(list->n, 2);
    assert_true(list->more);
    query = (struct saga_list_query){.limit = 9, .state = 1}; /* ENDED */
    assert_int_equal(saga_admin_list(&w->engine, &call, &query, list), ST_OK);
    assert_int_equal(list->n, 1);
    assert_false(list->more);
    assert_true(uuid_equal(list->items[0].view.id, id_of(1)));
    free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_saga_is_shown_step_by_step),
        TEST(a_retry_does_not_wait_for_the_back_off),
        TEST(before_its_pivot_a_saga_is_turned_around),
        TEST(past_or_in_its_pivot_a_saga_only_goes_forward),
        TEST(who_has_it_in_hand_loses_it),
        TEST(what_this_release_cannot_read_is_left_alone),
        TEST(sagas_are_listed_by_state_and_up_to_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
