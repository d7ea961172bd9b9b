/* schema.c - a descriptor as JSON Schema: the same rows decode() checks. */
#include "tool/encoder/schema.h"

#include <stdio.h>

#include "tool/encoder/field_walk.h"
#include "tool/encoder/given_bits.h"
#include "tool/encoder/money_rows.h"

/* The type, and null where it may be. */
static void write_type(const struct field *f, const char *type, struct json_out *o)
{
    if (!(f->flags & FIELD_NULLABLE)) {
        json_out_member(o, "type", type);
        return;
    }
    json_out_key(o, "type");
    json_out_open(o, '[');
    json_out_text(o, type);
    json_out_text(o, "null");
    json_out_close(o, ']');
}

static void write_description(const struct field *f, struct json_out *o)
{
    const struct rule *rule = f->kind == FIELD_TEXT ? f->rule : NULL;
    const char *doc = f->doc ? f->doc : "";
    char text[512];

    /* JSON Schema counts characters; what a rule counts in bytes has to be said in words. */
    if (rule && rule->unit == RULE_BYTES)
        snprintf(text, sizeof(text), "%s%s%u to %u bytes of UTF-8.", doc, doc[0] != '\0' ? " " : "",
                 rule->min, rule->max);
    else
        snprintf(text, sizeof(text), "%s", doc);
    if (text[0] != '\0')
        json_out_member(o, "description", text);
}

static void write_text(const struct field *f, struct json_out *o)
{
    const struct rule *rule = f->rule;

    write_type(f, "string", o);
    if (!rule) {
        json_out_member_int(o, "maxLength", (int64_t)f->size - 1);
        return;
    }
    /* A character has 1 to 4 bytes: these bounds refuse nothing that the rule accepts. */
    if (rule->measure)
        json_out_member_int(o, "minLength", rule->min > 0);
    else
        json_out_member_int(o, "minLength",
                            rule->unit == RULE_BYTES ? (rule->min + 3) / 4 : rule->min);
    json_out_member_int(o, "maxLength", rule->measure ? (int64_t)f->size - 1 : rule->max);
    json_out_member(o, "pattern", rule->pattern);
    json_out_member(o, "format", rule->format);
    if (rule->example) {
        json_out_key(o, "examples");
        json_out_open(o, '[');
        json_out_text(o, rule->example);
        json_out_close(o, ']');
    }
}

static void write_int(const struct field *f, struct json_out *o)
{
    write_type(f, "integer", o);
    if (f->fallback != 0)
        json_out_member_int(o, "default", f->fallback);
    if (f->min == 0 && f->max == 0)
        return;
    json_out_member_int(o, "minimum", f->min);
    json_out_member_int(o, "maximum", f->max);
}

static void write_enum(const struct field *f, struct json_out *o)
{
    write_type(f, "string", o);
    json_out_key(o, "enum");
    json_out_open(o, '[');
    for (size_t i = 0; f->names[i]; i++)
        json_out_text(o, f->names[i]);
    if (f->flags & FIELD_NULLABLE)
        json_out_null(o);
    json_out_close(o, ']');
}

static void write_list(const struct field *f, unsigned flags, struct json_out *o)
{
    write_type(f, "array", o);
    json_out_key(o, "items");
    if (f->item->bare)
        encode_field_schema(f->item->fields, flags, o);
    else
        encode_schema_as(f->item, flags, o);
    json_out_member_int(o, "minItems", f->min);
    json_out_member_int(o, "maxItems", f->max);
}

static bool is_left_out(const struct field *f, unsigned flags)
{
    return (flags & SCHEMA_BODY) && (f->flags & FIELD_ELSEWHERE);
}

static void write_required(const struct descriptor *d, unsigned flags, struct json_out *o)
{
    json_out_key(o, "required");
    json_out_open(o, '[');
    for (struct field_walk w = field_walk(d); field_walk_next(&w);)
        if (field_is_required(d, w.field) && !is_left_out(w.field, flags))
            json_out_text(o, w.field->name);
    json_out_close(o, ']');
}

/* The members of an object's schema; the braces and the type are the caller's. */
static void write_object(const struct descriptor *d, unsigned flags, struct json_out *o)
{
    json_out_key(o, "properties");
    json_out_open(o, '{');
    for (struct field_walk w = field_walk(d); field_walk_next(&w);) {
        if (is_left_out(w.field, flags))
            continue;
        json_out_key(o, w.field->name);
        encode_field_schema(w.field, flags, o);
    }
    json_out_close(o, '}');
    write_required(d, flags, o);
    if (flags & SCHEMA_REQUEST) {
        json_out_key(o, "additionalProperties");
        json_out_bool(o, false);
    }
}

void encode_field_schema(const struct field *f, unsigned flags, struct json_out *o)
{
    struct money_rows money;

    json_out_open(o, '{');
    switch (f->kind) {
    case FIELD_TEXT:
        write_text(f, o);
        break;
    case FIELD_UUID:
        write_type(f, "string", o);
        json_out_member(o, "format", "uuid");
        break;
    case FIELD_TIME:
        write_type(f, "string", o);
        json_out_member(o, "format", "date-time");
        break;
    case FIELD_INT:
        write_int(f, o);
        break;
    case FIELD_BOOL:
        write_type(f, "boolean", o);
        break;
    case FIELD_ENUM:
        write_enum(f, o);
        break;
    case FIELD_DATE:
        write_type(f, "string", o);
        json_out_member(o, "format", "date");
        break;
    case FIELD_CURSOR:
        write_type(f, "string", o);
        json_out_member_int(o, "maxLength", (int64_t)f->size - 1);
        json_out_member(o, "pattern", "^[A-Za-z0-9_-]+$");
        break;
    case FIELD_JSON:
        write_type(f, "object", o);
        break;
    case FIELD_MONEY:
        money_rows_init(&money, f);
        write_type(f, "object", o);
        write_object(&money.descriptor, flags, o);
        break;
    case FIELD_OBJECT:
        write_type(f, "object", o);
        write_object(f->item, flags, o);
        break;
    case FIELD_LIST:
        write_list(f, flags, o);
        break;
    case FIELD_INLINE: /* its rows were walked */
        break;
    }
    write_description(f, o);
    if ((flags & SCHEMA_REQUEST) && (f->flags & FIELD_SECRET)) {
        json_out_key(o, "writeOnly");
        json_out_bool(o, true);
    }
    json_out_close(o, '}');
}

void encode_schema_as(const struct descriptor *d, unsigned flags, struct json_out *o)
{
    static const struct descriptor NOTHING = {.name = "Nothing"};

    json_out_open(o, '{');
    if (d)
        json_out_member(o, "description", d->doc);
    json_out_member(o, "type", "object");
    write_object(d ? d : &NOTHING, flags, o);
    json_out_close(o, '}');
}
