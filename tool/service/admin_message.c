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
    FIELD(struct service_status, open_breakers, "openBreakers", FIELD_INT, FIELD_REQUIRED,
          .doc = "Subjects it does not ask for now."),
    FIELD(struct service_status, open_sagas, "openSagas", FIELD_INT, 0,
          .doc = "That have not ended, in the whole schema."),
    FIELD(struct service_status, oldest_saga_s, "oldestSagaSeconds", FIELD_INT, 0,
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
