/* saga_engine_test.c - the engine with a booking of three services (hotel, flight, car) that it has
 * never heard of. Virtual time, memory stores. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/saga/memory/saga_store_memory.h"
#include "tool/saga/saga_engine.h"

enum { HOTEL, FLIGHT, CAR, DESKS, ANSWERS_MAX = 40, DEADLINE_MS = 10000 };

/* One of the three services: answers as told, then ST_OK. */
struct desk {
    enum status answers[ANSWERS_MAX];
    size_t asked;
    size_t undo_failures; /* so often it does not cancel */
    size_t undo_asked, undone;
};

struct trip {
    struct desk desks[DESKS];
    size_t confirmed, removed;
    enum status confirm; /* what the last, local step says */
    char reason[SAGA_REASON_MAX + 1];
    int64_t places; /* from the saga's data */
};

struct trip_data {
    int64_t places;
};

struct world {
    struct clock clock;
    int64_t now_ms;
    struct memdb *db;
    struct transactor *transactor;
    struct saga_store *store;
    struct saga_engine *engine;
    struct trip trip;
    size_t ended;
};

static enum status book(const struct saga_context *context, int desk)
{
    struct trip *trip = context->self;
    struct desk *d = &trip->desks[desk];
    enum status st = d->asked < ANSWERS_MAX ? d->answers[d->asked] : ST_OK;

    d->asked++;
    trip->places = ((const struct trip_data *)context->data)->places;
    assert_null(context->tx);
    return st == ST_CONFLICT ? call_fail(context->call, st, "sold_out", "no") : st;
}

static enum status cancel(const struct saga_context *context, int desk)
{
    struct trip *trip = context->self;
    struct desk *d = &trip->desks[desk];

    TEXT_COPY(trip->reason, context->reason);
    if (d->undo_asked++ < d->undo_failures)
        return ST_UNAVAILABLE;
    d->undone++;
    return ST_OK;
}

/* clang-format off */
static enum status book_hotel(const struct saga_context *c) { return book(c, HOTEL); }
static enum status book_flight(const struct saga_context *c) { return book(c, FLIGHT); }
static enum status book_car(const struct saga_context *c) { return book(c, CAR); }
static enum status cancel_hotel(const struct saga_context *c) { return cancel(c, HOTEL); }
static enum status cancel_flight(const struct saga_context *c) { return cancel(c, FLIGHT); }
/* clang-format on */

static enum status confirm(const struct saga_context *context)
{
    struct trip *trip = context->self;

    assert_non_null(context->tx);
    trip->confirmed += trip->confirm == ST_OK;
    return trip->confirm;
}

static enum status remove_order(const struct saga_context *context)
{
    struct trip *trip = context->self;

    assert_non_null(context->tx);
    trip->removed++;
    return ST_OK;
}

static const struct field TRIP_FIELDS[] = {
    FIELD(struct trip_data, places, "places", FIELD_INT, FIELD_REQUIRED, .min = 1, .max = 9),
};
static const struct descriptor TRIP_DATA =
    DESCRIPTOR(struct trip_data, "TripData", TRIP_FIELDS, "What the steps need.");
static const struct saga_step STEPS[] = {
    {"place_order", SAGA_COMPENSATABLE, SAGA_LOCAL,  NULL,        remove_order,  0  },
    {"book_hotel",  SAGA_COMPENSATABLE, SAGA_REMOTE, book_hotel,  cancel_hotel,  500},
    {"book_flight", SAGA_COMPENSATABLE, SAGA_REMOTE, book_flight, cancel_flight, 500},
    {"book_car",    SAGA_PIVOT,         SAGA_REMOTE, book_car,    NULL,          500},
    {"confirm",     SAGA_RETRIABLE,     SAGA_LOCAL,  confirm,     NULL,          0  },
};
static const struct saga_type BOOKING = {"booking", STEPS, ARRAY_LEN(STEPS), DEADLINE_MS,
                                         &TRIP_DATA};

static int64_t now_ms(const struct clock *clock)
{
    return container_of(clock, struct world, clock)->now_ms;
}

static int64_t wall_us(const struct clock *clock)
{
    return 1767225600000000 + now_ms(clock) * 1000;
}

static void no_chance(const struct entropy *self, void *buf, size_t len)
{
    (void)self;
    memset(buf, 0, len);
}

static const struct entropy NO_CHANCE = {no_chance};

static void note_end(void *arg, const struct saga_view *view)
{
    struct world *w = arg;

    assert_true(view->state == SAGA_SUCCEEDED || view->state == SAGA_COMPENSATED);
    w->ended++;
}

static struct saga_engine *new_engine(struct world *w)
{
    struct saga_engine *engine = saga_engine_create(&(struct saga_engine_config){
        .transactor = w->transactor,
        .store = w->store,
        .clock = &w->clock,
        .entropy = &NO_CHANCE,
        .ended = note_end,
        .arg = w,
    });

    saga_engine_add(engine, &BOOKING, &w->trip);
    return engine;
}

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    log_set_fd(-1);
    w->clock = (struct clock){now_ms, wall_us};
    w->db = memdb_create();
    w->transactor = memdb_transactor_create(w->db);
    w->store = saga_store_memory_create(w->db, &w->clock);
    w->engine = new_engine(w);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    saga_engine_destroy(w->engine);
    w->store->ops->destroy(w->store);
    w->transactor->ops->destroy(w->transactor);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

static struct uuid id_of(uint8_t n)
{
    return (struct uuid){{n}};
}

static struct call call_of(const struct world *w)
{
    return (struct call){.clock = &w->clock, .deadline_ms = w->now_ms + 1000};
}

static enum status start(struct world *w, uint8_t n)
{
    struct call call = call_of(w);

    return saga_start(w->engine, &call, &BOOKING, id_of(n), id_of(200), &(struct trip_data){2},
                      NULL, NULL);
}

static void run_for(struct world *w, int64_t ms)
{
    for (int64_t until_ms = w->now_ms + ms;; w->now_ms += 50) {
        struct call call = call_of(w);
        saga_engine_poll(w->engine, &call);
        if (w->now_ms >= until_ms)
            break;
    }
}

static struct saga_view view_of(struct world *w, uint8_t n)
{
    struct call call = call_of(w);
    struct saga_view view;

    assert_int_equal(saga_find(w->engine, &call, id_of(n), &view), ST_OK);
    return view;
}

static void silence(struct desk *desk, size_t times)
{
    for (size_t i = 0; i < times; i++)
        desk->answers[i] = ST_TIMEOUT;
}

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
    assert_true(uuid_equal(view.subject, id_of(200)));
    assert_int_equal(w->trip.confirmed, 1);
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
        {"the hotel has no room", HOTEL,  0, 0},
        {"the flight is full",    FLIGHT, 1, 0},
        {"there is no car",       CAR,    1, 1},
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

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
