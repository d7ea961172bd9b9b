/* event_type.h - what has happened, as a type: declared once beside the other messages, said by a
 * use case inside its transaction (tool/outbox), heard by others (CloudEvents over JetStream). */
#ifndef TOOL_ENCODER_EVENT_TYPE_H
#define TOOL_ENCODER_EVENT_TYPE_H

#include "tool/core/uuid.h"
#include "tool/encoder/descriptor.h"

enum {
    EVENT_NAME_MAX = 63,
    EVENT_DATA_MAX = 4095, /* bytes of JSON */
    EVENT_PARTITIONS = 16,
};

struct event_type {
    const char *name; /* "auth.account_created": its service, then what has happened */
    const char *summary;
    const struct descriptor *data; /* nothing personal: events are kept for long and read widely */
    size_t key; /* offsetof, in data, the struct uuid whose events are seen in order */
};

/** The one of that name in a NULL-terminated list; NULL = it is not among them. */
const struct event_type *event_type_among(const struct event_type *const *list, const char *name);
/** Whose order it is in. */
struct uuid event_key(const struct event_type *type, const void *data);
/** Below EVENT_PARTITIONS: FNV-1a (32 bits) of the key's text form. */
unsigned event_partition(struct uuid key);

enum { EVENT_SUBJECT_MAX = sizeof("event.") - 1 + EVENT_NAME_MAX + sizeof(".00") - 1 };
/** "event.auth.account_created.07"; buf is returned. name: up to EVENT_NAME_MAX bytes. */
char *event_subject(const char *name, unsigned partition, char buf[EVENT_SUBJECT_MAX + 1]);

#endif
