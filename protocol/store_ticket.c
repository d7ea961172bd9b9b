/* store_ticket.c - what who has a store asks of its tickets; see store.h. */
#include "protocol/order.h"
#include "protocol/state_action.h"
#include "protocol/store.h"
#include "tool/encoder/page.h"

/* clang-format off */
static const struct field VIEW_FIELDS[] = {
    FIELD(struct ticket_view, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED, .doc = "Of which order."),
    FIELD(struct ticket_view, order_num, "orderNum", FIELD_TEXT, FIELD_REQUIRED, .rule = &ORDER_NUM_RULE, .doc = "The order's number."),
    FIELD(struct ticket_view, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED, .doc = "Of which store."),
    FIELD(struct ticket_view, lines, "lines", FIELD_LIST, FIELD_REQUIRED, .item = &ORDER_LINE_NAMED, .max = ORDER_LINES_MAX,
          .count_offset = offsetof(struct ticket_view, n_lines), .doc = "Of what, how many, at which price."),
    FIELD(struct ticket_view, status, "status", FIELD_ENUM, FIELD_REQUIRED, .names = TICKET_STATUS_NAMES, .doc = "How far it is."),
    FIELD(struct ticket_view, cancel_asked, "cancelAsked", FIELD_BOOL, FIELD_REQUIRED,
          .doc = "The customer wants it canceled, and waits for an answer."),
    FIELD(struct ticket_view, accept_by_us, "acceptBy", FIELD_TIME, 0, .doc = "Until when it is to be accepted or rejected, where it is not yet."),
    FIELD(struct ticket_view, answer_by_us, "answerBy", FIELD_TIME, 0, .doc = "Until when the customer is to be answered, where he asks."),
    FIELD(struct ticket_view, minutes, "minutes", FIELD_INT, 0, .min = 0, .max = TICKET_MINUTES_MAX, .doc = "That it takes, as was said."),
    FIELD(struct ticket_view, reason, "reason", FIELD_TEXT, 0, .doc = "Why it came to nothing."),
    FIELD_ACTIONS(struct ticket_view),
    FIELD(struct ticket_view, created_us, "createdAt", FIELD_TIME, FIELD_REQUIRED, .doc = "When it came."),
    FIELD(struct ticket_view, updated_us, "updatedAt", FIELD_TIME, FIELD_REQUIRED, .doc = "When it changed last."),
    FIELD(struct ticket_view, version, "version", FIELD_INT, FIELD_REQUIRED, .doc = "1, then one more with each change; the ETag."),
};
static const struct descriptor VIEW = DESCRIPTOR(struct ticket_view, "Ticket", VIEW_FIELDS, "An order as its store has it.");

static const struct field LIST_FIELDS[] = {
    FIELD(struct ticket_list, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Of which store."),
    FIELD(struct ticket_list, status, "status", FIELD_ENUM, FIELD_IN_QUERY, .names = TICKET_STATUS_NAMES, .doc = "Those alone."),
    FIELD(struct ticket_list, page, "", FIELD_INLINE, 0, .item = &PAGE_QUERY),
};
static const struct descriptor LIST = DESCRIPTOR(struct ticket_list, "TicketList", LIST_FIELDS, "Which tickets.",
                                                 .given = offsetof(struct ticket_list, given));
static const struct descriptor PAGE = PAGE_OF(struct ticket_page, "TicketPage", &VIEW, "Tickets, the newest first.");

static const struct operation_error LIST_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "The store is another's, whether there is such a store or not."},
    PAGE_ERROR,
    {ST_OK, NULL, NULL},
};

const struct operation STORE_TICKET_LIST = {
    .subject = "store.ticket.list",
    .summary = "List the tickets of a store",
    .request = &LIST,
    .reply = &PAGE,
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = LIST_ERRORS,
};

