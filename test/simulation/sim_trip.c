/* sim_trip.c - the trip's side: an order, and the saga that books it whole or not at all. */
#include "test/simulation/sim_trip.h"

#include <string.h>

#include "test/simulation/sim_desk.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"

enum { TRIES_MAX = 8, RETRY_US = 3000000 };

enum order_status { PLACED, HOTEL_BOOKED, CONFIRMED };

struct order {
    struct uuid id;
    int status, stamps; /* what the desks have answered, in turn */
    int noted;          /* how often that the hotel is booked */
};

/* clang-format off */
static const struct column ORDER_COLUMNS[] = {
    COLUMN(struct order, id,     "id",     COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct order, status, "status", COLUMN_INT,  0),
    COLUMN(struct order, stamps, "stamps", COLUMN_INT,  0),
    COLUMN(struct order, noted,  "noted",  COLUMN_INT,  0),
};
/* clang-format on */
static const struct table ORDER_TABLE = TABLE(struct order, ORDER_COLUMNS, "order");

struct wish {
    struct uuid trip_id;
    int64_t refuses;
};

static const struct field WISH_FIELDS[] = {
    FIELD(struct wish, trip_id, "tripId", FIELD_UUID, FIELD_REQUIRED, .rule = NULL),
    FIELD(struct wish, refuses, "refuses", FIELD_INT, FIELD_REQUIRED, .min = 0, .max = SIM_DESKS),
};
static const struct descriptor WISH = DESCRIPTOR(struct wish, "Wish", WISH_FIELDS, "A trip.");
static const struct operation PLACE = {
    .subject = "trip.place", .request = &WISH, .idempotent = true};

/* What the steps need, and what the desks have stamped. */
struct papers {
    int64_t refuses, stamps;
};

static const struct field PAPERS_FIELDS[] = {
    FIELD(struct papers, refuses, "refuses", FIELD_INT, FIELD_REQUIRED, .min = 0, .max = SIM_DESKS),
    FIELD(struct papers, stamps, "stamps", FIELD_INT, 0, .min = 0, .max = 999),
};
static const struct descriptor PAPERS =
    DESCRIPTOR(struct papers, "Papers", PAPERS_FIELDS, "What a trip needs.");

struct trip {
    struct store *orders;
    struct saga_engine *sagas;
    struct proxy *proxy;
};

static enum status book(const struct saga_context *context, enum sim_desk desk)
{
    const struct trip *trip = context->self;
    struct papers *papers = context->data;
    struct desk_request request = {context->id, papers->refuses == desk};
    struct desk_reply reply;
    enum status st = proxy_call(trip->proxy, context->call, DESK_BOOK[desk], &request, &reply);

    ASSERT(!context->tx);
    papers->stamps = 10 * papers->stamps + reply.stamp; /* forgotten unless it was ST_OK */
    return st;
}

static enum status cancel(const struct saga_context *context, enum sim_desk desk)
{
    const struct trip *trip = context->self;
    struct desk_request request = {.saga_id = context->id};
    struct desk_reply reply;

    return proxy_call(trip->proxy, context->call, DESK_CANCEL[desk], &request, &reply);
}

/* clang-format off */
static enum status book_hotel(const struct saga_context *c) { return book(c, SIM_HOTEL); }
static enum status book_flight(const struct saga_context *c) { return book(c, SIM_FLIGHT); }
static enum status book_car(const struct saga_context *c) { return book(c, SIM_CAR); }
static enum status cancel_hotel(const struct saga_context *c) { return cancel(c, SIM_HOTEL); }
static enum status cancel_flight(const struct saga_context *c) { return cancel(c, SIM_FLIGHT); }
/* clang-format on */

static enum status become(void *row, const struct call *call, void *arg)
{
    struct order *order = row;
    const struct order *wanted = arg;

    (void)call;
    order->status = wanted->status;
    order->stamps = wanted->stamps;
    order->noted += wanted->status == HOTEL_BOOKED;
    return ST_OK;
}

