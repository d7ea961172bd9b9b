/* booking_points_test.c - a trip books a hotel, a flight and a car at three services or none of
 * them, whatever call goes wrong and wherever the process dies. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "test/simulation/sim_process.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb.h"
#include "tool/saga/memory/saga_store_memory.h"
#include "tool/saga/saga_engine.h"

enum { HOTEL, FLIGHT, CAR, DESKS, POINTS_MIN = 6, TURN_US = 100000, LIMIT_US = 300000000 };

/* What one of the three services has recorded for the trip. */
enum mark { UNKNOWN, BOOKED, REFUSED, CANCELLED };

struct trip {
    struct sim sim;
    struct sim_clock clock;
    struct memdb *db;
    struct memdb_table *orders; /* one row: confirmed or not */
    enum mark desks[DESKS];
    int refuses;   /* the desk that has nothing left; DESKS = none */
    int undecided; /* so often the flight's desk says "not yet", to a booking and to its undo */
    uint64_t calls, at;
    enum sim_fate fate;
    /* one life of the process */
    struct sim_process process;
    struct transactor *transactor;
    struct saga_store *store;
    struct saga_engine *engine;
};

/* Each desk stamps the trip's papers with its number, in turn. */
struct papers {
    int64_t stamps;
};

/* The order as its row says. */
struct order {
    bool hotel_noted, confirmed;
    int64_t stamps;
};

static enum status desk_books(struct trip *trip, const struct call *call, int desk,
                              struct papers *papers)
{
    if (desk == FLIGHT && trip->desks[desk] == UNKNOWN && trip->undecided > 0) {
        trip->undecided--;
        return ST_PENDING;
    }
    if (trip->desks[desk] == UNKNOWN)
        trip->desks[desk] = trip->refuses == desk ? REFUSED : BOOKED;
    if (trip->desks[desk] != BOOKED)
        return call_fail(call, ST_CONFLICT, "sold_out", "no");
    papers->stamps = 10 * papers->stamps + desk + 1;
    return ST_OK;
}

static enum status desk_cancels(struct trip *trip, int desk)
{
    if (desk == FLIGHT && trip->undecided-- > 0)
        return ST_PENDING;
    trip->desks[desk] = CANCELLED;
    return ST_OK;
}

static enum status book(const struct saga_context *context, int desk, const char *what)
{
    struct trip *trip = context->self;

    SIM_THROUGH(&trip->process, what, desk_books(trip, context->call, desk, context->data));
}

static enum status cancel(const struct saga_context *context, int desk, const char *what)
{
    struct trip *trip = context->self;

    SIM_THROUGH(&trip->process, what, desk_cancels(trip, desk));
}

static enum status book_hotel(const struct saga_context *context)
{
    return book(context, HOTEL, "hotel.book");
}

static enum status book_flight(const struct saga_context *context)
{
    return book(context, FLIGHT, "flight.book");
}

static enum status book_car(const struct saga_context *context)
{
    return book(context, CAR, "car.book");
}

static enum status cancel_hotel(const struct saga_context *context)
{
    return cancel(context, HOTEL, "hotel.cancel");
}

static enum status cancel_flight(const struct saga_context *context)
{
    return cancel(context, FLIGHT, "flight.cancel");
}

static enum status write_order(struct trip *trip, struct transaction *tx, struct order order)
{
    memdb_join(trip->db, tx);
    if (memdb_count(trip->orders) == 0)
        memdb_insert(trip->orders, tx, &order);
    else
        memdb_update(trip->orders, tx, 0, &order);
    memdb_leave(trip->db, tx);
    return ST_OK;
}

static enum status delete_order(struct trip *trip, struct transaction *tx)
{
    memdb_join(trip->db, tx);
    if (memdb_count(trip->orders) > 0)
        memdb_remove(trip->orders, tx, 0);
    memdb_leave(trip->db, tx);
    return ST_OK;
}

static enum status place_order(struct transaction *tx, const struct call *call, void *arg)
{
    struct trip *trip = arg;

    (void)call;
    SIM_THROUGH(&trip->process, "order.place", write_order(trip, tx, (struct order){0}));
}

static enum status remove_order(const struct saga_context *context)
{
    struct trip *trip = context->self;

    SIM_THROUGH(&trip->process, "order.remove", delete_order(trip, context->tx));
}

static enum status note_hotel(const struct saga_context *context)
{
    struct trip *trip = context->self;
    struct order order = {.hotel_noted = true};

    SIM_THROUGH(&trip->process, "order.note", write_order(trip, context->tx, order));
}

static enum status confirm_order(const struct saga_context *context)
{
    struct trip *trip = context->self;
    const struct papers *papers = context->data;
    struct order order = {true, true, papers->stamps};

    SIM_THROUGH(&trip->process, "order.confirm", write_order(trip, context->tx, order));
}

static const struct field PAPERS_FIELDS[] = {
    FIELD(struct papers, stamps, "stamps", FIELD_INT, 0, .min = 0, .max = 999999),
};
static const struct descriptor PAPERS =
    DESCRIPTOR(struct papers, "Papers", PAPERS_FIELDS, "What the desks have stamped.");

