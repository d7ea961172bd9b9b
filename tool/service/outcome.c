/* outcome.c - see outcome.h. */
#include "tool/service/outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"

static int64_t version_of(const struct endpoint *row, const void *out)
{
    int64_t version = 0;

    if (row->etag)
        memcpy(&version, (const char *)out + row->etag, sizeof(version));
    return version;
}

/* So many fields, so much to say of each, that it cannot be kept: then it is not said at all. */
static bool shorten(struct problem *problem)
{
    bool can = problem->n_errors > 0;

    problem->n_errors = 0;
    return can;
}

bool outcome_write(const struct endpoint *row, enum status st, const struct call *call,
                   const void *out, char text[OUTCOME_MAX + 1])
{
    int64_t number = st == ST_OK ? version_of(row, out) : call->problem->retry_after_s;
    struct json_out o;
    int head;

    if (row->older && row->older->write(st, call, out, text, OUTCOME_MAX + 1))
        return true;
    head = snprintf(text, OUTCOME_MAX + 1, "%d %lld ", status_http(st), (long long)number);
    do {
        json_out_init(&o, text + head, (size_t)(OUTCOME_MAX + 1 - head));
        if (st == ST_OK)
            encode(row->op->reply, out, &o);
        else
            encode_problem(call->problem, NULL, NULL, &o);
    } while (o.overflow && st != ST_OK && shorten(call->problem));
    if (o.overflow)
        log_error("an outcome is too large to be kept", LOG_CALL(call),
                  LOG_TEXT("subject", row->op->subject), LOG_INT("status", status_http(st)));
    return !o.overflow;
}

static enum status unreadable(const struct endpoint *row, const struct call *call)
{
    log_error("a kept outcome cannot be read", LOG_CALL(call),
              LOG_TEXT("subject", row->op->subject));
    *call->problem = (struct problem){0};
    return ST_INTERNAL;
}

static enum status read_reply(const struct endpoint *row, const char *json, int64_t version,
                              const struct call *call, void *out)
{
    if (row->op->reply &&
        decode_lenient(row->op->reply, json, strlen(json), out, call->problem) != ST_OK)
        return unreadable(row, call);
    if (row->etag)
        memcpy((char *)out + row->etag, &version, sizeof(version));
    return ST_OK;
}

enum status outcome_read(const struct endpoint *row, const char *text, const struct call *call,
                         void *out)
{
    enum status st = row->older ? row->older->read(text, call, out) : ST_PENDING;
    char *rest, *json;
    int http;
    int64_t number;

    if (st != ST_PENDING)
        return st;
    if (strcmp(text, OUTCOME_UNDONE) == 0)
        return call_fail(call, ST_CONFLICT, "cancelled", "This was cancelled.");
    http = (int)strtol(text, &rest, 10);
    number = strtoll(rest, &json, 10);
    if (http < 200 || json == rest || *json != ' ')
        return unreadable(row, call);
    json++;
    if (http == status_http(ST_OK))
        return read_reply(row, json, number, call, out);
    decode_problem(json, strlen(json), http, call->problem);
    call->problem->retry_after_s = (int)number;
    return call->problem->status;
}

bool outcome_was_done(const struct endpoint *row, const char *text, const struct call *call)
{
    void *out = mem_alloc(1, row->op->reply ? row->op->reply->size : 1);
    struct problem problem = {0};
    struct call quiet = *call;
    enum status st;

    quiet.problem = &problem;
    st = row->older ? row->older->read(text, &quiet, out) : ST_PENDING;
    free(out);
    return st == ST_OK || (st == ST_PENDING && strncmp(text, "200 ", 4) == 0);
}
