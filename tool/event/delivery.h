/* delivery.h - an event as it comes from the stream: a CloudEvent in the binary mode of the NATS
 * binding, read from its subject and headers. Pure. */
#ifndef TOOL_EVENT_DELIVERY_H
#define TOOL_EVENT_DELIVERY_H

#include "tool/event/hearing.h"

/* As received; texts are borrowed, NULL = the header is not there. */
struct delivery {
    const char *subject; /* "event.auth.account_created.07" */
    const char *id, *type, *source, *time, *key, *traceparent;
    const char *data;
    size_t len;
    uint64_t stream_seq;
    unsigned attempt; /* 1 = delivered for the first time */
};

/* A header, and the member of a delivery that it is kept in. */
struct delivery_header {
    const char *name;
    size_t offset; /* of a const char * */
};
enum { DELIVERY_HEADERS = 6 };
extern const struct delivery_header DELIVERY_HEADER_ROWS[DELIVERY_HEADERS];

/** The type that a subject names ("auth.account_created") and the partition; false when it is no
 * subject of an event. */
bool delivery_subject(const char *subject, char type[EVENT_NAME_MAX + 1], unsigned *partition);
/** Reads all but type and data. NULL: event is complete; else what is wrong, static, and event is
 * as far as it could be read: its id is never nil, its key is when it is not known. */
const char *delivery_read(const struct delivery *d, const char *type, struct event *event);

#endif
