/* status.c - the vocabulary of outcomes as tables. */
#include "tool/core/status.h"

#include <stddef.h>

#include "tool/core/mem.h"

static const struct {
    const char *name, *code, *title;
    int http;
} STATUSES[] = {
#define X(name, http, code, title) [name] = {#name, code, title, http},
    STATUS_LIST(X)
#undef X
};

const char *status_name(enum status st)
{
    return (size_t)st < ARRAY_LEN(STATUSES) ? STATUSES[st].name : "ST_?";
}

int status_http(enum status st)
{
    return (size_t)st < ARRAY_LEN(STATUSES) ? STATUSES[st].http : 500;
}

const char *status_code(enum status st)
{
    return (size_t)st < ARRAY_LEN(STATUSES) ? STATUSES[st].code : "internal";
}

const char *status_title(enum status st)
{
    return (size_t)st < ARRAY_LEN(STATUSES) ? STATUSES[st].title : "Internal error";
}

enum status status_from_http(int http)
{
    if (http == 503)
        return ST_UNAVAILABLE; /* not ST_OVERLOADED, which is listed first */
    for (size_t i = 0; i < ARRAY_LEN(STATUSES); i++)
        if (STATUSES[i].http == http)
            return (enum status)i;
    return http >= 400 && http < 500 ? ST_INVALID : ST_INTERNAL;
}

int status_is_no(enum status st)
{
    return st == ST_NOT_FOUND || st == ST_CONFLICT || st == ST_STALE || st == ST_UNPROCESSABLE;
}

int status_is_refusal(enum status st)
{
    int http = status_http(st);

    return http >= 400 && http < 500 && http != 429;
}
