/* stream_reply.c - see stream_reply.h. */
#include "tool/stream/stream_reply.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* clang-format off */
static const struct field ERROR_FIELDS[] = {
    FIELD(struct stream_error, code, "code", FIELD_INT, 0, .rule = NULL),
    FIELD(struct stream_error, description, "description", FIELD_TEXT, 0, .rule = NULL),
};
static const struct descriptor ERROR = DESCRIPTOR(struct stream_error, "Error", ERROR_FIELDS, "");

static const struct field ACK_FIELDS[] = {
    FIELD(struct stream_ack, error, "error", FIELD_OBJECT, 0, .item = &ERROR),
    FIELD(struct stream_ack, seq, "seq", FIELD_INT, 0, .rule = NULL),
    FIELD(struct stream_ack, duplicate, "duplicate", FIELD_BOOL, 0, .rule = NULL),
};
static const struct descriptor ACK = DESCRIPTOR(struct stream_ack, "Ack", ACK_FIELDS, "");

static const struct field STATE_FIELDS[] = {
    FIELD(struct stream_state, first_seq, "first_seq", FIELD_INT, 0, .rule = NULL),
    FIELD(struct stream_state, last_seq, "last_seq", FIELD_INT, 0, .rule = NULL),
};
static const struct descriptor STATE = DESCRIPTOR(struct stream_state, "State", STATE_FIELDS, "");

static const struct field METADATA_FIELDS[] = {
    FIELD(struct stream_metadata, version, "_nats.ver", FIELD_TEXT, 0, .rule = NULL),
};
static const struct descriptor METADATA =
    DESCRIPTOR(struct stream_metadata, "Metadata", METADATA_FIELDS, "");

static const struct field DESCRIBED_FIELDS[] = {
    FIELD(struct stream_described, storage, "storage", FIELD_TEXT, 0, .rule = NULL),
    FIELD(struct stream_described, replicas, "num_replicas", FIELD_INT, 0, .rule = NULL),
    FIELD(struct stream_described, metadata, "metadata", FIELD_OBJECT, 0, .item = &METADATA),
};
static const struct descriptor DESCRIBED =
    DESCRIPTOR(struct stream_described, "Config", DESCRIBED_FIELDS, "");

static const struct field CLUSTER_FIELDS[] = {
    FIELD(struct stream_cluster, name, "name", FIELD_TEXT, 0, .rule = NULL),
};
static const struct descriptor CLUSTER =
    DESCRIPTOR(struct stream_cluster, "Cluster", CLUSTER_FIELDS, "");

static const struct field INFO_FIELDS[] = {
    FIELD(struct stream_info, error, "error", FIELD_OBJECT, 0, .item = &ERROR),
    FIELD(struct stream_info, config, "config", FIELD_OBJECT, 0, .item = &DESCRIBED),
    FIELD(struct stream_info, cluster, "cluster", FIELD_OBJECT, 0, .item = &CLUSTER),
    FIELD(struct stream_info, state, "state", FIELD_OBJECT, 0, .item = &STATE),
};
const struct descriptor STREAM_INFO = DESCRIPTOR(struct stream_info, "Info", INFO_FIELDS, "");

static const struct field GET_FIELDS[] = {
    FIELD(struct stream_get, seq, "seq", FIELD_INT, FIELD_REQUIRED, .rule = NULL),
};
const struct descriptor STREAM_GET = DESCRIPTOR(struct stream_get, "Get", GET_FIELDS, "");

static const struct field STORED_FIELDS[] = {
    FIELD(struct stream_stored, seq, "seq", FIELD_INT, 0, .rule = NULL),
    FIELD(struct stream_stored, hdrs, "hdrs", FIELD_TEXT, 0, .rule = NULL),
};
static const struct descriptor STORED = DESCRIPTOR(struct stream_stored, "Stored", STORED_FIELDS, "");

static const struct field GOT_FIELDS[] = {
    FIELD(struct stream_got, error, "error", FIELD_OBJECT, 0, .item = &ERROR),
    FIELD(struct stream_got, message, "message", FIELD_OBJECT, 0, .item = &STORED),
};
const struct descriptor STREAM_GOT = DESCRIPTOR(struct stream_got, "Got", GOT_FIELDS, "");
/* clang-format on */

enum status stream_ack_read(const char *json, size_t len, struct stream_ack *out)
{
    struct problem problem = {0};

    if (decode_lenient(&ACK, json, len, out, &problem) != ST_OK) {
        *out = (struct stream_ack){
            .error = {500, "JetStream's answer cannot be read"}
        };
        return ST_UNAVAILABLE;
    }
    return out->error.code == 0 && out->seq > 0 ? ST_OK : ST_UNAVAILABLE;
}

/* -1: no character of it. */
static int base64_value(char c)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(DIGITS, c) : NULL;

    return at ? (int)(at - DIGITS) : -1;
}

/* As far as it is base64; what is cut off is not there. */
static size_t decode_base64(const char *text, char *out, size_t size)
{
    unsigned bits = 0, value = 0;
    size_t n = 0;

    for (int v; (v = base64_value(*text)) >= 0 && n < size; text++) {
        value = (value << 6 | (unsigned)v) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[n++] = (char)(value >> bits & 0xff);
        }
    }
    return n;
}

bool stream_msg_id(const char *hdrs, struct uuid *id)
{
    static const char NAME[] = "\r\nNats-Msg-Id:";
    char text[STREAM_HEADERS_MAX + 1], value[UUID_TEXT_LEN + 1];
    const char *at;
    size_t n = decode_base64(hdrs, text, sizeof(text) - 1);

    text[n] = '\0';
    at = strcasestr(text, NAME);
    if (!at)
        return false;
    at += strlen(NAME);
    at += strspn(at, " ");
    if (strcspn(at, "\r\n") != UUID_TEXT_LEN)
        return false;
    memcpy(value, at, UUID_TEXT_LEN);
    value[UUID_TEXT_LEN] = '\0';
    return uuid_parse(value, id);
}
