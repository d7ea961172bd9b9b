/* event_message.c - see event_message.h. */
#include "tool/service/event_message.h"

static const struct field STATUS_FIELDS[] = {
    FIELD(struct outbox_status, instance, "instance", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Which process: host and pid."),
    FIELD(struct outbox_status, pending, "pending", FIELD_INT, FIELD_REQUIRED,
          .doc = "Events still to be sent; of the whole schema, counted up to a bound."),
    FIELD(struct outbox_status, oldest_ms, "oldestMs", FIELD_INT, FIELD_REQUIRED,
          .doc = "Age of the oldest of them."),
    FIELD(struct outbox_status, partitions, "partitions", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Those that this instance relays."),
    FIELD(struct outbox_status, sent, "sent", FIELD_INT, FIELD_REQUIRED,
          .doc = "By this instance since it was started."),
    FIELD(struct outbox_status, failed, "failed", FIELD_INT, FIELD_REQUIRED,
          .doc = "Not acknowledged, and sent again."),
    FIELD(struct outbox_status, again, "again", FIELD_INT, FIELD_REQUIRED,
          .doc = "That the stream had lost."),
};

const struct descriptor OUTBOX_STATUS =
    DESCRIPTOR(struct outbox_status, "OutboxStatus", STATUS_FIELDS, "An outbox and its relay.");

static const struct field REPLAY_FIELDS[] = {
    FIELD(struct outbox_replay, after, "after", FIELD_INT, FIELD_REQUIRED, .min = 0,
          .max = INT64_MAX, .doc = "Those behind this sequence in the stream; 0: all there are."),
};

const struct descriptor OUTBOX_REPLAY =
    DESCRIPTOR(struct outbox_replay, "OutboxReplay", REPLAY_FIELDS, "Which events to send again.");

static const struct field REPLAYED_FIELDS[] = {
    FIELD(struct outbox_replayed, count, "count", FIELD_INT, FIELD_REQUIRED,
          .doc = "So many are sent again."),
    FIELD(struct outbox_replayed, more, "more", FIELD_BOOL, 0,
          .doc = "The time was over before all were: ask again."),
};

const struct descriptor OUTBOX_REPLAYED = DESCRIPTOR(struct outbox_replayed, "OutboxReplayed",
                                                     REPLAYED_FIELDS, "What is sent once more.");

/* ---- dead letters ---- */

static const struct field QUERY_FIELDS[] = {
    FIELD(struct dead_query, id, "eventId", FIELD_UUID, FIELD_REQUIRED, .doc = "Which one."),
};

const struct descriptor DEAD_QUERY =
    DESCRIPTOR(struct dead_query, "DeadLetterQuery", QUERY_FIELDS, "A dead letter.");

static const struct field LIST_QUERY_FIELDS[] = {
    FIELD(struct dead_list_query, after, "after", FIELD_INT, 0, .min = 0, .max = INT64_MAX,
          .doc = "The seq of the last one seen."),
    FIELD(struct dead_list_query, limit, "limit", FIELD_INT, 0, .min = 1,
          .max = DEAD_LETTER_LIST_MAX - 1, .fallback = DEAD_LETTER_LIST_MAX - 1,
          .doc = "So many at most."),
    FIELD(struct dead_list_query, key, "key", FIELD_UUID, 0, .doc = "Of this key only."),
    FIELD(struct dead_list_query, dead_only, "deadOnly", FIELD_BOOL, 0,
          .doc = "Without those that are parked behind others."),
};

const struct descriptor DEAD_LIST_QUERY = DESCRIPTOR(struct dead_list_query, "DeadLetterListQuery",
                                                     LIST_QUERY_FIELDS, "Which dead letters.");

/* In the order of enum dead_letter_state. */
static const char *const STATES[] = {"DEAD", "PARKED", NULL};

static const struct field LETTER_FIELDS[] = {
    FIELD(struct dead_letter, id, "eventId", FIELD_UUID, FIELD_REQUIRED, .doc = "Of the event."),
    FIELD(struct dead_letter, key, "key", FIELD_UUID, 0, .doc = "Whose events are in order."),
    FIELD(struct dead_letter, state, "state", FIELD_ENUM, FIELD_REQUIRED, .names = STATES,
          .doc = "PARKED: it waits for an earlier one of its key."),
    FIELD(struct dead_letter, type, "type", FIELD_TEXT, FIELD_REQUIRED, .doc = "What happened."),
    FIELD(struct dead_letter, reason, "reason", FIELD_TEXT, 0, .doc = "Of the last failure."),
    FIELD(struct dead_letter, attempts, "attempts", FIELD_INT, FIELD_REQUIRED,
          .doc = "That failed."),
    FIELD(struct dead_letter, partition, "partition", FIELD_INT, FIELD_REQUIRED,
          .doc = "Of the stream."),
    FIELD(struct dead_letter, stream_seq, "streamSeq", FIELD_INT, 0,
          .doc = "Its place in the stream."),
    FIELD(struct dead_letter, time_us, "saidAt", FIELD_TIME, 0,
          .doc = "When it happened, if it says so."),
    FIELD(struct dead_letter, since_us, "since", FIELD_TIME, FIELD_REQUIRED,
          .doc = "When it was put here."),
    FIELD(struct dead_letter, source, "source", FIELD_TEXT, 0, .doc = "Who said it."),
    FIELD(struct dead_letter, traceparent, "traceparent", FIELD_TEXT, 0,
          .doc = "Of what made it happen."),
    FIELD(struct dead_letter, seq, "seq", FIELD_INT, FIELD_REQUIRED, .doc = "Its place here."),
};

static const struct descriptor LETTER =
    DESCRIPTOR(struct dead_letter, "DeadLetter", LETTER_FIELDS, "An event not handled.");

static const struct field LIST_FIELDS[] = {
    FIELD(struct dead_list, items, "items", FIELD_LIST, FIELD_REQUIRED, .item = &LETTER,
          .max = DEAD_LETTER_LIST_MAX, .count_offset = offsetof(struct dead_list, n),
          .doc = "In order."),
    FIELD(struct dead_list, more, "more", FIELD_BOOL, 0, .doc = "There are more than asked for."),
};

const struct descriptor DEAD_LIST =
    DESCRIPTOR(struct dead_list, "DeadLetterList", LIST_FIELDS, "Dead letters of a service.");

static const struct field DETAIL_FIELDS[] = {
    {.name = "", .kind = FIELD_INLINE, .size = sizeof(struct dead_letter), .item = &LETTER},
    FIELD(struct dead_letter, json, "data", FIELD_TEXT, 0, .doc = "Its data, as it came."),
};

const struct descriptor DEAD_DETAIL = DESCRIPTOR(struct dead_letter, "DeadLetterDetail",
                                                 DETAIL_FIELDS, "A dead letter with its data.");

static const struct field DONE_FIELDS[] = {
    FIELD(struct dead_done, id, "eventId", FIELD_UUID, FIELD_REQUIRED, .doc = "Which one."),
    FIELD(struct dead_done, handled, "handled", FIELD_INT, FIELD_REQUIRED,
          .doc = "Letters that were handled and are gone, parked ones among them."),
};

const struct descriptor DEAD_DONE =
    DESCRIPTOR(struct dead_done, "DeadLetterDone", DONE_FIELDS, "What came of it.");

const struct operation_error DEAD_ERRORS[] = {
    {ST_NOT_FOUND,     "not_found",    "There is no such letter."                             },
    {ST_CONFLICT,      "not_first",    "An earlier event of the same key comes first."        },
    {ST_UNPROCESSABLE, "not_readable", "Its data cannot be decoded, or its type is not heard."},
    {ST_UNPROCESSABLE, "still_fails",  "It failed again; the detail is its reason now."       },
    {ST_OK,            NULL,           NULL                                                   },
};
