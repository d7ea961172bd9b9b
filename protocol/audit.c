/* audit.c - see audit.h. */
#include "protocol/audit.h"

#include "tool/encoder/page.h"

static const struct field QUERY_FIELDS[] = {
    FIELD(struct trail_query, user_id, "userId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Whose account; one's own, or any for the role admin."),
    FIELD(struct trail_query, page.limit, "limit", FIELD_INT, FIELD_IN_QUERY, .min = 1,
          .max = PAGE_LIMIT_MAX, .fallback = PAGE_LIMIT, .doc = "How many at most."),
    FIELD(struct trail_query, page.cursor, "after", FIELD_CURSOR, FIELD_IN_QUERY,
          .doc = "nextCursor of the page before; the first page without it."),
};

static const struct descriptor QUERY =
    DESCRIPTOR(struct trail_query, "TrailQuery", QUERY_FIELDS, "Which part of whose time line.");

static const struct field ENTRY_FIELDS[] = {
    FIELD(struct trail_entry, event_id, "eventId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Its id, on the bus too."),
    FIELD(struct trail_entry, type, "type", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "What happened: auth.account_created ...; see /asyncapi.json."),
    FIELD(struct trail_entry, time_us, "time", FIELD_TIME, FIELD_REQUIRED, .doc = "When."),
    FIELD(struct trail_entry, data, "data", FIELD_JSON, FIELD_REQUIRED,
          .doc = "What is to be said about it, by its type."),
};

static const struct descriptor ENTRY =
    DESCRIPTOR(struct trail_entry, "TrailEntry", ENTRY_FIELDS, "An event of an account.");

static const struct descriptor PAGE =
    PAGE_OF(struct trail_page, "TrailPage", &ENTRY, "What has happened, the oldest first.");

static const struct operation_error EVENTS_ERRORS[] = {
    PAGE_ERROR,
    {ST_FORBIDDEN, "forbidden", "It is another's id, whether there is such a user or not."},
    {ST_OK,        NULL,        NULL                                                      },
};

const struct operation AUDIT_EVENTS = {
    .subject = "audit.events",
    .summary = "Read the time line of an account",
    .request = &QUERY,
    .reply = &PAGE,
    .idempotent = true,
    .access = {ACCESS_OWNER_OR_ROLE, "admin", offsetof(struct trail_query, user_id)},
    .errors = EVENTS_ERRORS,
};
