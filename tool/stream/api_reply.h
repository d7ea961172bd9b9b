/* api_reply.h - what JetStream answers about streams, consumers and messages. Pure; private to
 * tool/stream. */
#ifndef TOOL_STREAM_API_REPLY_H
#define TOOL_STREAM_API_REPLY_H

#include <stddef.h>
#include <stdint.h>

#include "tool/core/status.h"

enum { API_WHY_MAX = 255 };

/* What an answer is not about is 0. */
struct api_reply {
    int64_t pending;             /* of a consumer: messages yet to be delivered */
    int64_t delivered_seq;       /* of a consumer: the last one it has delivered */
    int64_t deliveries;          /* of a consumer: how many it has made */
    int64_t first_seq, last_seq; /* of a stream */
    int64_t time_us;             /* of a message: when it was stored, cut to microseconds */
    char why[API_WHY_MAX + 1];   /* unless ST_OK */
};

/** ST_OK | ST_NOT_FOUND (no such consumer, no such message) | ST_UNAVAILABLE (anything else, no
 * such stream and what cannot be read included) */
enum status api_reply_read(const char *json, size_t len, struct api_reply *out);

#endif
