/* admin_message.c - see admin_message.h. */
#include "tool/service/admin_message.h"

static const struct field POOL_FIELDS[] = {
    FIELD(struct pool_status, name, "name", FIELD_TEXT, FIELD_REQUIRED, .doc = "The pool."),
    FIELD(struct pool_status, queued, "queued", FIELD_INT, FIELD_REQUIRED,
          .doc = "Work that waits for a thread."),
    FIELD(struct pool_status, running, "running", FIELD_INT, FIELD_REQUIRED,
          .doc = "Work being done."),
};

static const struct descriptor POOL =
    DESCRIPTOR(struct pool_status, "PoolStatus", POOL_FIELDS, "A pool of worker threads.");

static const struct field STATUS_FIELDS[] = {
    FIELD(struct service_status, service, "service", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "The service."),
    FIELD(struct service_status, instance, "instance", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Which process of it: host and pid."),
    FIELD(struct service_status, version, "version", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Of the program."),
    FIELD(struct service_status, started_us, "startedAt", FIELD_TIME, FIELD_REQUIRED,
          .doc = "When it was started."),
    FIELD(struct service_status, ready, "ready", FIELD_BOOL, FIELD_REQUIRED,
          .doc = "As its /readyz says."),
    FIELD(struct service_status, missing, "missing", FIELD_TEXT, 0,
          .doc = "What is not there that it needs."),
    FIELD(struct service_status, memory_bytes, "memoryBytes", FIELD_INT, FIELD_REQUIRED,
          .doc = "Resident."),
    FIELD(struct service_status, requests, "requests", FIELD_INT, FIELD_REQUIRED,
          .doc = "Not yet answered, this one among them."),
    FIELD(struct service_status, queued, "queued", FIELD_INT, FIELD_REQUIRED,
          .doc = "Work that waits for a thread of any pool."),
    FIELD(struct service_status, open_breakers, "openBreakers", FIELD_INT, FIELD_REQUIRED,
          .doc = "Subjects it does not ask for now."),
    FIELD(struct service_status, open_sagas, "openSagas", FIELD_INT, 0,
          .doc = "That have not ended, in the whole schema."),
    FIELD(struct service_status, oldest_saga_s, "oldestSagaSeconds", FIELD_INT, 0,
          .doc = "Age of the oldest of them."),
    FIELD(struct service_status, pending_events, "pendingEvents", FIELD_INT, 0,
          .doc = "That are to be sent, in the whole schema."),
    FIELD(struct service_status, oldest_event_s, "oldestEventSeconds", FIELD_INT, 0,
          .doc = "Age of the oldest of them."),
    FIELD(struct service_status, pools, "pools", FIELD_LIST, 0, .item = &POOL,
          .max = STATUS_POOLS_MAX, .count_offset = offsetof(struct service_status, n_pools),
          .doc = "Its worker threads."),
};

const struct descriptor SERVICE_STATUS =
    DESCRIPTOR(struct service_status, "ServiceStatus", STATUS_FIELDS, "How an instance is.");

/* In the order of enum breaker_state. */
static const char *const STATE_NAMES[] = {"CLOSED", "OPEN", "HALF_OPEN", NULL};

static const struct field BREAKER_FIELDS[] = {
    FIELD(struct breaker_item, service, "service", FIELD_TEXT, FIELD_REQUIRED, .doc = "Who asks."),
    FIELD(struct breaker_item, instance, "instance", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Which process of it: host and pid."),
    FIELD(struct breaker_item, subject, "subject", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "What it asks."),
    FIELD(struct breaker_item, state, "state", FIELD_ENUM, FIELD_REQUIRED, .names = STATE_NAMES,
          .doc = "OPEN: it is not asked; HALF_OPEN: a few questions try it."),
};

static const struct descriptor BREAKER =
    DESCRIPTOR(struct breaker_item, "Breaker", BREAKER_FIELDS, "A circuit breaker.");

static const struct field LIST_FIELDS[] = {
    FIELD(struct breaker_list, items, "items", FIELD_LIST, FIELD_REQUIRED, .item = &BREAKER,
          .max = BREAKER_LIST_MAX, .count_offset = offsetof(struct breaker_list, n),
          .doc = "Of each subject that was asked."),
};

const struct descriptor BREAKER_LIST =
    DESCRIPTOR(struct breaker_list, "BreakerList", LIST_FIELDS, "The breakers of an instance.");

/* ---- doctor ---- */

/* In the order of enum verdict. */
static const char *const VERDICT_NAMES[] = {"OK", "BROKEN", "UNKNOWN", NULL};

static const struct field DOCTOR_FIELDS[] = {
    FIELD(struct doctor_item, check, "check", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "What must be true."),
    FIELD(struct doctor_item, verdict, "verdict", FIELD_ENUM, FIELD_REQUIRED,
          .names = VERDICT_NAMES, .doc = "UNKNOWN: it could not be looked at."),
    FIELD(struct doctor_item, count, "count", FIELD_INT, FIELD_REQUIRED,
          .doc = "How much is not as it must be; of rows, 1000 at most."),
    FIELD(struct doctor_item, example, "example", FIELD_UUID, 0, .doc = "One of them."),
    FIELD(struct doctor_item, advice, "advice", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "What to do when it is broken."),
};

static const struct descriptor DOCTOR_ITEM =
    DESCRIPTOR(struct doctor_item, "DoctorItem", DOCTOR_FIELDS, "What was looked at.");

static const struct field REPORT_FIELDS[] = {
    FIELD(struct doctor_report, items, "items", FIELD_LIST, FIELD_REQUIRED, .item = &DOCTOR_ITEM,
          .max = DOCTOR_ITEMS_MAX, .count_offset = offsetof(struct doctor_report, n),
          .doc = "All that was looked at."),
};

const struct descriptor DOCTOR_REPORT = DESCRIPTOR(
    struct doctor_report, "DoctorReport", REPORT_FIELDS, "What is true of a service's schema.");

static const struct field ID_FIELDS[] = {
    FIELD(struct id_item, id, "id", FIELD_UUID, FIELD_REQUIRED, .doc = "An id."),
    FIELD(struct id_item, value, "value", FIELD_TEXT, 0,
          .doc = "What another service must say of it as well: an amount, for example."),
};

static const struct descriptor ID = DESCRIPTOR(struct id_item, "Id", ID_FIELDS, "An id.");

static const struct field ID_LIST_FIELDS[] = {
    FIELD(struct id_list, ids, "ids", FIELD_LIST, FIELD_REQUIRED, .item = &ID, .max = ID_LIST_MAX,
          .count_offset = offsetof(struct id_list, n), .doc = "In order."),
};

const struct descriptor ID_LIST =
    DESCRIPTOR(struct id_list, "IdList", ID_LIST_FIELDS, "Ids of a set.");

static const struct field ID_LIST_QUERY_FIELDS[] = {
    FIELD(struct id_list_query, set, "set", FIELD_TEXT, FIELD_REQUIRED, .doc = "Of which set."),
    FIELD(struct id_list_query, after, "after", FIELD_UUID, 0,
          .doc = "The last one seen; from the start when it is not there."),
    FIELD(struct id_list_query, limit, "limit", FIELD_INT, 0, .min = 1, .max = ID_LIST_MAX,
          .fallback = ID_LIST_MAX, .doc = "So many at most."),
};

const struct descriptor ID_LIST_QUERY = DESCRIPTOR(struct id_list_query, "IdListQuery",
                                                   ID_LIST_QUERY_FIELDS, "A page of a set of ids.");

static const struct field ID_KEEP_FIELDS[] = {
    FIELD(struct id_keep_query, set, "set", FIELD_TEXT, FIELD_REQUIRED, .doc = "Of which set."),
    FIELD(struct id_keep_query, list, "", FIELD_INLINE, 0, .item = &ID_LIST),
};

const struct descriptor ID_KEEP_QUERY = DESCRIPTOR(
    struct id_keep_query, "IdKeepQuery", ID_KEEP_FIELDS, "Which of these ids are in a set?");

const struct operation_error ID_ERRORS[] = {
    {ST_NOT_FOUND, "no_such_set", "The service has no set of this name."},
    {ST_OK,        NULL,          NULL                                  },
};
