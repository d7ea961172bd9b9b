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

extern const struct descriptor SERVICE_STATUS, BREAKER_LIST;

#endif
