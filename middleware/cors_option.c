/* cors_option.c - what may stand in a line "cors NAME ..." of the file of routes. */
#include "middleware/cors_option.h"

#include <stdio.h>
#include <string.h>

#include "middleware/cors.h"
#include "tool/core/mem.h"

#define AT(member)                                                                                 \
    .offset = offsetof(struct cors, member), .size = sizeof(((struct cors *)0)->member)

/* What every gateway looks at, and says, itself. */
static const char REQUEST_HEADERS[] =
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, "
    "X-Request-Id, traceparent, tracestate";
static const char ANSWER_HEADERS[] =
    "ETag, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id, "
    "X-View-Lag";
_Static_assert((int)WORD_LIST_MAX * 3 / 2 + (int)sizeof(REQUEST_HEADERS) < (int)CORS_LIST_MAX,
               "room for a comma and a space in front of each word");

static const char LOWER[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";
static const char TOKEN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

/* ":8080"; a port that the scheme has anyway is left out by browsers. */
static bool is_port(const char *text, size_t len, const char *usual)
{
    size_t digits = strspn(text + 1, "0123456789");

    return text[0] == ':' && digits == len - 1 && digits > 0 && digits <= 5 && text[1] != '0' &&
           (len != strlen(usual) || memcmp(text, usual, len) != 0);
}

/* scheme://host[:port] as browsers write it in Origin, or * for all. "null" is everybody's who
 * hides where he comes from, and so is nobody's. */
static bool origin_fits(const char *word, size_t len)
{
    bool safe = strncmp(word, "https://", 8) == 0;
    size_t at = safe ? 8 : 7, host;

    if (len == 1 && *word == '*')
        return true;
    if (!safe && strncmp(word, "http://", 7) != 0)
        return false;
    if (word[at] == '[')
        host = 1 + strspn(word + at + 1, "0123456789abcdef:") + 1;
    else
        host = strspn(word + at, LOWER);
    if (at + host > len || host < 1 || (word[at] == '[' && word[at + host - 1] != ']'))
        return false;
    at += host;
    return at == len || is_port(word + at, len - at, safe ? ":443" : ":80");
}

static bool token_fits(const char *word, size_t len)
{
    return strspn(word, TOKEN) >= len;
}

/* clang-format off */
static const struct route_option ROWS[] = {
    {.name = "credentials", .kind = &ROUTE_CHOICE, AT(credentials), .off = "no", .on = "yes", .fallback = "no",
     .doc = "cookies and client certificates may come along"},
    {.name = "exposes", .kind = &ROUTE_WORDS, AT(exposes), .word = "NAME", .fits = token_fits, .wanted = "names of header fields",
     .doc = "fields of answers that pages may read, beside the gateway's own"},
    {.name = "headers", .kind = &ROUTE_WORDS, AT(headers), .word = "NAME", .fits = token_fits, .wanted = "names of header fields",
     .doc = "fields that pages may send, beside those that routes look at"},
    {.name = "max_age", .kind = &ROUTE_NUMBER, AT(max_age_s), .min = 0, .max = 86400, .fallback = "600",
     .doc = "seconds for which a preflight is good"},
    {.name = "origins", .kind = &ROUTE_WORDS, AT(origins), .word = "ORIGIN", .fits = origin_fits,
     .wanted = "origins as https://shop.example, in lower case, without a path or the usual port, or *",
     .doc = "of the pages, or * for all, not with credentials"},
};
/* clang-format on */

const struct route_options CORS_OPTIONS = {ROWS, ARRAY_LEN(ROWS)};

static bool wrong(const struct cors *cors, char why[], const char *text)
{
    snprintf(why, ROUTE_WHY_MAX + 1, "cors %s: %s", cors->name, text);
    return false;
}

/* "A, B" and the words of more. */
static void write_list(const char *always, const struct word_list *more,
                       char out[CORS_LIST_MAX + 1])
{
    size_t len = (size_t)snprintf(out, CORS_LIST_MAX + 1, "%s", always);

    for (const char *word = NULL; (word = word_list_next(more, word));)
        len += (size_t)snprintf(out + len, CORS_LIST_MAX + 1 - len, ", %s", word);
}

bool cors_settle(void *item, char why[ROUTE_WHY_MAX + 1])
{
    struct cors *cors = item;
    bool all = word_list_has(&cors->origins, "*");

    if (!word_list_next(&cors->origins, NULL))
        return wrong(cors, why, "origins= is missing");
    if (all && word_list_next(&cors->origins, word_list_next(&cors->origins, NULL)))
        return wrong(cors, why, "origins: * is all, none beside it is right");
    if (all && cors->credentials)
        return wrong(cors, why,
                     "every page there is could act in its visitors' names: credentials=no, or "
                     "origins one by one, is right");
    write_list(REQUEST_HEADERS, &cors->headers, cors->allow_headers);
    write_list(ANSWER_HEADERS, &cors->exposes, cors->expose_headers);
    return true;
}
