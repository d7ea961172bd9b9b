/* openapi_operation.c - see openapi_operation.h. */
#include "middleware/openapi_operation.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "middleware/openapi_gather.h"
#include "middleware/openapi_description.h"
#include "middleware/openapi_refusals.h"
#include "tool/core/mem.h"
#include "tool/encoder/field_walk.h"
#include "tool/encoder/schema.h"

enum { HTTP_PENDING = 202 };

/* "auth.signup.status" and "get /openapi.json" become authSignupStatus and getOpenapiJson. */
static void camel_case(const char *text, char out[OPENAPI_NAME_MAX + 1])
{
    size_t n = 0;
    bool upper = false;

    for (; *text != '\0' && n < OPENAPI_NAME_MAX; text++) {
        if (isalnum((unsigned char)*text))
            out[n++] = (char)(upper ? toupper((unsigned char)*text) : *text);
        upper = n > 0 && !isalnum((unsigned char)*text);
    }
    out[n] = '\0';
}

/* One operation may be behind several routes, an id may not. */
static bool asked_before(const struct openapi_routes *all, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (all->routes[k].op && all->routes[k].op == all->routes[i].op)
            return true;
    return false;
}

static void write_names(const struct openapi_routes *all, size_t i, struct json_out *o)
{
    const struct openapi_route *r = &all->routes[i];
    const char *service = openapi_service(r);
    const char *summary = !r->summary && r->op ? r->op->summary : r->summary;
    char method[OPENAPI_METHOD_MAX + 1];
    char name[OPENAPI_NAME_MAX + 1], id[OPENAPI_NAME_MAX + 1];

    openapi_method_key(r->method, method);
    if (r->op && !asked_before(all, i))
        snprintf(name, sizeof(name), "%s", r->op->subject);
    else
        snprintf(name, sizeof(name), "%s %s", method, r->path);
    camel_case(name, id);
    json_out_member(o, "operationId", id);
    if (openapi_gathers(r))
        openapi_write_gathered_summary(r->gather, o);
    else
        json_out_member(o, "summary", summary);
    openapi_write_description(r, o);
    json_out_key(o, "tags");
    json_out_open(o, '[');
    json_out_text_n(o, service, strcspn(service, "."));
    json_out_close(o, ']');
}

static const struct field SOME_TEXT = {.kind = FIELD_TEXT, .size = 256};

static void write_path_parameter(const struct openapi_route *r, const char *name, size_t len,
                                 struct json_out *o)
{
    struct field_walk w = {0};
    const struct field *f =
        r->op && field_walk_find(&w, r->op->request, name, len) ? w.field : NULL;

    json_out_open(o, '{');
    json_out_key(o, "name");
    json_out_text_n(o, name, len);
    json_out_member(o, "in", "path");
    json_out_key(o, "required");
    json_out_bool(o, true);
    json_out_key(o, "schema");
    encode_field_schema(f ? f : &SOME_TEXT, 0, o);
    json_out_close(o, '}');
}

static void write_query_parameters(const struct openapi_route *r, struct json_out *o)
{
    for (struct field_walk row = field_walk(r->op ? r->op->request : NULL);
         field_walk_next(&row);) {
        if (!(row.field->flags & FIELD_IN_QUERY))
            continue;
        json_out_open(o, '{');
        json_out_member(o, "name", row.field->name);
        json_out_member(o, "in", "query");
        json_out_key(o, "required");
        json_out_bool(o, row.field->flags & FIELD_REQUIRED);
        json_out_key(o, "schema");
        encode_field_schema(row.field, 0, o);
        json_out_close(o, '}');
    }
}

static void write_header_parameters(const struct openapi_route *r, struct json_out *o)
{
    for (size_t i = 0; r->headers && i < r->headers->n; i++) {
        const struct route_header *header = &r->headers->rows[i];
        const struct descriptor *request = r->op ? r->op->request : NULL;
        struct field_walk w = {0};
        bool known = field_walk_find(&w, request, header->member, strlen(header->member));

        json_out_open(o, '{');
        json_out_member(o, "name", header->name);
        json_out_member(o, "in", "header");
        json_out_key(o, "required");
        json_out_bool(o, known && (w.field->flags & FIELD_REQUIRED));
        json_out_key(o, "schema");
        encode_field_schema(known ? w.field : &SOME_TEXT, 0, o);
        json_out_close(o, '}');
    }
}

static void write_parameters(const struct openapi_route *r, struct json_out *o)
{
    json_out_key(o, "parameters");
    json_out_open(o, '[');
    for (const char *at = strchr(r->path, '{'); at; at = strchr(at + 1, '{'))
        write_path_parameter(r, at + 1, strcspn(at + 1, "}"), o);
    write_query_parameters(r, o);
    write_header_parameters(r, o);
    if (r->prefer)
        openapi_write_ref("parameters", "Prefer", o);
    if (r->idempotency_key)
        openapi_write_ref("parameters", "IdempotencyKey", o);
    if (r->etag)
        openapi_write_ref("parameters", openapi_is_method(r, "GET") ? "IfNoneMatch" : "IfMatch", o);
    if (r->live)
        openapi_write_ref("parameters", "PreferNext", o);
    json_out_close(o, ']');
}