#define PLACE_FIELDS(type)                                                                         \
    FIELD(type, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Of which store."), \
    FIELD(type, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH, .doc = "Of which order.")

static const struct field QUERY_FIELDS[] = {PLACE_FIELDS(struct ticket_query)};
static const struct descriptor QUERY = DESCRIPTOR(struct ticket_query, "TicketQuery", QUERY_FIELDS, "A ticket by its order.");

#define PLACE_ERRORS                                                                               \
    {ST_FORBIDDEN, "forbidden", "The store is another's, whether there is such a store or not."},  \
    {ST_NOT_FOUND, "not_found", "The store has no ticket of that order."}

static const struct operation_error GET_ERRORS[] = {PLACE_ERRORS, {ST_OK, NULL, NULL}};
static const struct operation_error MOVE_ERRORS[] = {PLACE_ERRORS, STATES_ERROR, {ST_OK, NULL, NULL}};

const struct operation STORE_TICKET_GET = {
    .subject = "store.ticket.get",
    .summary = "Read a ticket",
    .request = &QUERY,
    .reply = &VIEW,
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = GET_ERRORS,
};

static const struct field ACCEPTANCE_FIELDS[] = {
    PLACE_FIELDS(struct ticket_acceptance),
    FIELD(struct ticket_acceptance, minutes, "minutes", FIELD_INT, 0, .min = 1, .max = TICKET_MINUTES_MAX, .doc = "That it will take."),
};
static const struct descriptor ACCEPTANCE =
    DESCRIPTOR(struct ticket_acceptance, "TicketAcceptance", ACCEPTANCE_FIELDS, "A ticket that the store takes.");

const struct operation STORE_TICKET_ACCEPT = {
    .subject = "store.ticket.accept",
    .summary = "Accept a ticket",
    .request = &ACCEPTANCE,
    .reply = &VIEW,
    .access = {.kind = ACCESS_CALLER},
    .errors = MOVE_ERRORS,
};

static const struct field REJECTION_FIELDS[] = {
    PLACE_FIELDS(struct ticket_rejection),
    FIELD(struct ticket_rejection, reason, "reason", FIELD_TEXT, FIELD_REQUIRED, .rule = &ORDER_REASON_RULE,
          .doc = "Why, in a word; the customer reads it."),
};
static const struct descriptor REJECTION =
    DESCRIPTOR(struct ticket_rejection, "TicketRejection", REJECTION_FIELDS, "A ticket that the store does not take.");

const struct operation STORE_TICKET_REJECT = {
    .subject = "store.ticket.reject",
    .summary = "Reject a ticket: its order is canceled",
    .request = &REJECTION,
    .reply = &VIEW,
    .access = {.kind = ACCESS_CALLER},
    .errors = MOVE_ERRORS,
};

const struct operation STORE_TICKET_COOK = {
    .subject = "store.ticket.cook",
    .summary = "Begin to make what a ticket wants",
    .request = &QUERY,
    .reply = &VIEW,
    .access = {.kind = ACCESS_CALLER},
    .errors = MOVE_ERRORS,
};

const struct operation STORE_TICKET_READY = {
    .subject = "store.ticket.ready",
    .summary = "Say that it is made and can be fetched",
    .request = &QUERY,
    .reply = &VIEW,
    .access = {.kind = ACCESS_CALLER},
    .errors = MOVE_ERRORS,
};

static const struct field CANCELLATION_FIELDS[] = {
    PLACE_FIELDS(struct ticket_cancellation),
    FIELD(struct ticket_cancellation, answer, "answer", FIELD_ENUM, FIELD_REQUIRED, .names = TICKET_ANSWER_NAMES,
          .doc = "APPROVE: the order is canceled. REFUSE: it stays."),
};
static const struct descriptor CANCELLATION =
    DESCRIPTOR(struct ticket_cancellation, "TicketCancellation", CANCELLATION_FIELDS, "What the store says to a cancellation.");

const struct operation STORE_TICKET_CANCELLATION = {
    .subject = "store.ticket.cancellation",
    .summary = "Answer who wants his order canceled",
    .request = &CANCELLATION,
    .reply = &VIEW,
    .access = {.kind = ACCESS_CALLER},
    .errors = MOVE_ERRORS,
};
/* clang-format on */
