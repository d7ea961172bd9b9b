/* openapi.c - see openapi.h. */
#include "middleware/openapi.h"

#include <string.h>

#include "middleware/openapi_operation.h"
#include "middleware/openapi_refusals.h"
#include "tool/core/assert.h"
#include "tool/core/json_text.h"
#include "tool/core/mem.h"
#include "tool/encoder/schema.h"

enum { DOCUMENT_MAX = 16 * 1024 * 1024 };

/* Everything that is the same whatever the routes are. */
static const char PARAMETERS[] =
    "{\"Prefer\":{\"name\":\"Prefer\",\"in\":\"header\",\"description\":\"wait=N: answer when it "
    "has ended, after N seconds at the latest; more than 10 counts as 10 (RFC 7240).\","
    "\"schema\":{\"type\":\"string\",\"examples\":[\"wait=5\"]}},"
    "\"PreferNext\":{\"name\":\"Prefer\",\"in\":\"header\",\"description\":\"wait=N: answer when "
    "it is "
    "another version than If-None-Match names, or after N seconds by 304; more than 30 counts as "
    "30 "
    "(RFC 7240).\",\"schema\":{\"type\":\"string\",\"examples\":[\"wait=25\"]}},"
    "\"IdempotencyKey\":{\"name\":\"Idempotency-Key\",\"in\":\"header\",\"description\":\"Makes a "
    "repeat of the same request safe: it gets the same answer.\","
    "\"schema\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":128}},"
    "\"IfMatch\":{\"name\":\"If-Match\",\"in\":\"header\",\"description\":\"The ETag of what was "
    "read: changes only that version, else 412; * changes any.\",\"schema\":{\"type\":\"string\"}},"
    "\"IfNoneMatch\":{\"name\":\"If-None-Match\",\"in\":\"header\",\"description\":\"An ETag: 304 "
    "when it is still that.\",\"schema\":{\"type\":\"string\"}}}";

static const char HEADERS[] =
    "{\"RequestId\":{\"description\":\"Under which the logs know this request: the client's own "
    "X-Request-Id, or a new one.\",\"schema\":{\"type\":\"string\"}},"
    "\"RetryAfter\":{\"description\":\"Seconds until it is worth asking again.\","
    "\"schema\":{\"type\":\"integer\",\"minimum\":0}},"
    "\"Location\":{\"description\":\"The path of what was made.\",\"schema\":{\"type\":\"string\","
    "\"format\":\"uri-reference\"}},"
    "\"RateLimitPolicy\":{\"description\":\"How many requests (q) in how many seconds (w) a client "
    "may "
    "send, on all routes of that class together.\",\"schema\":{\"type\":\"string\",\"examples\":"
    "[\"\\\"people\\\";q=600;w=60\"]}},"
    "\"RateLimit\":{\"description\":\"How many are left (r), and in how many seconds (t) all are "
    "back, or "
    "the next one where none is left.\",\"schema\":{\"type\":\"string\",\"examples\":"
    "[\"\\\"people\\\";r=12;t=19\"]}},"
    "\"ETag\":{\"description\":\"The version of what was read.\",\"schema\":{\"type\":\"string\"}},"
    "\"Allow\":{\"description\":\"The methods of the path.\",\"schema\":{\"type\":\"string\"}},"
    "\"WwwAuthenticate\":{\"description\":\"Bearer (RFC 6750).\","
    "\"schema\":{\"type\":\"string\"}}}";

static const char SECURITY[] =
    "{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\",\"bearerFormat\":\"JWT\"}}";

static void write_info(const char *version, struct json_out *o)
{
    openapi_open(o, "info");
    json_out_member(o, "title", "Hanok");
    json_out_member(o, "version", version);
    json_out_member(o, "description",
                    "Every error is an application/problem+json body (RFC 9457); its code says "
                    "which one, and errors names each wrong field.");
    openapi_open(o, "contact");
    json_out_member(o, "name", "Who runs this server");
    json_out_close(o, '}');
    openapi_open(o, "license");
    json_out_member(o, "name", "Apache-2.0");
    json_out_member(o, "identifier", "Apache-2.0");
    json_out_close(o, '}');
    json_out_close(o, '}');
}

/* Wherever the document was read. */
static const char SERVERS[] = "[{\"url\":\"/\",\"description\":\"This server.\"}]";

static bool service_before(const struct openapi_routes *all, size_t i)
{
    const char *service = openapi_service(&all->routes[i]);
    size_t len = strcspn(service, ".") + 1;

    for (size_t k = 0; k < i; k++)
        if (strncmp(openapi_service(&all->routes[k]), service, len) == 0)
            return true;
    return false;
}

