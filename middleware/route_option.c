/* route_option.c - see route_option.h. */
#include "middleware/route_option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "middleware/route_gather.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

#define AT(member) .offset = offsetof(struct route, member)

/* clang-format off */
const struct route_option ROUTE_OPTION_ROWS[ROUTE_OPTIONS] = {
    {.name = "auth", .kind = OPTION_CHOICE, AT(bearer), .off = "none", .on = "bearer", .more = "fresh",
     .more_offset = offsetof(struct route, fresh), .fallback = "none",
     .doc = "bearer: an access token is checked first, fresh: its session too"},
    {.name = "body", .kind = OPTION_CHOICE, AT(body), .off = "none", .on = "required", .fallback = "none",
     .with_body = "required", .doc = "required: a JSON body is wanted"},
    {.name = "cache", .kind = OPTION_CACHE, AT(cache_s), .min = 1, .max = 31536000, .fallback = "no-store",
     .doc = "anyone, the gateway too, may keep the answer for so many seconds"},
    {.name = "etag", .kind = OPTION_CHOICE, AT(etag), .off = "no", .on = "yes", .fallback = "no",
     .doc = "has an ETag: GET answers it, the others honour If-Match"},
    {.name = "gather", .kind = OPTION_PARTS, AT(gather),
     .doc = "asks x.y and x.z at once, their answers under a and b; its subject is -"},
    {.name = "idempotency", .kind = OPTION_CHOICE, AT(idempotency), .off = "no", .on = "yes", .fallback = "no",
     .doc = "forwards Idempotency-Key"},
    {.name = "location", .kind = OPTION_LOCATION, AT(location),
     .doc = "Location, filled in from the reply"},
    {.name = "rate", .kind = OPTION_RATE, AT(rate), .fallback = "none",
     .doc = "how many requests a client may send: by which of the classes below"},
    {.name = "status", .kind = OPTION_NUMBER, AT(status), .min = 200, .max = 299, .fallback = "200",
     .doc = "of success"},
    {.name = "timeout", .kind = OPTION_NUMBER, AT(timeout_ms), .min = 1, .max = 60000, .fallback = "5000",
     .doc = "milliseconds the service has"},
    {.name = "wait", .kind = OPTION_CHOICE, AT(wait), .off = "no", .on = "yes", .fallback = "no",
     .doc = "forwards Prefer: wait=N and gives as much more time"},
};
/* clang-format on */

const struct route_option *route_option_find(const char *name)
{
    for (size_t i = 0; i < ROUTE_OPTIONS; i++)
        if (strcmp(ROUTE_OPTION_ROWS[i].name, name) == 0)
            return &ROUTE_OPTION_ROWS[i];
    return NULL;
}

static bool take_number(const struct route_option *option, const char *value, int *out)
{
    char *end;
    long n = strtol(value, &end, 10);

    if (*value < '0' || *value > '9' || *end || n < option->min || n > option->max)
        return false;
    *out = (int)n;
    return true;
}

static bool take_choice(const struct route_option *option, struct route *route, const char *value)
{
    bool more = option->more && strcmp(value, option->more) == 0;
    bool on = more || strcmp(value, option->on) == 0;

    *(bool *)((char *)route + option->offset) = on;
    if (option->more)
        *(bool *)((char *)route + option->more_offset) = more;
    return on || strcmp(value, option->off) == 0;
}

/* "none, bearer or fresh" */
static void choice_names(const struct route_option *option, char right[ROUTE_OPTION_TEXT_MAX + 1])
{
    snprintf(right, ROUTE_OPTION_TEXT_MAX + 1, "%s%s%s or %s", option->off,
             option->more ? ", " : "", option->more ? option->on : "",
             option->more ? option->more : option->on);
}

static bool take_cache(const struct route_option *option, const char *value, int *out)
{
    static const char PUBLIC[] = "public,";

    *out = 0;
    if (strcmp(value, "no-store") == 0)
        return true;
    return strncmp(value, PUBLIC, strlen(PUBLIC)) == 0 &&
           take_number(option, value + strlen(PUBLIC), out);
}