static enum status change_order(const struct saga_context *context, enum order_status status)
{
    const struct trip *trip = context->self;
    const struct papers *papers = context->data;
    struct order wanted = {.status = status, .stamps = (int)papers->stamps};

    return store_change(trip->orders, context->tx, context->call, &context->about,
                        &(struct store_change){.fn = become, .arg = &wanted}, NULL);
}

static enum status note_hotel(const struct saga_context *context)
{
    return change_order(context, HOTEL_BOOKED);
}

static enum status confirm(const struct saga_context *context)
{
    return change_order(context, CONFIRMED);
}

static enum status remove_order(const struct saga_context *context)
{
    const struct trip *trip = context->self;
    enum status st =
        store_remove(trip->orders, context->tx, context->call, &context->about, NULL, NULL);

    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* clang-format off */
static const struct saga_step STEPS[] = {
    {"place_order", SAGA_COMPENSATABLE, SAGA_LOCAL, .undo = remove_order},
    {"book_hotel", SAGA_COMPENSATABLE, SAGA_REMOTE, book_hotel, cancel_hotel, .note = note_hotel,
     .op = &HOTEL_BOOK, .undo_op = &HOTEL_CANCEL},
    {"book_flight", SAGA_COMPENSATABLE, SAGA_REMOTE, book_flight, cancel_flight,
     .op = &FLIGHT_BOOK, .undo_op = &FLIGHT_CANCEL},
    {"book_car", SAGA_PIVOT, SAGA_REMOTE, .act = book_car, .op = &CAR_BOOK},
    {"confirm", SAGA_RETRIABLE, SAGA_LOCAL, .act = confirm},
};
/* clang-format on */
static const struct saga_type TRIP_SAGA = {"trip", STEPS, ARRAY_LEN(STEPS), 60000, &PAPERS};

struct placing {
    const struct trip *trip;
    struct order order;
};

static enum status insert_order(struct transaction *tx, const struct call *call, void *arg)
{
    struct placing *placing = arg;
    struct order order = placing->order;

    return store_insert(placing->trip->orders, tx, call, &order, NULL);
}

/* The saga's id is the trip's: asked again, it is there already. */
static enum status place(void *self, const struct call *call, const void *in, void *out)
{
    const struct trip *trip = self;
    const struct wish *wish = in;
    struct placing placing = {trip, {.id = wish->trip_id}};
    struct papers papers = {.refuses = wish->refuses};
    enum status st = saga_start(trip->sagas, call, &TRIP_SAGA, wish->trip_id, wish->trip_id,
                                &papers, insert_order, &placing);

    (void)out;
    return st == ST_CONFLICT ? ST_OK : st;
}

static enum status trip_start(void *self, const struct service_run *run)
{
    struct trip *trip = self;