/* What the desks are asked. */
static const struct operation DESK = {.subject = "desk.book", .idempotent = true};
/* clang-format off */
static const struct saga_step STEPS[] = {
    {"place_order", SAGA_COMPENSATABLE, SAGA_LOCAL, .undo = remove_order},
    {"book_hotel", SAGA_COMPENSATABLE, SAGA_REMOTE, book_hotel, cancel_hotel, .op = &DESK, .undo_op = &DESK, .note = note_hotel},
    {"book_flight", SAGA_COMPENSATABLE, SAGA_REMOTE, book_flight, cancel_flight, .op = &DESK, .undo_op = &DESK},
    {"book_car", SAGA_PIVOT, SAGA_REMOTE, .act = book_car, .op = &DESK},
    {"confirm_order", SAGA_RETRIABLE, SAGA_LOCAL, .act = confirm_order},
};
/* clang-format on */
static const struct saga_type TRIP = {"trip", STEPS, ARRAY_LEN(STEPS), 60000, &PAPERS};
static const struct uuid TRIP_ID = {{1}};

static enum sim_fate fate(void *arg, struct sim_process *process, const char *what)
{
    struct trip *trip = arg;

    (void)process;
    (void)what;
    return ++trip->calls == trip->at ? trip->fate : SIM_FINE;
}

static void stop_process(struct trip *trip)
{
    saga_engine_destroy(trip->engine);
    trip->store->ops->destroy(trip->store);
    trip->transactor->ops->destroy(trip->transactor);
}

static void start_process(struct trip *trip)
{
    trip->process =
        (struct sim_process){.sim = &trip->sim, .name = "trip", .fate = fate, .arg = trip};
    trip->transactor = sim_transactor_create(&trip->process, memdb_transactor_create(trip->db));
    trip->store = sim_saga_store_create(&trip->process,
                                        saga_store_memory_create(trip->db, &trip->clock.base));
    trip->engine = saga_engine_create(&(struct saga_engine_config){
        .transactor = trip->transactor,
        .store = trip->store,
        .clock = &trip->clock.base,
        .entropy = &trip->sim.entropy,
    });
    saga_engine_add(trip->engine, &TRIP, trip);
}

static struct call call_now(const struct trip *trip)
{
    return (struct call){.clock = &trip->clock.base,
                         .deadline_ms = clock_now_ms(&trip->clock.base) + 1000};
}

/* Polls until nothing is open, restarting the process when it has died. */
static void run_to_the_end(struct trip *trip)
{
    struct saga_store *store = saga_store_memory_create(trip->db, &trip->clock.base);
    struct saga_census census;

    do {
        struct call call = call_now(trip);
        saga_engine_poll(trip->engine, &call);
        if (trip->process.dead) {
            stop_process(trip);
            start_process(trip);
        }
        trip->sim.now_us += TURN_US;
        store->ops->census(store, &call, &census);
    } while (census.count[SAGA_SUCCEEDED] + census.count[SAGA_COMPENSATED] == 0 &&
             census.oldest_open_ms > 0 && trip->sim.now_us < LIMIT_US);
    store->ops->destroy(store);
}

static const char *check(struct trip *trip, bool promised)
{
    struct call call = call_now(trip);
    bool order = memdb_count(trip->orders) > 0;
    const struct order *row;
    struct saga_view view;

    if (saga_find(trip->engine, &call, TRIP_ID, &view) != ST_OK)
        return promised ? "promised, and not there" : order ? "an order without a trip" : NULL;
    if (view.state == SAGA_SUCCEEDED) {
        for (int i = 0; i < DESKS; i++)
            if (trip->desks[i] != BOOKED)
                return "succeeded, yet not all is booked";
        row = order ? memdb_row(trip->orders, 0) : &(struct order){0};
        return !row->confirmed      ? "the order is not confirmed"
               : row->stamps != 123 ? "what a desk answered did not reach the end, once"
                                    : NULL;
    }
    if (view.state != SAGA_COMPENSATED)
        return "it has not ended";
    for (int i = 0; i < DESKS; i++)
        if (trip->desks[i] == BOOKED)
            return "compensated, yet something is booked";
    if (trip->refuses == DESKS || strcmp(view.reason, "sold_out") != 0)
        return "compensated without a refusal";
    return order ? "compensated, yet there is an order" : NULL;
}

/* NULL, or what is wrong. */
static const char *run(int refuses, uint64_t at, enum sim_fate how, uint64_t *calls)
{
    struct trip *trip = MEM_NEW(struct trip);
    struct call call;
    const char *wrong;
    enum status st;

    sim_init(&trip->sim, 1);
    sim_clock_init(&trip->clock, &trip->sim);
    trip->db = memdb_create();
    trip->orders = memdb_table(trip->db, "order", sizeof(struct order));
    trip->refuses = refuses;
    trip->undecided = refuses == CAR ? 3 : 1;
    trip->at = at;
    trip->fate = how;
    start_process(trip);
    call = call_now(trip);
    st = saga_start(trip->engine, &call, &TRIP, TRIP_ID, TRIP_ID, &(struct papers){0}, place_order,
                    trip);
    run_to_the_end(trip);
    *calls = trip->calls;
    trip->at = 0;
    wrong = check(trip, st == ST_OK);
    stop_process(trip);
    memdb_destroy(trip->db);
    free(trip);
    return wrong;
}

static void whatever_call_goes_wrong_a_trip_is_booked_whole_or_not_at_all(void **state)
{
    (void)state;
    for (int refuses = HOTEL; refuses <= DESKS; refuses++) {
        for (enum sim_fate how = SIM_FAIL; how < SIM_FATES; how++) {
            uint64_t calls, k = 0;
            do { /* until a run has fewer calls than that */
                const char *wrong = run(refuses, ++k, how, &calls);
                if (wrong)
                    fail_msg("desk %d refuses, call %u has fate %d: %s", refuses, (unsigned)k,
                             (int)how, wrong);
            } while (k <= calls);
            assert_true(k > POINTS_MIN);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_call_goes_wrong_a_trip_is_booked_whole_or_not_at_all),
    };

    log_set_fd(-1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
