/* openapi_refusals.c - one response an HTTP status, all its codes. */
#include "middleware/openapi_refusals.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/encoder/schema.h"

enum { REFUSALS_MAX = 32 };

struct refusals {
    struct {
        int http;
        const char *code, *when;
    } rows[REFUSALS_MAX];
    size_t n;
};

static void add(struct refusals *all, int http, const char *code, const char *when)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->rows[i].http == http && strcmp(all->rows[i].code, code) == 0)
            return;
    ASSERT(all->n < REFUSALS_MAX);
    all->rows[all->n].http = http;
    all->rows[all->n].code = code;
    all->rows[all->n++].when = when;
}

static bool has(const struct refusals *all, int http)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->rows[i].http == http)
            return true;
    return false;
}

/* What any request may meet, whatever its route says. */
static const struct common {
    enum status st;
    const char *when;
} COMMON[] = {
    {ST_METHOD_NOT_ALLOWED, "The path is for other methods: see Allow."                     },
    {ST_TOO_SLOW,           "The request took too long to come."                            },
    {ST_TOO_LARGE,          "The body is over its limit."                                   },
    {ST_TARGET_TOO_LONG,    "The path and query are over their limit."                      },
    {ST_UNEXPECTED,         "Expect names what nobody here can do."                         },
    {ST_HEAD_TOO_LARGE,     "The head is over its limit."                                   },
    {ST_NOT_IMPLEMENTED,    "The body comes in a coding of transfer that nobody here knows."},
    {ST_OVERLOADED,         "Too much at once."                                             },
    {ST_VERSION,            "It is not HTTP/1."                                             },
};

/* Who is let in and yet may not; NULL = nobody. */
static const char *forbidden(const struct openapi_route *r)
{
    static const char NO_ROLE[] = "The caller has no role that may.";

    switch (r->op ? r->op->access.kind : ACCESS_ANYBODY) {
    case ACCESS_CALLER:
        return r->roles ? NO_ROLE : NULL;
    case ACCESS_ROLE:
        return NO_ROLE;
    case ACCESS_OWNER:
        return "It is another's, whether it is there or not.";
    case ACCESS_OWNER_OR_ROLE:
        return "It is another's, whether it is there or not, and the caller has no role that may.";
    case ACCESS_ANYBODY:
        break;
    }
    return "The token is good, but not for this.";
}

/* The operation's own errors come first: their words are closer to the matter. Of what is gathered
 * the first part speaks when nothing can be had, in the gateway's words. */
static void collect(const struct openapi_route *r, struct refusals *all)
{
    const struct operation *op = openapi_operation(r, 0);
    const struct operation_error *e = op ? op->errors : NULL;

    for (; e && e->code; e++)
        add(all, status_http(e->status), r->op ? e->code : status_code(e->status), e->when);
    add(all, 400, "invalid_request", "Something sent is wrong; errors names each field.");
    if (r->bearer)
        add(all, 401, "unauthenticated", "There is no access token.");
    if (r->bearer)
        add(all, 401, "invalid_token",
            r->fresh ? "The access token is not good, or its session has ended."
                     : "The access token is not good, or not any more.");
    if (r->bearer && forbidden(r))
        add(all, 403, "forbidden", forbidden(r));
    if (r->etag && !openapi_is_method(r, "GET"))
        add(all, 412, "precondition_failed", "It is another version than If-Match names.");
    if (r->body && !r->raw)
        add(all, 415, "unsupported_media_type",
            openapi_is_method(r, "PATCH") ? "The body is neither application/merge-patch+json nor "
                                            "application/json, or packed."
                                          : "The body is not application/json, or packed.");
    if (r->rate)
        add(all, 429, "rate_limited", "The client has sent more than RateLimit-Policy has it.");
    if (r->op || openapi_gathers(r)) {
        add(all, 503, "unavailable", "A part it needs is away.");
        add(all, 504, "timeout", "No answer in time: it may or may not have happened.");
    }
    if (r->op && !openapi_is_method(r, "GET"))
        add(all, 504, "uncertain", "Its database was lost in the end: it may have happened.");
    for (size_t i = 0; i < ARRAY_LEN(COMMON); i++) {
        int http = status_http(COMMON[i].st);

        if (has(all, http))
            add(all, http, status_code(COMMON[i].st), COMMON[i].when);
    }
}

