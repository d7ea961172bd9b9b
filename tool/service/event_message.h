/* event_message.h - what operators ask of a service's outbox and of its dead letters. */
#ifndef TOOL_SERVICE_EVENT_MESSAGE_H
#define TOOL_SERVICE_EVENT_MESSAGE_H

#include "tool/encoder/operation.h"
#include "tool/event/dead_letter.h"
#include "tool/service/admin_message.h"

enum { PARTITIONS_TEXT_MAX = 3 * EVENT_PARTITIONS };

/* The outbox, as one instance sees it. */
struct outbox_status {
    char instance[STATUS_INSTANCE_MAX + 1];
    int64_t pending, oldest_ms;               /* of the whole schema */
    char partitions[PARTITIONS_TEXT_MAX + 1]; /* those it relays: "00 07" */
    int64_t sent, failed, again;              /* since it was started */
};

struct outbox_replay {
    int64_t after; /* the sequence in the stream */
};

struct outbox_replayed {
    int64_t count;
    bool more; /* the time was over before all were */
};

struct dead_query {
    struct uuid id;
};

struct dead_list_query {
    int64_t after, limit;
    struct uuid key; /* nil = any */
    bool dead_only;
};

struct dead_list {
    struct dead_letter items[DEAD_LETTER_LIST_MAX]; /* without their data */
    size_t n;
    bool more;
};

struct dead_done {
    struct uuid id;
    int64_t handled;
};

extern const struct descriptor OUTBOX_STATUS, OUTBOX_REPLAY, OUTBOX_REPLAYED;
extern const struct descriptor DEAD_QUERY, DEAD_LIST_QUERY, DEAD_LIST, DEAD_DETAIL, DEAD_DONE;
extern const struct operation_error DEAD_ERRORS[];

#endif