/* schema NULL: some object, or some text where the media type is another. */
static void write_media(const char *media_type, const char *schema, struct json_out *o)
{
    openapi_open(o, media_type ? media_type : "application/json");
    json_out_key(o, "schema");
    if (schema) {
        openapi_write_ref("schemas", schema, o);
    } else {
        json_out_open(o, '{');
        json_out_member(o, "type", media_type ? "string" : "object");
        json_out_close(o, '}');
    }
    json_out_close(o, '}');
}

static void write_content(const char *media_type, const char *schema, bool live, struct json_out *o)
{
    openapi_open(o, "content");
    write_media(media_type, schema, o);
    if (live)
        write_media("text/event-stream", NULL, o);
    json_out_close(o, '}');
}

static void write_body(const struct openapi_routes *all, const struct openapi_route *r,
                       struct json_out *o)
{
    bool described = r->op && r->op->request && !r->raw;
    char name[OPENAPI_NAME_MAX + 1];

    if (described)
        openapi_body_name(all, r->op->request, name);
    openapi_open(o, "requestBody");
    json_out_key(o, "required");
    json_out_bool(o, true);
    openapi_open(o, "content");
    if (described && openapi_is_method(r, "PATCH"))
        write_media("application/merge-patch+json", name, o);
    write_media(r->raw ? "*/*" : NULL, described ? name : NULL, o);
    json_out_close(o, '}');
    json_out_close(o, '}');
}

static void write_headers(const struct openapi_route *r, bool location, bool etag, bool retry_after,
                          struct json_out *o)
{
    openapi_open(o, "headers");
    json_out_key(o, "X-Request-Id");
    openapi_write_ref("headers", "RequestId", o);
    openapi_write_rate_headers(r, o);
    if (location) {
        json_out_key(o, "Location");
        openapi_write_ref("headers", "Location", o);
    }
    if (etag) {
        json_out_key(o, "ETag");
        openapi_write_ref("headers", "ETag", o);
    }
    if (retry_after) {
        json_out_key(o, "Retry-After");
        openapi_write_ref("headers", "RetryAfter", o);
    }
    json_out_close(o, '}');
}

static void write_reply(const struct openapi_route *r, int http, const char *description,
                        struct json_out *o)
{
    const struct descriptor *reply = openapi_reply(r, 0);
    char status[16];

    snprintf(status, sizeof(status), "%d", http);
    openapi_open(o, status);
    json_out_member(o, "description", description);
    write_headers(r, r->location, r->etag, false, o);
    if (openapi_gathers(r))
        openapi_write_gathered(r->gather, o);
    else if (http != 204)
        write_content(r->media_type, reply ? reply->name : NULL, r->live, o);
    json_out_close(o, '}');
}

/* That it may be undecided yet is another answer, or part of the only one. */
static void write_done(const struct openapi_route *r, struct json_out *o)
{
    const struct descriptor *reply = openapi_reply(r, 0);
    const char *done = reply && reply->doc ? reply->doc : "Done.";
    const char *pending = r->op ? r->op->pending : NULL;
    char both[512];

    if (pending && r->success_status != HTTP_PENDING) {
        write_reply(r, r->success_status, done, o);
        write_reply(r, HTTP_PENDING, pending, o);
        return;
    }
    snprintf(both, sizeof(both), "%s%s%s", done, pending ? " " : "", pending ? pending : "");
    write_reply(r, r->success_status, both, o);
}

static void write_success(const struct openapi_route *r, struct json_out *o)
{
    const struct descriptor *reply = openapi_reply(r, 0);

    write_done(r, o);
    if (r->etag && openapi_is_method(r, "GET")) {
        openapi_open(o, "304");
        json_out_member(o, "description", "It is still what If-None-Match names.");
        write_headers(r, false, true, false, o);
        json_out_close(o, '}');
    }
    if (r->or_503) {
        openapi_open(o, "503");
        json_out_member(o, "description",
                        "It says no, and why; or `overloaded`: too much at once.");
        write_headers(r, false, false, true, o);
        openapi_open(o, "content");
        write_media(r->media_type, reply ? reply->name : NULL, o);
        write_media("application/problem+json", PROBLEM_BODY.name, o);
        json_out_close(o, '}');
        json_out_close(o, '}');
    }
}

void openapi_write_operation(const struct openapi_routes *all, size_t i, struct json_out *o)
{
    const struct openapi_route *route = &all->routes[i];

    json_out_open(o, '{');
    write_names(all, i, o);
    write_parameters(route, o);
    if (route->body)
        write_body(all, route, o);
    openapi_open(o, "responses");
    write_success(route, o);
    openapi_write_refusals(route, o);
    json_out_close(o, '}');
    json_out_key(o, "security");
    json_out_open(o, '[');
    if (route->bearer)
        json_out_raw(o, "{\"bearer\":[]}", strlen("{\"bearer\":[]}"));
    json_out_close(o, ']');
    json_out_close(o, '}');
}
