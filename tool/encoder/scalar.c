/* scalar.c - see scalar.h. */
#include "tool/encoder/scalar.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/clock.h"
#include "tool/core/date.h"
#include "tool/core/mem.h"
#include "tool/core/uuid.h"
#include "tool/encoder/rule_check.h"

/* False: so that a reader can end with it. */
__attribute__((format(printf, 2, 3))) static bool refuse(char *reason, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(reason, PROBLEM_REASON_MAX + 1, fmt, args);
    va_end(args);
    return false;
}

static bool read_text(const struct field *f, const json_t *v, bool outside, void *out, char *reason)
{
    const char *text = json_string_value(v), *refusal = NULL;

    if (!text)
        return refuse(reason, "must be a string");
    if (f->rule)
        refusal = outside ? rule_refusal(f->rule, text) : rule_refusal_inside(f->rule, text);
    if (refusal)
        return refuse(reason, "%s", refusal);
    if (json_string_length(v) >= f->size)
        return refuse(reason, "must be at most %zu bytes", f->size - 1);
    memcpy(out, text, json_string_length(v) + 1);
    if (f->rule && f->rule->normalise)
        f->rule->normalise(out);
    return true;
}

static bool read_uuid(const struct field *f, const json_t *v, void *out, char *reason)
{
    const char *text = json_string_value(v);

    (void)f;
    return (text && uuid_parse(text, out)) || refuse(reason, "must be a UUID");
}

static bool read_time(const struct field *f, const json_t *v, void *out, char *reason)
{
    const char *text = json_string_value(v);

    (void)f;
    return (text && clock_parse(text, out) == 0) ||
           refuse(reason, "must be a time as in RFC 3339, in UTC, with a Z");
}

static bool read_date(const struct field *f, const json_t *v, void *out, char *reason)
{
    const char *text = json_string_value(v);

    (void)f;
    return (text && date_parse(text, out)) ||
           refuse(reason, "must be a date of the calendar, as 2026-12-24");
}

static bool read_int(const struct field *f, const json_t *v, void *out, char *reason)
{
    bool bounded = f->min != 0 || f->max != 0;
    json_int_t value = json_integer_value(v);

    if (!json_is_integer(v))
        return refuse(reason, "must be a whole number");
    if (bounded && (value < f->min || value > f->max))
        return refuse(reason, "must be %lld to %lld", f->min, f->max);
    *(int64_t *)out = value;
    return true;
}

static bool read_bool(const struct field *f, const json_t *v, void *out, char *reason)
{
    (void)f;
    if (!json_is_boolean(v))
        return refuse(reason, "must be true or false");
    *(bool *)out = json_is_true(v);
    return true;
}

static bool read_enum(const struct field *f, const json_t *v, void *out, char *reason)
{
    const char *text = json_string_value(v);
    size_t len;

    refuse(reason, "must be one of");
    for (int i = 0; f->names[i]; i++) {
        if (text && strcmp(text, f->names[i]) == 0) {
            *(int *)out = i;
            return true;
        }
        len = strlen(reason);
        snprintf(reason + len, PROBLEM_REASON_MAX + 1 - len, "%s %s", i > 0 ? "," : "",
                 f->names[i]);
    }
    return false;
}

static bool read_cursor(const struct field *f, const json_t *v, void *out, char *reason)
{
    static const char BASE64URL[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *text = json_string_value(v);
    size_t len = json_string_length(v);

    if (!text || len == 0 || len >= f->size || strspn(text, BASE64URL) != len)
        return refuse(reason, "must be a cursor as it was answered");
    memcpy(out, text, len + 1);
    return true;
}

static bool read_json(const struct field *f, const json_t *v, void *out, char *reason)
{
    size_t len;

    if (!json_is_object(v))
        return refuse(reason, "must be an object");
    len = json_dumpb(v, out, f->size - 1, JSON_COMPACT); /* says what it would take */
    if (len >= f->size) {
        memset(out, 0, f->size);
        return refuse(reason, "must be at most %zu bytes", f->size - 1);
    }
    ((char *)out)[len] = '\0';
    return true;
}

bool scalar_read(const struct field *f, const json_t *v, bool outside, void *out,
                 char reason[PROBLEM_REASON_MAX + 1])
{
    static bool (*const READERS[])(const struct field *f, const json_t *v, void *out,
                                   char *reason) = {
        [FIELD_UUID] = read_uuid,     [FIELD_TIME] = read_time, [FIELD_DATE] = read_date,
        [FIELD_INT] = read_int,       [FIELD_BOOL] = read_bool, [FIELD_ENUM] = read_enum,
        [FIELD_CURSOR] = read_cursor, [FIELD_JSON] = read_json,
    };

    if (f->kind == FIELD_TEXT)
        return read_text(f, v, outside, out, reason);
    ASSERT(f->kind < ARRAY_LEN(READERS) && READERS[f->kind]);
    return READERS[f->kind](f, v, out, reason);
}
