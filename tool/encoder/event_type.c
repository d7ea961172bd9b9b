/* event_type.c - see event_type.h. */
#include "tool/encoder/event_type.h"

#include <stdio.h>
#include <string.h>

enum { FNV_PRIME = 16777619 };
#define FNV_BASIS UINT32_C(2166136261)

const struct event_type *event_type_among(const struct event_type *const *list, const char *name)
{
    for (; *list; list++)
        if (strcmp((*list)->name, name) == 0)
            return *list;
    return NULL;
}

struct uuid event_key(const struct event_type *type, const void *data)
{
    return *(const struct uuid *)(const void *)((const char *)data + type->key);
}

unsigned event_partition(struct uuid key)
{
    char text[UUID_TEXT_LEN + 1];
    uint32_t hash = FNV_BASIS;

    uuid_text(key, text);
    for (const char *p = text; *p; p++)
        hash = (hash ^ (uint8_t)*p) * FNV_PRIME;
    return hash % EVENT_PARTITIONS;
}

char *event_subject(const char *name, unsigned partition, char buf[EVENT_SUBJECT_MAX + 1])
{
    snprintf(buf, EVENT_SUBJECT_MAX + 1, "event.%.*s.%02u", EVENT_NAME_MAX, name,
             partition % EVENT_PARTITIONS);
    return buf;
}