static void write_headers(int http, const struct openapi_route *r, struct json_out *o)
{
    openapi_open(o, "headers");
    json_out_key(o, "X-Request-Id");
    openapi_write_ref("headers", "RequestId", o);
    if (http == 409 || http == 429 || http == 503) {
        json_out_key(o, "Retry-After");
        openapi_write_ref("headers", "RetryAfter", o);
    }
    openapi_write_rate_headers(r, o);
    if (http == 405) {
        json_out_key(o, "Allow");
        openapi_write_ref("headers", "Allow", o);
    }
    if (http == 401 && r->bearer) {
        json_out_key(o, "WWW-Authenticate");
        openapi_write_ref("headers", "WwwAuthenticate", o);
    }
    json_out_close(o, '}');
}

static void write_codes(const struct refusals *all, int http, struct json_out *o)
{
    openapi_open(o, "code");
    json_out_member(o, "type", "string");
    json_out_key(o, "enum");
    json_out_open(o, '[');
    for (size_t i = 0; i < all->n; i++)
        if (all->rows[i].http == http)
            json_out_text(o, all->rows[i].code);
    json_out_close(o, ']');
    json_out_close(o, '}');
}

/* The problem's schema, narrowed to the codes of this status: as two schemas, for what stands
 * beside a $ref or a lone allOf is lost by generators of clients. */
static void write_schema(const struct refusals *all, int http, struct json_out *o)
{
    openapi_open(o, "schema");
    json_out_key(o, "allOf");
    json_out_open(o, '[');
    openapi_write_ref("schemas", PROBLEM_BODY.name, o);
    json_out_open(o, '{');
    json_out_member(o, "type", "object");
    openapi_open(o, "properties");
    write_codes(all, http, o);
    json_out_close(o, '}');
    json_out_key(o, "required");
    json_out_raw(o, "[\"code\"]", strlen("[\"code\"]"));
    json_out_close(o, '}');
    json_out_close(o, ']');
    json_out_close(o, '}');
}

/* The response of one HTTP status, without its key. */
static void write_one(const struct refusals *all, int http, const struct openapi_route *r,
                      struct json_out *o)
{
    char text[768] = "";

    for (size_t i = 0; i < all->n; i++) {
        size_t len = strlen(text);
        if (all->rows[i].http == http)
            snprintf(text + len, sizeof(text) - len, "%s`%s`: %s", len > 0 ? " " : "",
                     all->rows[i].code, all->rows[i].when);
    }
    json_out_open(o, '{');
    json_out_member(o, "description", text);
    write_headers(http, r, o);
    openapi_open(o, "content");
    openapi_open(o, "application/problem+json");
    write_schema(all, http, o);
    json_out_close(o, '}');
    json_out_close(o, '}');
    json_out_close(o, '}');
}

/* "Method Not Allowed" becomes MethodNotAllowed. */
static void common_name(enum status st, char name[OPENAPI_NAME_MAX + 1])
{
    size_t n = 0;

    for (const char *c = status_title(st); *c && n < OPENAPI_NAME_MAX; c++)
        if (*c != ' ')
            name[n++] = *c;
    name[n] = '\0';
}

static void write_common_ref(int http, struct json_out *o)
{
    char name[OPENAPI_NAME_MAX + 1], status[16];

    for (size_t i = 0; i < ARRAY_LEN(COMMON); i++) {
        if (status_http(COMMON[i].st) != http)
            continue;
        snprintf(status, sizeof(status), "%d", http);
        json_out_key(o, status);
        common_name(COMMON[i].st, name);
        openapi_write_ref("responses", name, o);
    }
}

void openapi_write_refusals(const struct openapi_route *route, struct json_out *o)
{
    struct refusals all = {.n = 0};
    char status[16];

    collect(route, &all);
    for (int http = 400; http < 600; http++) {
        if (http == 503 && route->or_503)
            continue;
        if (!has(&all, http)) {
            write_common_ref(http, o);
            continue;
        }
        snprintf(status, sizeof(status), "%d", http);
        json_out_key(o, status);
        write_one(&all, http, route, o);
    }
}

void openapi_write_common_refusals(struct json_out *o)
{
    static const struct openapi_route ANY;
    char name[OPENAPI_NAME_MAX + 1];

    openapi_open(o, "responses");
    for (size_t i = 0; i < ARRAY_LEN(COMMON); i++) {
        struct refusals one = {.n = 0};
        int http = status_http(COMMON[i].st);

        add(&one, http, status_code(COMMON[i].st), COMMON[i].when);
        common_name(COMMON[i].st, name);
        json_out_key(o, name);
        write_one(&one, http, &ANY, o);
    }
    json_out_close(o, '}');
}
