/* sim_desk.c - see sim_desk.h. The flight's desk takes its time: to each of its processes the first
 * two questions are not decided yet, be they to book or to cancel. */
#include "test/simulation/sim_desk.h"

#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"

enum { UNDECIDED = 2 };

struct booking {
    struct uuid saga_id;
    int stamp;
};

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct booking, saga_id, "saga_id", COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct booking, stamp,   "stamp",   COLUMN_INT,  0),
};
/* clang-format on */
static const struct table BOOKING_TABLE = TABLE(struct booking, COLUMNS, "booking");

static const struct field REQUEST_FIELDS[] = {
    FIELD(struct desk_request, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED, .rule = NULL),
    FIELD(struct desk_request, sold_out, "soldOut", FIELD_BOOL, 0, .rule = NULL),
};
static const struct descriptor REQUEST =
    DESCRIPTOR(struct desk_request, "DeskRequest", REQUEST_FIELDS, "For a saga.");
static const struct field REPLY_FIELDS[] = {
    FIELD(struct desk_reply, stamp, "stamp", FIELD_INT, 0, .min = 0, .max = SIM_DESKS),
};
static const struct descriptor REPLY =
    DESCRIPTOR(struct desk_reply, "DeskReply", REPLY_FIELDS, "What it says.");
static const struct operation_error ERRORS[] = {
    {ST_CONFLICT, "sold_out",  "There is nothing left."},
    {ST_CONFLICT, "cancelled", "It was undone before." },
    {ST_OK,       NULL,        NULL                    },
};

struct desk {
    struct store *bookings;
    int stamp;
    int undecided; /* answers "not yet" that are left */
};

static enum status book(void *self, struct transaction *tx, const struct call *call, const void *in,
                        void *out)
{
    struct desk *desk = self;
    const struct desk_request *request = in;
    struct booking booking = {request->saga_id, desk->stamp};

    if (desk->undecided-- > 0)
        return ST_PENDING;
    if (request->sold_out)
        return call_fail(call, ST_CONFLICT, "sold_out", "no");
    ((struct desk_reply *)out)->stamp = desk->stamp;
    return store_insert(desk->bookings, tx, call, &booking, NULL);
}

static enum status unbook(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out)
{
    struct desk *desk = self;
    const struct desk_request *request = in;

    (void)out;
    if (desk->undecided-- > 0)
        return ST_PENDING;
    return store_remove(desk->bookings, tx, call, &request->saga_id, NULL, NULL);
}

static enum status unbooked(void *self, const struct call *call, const void *in, void *out)
{
    (void)self;
    (void)call;
    (void)in;
    *(struct desk_reply *)out = (struct desk_reply){0};
    return ST_OK;
}

static const struct service_store STORES[] = {
    {&BOOKING_TABLE, offsetof(struct desk, bookings)},
};

/* clang-format off */
#define DESK(PLACE, name_, stamp_, undecided_)                                                     \
    const struct operation PLACE##_BOOK = {.subject = name_ ".book", .request = &REQUEST,          \
                                           .reply = &REPLY, .idempotent = true,                    \
                                           .internal = true, .errors = ERRORS};                    \
    const struct operation PLACE##_CANCEL = {.subject = name_ ".cancel", .request = &REQUEST,      \
                                             .reply = &REPLY, .idempotent = true,                  \
                                             .internal = true};                                    \
    static const struct endpoint PLACE##_ENDPOINTS[] = {                                           \
        {ENDPOINT_CHANGE(PLACE##_BOOK, book, struct desk_request, struct desk_reply),              \
         .once = ONCE_BY_SAGA},                                                                    \
        {ENDPOINT_CHANGE(PLACE##_CANCEL, unbook, struct desk_request, struct desk_reply),          \
         .undoes = &PLACE##_BOOK, .run = unbooked},                                                \
    };                                                                                             \
    static enum status PLACE##_start(void *self, const struct service_run *run)                    \
    {                                                                                              \
        struct desk *desk = self;                                                                  \
        (void)run;                                                                                 \
        desk->stamp = (stamp_);                                                                    \
        desk->undecided = (undecided_);                                                            \
        return ST_OK;                                                                              \
    }                                                                                              \
    const struct service PLACE##_DESK = {                                                          \
        .name = name_, .size = sizeof(struct desk), .endpoints = PLACE##_ENDPOINTS,                \
        .n_endpoints = ARRAY_LEN(PLACE##_ENDPOINTS), .stores = STORES,                             \
        .n_stores = ARRAY_LEN(STORES), .start = PLACE##_start}
/* clang-format on */

DESK(HOTEL, "hotel", 1, 0);
DESK(FLIGHT, "flight", 2, UNDECIDED);
DESK(CAR, "car", 3, 0);

const struct operation *const DESK_BOOK[] = {&HOTEL_BOOK, &FLIGHT_BOOK, &CAR_BOOK};
const struct operation *const DESK_CANCEL[] = {&HOTEL_CANCEL, &FLIGHT_CANCEL, &CAR_CANCEL};

bool desk_has(struct sim_service *desk, struct uuid saga_id)
{
    struct memdb_table *bookings = memdb_table(desk->db, "booking", sizeof(struct booking));

    for (size_t i = 0; i < memdb_count(bookings); i++)
        if (uuid_equal(((struct booking *)memdb_row(bookings, i))->saga_id, saga_id))
            return true;
    return false;
}
