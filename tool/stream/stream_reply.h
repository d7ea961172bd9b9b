/* stream_reply.h - what JetStream answers about a stream and what is stored in it: its requests as
 * operations, its acknowledgement of what was published. Pure; private to tool/stream. */
#ifndef TOOL_STREAM_STREAM_REPLY_H
#define TOOL_STREAM_STREAM_REPLY_H

#include "tool/encoder/operation.h"
#include "tool/core/uuid.h"

enum { STREAM_REPLY_WHY_MAX = 159, STREAM_HEADERS_MAX = 2047 };

struct stream_error {
    int64_t code; /* as HTTP's; 0 = none */
    char description[STREAM_REPLY_WHY_MAX + 1];
};

/* To a publication. */
struct stream_ack {
    struct stream_error error;
    int64_t seq;
    bool duplicate;
};

struct stream_state {
    int64_t first_seq, last_seq;
};

struct stream_metadata {
    char version[STREAM_REPLY_WHY_MAX + 1]; /* of the server; "" = before 2.11 */
};

struct stream_described {
    char storage[STREAM_REPLY_WHY_MAX + 1]; /* "file", "memory" */
    int64_t replicas;
    struct stream_metadata metadata;
};

struct stream_cluster {
    char name[STREAM_REPLY_WHY_MAX + 1]; /* "" = the server is in none */
};

struct stream_info {
    struct stream_error error;
    struct stream_described config;
    struct stream_cluster cluster;
    struct stream_state state;
};

struct stream_get {
    int64_t seq;
};

struct stream_stored {
    int64_t seq;
    char hdrs[STREAM_HEADERS_MAX + 1]; /* base64 */
};

struct stream_got {
    struct stream_error error;
    struct stream_stored message;
};

/* stream_info; stream_get -> stream_got */
extern const struct descriptor STREAM_INFO, STREAM_GET, STREAM_GOT;

/** ST_OK | ST_UNAVAILABLE: it is not stored, and out->error.description says why. */
enum status stream_ack_read(const char *json, size_t len, struct stream_ack *out);
/** The Nats-Msg-Id among headers as stream_stored has them. False: there is none, or no UUID. */
bool stream_msg_id(const char *hdrs, struct uuid *id);

#endif
