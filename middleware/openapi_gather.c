/* openapi_gather.c - see openapi_gather.h. */
#include "middleware/openapi_gather.h"

#include <stdio.h>
#include <string.h>

void openapi_write_gathered_summary(const struct route_parts *parts, struct json_out *o)
{
    char text[ROUTE_PARTS_MAX * (ROUTE_PART_NAME_MAX + 2) + 16];
    size_t len = 0;

    for (size_t i = 0; i < parts->n; i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i > 0 ? ", " : "",
                                parts->rows[i].name);
    snprintf(text + len, sizeof(text) - len, " at once");
    json_out_member(o, "summary", text);
}

static void write_null_or(const char *schema, struct json_out *o)
{
    json_out_key(o, schema ? "oneOf" : "type");
    json_out_open(o, '[');
    if (schema) {
        openapi_write_ref("schemas", schema, o);
        json_out_raw(o, "{\"type\":\"null\"}", strlen("{\"type\":\"null\"}"));
    } else {
        json_out_text(o, "object");
        json_out_text(o, "null");
    }
    json_out_close(o, ']');
}

static void write_part_names(const struct route_parts *parts, struct json_out *o)
{
    json_out_open(o, '[');
    for (size_t i = 0; i < parts->n; i++)
        json_out_text(o, parts->rows[i].name);
    json_out_close(o, ']');
}

static void write_missing(const struct route_parts *parts, struct json_out *o)
{
    openapi_open(o, "missing");
    json_out_member(o, "description",
                    "What is null because it could not be had; absent when "
                    "nothing is.");
    json_out_member(o, "type", "array");
    openapi_open(o, "items");
    json_out_key(o, "enum");
    write_part_names(parts, o);
    json_out_close(o, '}');
    json_out_close(o, '}');
}

void openapi_write_gathered(const struct route_parts *parts, struct json_out *o)
{
    openapi_open(o, "content");
    openapi_open(o, "application/json");
    openapi_open(o, "schema");
    json_out_member(o, "type", "object");
    json_out_key(o, "required");
    write_part_names(parts, o);
    openapi_open(o, "properties");
    for (size_t i = 0; i < parts->n; i++) {
        const struct operation *op = parts->rows[i].op;

        openapi_open(o, parts->rows[i].name);
        write_null_or(op && op->reply ? op->reply->name : NULL, o);
        json_out_close(o, '}');
    }
    write_missing(parts, o);
    for (int i = 0; i < 4; i++)
        json_out_close(o, '}');
}
