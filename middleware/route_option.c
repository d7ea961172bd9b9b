/* route_option.c - see route_option.h. */
#include "middleware/route_option.h"

#include <stdio.h>
#include <string.h>

#include "middleware/route.h"
#include "middleware/route_name.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

#define AT(member)                                                                                 \
    .offset = offsetof(struct route, member), .size = sizeof(((struct route *)0)->member)
#define OF_TIME .unit = "ms", .larger = "s", .factor = 1000
#define OF_SIZE .unit = "bytes", .larger = "KiB", .factor = 1024

/* clang-format off */
static const struct route_option ROWS[] = {
    {.name = "auth", .kind = &ROUTE_CHOICE, AT(bearer), .off = "none", .on = "bearer", .more = "fresh",
     .more_offset = offsetof(struct route, fresh), .fallback = "none",
     .doc = "bearer: an access token is checked first, fresh: its session too"},
    {.name = "body", .kind = &ROUTE_CHOICE, AT(body), .off = "none", .on = "required", .fallback = "none",
     .with_body = "required", .doc = "required: a JSON body is wanted"},
    {.name = "body_max", .kind = &ROUTE_NUMBER, AT(limits.body_max), OF_SIZE, .min = 1, .max = ROUTE_BODY_MAX,
     .doc = "bytes that a body may have, or as 16KiB; without it what --body-max says"},
    {.name = "cache", .kind = &ROUTE_CACHE, AT(cache), .min = 1, .max = 31536000,
     .doc = "who may keep it: no-store, private or public,SECONDS (private where a GET has an ETag, else no-store)"},
    {.name = "cors", .kind = &ROUTE_DEFINED, AT(cors), .word = "NAME",
     .doc = "what the row \"cors NAME\" says, or none (the row \"cors default\" if there is one)"},
    {.name = "etag", .kind = &ROUTE_CHOICE, AT(etag), .off = "no", .on = "yes", .fallback = "no",
     .doc = "has an ETag: GET answers it, the others honour If-Match"},
    {.name = "fallback", .kind = &ROUTE_FALLBACK, AT(fallback),
     .doc = "GET: asked instead, or answered, when the service does not answer"},
    {.name = "gather", .kind = &ROUTE_PARTS, AT(gather),
     .doc = "asks x.y and x.z at once, their answers under a and b; b:x.z@a: x.z with what a answers; its subject is -"},
    {.name = "hedge", .kind = &ROUTE_CHOICE, AT(hedge), .off = "no", .on = "yes", .fallback = "yes",
     .doc = "GET: asked once more when the answer is late, what may be asked twice"},
    {.name = "head_max", .kind = &ROUTE_NUMBER, AT(limits.head_max), OF_SIZE, .min = 256, .max = ROUTE_HEAD_MAX,
     .doc = "bytes that a head may have, or as 16KiB; without it, and of its first line, what --head-max says"},
    {.name = "headers", .kind = &ROUTE_HEADERS, AT(headers), .word = "NAME",
     .doc = "header fields that become members of the message, Shop-Id as shopId"},
    {.name = "idempotency", .kind = &ROUTE_CHOICE, AT(idempotency), .off = "no", .on = "yes", .fallback = "no",
     .doc = "forwards Idempotency-Key"},
    {.name = "inflight", .kind = &ROUTE_RANGE, AT(in_flight), .min = 1, .max = 16384, .fallback = "256..16384",
     .doc = "on their way at once: LOW are let in; if more want to and answers get late, what keeps the service busy; HIGH at most"},
    {.name = "location", .kind = &ROUTE_TEMPLATE, AT(location),
     .doc = "Location, filled in from the reply"},
    {.name = "query_max", .kind = &ROUTE_NUMBER, AT(limits.query_max), OF_SIZE, .min = 1, .max = ROUTE_HEAD_MAX,
     .doc = "bytes that may be behind the target's '?'; without it what the head has room for"},
    {.name = "rate", .kind = &ROUTE_RATE, AT(rate), .word = "CLASS", .fallback = "none",
     .doc = "how many requests a client may send: by which of the classes below"},
    {.name = "raw", .kind = &ROUTE_CHOICE, AT(raw), .off = "no", .on = "yes", .fallback = "no",
     .doc = "the body, whatever it is, is the member body, as base64"},
    {.name = "retry", .kind = &ROUTE_NUMBER, AT(retries), .min = 0, .max = 5, .fallback = "2",
     .doc = "times that a request is sent again, at most, that failed and may be asked twice"},
    {.name = "roles", .kind = &ROUTE_WORDS, AT(roles), .word = "ROLE", .fits = route_role_fits,
     .wanted = "roles of letters, digits, '-', '_' and '.'", .doc = "of which the caller must have one, else 403"},
    {.name = "status", .kind = &ROUTE_NUMBER, AT(status), .min = 200, .max = 299, .fallback = "200",
     .doc = "of success"},
    {.name = "timeout", .kind = &ROUTE_NUMBER, AT(timeout_ms), OF_TIME, .min = 1, .max = 60000, .fallback = "5000",
     .doc = "milliseconds the service has, or seconds as 2s"},
    {.name = "wait", .kind = &ROUTE_CHOICE, AT(wait), .off = "no", .on = "yes", .fallback = "no",
     .doc = "forwards Prefer: wait=N and gives as much more time"},
};
/* clang-format on */

const struct route_options ROUTE_OPTIONS = {ROWS, ARRAY_LEN(ROWS)};
_Static_assert(ARRAY_LEN(ROWS) <= ROUTE_OPTIONS_MAX, "room for what was seen of a line");

const struct route_option *route_option_find(const struct route_options *options, const char *name)
{
    for (size_t i = 0; i < options->n; i++)
        if (strcmp(options->rows[i].name, name) == 0)
            return &options->rows[i];
    return NULL;
}

bool route_option_take(const struct route_option *option, void *base, const char *value,
                       char right[ROUTE_OPTION_TEXT_MAX + 1])
{
    if (option->kind->take(option, base, (char *)base + option->offset, value))
        return true;
    option->kind->say_right(option, right);
    return false;
}

void route_option_defaults(const struct route_options *options, void *base, bool with_body)
{
    char right[ROUTE_OPTION_TEXT_MAX + 1];

    for (size_t i = 0; i < options->n; i++) {
        const struct route_option *option = &options->rows[i];
        const char *value = with_body && option->with_body ? option->with_body : option->fallback;

        if (value)
            ASSERT(route_option_take(option, base, value, right));
    }
}

void route_option_names(const struct route_options *options, char text[ROUTE_OPTION_TEXT_MAX + 1])
{
    size_t len = 0;

    for (size_t i = 0; i < options->n; i++)
        len += (size_t)snprintf(text + len, ROUTE_OPTION_TEXT_MAX + 1 - len, "%s%s",
                                i == 0                ? ""
                                : i == options->n - 1 ? " and "
                                                      : ", ",
                                options->rows[i].name);
}

void route_option_describe(const struct route_option *option, char text[ROUTE_OPTION_TEXT_MAX + 1])
{
    char form[ROUTE_OPTION_TEXT_MAX + 1], left[128], without[96] = "";

    option->kind->say_form(option, form);
    snprintf(left, sizeof(left), "%.31s=%.95s", option->name, form);
    if (option->with_body)
        snprintf(without, sizeof(without), " (%s for POST, PUT and PATCH, else %s)",
                 option->with_body, option->fallback);
    else if (option->fallback)
        snprintf(without, sizeof(without), " (%s)", option->fallback);
    snprintf(text, ROUTE_OPTION_TEXT_MAX + 1, "%-22s %.255s%s", left, option->doc, without);
}
