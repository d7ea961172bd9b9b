/* openapi_refusals.c - one response an HTTP status, all its codes. */
#include "middleware/openapi_refusals.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"

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

/* The operation's own errors come first: their words are closer to the matter. */
static void collect(const struct openapi_route *r, struct refusals *all)
{
    const struct operation_error *e = r->op ? r->op->errors : NULL;

    for (; e && e->code; e++)
        add(all, status_http(e->status), e->code, e->when);
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
    if (r->body) {
        add(all, 413, "too_large", "The body is over its limit.");
        add(all, 415, "unsupported_media_type",
            openapi_is_method(r, "PATCH")
                ? "The body is neither application/merge-patch+json nor application/json."
                : "The body is not application/json.");
    }
    if (r->rate)
        add(all, 429, "rate_limited", "The client has sent more than RateLimit-Policy has it.");
    if (r->op || openapi_gathers(r)) {
        add(all, 503, "unavailable", "A part it needs is away.");
        add(all, 503, "overloaded", "Too much at once.");
        add(all, 504, "timeout", "No answer in time: it may or may not have happened.");
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
    if (http == 401 && r->bearer) {
        json_out_key(o, "WWW-Authenticate");
        openapi_write_ref("headers", "WwwAuthenticate", o);
    }
    json_out_close(o, '}');
}

/* The problem's schema, narrowed to the codes of this status. */
static void write_schema(const struct refusals *all, int http, struct json_out *o)
{
    openapi_open(o, "schema");
    json_out_member(o, "$ref", "#/components/schemas/Problem");
    openapi_open(o, "properties");
    openapi_open(o, "code");
    json_out_key(o, "enum");
    json_out_open(o, '[');
    for (size_t i = 0; i < all->n; i++)
        if (all->rows[i].http == http)
            json_out_text(o, all->rows[i].code);
    json_out_close(o, ']');
    json_out_close(o, '}');
    json_out_close(o, '}');
    json_out_close(o, '}');
}

static void write_one(const struct refusals *all, int http, const struct openapi_route *r,
                      struct json_out *o)
{
    char text[512] = "", status[16];

    for (size_t i = 0; i < all->n; i++) {
        size_t len = strlen(text);
        if (all->rows[i].http == http)
            snprintf(text + len, sizeof(text) - len, "%s`%s`: %s", len > 0 ? " " : "",
                     all->rows[i].code, all->rows[i].when);
    }
    snprintf(status, sizeof(status), "%d", http);
    openapi_open(o, status);
    json_out_member(o, "description", text);
    write_headers(http, r, o);
    openapi_open(o, "content");
    openapi_open(o, "application/problem+json");
    write_schema(all, http, o);
    json_out_close(o, '}');
    json_out_close(o, '}');
    json_out_close(o, '}');
}

void openapi_write_refusals(const struct openapi_route *route, struct json_out *o)
{
    struct refusals all = {.n = 0};

    collect(route, &all);
    for (int http = 400; http < 600; http++)
        for (size_t i = 0; i < all.n; i++)
            if (all.rows[i].http == http) {
                write_one(&all, http, route, o);
                break;
            }
}