static bool take_rate(const char *value, char out[RATE_NAME_MAX + 1])
{
    bool none = strcmp(value, "none") == 0;

    return (none || rate_class_is_name(value)) &&
           text_copy(out, RATE_NAME_MAX + 1, none ? "" : value);
}

bool route_option_take(const struct route_option *option, struct route *route, const char *value,
                       char right[ROUTE_OPTION_TEXT_MAX + 1])
{
    void *out = (char *)route + option->offset;

    switch (option->kind) {
    case OPTION_CHOICE:
        choice_names(option, right);
        return take_choice(option, route, value);
    case OPTION_NUMBER:
        snprintf(right, ROUTE_OPTION_TEXT_MAX + 1, "a number from %d to %d", option->min,
                 option->max);
        return take_number(option, value, out);
    case OPTION_LOCATION:
        snprintf(right, ROUTE_OPTION_TEXT_MAX + 1, "a path template as /users/{userId}");
        return location_parse(out, value);
    case OPTION_CACHE:
        snprintf(right, ROUTE_OPTION_TEXT_MAX + 1, "no-store or public,SECONDS, %d to %d,",
                 option->min, option->max);
        return take_cache(option, value, out);
    case OPTION_PARTS:
        snprintf(right, ROUTE_OPTION_TEXT_MAX + 1,
                 "name:subject,name:subject, at most %d of them and each name once,",
                 ROUTE_PARTS_MAX);
        return route_parts_parse(out, value);
    case OPTION_RATE:
        snprintf(right, ROUTE_OPTION_TEXT_MAX + 1, "none, or the name of a class");
        return take_rate(value, out);
    }
    return false;
}

void route_option_defaults(struct route *route, bool with_body)
{
    char right[ROUTE_OPTION_TEXT_MAX + 1];

    for (size_t i = 0; i < ROUTE_OPTIONS; i++) {
        const struct route_option *option = &ROUTE_OPTION_ROWS[i];
        const char *value = with_body && option->with_body ? option->with_body : option->fallback;

        if (value)
            ASSERT(route_option_take(option, route, value, right));
    }
}

void route_option_names(char text[ROUTE_OPTION_TEXT_MAX + 1])
{
    size_t len = 0;

    for (size_t i = 0; i < ROUTE_OPTIONS; i++)
        len += (size_t)snprintf(text + len, ROUTE_OPTION_TEXT_MAX + 1 - len, "%s%s",
                                i == 0                   ? ""
                                : i == ROUTE_OPTIONS - 1 ? " and "
                                                         : ", ",
                                ROUTE_OPTION_ROWS[i].name);
}

void route_option_describe(const struct route_option *option, char text[ROUTE_OPTION_TEXT_MAX + 1])
{
    char left[64] = "", without[96] = "";

    switch (option->kind) {
    case OPTION_CHOICE:
        snprintf(left, sizeof(left), "%s=%s|%s%s%s", option->name, option->off, option->on,
                 option->more ? "|" : "", option->more ? option->more : "");
        break;
    case OPTION_NUMBER:
        snprintf(left, sizeof(left), "%s=%d..%d", option->name, option->min, option->max);
        break;
    case OPTION_LOCATION:
        snprintf(left, sizeof(left), "%s=/x/{member}", option->name);
        break;
    case OPTION_CACHE:
        snprintf(left, sizeof(left), "%s=public,SECONDS", option->name);
        break;
    case OPTION_PARTS:
        snprintf(left, sizeof(left), "%s=a:x.y,b:x.z", option->name);
        break;
    case OPTION_RATE:
        snprintf(left, sizeof(left), "%s=CLASS", option->name);
        break;
    }
    if (option->with_body)
        snprintf(without, sizeof(without), " (%s for POST, PUT and PATCH, else %s)",
                 option->with_body, option->fallback);
    else if (option->fallback)
        snprintf(without, sizeof(without), " (%s)", option->fallback);
    snprintf(text, ROUTE_OPTION_TEXT_MAX + 1, "%-22s %s%s", left, option->doc, without);
}
