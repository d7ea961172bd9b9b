/* puller_reply.c - see puller_reply.h. */
#include "tool/stream/puller_reply.h"

#include <stdio.h>

#include "tool/encoder/descriptor.h"

struct api_error {
    int64_t code;
    char description[PULLER_WHY_MAX - 31];
};

struct consumer_reply {
    struct api_error error;
    int64_t pending;
};

/* clang-format off */
static const struct field ERROR_FIELDS[] = {
    FIELD(struct api_error, code, "code", FIELD_INT, 0, .rule = NULL),
    FIELD(struct api_error, description, "description", FIELD_TEXT, 0, .rule = NULL),
};
static const struct descriptor ERROR = DESCRIPTOR(struct api_error, "Error", ERROR_FIELDS, "");
static const struct field REPLY_FIELDS[] = {
    FIELD(struct consumer_reply, error, "error", FIELD_OBJECT, 0, .item = &ERROR),
    FIELD(struct consumer_reply, pending, "num_pending", FIELD_INT, 0, .rule = NULL),
};
/* clang-format on */
static const struct descriptor REPLY =
    DESCRIPTOR(struct consumer_reply, "Consumer", REPLY_FIELDS, "");

enum status puller_reply_read(const char *json, size_t len, uint64_t *pending,
                              char why[PULLER_WHY_MAX + 1])
{
    struct problem problem = {0};
    struct consumer_reply reply;

    if (decode_lenient(&REPLY, json, len, &reply, &problem) != ST_OK) {
        snprintf(why, PULLER_WHY_MAX + 1, "JetStream's answer cannot be read");
        return ST_UNAVAILABLE;
    }
    if (reply.error.code != 0) {
        snprintf(why, PULLER_WHY_MAX + 1, "%s (%lld)", reply.error.description,
                 (long long)reply.error.code);
        return ST_UNAVAILABLE;
    }
    *pending = reply.pending > 0 ? (uint64_t)reply.pending : 0;
    return ST_OK;
}
