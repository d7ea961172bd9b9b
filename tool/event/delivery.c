/* delivery.c - see delivery.h. */
#include "tool/event/delivery.h"

#include <string.h>

#include "tool/core/header.h"
#include "tool/core/mem.h"

const struct delivery_header DELIVERY_HEADER_ROWS[DELIVERY_HEADERS] = {
    {"ce-id",           offsetof(struct delivery, id)         },
    {"ce-type",         offsetof(struct delivery, type)       },
    {"ce-source",       offsetof(struct delivery, source)     },
    {"ce-time",         offsetof(struct delivery, time)       },
    {"ce-partitionkey", offsetof(struct delivery, key)        },
    {"traceparent",     offsetof(struct delivery, traceparent)},
};

static const char PREFIX[] = "event.";

bool delivery_subject(const char *subject, char type[EVENT_NAME_MAX + 1], unsigned *partition)
{
    const char *name = subject + sizeof(PREFIX) - 1, *last = strrchr(subject, '.');
    size_t len;

    if (strncmp(subject, PREFIX, sizeof(PREFIX) - 1) != 0 || last < name)
        return false;
    len = (size_t)(last - name);
    if (len == 0 || len > EVENT_NAME_MAX || strlen(last) != 3 ||
        strspn(last + 1, "0123456789") != 2)
        return false;
    memcpy(type, name, len);
    type[len] = '\0';
    *partition = (unsigned)(last[1] - '0') * 10 + (unsigned)(last[2] - '0');
    return true;
}

/* For what has none that can be read: known again when it is delivered again. */
static struct uuid id_of_place(uint64_t stream_seq)
{
    struct uuid id = {.b = {0xff}};

    for (int i = 0; i < 8; i++)
        id.b[15 - i] = (uint8_t)(stream_seq >> (8 * i));
    return id;
}

const char *delivery_read(const struct delivery *d, const char *type, struct event *event)
{
    const char *fault = NULL;

    event->attempt = d->attempt;
    event->stream_seq = d->stream_seq;
    event->json = d->data;
    event->json_len = d->len;
    if (d->traceparent && header_is_traceparent(d->traceparent))
        TEXT_COPY(event->traceparent, d->traceparent);
    if (d->len > EVENT_DATA_MAX)
        fault = "the data is too long";
    if (!d->time || clock_parse(d->time, &event->time_us) != 0)
        fault = "ce-time is missing or malformed";
    if (!d->source || !header_is_printable(d->source, EVENT_SOURCE_MAX))
        fault = "ce-source is missing or malformed";
    else
        TEXT_COPY(event->source, d->source);
    if (!d->type || strcmp(d->type, type) != 0)
        fault = "ce-type is not what the subject says";
    if (!d->key || !uuid_parse(d->key, &event->key) || uuid_is_nil(event->key)) {
        event->key = (struct uuid){{0}};
        fault = "ce-partitionkey is missing or malformed";
    }
    if (!d->id || !uuid_parse(d->id, &event->id) || uuid_is_nil(event->id)) {
        event->id = id_of_place(d->stream_seq);
        fault = "ce-id is missing or malformed";
    }
    return fault;
}
