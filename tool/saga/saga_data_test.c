/* saga_data_test.c - what steps write: into the saga's data, and as a note in the commit that
 * records what another service did; and answers that no participant may give. */
#include "tool/saga/saga_trip_test.h"

static void what_an_answer_has_changed_reaches_the_next_step_in_another_process(void **state)
{
    struct world *w = *state;

    silence(&w->trip.desks[FLIGHT], 3);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 0);
    assert_string_equal(row_of(w, 1).data, "{\"places\":2,\"stamps\":1}"); /* the hotel's */
    saga_engine_destroy(w->engine);
    w->engine = new_engine(w);
    run_for(w, 5000);
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
    assert_int_equal(w->trip.desks[FLIGHT].asked, 4);
    assert_int_equal(w->trip.seen, 3); /* one of each desk: failures leave none */
}

static void what_a_local_step_has_changed_goes_with_its_transaction(void **state)
{
    struct world *w = *state;

    w->trip.confirm = ST_UNAVAILABLE;
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 2000);
    assert_string_equal(row_of(w, 1).view.step, "confirm");
    assert_string_equal(row_of(w, 1).data, "{\"places\":2,\"stamps\":3}");
    assert_int_equal(w->trip.seen, 3); /* however often it was tried */
    w->trip.confirm = ST_OK;
    run_for(w, 3000);
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
    assert_int_equal(w->trip.seen, 3);
}

/* As after a deadlock: what the body did first is rolled back, and it runs again. */
struct twice {
    struct transactor base;
    struct transactor *inner;
    transaction_fn fn;
    void *arg;
};

static enum status then_undo(struct transaction *tx, const struct call *call, void *arg)
{
    const struct twice *twice = arg;
    enum status st = twice->fn(tx, call, twice->arg);

    return st == ST_OK ? ST_INTERNAL : st;
}

static enum status run_twice(struct transactor *base, const struct call *call, transaction_fn fn,
                             void *arg)
{
    struct twice *twice = container_of(base, struct twice, base);

    twice->fn = fn;
    twice->arg = arg;
    transactor_run(twice->inner, call, then_undo, twice);
    return transactor_run(twice->inner, call, fn, arg);
}

static void a_transaction_that_runs_twice_changes_the_data_once(void **state)
{
    static const struct transactor_ops OPS = {.run = run_twice};
    struct world *w = *state;
    struct twice twice = {.base = {&OPS}, .inner = w->transactor};

    saga_engine_destroy(w->engine);
    w->transactor = &twice.base;
    w->engine = new_engine(w);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 0);
    w->transactor = twice.inner;
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
    assert_int_equal(w->trip.confirmed, 2);
    assert_int_equal(w->trip.seen, 3); /* both times */
}

static void what_nobody_has_changed_stays_as_a_newer_release_wrote_it(void **state)
{
    static const char NEWER[] = "{\"places\":2,\"berth\":\"upper\"}";
    struct world *w = *state;
    struct saga_record record = {
        .view = {.id = id_of(1), .about = id_of(200), .state = SAGA_PROCESSING},
        .remaining_ms = DEADLINE_MS,
    };
    struct call call = call_of(w);

    TEXT_COPY(record.type, "booking");
    TEXT_COPY(record.view.step, "book_hotel");
    TEXT_COPY(record.data, NEWER);
    silence(&w->trip.desks[HOTEL], 3);
    assert_int_equal(w->store->ops->insert(w->store, NULL, &call, &record, 0), ST_OK);
    run_for(w, 0);
    assert_int_equal(row_of(w, 1).attempts, 1);
    assert_string_equal(row_of(w, 1).data, NEWER);
}

static void a_note_is_in_the_commit_that_records_its_step(void **state)
{
    struct world *w = *state;
    uint32_t version;

    silence(&w->trip.desks[CAR], 2);
    assert_int_equal(start(w, 1), ST_OK);
    run_for(w, 0);
    assert_int_equal(w->trip.noted, 1);
    version = row_of(w, 1).version;
    assert_string_equal(row_of(w, 1).view.step, "book_car");
    /* the start, the flight's hold, the note, the failed attempt: the car needed no hold */
    assert_int_equal(version, 4);
    run_for(w, 5000);
    assert_int_equal(view_of(w, 1).state, SAGA_SUCCEEDED);
    assert_int_equal(w->trip.noted, 1);
}

static void without_its_note_a_step_is_not_done(void **state)
{
    static const enum status FAILURES[] = {ST_UNAVAILABLE, ST_CONFLICT, ST_NOT_FOUND};
    struct world *w = *state;

    for (uint8_t i = 0; i < ARRAY_LEN(FAILURES); i++) {
        w->trip = (struct trip){.note_failures = 3, .note_failure = FAILURES[i]};
        assert_int_equal(start(w, i), ST_OK);
        run_for(w, 0);
        assert_string_equal(row_of(w, i).view.step, "book_flight");
        assert_string_equal(row_of(w, i).data, "{\"places\":2,\"stamps\":1}"); /* the hotel's */
        run_for(w, 3000);
        assert_int_equal(view_of(w, i).state, SAGA_SUCCEEDED);
        assert_int_equal(w->trip.desks[FLIGHT].asked, 4); /* again, each time */
        assert_int_equal(w->trip.noted, 1);
        assert_int_equal(w->trip.seen, 3);
    }
}

static void a_refusal_that_is_no_decision_is_a_mistake_of_ours(void **state)
{
    static const enum status MISTAKES[] = {ST_INVALID, ST_UNAUTHENTICATED, ST_FORBIDDEN,
                                           ST_TOO_LARGE};
    struct world *w = *state;

    for (uint8_t i = 0; i < ARRAY_LEN(MISTAKES); i++) {
        uint64_t before = saga_engine_mistakes(w->engine);
        w->trip = (struct trip){0};
        answer(&w->trip.desks[FLIGHT], MISTAKES[i], 4);
        assert_int_equal(start(w, i), ST_OK);
        run_for(w, 0);
        assert_int_equal(view_of(w, i).state, SAGA_PROCESSING); /* nothing is undone for it */
        assert_int_equal(saga_engine_mistakes(w->engine), before + 1);
        run_for(w, 5000); /* it was mended */
        assert_int_equal(view_of(w, i).state, SAGA_SUCCEEDED);
        assert_int_equal(saga_engine_mistakes(w->engine), before + 4);
    }
    w->trip = (struct trip){0};
    answer(&w->trip.desks[FLIGHT], ST_INVALID, ANSWERS_MAX);
    assert_int_equal(start(w, 9), ST_OK);
    run_for(w, DEADLINE_MS - 100);
    assert_int_equal(view_of(w, 9).state, SAGA_PROCESSING);
    run_for(w, 200);
    assert_int_equal(view_of(w, 9).state, SAGA_COMPENSATED);
    assert_string_equal(view_of(w, 9).reason, "deadline_exceeded");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_an_answer_has_changed_reaches_the_next_step_in_another_process),
        TEST(what_a_local_step_has_changed_goes_with_its_transaction),
        TEST(a_transaction_that_runs_twice_changes_the_data_once),
        TEST(what_nobody_has_changed_stays_as_a_newer_release_wrote_it),
        TEST(a_note_is_in_the_commit_that_records_its_step),
        TEST(without_its_note_a_step_is_not_done),
        TEST(a_refusal_that_is_no_decision_is_a_mistake_of_ours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
