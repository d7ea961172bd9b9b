/* openapi_part.c - see openapi_part.h. */
#include "middleware/openapi_part.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

void openapi_method_key(const char *method, char key[OPENAPI_METHOD_MAX + 1])
{
    size_t i;

    for (i = 0; i < OPENAPI_METHOD_MAX && method[i] != '\0'; i++)
        key[i] = (char)tolower((unsigned char)method[i]);
    key[i] = '\0';
}

bool openapi_is_method(const struct openapi_route *r, const char *method)
{
    return strcmp(r->method, method) == 0;
}

bool openapi_gathers(const struct openapi_route *r)
{
    return r->gather && r->gather->n > 0;
}

size_t openapi_operations(const struct openapi_route *r)
{
    return openapi_gathers(r) ? r->gather->n : 1;
}

const struct operation *openapi_operation(const struct openapi_route *r, size_t k)
{
    return openapi_gathers(r) ? r->gather->rows[k].op : r->op;
}

const struct descriptor *openapi_reply(const struct openapi_route *r, size_t k)
{
    const struct operation *op = openapi_operation(r, k);

    if (r->reply)
        return r->reply;
    return op ? op->reply : NULL;
}

const char *openapi_service(const struct openapi_route *r)
{
    return r->op ? r->op->subject : "gateway";
}

void openapi_body_name(const struct openapi_routes *all, const struct descriptor *d,
                       char name[OPENAPI_NAME_MAX + 1])
{
    bool read_too = false;

    for (size_t i = 0; i < all->n && !read_too; i++) {
        const struct descriptor *reply = openapi_reply(&all->routes[i], 0);

        read_too = reply && strcmp(reply->name, d->name) == 0;
    }
    snprintf(name, OPENAPI_NAME_MAX + 1, "%s%s", d->name, read_too ? "Body" : "");
}

void openapi_open(struct json_out *o, const char *key)
{
    json_out_key(o, key);
    json_out_open(o, '{');
}

void openapi_write_rate_headers(const struct openapi_route *r, struct json_out *o)
{
    if (!r->rate)
        return;
    json_out_key(o, "RateLimit-Policy");
    openapi_write_ref("headers", "RateLimitPolicy", o);
    json_out_key(o, "RateLimit");
    openapi_write_ref("headers", "RateLimit", o);
}

void openapi_write_ref(const char *kind, const char *name, struct json_out *o)
{
    char ref[OPENAPI_NAME_MAX + 32];

    snprintf(ref, sizeof(ref), "#/components/%s/%s", kind, name);
    json_out_open(o, '{');
    json_out_member(o, "$ref", ref);
    json_out_close(o, '}');
}
