/* route_schema.c - see route_schema.h. */
#include "middleware/route_schema.h"

#include <stdlib.h>
#include <string.h>

#include "middleware/route_definition.h"
#include "tool/core/assert.h"
#include "tool/core/json_out.h"
#include "tool/core/mem.h"

enum { SCHEMA_MAX = 65536 };

static void open_member(struct json_out *o, const char *key)
{
    json_out_key(o, key);
    json_out_open(o, '{');
}

static void write_option(const struct route_option *option, struct json_out *o)
{
    open_member(o, option->name);
    json_out_member(o, "description", option->doc);
    if (option->fallback)
        json_out_member(o, "default", option->fallback);
    if (option->kind->write_schema)
        option->kind->write_schema(option, o);
    else
        json_out_member(o, "type", "string");
    json_out_close(o, '}');
}

static void write_options(const struct route_options *options, struct json_out *o)
{
    for (size_t i = 0; i < options->n; i++)
        write_option(&options->rows[i], o);
}

static void close_object(struct json_out *o)
{
    json_out_key(o, "additionalProperties");
    json_out_bool(o, false);
    json_out_close(o, '}');
}

static void write_texts(const char *key, const char *const *texts, size_t n, struct json_out *o)
{
    json_out_key(o, key);
    json_out_open(o, '[');
    for (size_t i = 0; i < n; i++)
        json_out_text(o, texts[i]);
    json_out_close(o, ']');
}

static void write_pattern(const char *key, const char *pattern, const char *doc, struct json_out *o)
{
    open_member(o, key);
    json_out_member(o, "description", doc);
    json_out_member(o, "type", "string");
    json_out_member(o, "pattern", pattern);
    json_out_close(o, '}');
}

static void write_route(struct json_out *o)
{
    static const char *const NAMES[] = {"method", "path", "subject"};
    static const char *const METHODS[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

    open_member(o, "items");
    json_out_member(o, "type", "object");
    write_texts("required", NAMES, ARRAY_LEN(NAMES), o);
    open_member(o, "properties");
    open_member(o, "method");
    json_out_member(o, "description", "GET answers HEAD too.");
    write_texts("enum", METHODS, ARRAY_LEN(METHODS), o);
    json_out_close(o, '}');
    write_pattern("path", "^/", "A template, \"/users/{userId}\".", o);
    write_pattern("subject", "^(-|[a-z0-9_-]+(\\.[a-z0-9_-]+)+)$",
                  "What is asked; - where gather says it.", o);
    write_options(&ROUTE_OPTIONS, o);
    json_out_close(o, '}');
    close_object(o);
}

/* {"NAME": {options}, ...} */
static void write_definition(const struct route_definition *definition, struct json_out *o)
{
    open_member(o, definition->word);
    json_out_member(o, "description", definition->doc);
    json_out_member(o, "type", "object");
    json_out_member_int(o, "maxProperties", (int64_t)definition->max);
    open_member(o, "additionalProperties");
    json_out_member(o, "type", "object");
    open_member(o, "properties");
    write_options(definition->options, o);
    json_out_close(o, '}');
    close_object(o);
    json_out_close(o, '}');
}

static void write_rates(struct json_out *o)
{
    open_member(o, "rate");
    json_out_member(o, "description",
                    "Classes of rates, for rate: how many requests a client has. The member "
                    "name.role, behind that of the class, is for callers with that role.");
    json_out_member(o, "type", "object");
    json_out_member_int(o, "maxProperties", RATE_CLASSES_MAX);
    open_member(o, "additionalProperties");
    json_out_member(o, "type", "string");
    json_out_member(o, "pattern", "^[0-9]+/[0-9]+( burst=[0-9]+)?$");
    json_out_close(o, '}');
    json_out_close(o, '}');
}

char *route_schema_build(size_t *len)
{
    static const char *const WANTED[] = {"routes"};
    char *text = mem_alloc(1, SCHEMA_MAX);
    struct json_out out, *o = &out;

    json_out_init(o, text, SCHEMA_MAX);
    json_out_open(o, '{');
    json_out_member(o, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_out_member(o, "title", "Which HTTP request goes to which subject");
    json_out_member(o, "type", "object");
    write_texts("required", WANTED, ARRAY_LEN(WANTED), o);
    open_member(o, "properties");
    open_member(o, "$schema");
    json_out_member(o, "type", "string");
    json_out_close(o, '}');
    open_member(o, "routes");
    json_out_member(o, "type", "array");
    json_out_member_int(o, "maxItems", ROUTES_MAX);
    write_route(o);
    json_out_close(o, '}');
    for (size_t i = 0; i < ROUTE_DEFINITIONS; i++)
        write_definition(&ROUTE_DEFINITION_ROWS[i], o);
    write_rates(o);
    json_out_close(o, '}');
    close_object(o);
    ASSERT(!o->overflow);
    *len = o->len;
    return text;
}
