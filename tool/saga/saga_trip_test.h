/* saga_trip_test.h - for the engine's tests: a booking of three services (hotel, flight, car) that
 * it has never heard of. Virtual time, memory stores. */
#ifndef TOOL_SAGA_SAGA_TRIP_TEST_H
#define TOOL_SAGA_SAGA_TRIP_TEST_H

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
    enum status always;        /* instead, and after those */
    size_t asked, asked_first; /* of them, as far as the saga knows the first to ask */
    size_t undo_failures;      /* so often it does not cancel */
    enum status undo_failure;
    size_t undo_asked, undone;
};

struct trip {
    struct desk desks[DESKS];
    size_t confirmed, removed;
    size_t notes_asked, note_failures, noted; /* of the flight */
    enum status note_failure;
    enum status confirm; /* what the last, local step says */
    char reason[SAGA_REASON_MAX + 1];
    const char *state; /* that its last local deed was to lead to */
    int64_t places;    /* from the saga's data */
    int64_t seen;      /* stamps on it when the last desk or confirm() looked */
    bool nudges;       /* the flight's desk nudges while it is asked */
    struct saga_engine *engine;
};

struct trip_data {
    int64_t places;
    int64_t stamps; /* each step puts one more on it, whatever it says then */
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

static void stamp(const struct saga_context *context)
{
    struct trip_data *data = context->data;

    ((struct trip *)context->self)->seen = data->stamps++;
}

static void note_state(const struct saga_context *context)
{
    assert_true(uuid_equal(context->call->saga_id, context->id));
    ((struct trip *)context->self)->state = context->call->saga_state;
}

static enum status book(const struct saga_context *context, int desk)
{
    struct trip *trip = context->self;
    struct desk *d = &trip->desks[desk];
    enum status st = d->asked < ANSWERS_MAX && !d->always ? d->answers[d->asked] : d->always;

    d->asked++;
    d->asked_first += context->first;
    trip->places = ((const struct trip_data *)context->data)->places;
    stamp(context);
    assert_null(context->tx);
    if (trip->nudges && desk == FLIGHT)
        assert_int_equal(saga_wake(trip->engine, context->id), ST_OK);
    return st == ST_CONFLICT ? call_fail(context->call, st, "sold_out", "no") : st;
}

static enum status cancel(const struct saga_context *context, int desk)
{
    struct trip *trip = context->self;
    struct desk *d = &trip->desks[desk];

    TEXT_COPY(trip->reason, context->reason);
    if (d->undo_asked++ < d->undo_failures)
        return d->undo_failure ? d->undo_failure : ST_UNAVAILABLE;
    d->undone++;
    return ST_OK;
}

static enum status note_flight(const struct saga_context *context)
{
    struct trip *trip = context->self;
    size_t nth = trip->notes_asked++;

    assert_non_null(context->tx);
    note_state(context);
    if (nth < trip->note_failures)
        return trip->note_failure;
    trip->noted++;
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
    note_state(context);
    stamp(context);
    trip->confirmed += trip->confirm == ST_OK;
    return trip->confirm;
}

static enum status remove_order(const struct saga_context *context)
{
    struct trip *trip = context->self;

    assert_non_null(context->tx);
    note_state(context);
    trip->removed++;
    return ST_OK;
}

static const struct field TRIP_FIELDS[] = {
    FIELD(struct trip_data, places, "places", FIELD_INT, FIELD_REQUIRED, .min = 1, .max = 9),
    FIELD(struct trip_data, stamps, "stamps", FIELD_INT, 0, .min = 0, .max = 99),
};
static const struct descriptor TRIP_DATA =
    DESCRIPTOR(struct trip_data, "TripData", TRIP_FIELDS, "What the steps need.");
/* What the desks are asked. */
static const struct operation DESK = {.subject = "desk.book", .idempotent = true};
/* clang-format off */
static const struct saga_step STEPS[] = {
    {"place_order", SAGA_COMPENSATABLE, SAGA_LOCAL, .undo = remove_order},
    {"book_hotel", SAGA_COMPENSATABLE, SAGA_REMOTE, book_hotel, cancel_hotel, 500,
     .op = &DESK, .undo_op = &DESK},
    {"book_flight", SAGA_COMPENSATABLE, SAGA_REMOTE, book_flight, cancel_flight, 500,
     .op = &DESK, .undo_op = &DESK, .note = note_flight, .no_is_undone = true},
    {"book_car", SAGA_PIVOT, SAGA_REMOTE, .act = book_car, .timeout_ms = 500, .op = &DESK},
    {"confirm", SAGA_RETRIABLE, SAGA_LOCAL, .act = confirm},
};
/* clang-format on */
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
    w->engine = w->trip.engine = new_engine(w);
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

static inline enum status start(struct world *w, uint8_t n)
{
    struct call call = call_of(w);

    return saga_start(w->engine, &call, &BOOKING, id_of(n), id_of(200),
                      &(struct trip_data){.places = 2}, NULL, NULL);
}

static inline void run_for(struct world *w, int64_t ms)
{
    for (int64_t until_ms = w->now_ms + ms;; w->now_ms += 50) {
        struct call call = call_of(w);
        saga_engine_poll(w->engine, &call);
        if (w->now_ms >= until_ms)
            break;
    }
}

static inline struct saga_view view_of(struct world *w, uint8_t n)
{
    struct call call = call_of(w);
    struct saga_view view;

    assert_int_equal(saga_find(w->engine, &call, id_of(n), &view), ST_OK);
    return view;
}

static inline void answer(struct desk *desk, enum status st, size_t times)
{
    for (size_t i = 0; i < times; i++)
        desk->answers[i] = st;
}

static inline void silence(struct desk *desk, size_t times)
{
    answer(desk, ST_TIMEOUT, times);
}

static inline struct saga_record row_of(struct world *w, uint8_t n)
{
    struct call call = call_of(w);
    struct saga_record record;

    assert_int_equal(w->store->ops->find(w->store, &call, id_of(n), &record), ST_OK);
    return record;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
