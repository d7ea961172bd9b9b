/* api_reply.c - see api_reply.h. */
#include "tool/stream/api_reply.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/clock.h"
#include "tool/core/mem.h"
#include "tool/encoder/descriptor.h"

enum { TIME_MAX = 47, SECONDS_LEN = 19 }; /* "2026-01-31T12:34:56" */
enum { NO_CONSUMER = 10014, NO_MESSAGE = 10037 };

struct api_error {
    int64_t code, err_code;
    char description[API_WHY_MAX - 31];
};

struct sequences {
    int64_t first, last, stream, consumer;
};

struct stored {
    char time[TIME_MAX + 1];
};

struct answer {
    struct api_error error;
    struct sequences delivered, state;
    struct stored message;
    int64_t pending;
};

/* clang-format off */
static const struct field ERROR_FIELDS[] = {
    FIELD(struct api_error, code, "code", FIELD_INT, 0, .rule = NULL),
    FIELD(struct api_error, err_code, "err_code", FIELD_INT, 0, .rule = NULL),
    FIELD(struct api_error, description, "description", FIELD_TEXT, 0, .rule = NULL),
};
static const struct descriptor ERROR = DESCRIPTOR(struct api_error, "Error", ERROR_FIELDS, "");
static const struct field SEQUENCE_FIELDS[] = {
    FIELD(struct sequences, first, "first_seq", FIELD_INT, 0, .rule = NULL),
    FIELD(struct sequences, last, "last_seq", FIELD_INT, 0, .rule = NULL),
    FIELD(struct sequences, stream, "stream_seq", FIELD_INT, 0, .rule = NULL),
    FIELD(struct sequences, consumer, "consumer_seq", FIELD_INT, 0, .rule = NULL),
};
static const struct descriptor SEQUENCES =
    DESCRIPTOR(struct sequences, "Sequences", SEQUENCE_FIELDS, "");
static const struct field MESSAGE_FIELDS[] = {
    FIELD(struct stored, time, "time", FIELD_TEXT, 0, .rule = NULL),
};
static const struct descriptor MESSAGE = DESCRIPTOR(struct stored, "Message", MESSAGE_FIELDS, "");
static const struct field ANSWER_FIELDS[] = {
    FIELD(struct answer, error, "error", FIELD_OBJECT, 0, .item = &ERROR),
    FIELD(struct answer, delivered, "delivered", FIELD_OBJECT, 0, .item = &SEQUENCES),
    FIELD(struct answer, state, "state", FIELD_OBJECT, 0, .item = &SEQUENCES),
    FIELD(struct answer, message, "message", FIELD_OBJECT, 0, .item = &MESSAGE),
    FIELD(struct answer, pending, "num_pending", FIELD_INT, 0, .rule = NULL),
};
/* clang-format on */
static const struct descriptor ANSWER = DESCRIPTOR(struct answer, "Answer", ANSWER_FIELDS, "");

/* Nanoseconds are more than our clock reads. */
static int64_t read_time(const char *text)
{
    char cut[CLOCK_TEXT_MAX + 1] = "";
    size_t n = strcspn(text, "Z");
    int64_t time_us = 0;

    if (n > CLOCK_TEXT_MAX - 1)
        n = CLOCK_TEXT_MAX - 1;
    if (n < SECONDS_LEN)
        return 0;
    memcpy(cut, text, n);
    cut[n] = 'Z';
    return clock_parse(cut, &time_us) == 0 ? time_us : 0;
}

enum status api_reply_read(const char *json, size_t len, struct api_reply *out)
{
    struct problem problem = {0};
    struct answer answer;

    *out = (struct api_reply){0};
    if (decode_lenient(&ANSWER, json, len, &answer, &problem) != ST_OK) {
        TEXT_COPY(out->why, "JetStream's answer cannot be read");
        return ST_UNAVAILABLE;
    }
    if (answer.error.code != 0) {
        snprintf(out->why, sizeof(out->why), "%s (%lld)", answer.error.description,
                 (long long)answer.error.err_code);
        return answer.error.err_code == NO_CONSUMER || answer.error.err_code == NO_MESSAGE
                   ? ST_NOT_FOUND
                   : ST_UNAVAILABLE;
    }
    out->pending = answer.pending;
    out->delivered_seq = answer.delivered.stream;
    out->deliveries = answer.delivered.consumer;
    out->first_seq = answer.state.first;
    out->last_seq = answer.state.last;
    out->time_us = read_time(answer.message.time);
    return ST_OK;
}
