/* event_stream.c - see event_stream.h. */
#include "cmd/gateway/event_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"

/* "W/\"7\"" and "\"7\"" are 7; len of it. */
static const char *version_of(const char *etag, size_t *len)
{
    const char *at = strchr(etag, '"'), *end = at ? strchr(at + 1, '"') : NULL;

    *len = end ? (size_t)(end - at) - 1 : strlen(etag);
    return end ? at + 1 : etag;
}

bool event_stream_is_id(const char *last, const char *etag)
{
    size_t len;
    const char *version = version_of(etag, &len);

    return strlen(last) == len && memcmp(last, version, len) == 0;
}

static void write_data(FILE *out, const char *data, size_t len)
{
    const char *end = data + len;

    while (data < end) {
        const char *stop = data;

        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        fprintf(out, "data: %.*s\n", (int)(stop - data), data);
        data = stop + (stop < end);
    }
}

char *event_stream_write(const char *type, const char *etag, const char *data, size_t len,
                         size_t *out_len)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, out_len);
    size_t version_len;
    const char *version;

    ASSERT(out);
    if (type)
        fprintf(out, "event: %s\n", type);
    if (etag) {
        version = version_of(etag, &version_len);
        fprintf(out, "id: %.*s\n", (int)version_len, version);
    }
    write_data(out, data, len);
    fputs("\n", out);
    fclose(out);
    return text;
}
