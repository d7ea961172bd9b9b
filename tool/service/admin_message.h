/* admin_message.h - what operators ask every service: <service>.admin.... , each message once. What
 * they ask of sagas is in tool/saga/saga_admin.h. */
#ifndef TOOL_SERVICE_ADMIN_MESSAGE_H
#define TOOL_SERVICE_ADMIN_MESSAGE_H

#include "tool/core/uuid.h"
#include "tool/encoder/operation.h"

enum {
    STATUS_POOLS_MAX = 16,
    STATUS_MISSING_MAX = 127,
    STATUS_INSTANCE_MAX = 95,
    BREAKER_LIST_MAX = 256,
    BREAKER_SUBJECT_MAX = 127,
    DOCTOR_ITEMS_MAX = 48,
    ID_LIST_MAX = 1000,
    ID_VALUE_MAX = 47,
};

struct pool_status {
    char name[32];
    int64_t queued, running;
};

/* How one instance is. */
struct service_status {
    char service[32], instance[STATUS_INSTANCE_MAX + 1], version[32];
    int64_t started_us;
    bool ready;
    char missing[STATUS_MISSING_MAX + 1]; /* what is not there that it needs; "" = all is */
    int64_t memory_bytes, requests, open_breakers;
    int64_t open_sagas, oldest_saga_s; /* of the schema, lately */
    int64_t queued;
    int64_t pending_events, oldest_event_s; /* of its outbox, lately */
    struct pool_status pools[STATUS_POOLS_MAX];
    size_t n_pools;
};

struct breaker_item {
    char service[32], instance[STATUS_INSTANCE_MAX + 1], subject[BREAKER_SUBJECT_MAX + 1];
    int state; /* enum breaker_state */
};

struct breaker_list {
    struct breaker_item items[BREAKER_LIST_MAX];
    size_t n;
};

enum verdict { VERDICT_OK, VERDICT_BROKEN, VERDICT_UNKNOWN };

/* One thing that must be true. */
struct doctor_item {
    char check[96], advice[256];
    int verdict;         /* enum verdict */
    int64_t count;       /* how much is not as it must be */
    struct uuid example; /* of what it is; nil = none */
};

struct doctor_report {
    struct doctor_item items[DOCTOR_ITEMS_MAX];
    size_t n;
};

struct id_item {
    struct uuid id;
    char value[ID_VALUE_MAX + 1]; /* "" = the set has none */
};

struct id_list {
    struct id_item ids[ID_LIST_MAX];
    size_t n;
};

struct id_list_query {
    char set[64];
    struct uuid after; /* nil: from the start */
    int64_t limit;
};

struct id_keep_query {
    char set[64];
    struct id_list list;
};

extern const struct descriptor SERVICE_STATUS, BREAKER_LIST, DOCTOR_REPORT;
extern const struct descriptor ID_LIST_QUERY, ID_KEEP_QUERY, ID_LIST;
extern const struct operation_error ID_ERRORS[];

#endif