    trip->sagas = run->sagas;
    trip->proxy = run->proxy;
    saga_engine_add(run->sagas, &TRIP_SAGA, trip);
    return ST_OK;
}

static const struct endpoint ENDPOINTS[] = {
    {ENDPOINT(PLACE, place, struct wish, struct nothing)},
};
static const struct service_store STORES[] = {
    {&ORDER_TABLE, offsetof(struct trip, orders)},
};
static const struct operation *const CALLS[] = {&HOTEL_BOOK,    &HOTEL_CANCEL, &FLIGHT_BOOK,
                                                &FLIGHT_CANCEL, &CAR_BOOK,     &CAR_CANCEL};
static const struct service TRIP = {
    .name = "trip",
    .size = sizeof(struct trip),
    .endpoints = ENDPOINTS,
    .n_endpoints = ARRAY_LEN(ENDPOINTS),
    .calls = CALLS,
    .n_calls = ARRAY_LEN(CALLS),
    .stores = STORES,
    .n_stores = ARRAY_LEN(STORES),
    .sagas = true,
    .start = trip_start,
};

static void traveller_tries(void *arg)
{
    struct sim_traveller *traveller = arg;
    struct sim *sim = &traveller->trips->house.sim;
    struct sim_instance *trip = sim_house_instance(traveller->trips->trip);
    struct wish wish = {traveller->trip_id, traveller->refuses};
    enum status st = ST_UNAVAILABLE;

    if (trip) {
        struct call call = {.clock = trip->run.clock,
                            .deadline_ms = clock_now_ms(trip->run.clock) + 5000};
        struct nothing nothing;
        st = sim_house_serve(trip, &PLACE, &call, &wish, &nothing);
    }
    sim_note(sim, "guest", "places", st);
    traveller->accepted |= st == ST_OK;
    if (st != ST_OK && ++traveller->tries < TRIES_MAX)
        sim_post(sim, 1000 + (int64_t)sim_below(sim, RETRY_US), traveller_tries, traveller);
}

void sim_trips_init(struct sim_trips *trips, uint64_t seed)
{
    static const struct service *const SERVICES[] = {&TRIP, &HOTEL_DESK, &FLIGHT_DESK, &CAR_DESK};

    sim_house_init(&trips->house, seed, SERVICES, ARRAY_LEN(SERVICES));
    trips->trip = sim_house_service(&trips->house, "trip");
    for (int i = 0; i < SIM_DESKS; i++)
        trips->desks[i] = sim_house_service(&trips->house, SERVICES[1 + i]->name);
    trips->house.client = traveller_tries;
    trips->n_travellers = 0;
}

struct sim_traveller *sim_trips_traveller(struct sim_trips *trips, int64_t at_us, int64_t refuses)
{
    struct sim_traveller *traveller = &trips->travellers[trips->n_travellers++];

    ASSERT(trips->n_travellers <= SIM_TRIPS_MAX);
    *traveller = (struct sim_traveller){.trips = trips, .refuses = refuses};
    traveller->trip_id = (struct uuid){{(uint8_t)trips->n_travellers}};
    sim_post(&trips->house.sim, at_us, traveller_tries, traveller);
    return traveller;
}

static const struct order *order_of(struct sim_trips *trips, struct uuid id)
{
    struct memdb_table *orders = memdb_table(trips->trip->db, "order", sizeof(struct order));

    for (size_t i = 0; i < memdb_count(orders); i++) {
        const struct order *order = memdb_row(orders, i);
        if (uuid_equal(order->id, id))
            return order;
    }
    return NULL;
}

static const char *check(struct sim_trips *trips, const struct sim_traveller *traveller, bool late)
{
    const struct order *order = order_of(trips, traveller->trip_id);
    struct saga_store *sagas = trips->trip->sagas;
    struct saga_record record;
    size_t booked = 0;

    for (int i = 0; i < SIM_DESKS; i++)
        booked += desk_has(trips->desks[i], traveller->trip_id);
    if (sagas->ops->find(sagas, NULL, traveller->trip_id, &record) != ST_OK)
        return traveller->accepted ? "promised, and not there"
               : order || booked   ? "something of a trip that nobody made"
                                   : NULL;
    if (record.view.state == SAGA_SUCCEEDED) {
        if (booked != SIM_DESKS)
            return "succeeded, yet not all is booked";
        if (!order || order->status != CONFIRMED)
            return "the order is not confirmed";
        if (order->noted != 1)
            return "the hotel's booking is not noted with its commit";
        return order->stamps == 123 ? NULL : "what a desk answered did not reach the end, once";
    }
    if (booked || order)
        return "compensated, yet something is left";
    if (strcmp(record.view.reason, "sold_out") == 0)
        return traveller->refuses == SIM_DESKS ? "sold out, yet no desk said so" : NULL;
    return late ? NULL : "compensated without a refusal";
}

const char *sim_trips_check(struct sim_trips *trips, bool late)
{
    const char *wrong = sim_house_check_sagas(&trips->house);

    for (size_t i = 0; i < trips->n_travellers && !wrong; i++)
        wrong = check(trips, &trips->travellers[i], late);
    return wrong;
}