static void write_tags(const struct openapi_routes *all, struct json_out *o)
{
    json_out_key(o, "tags");
    json_out_open(o, '[');
    for (size_t i = 0; i < all->n; i++) {
        const char *service = openapi_service(&all->routes[i]);

        if (service_before(all, i))
            continue;
        json_out_open(o, '{');
        json_out_key(o, "name");
        json_out_text_n(o, service, strcspn(service, "."));
        json_out_member(o, "description", "What this service answers.");
        json_out_close(o, '}');
    }
    json_out_close(o, ']');
}

static bool path_before(const struct openapi_routes *all, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(all->routes[k].path, all->routes[i].path) == 0)
            return true;
    return false;
}

static void write_paths(const struct openapi_routes *all, struct json_out *o)
{
    char method[OPENAPI_METHOD_MAX + 1];

    openapi_open(o, "paths");
    for (size_t i = 0; i < all->n; i++) {
        if (path_before(all, i))
            continue;
        openapi_open(o, all->routes[i].path);
        for (size_t k = i; k < all->n; k++) {
            if (strcmp(all->routes[k].path, all->routes[i].path) != 0)
                continue;
            openapi_method_key(all->routes[k].method, method);
            json_out_key(o, method);
            openapi_write_operation(all, k, o);
        }
        json_out_close(o, '}');
    }
    json_out_close(o, '}');
}

/* What the k-th operation of a route refers to: its body, unless any will do, and its reply. */
static const struct descriptor *schema_of(const struct openapi_route *r, size_t k, unsigned flags)
{
    const struct operation *op = openapi_operation(r, k);

    if (flags & SCHEMA_REQUEST)
        return r->body && !r->raw && op ? op->request : NULL;
    return openapi_reply(r, k);
}

/* Whether a schema of that name stands before the k-th of the route i. */
static bool written_before(const struct openapi_routes *all, size_t i, size_t k, unsigned flags,
                           const char *name)
{
    for (size_t route = 0; route <= i; route++)
        for (size_t n = 0; n < openapi_operations(&all->routes[route]); n++) {
            const struct descriptor *d = schema_of(&all->routes[route], n, flags);

            if (route == i && n == k)
                return false;
            if (d && strcmp(d->name, name) == 0)
                return true;
        }
    return false;
}

static void write_schema(const struct openapi_routes *all, const struct descriptor *d,
                         unsigned flags, struct json_out *o)
{
    char name[OPENAPI_NAME_MAX + 1];

    if (flags & SCHEMA_REQUEST)
        openapi_body_name(all, d, name);
    else
        TEXT_COPY(name, d->name);
    json_out_key(o, name);
    encode_schema_as(d, flags, o);
}

static void write_schemas_of(const struct openapi_routes *all, unsigned flags, struct json_out *o)
{
    for (size_t i = 0; i < all->n; i++)
        for (size_t k = 0; k < openapi_operations(&all->routes[i]); k++) {
            const struct descriptor *d = schema_of(&all->routes[i], k, flags);

            if (d && !written_before(all, i, k, flags, d->name))
                write_schema(all, d, flags, o);
        }
}

static void write_components(const struct openapi_routes *all, struct json_out *o)
{
    openapi_open(o, "components");
    openapi_open(o, "schemas");
    json_out_key(o, PROBLEM_BODY.name);
    encode_schema_as(&PROBLEM_BODY, 0, o);
    write_schemas_of(all, SCHEMA_REQUEST | SCHEMA_BODY, o);
    write_schemas_of(all, 0, o);
    json_out_close(o, '}');
    openapi_write_common_refusals(o);
    json_out_key(o, "parameters");
    json_out_raw(o, PARAMETERS, strlen(PARAMETERS));
    json_out_key(o, "headers");
    json_out_raw(o, HEADERS, strlen(HEADERS));
    json_out_key(o, "securitySchemes");
    json_out_raw(o, SECURITY, strlen(SECURITY));
    json_out_close(o, '}');
}

struct document {
    struct openapi_routes routes;
    const char *version;
};

static void write_document(const void *arg, struct json_out *o)
{
    const struct document *document = arg;
    const struct openapi_routes *all = &document->routes;

    json_out_open(o, '{');
    json_out_member(o, "openapi", "3.1.0");
    write_info(document->version, o);
    json_out_key(o, "servers");
    json_out_raw(o, SERVERS, strlen(SERVERS));
    write_tags(all, o);
    write_paths(all, o);
    write_components(all, o);
    json_out_close(o, '}');
}

char *openapi_build(const struct openapi_route *routes, size_t n, const char *version, size_t *len)
{
    const struct document document = {
        {routes, n},
        version
    };
    struct json_text text;

    ASSERT(json_text_write(&text, NULL, 0, DOCUMENT_MAX, write_document, &document));
    *len = text.len;
    return text.heap;
}
