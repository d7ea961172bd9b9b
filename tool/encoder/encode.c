/* encode.c - a struct into JSON, by its descriptor. */
#include "tool/encoder/descriptor.h"

#include <assert.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/clock.h"
#include "tool/core/date.h"
#include "tool/core/money.h"
#include "tool/core/uuid.h"
#include "tool/encoder/field_walk.h"
#include "tool/encoder/given_bits.h"
#include "tool/encoder/money_rows.h"

static void write_fields(const struct descriptor *d, const char *base, struct json_out *o);
static void write_value(const struct field *f, const char *base, struct json_out *o);
static bool is_absent(const struct field *f, const char *base);

static const char *enum_name(const struct field *f, int index)
{
    ASSERT(index >= 0);
    for (int i = 0; i <= index; i++)
        ASSERT(f->names[i]);
    return f->names[index];
}

/* Whether nothing is in it: all members are zero, and none was said to be. */
static bool is_empty(const struct descriptor *d, const char *base)
{
    const struct given *given = given_of(d, base);

    for (struct field_walk w = field_walk(d); field_walk_next(&w);)
        if (!is_absent(w.field, base + w.base))
            return false;
    return !given || given->said == 0;
}

static bool is_absent(const struct field *f, const char *base)
{
    const char *value = base + f->offset;

    switch (f->kind) {
    case FIELD_TEXT:
    case FIELD_CURSOR:
    case FIELD_JSON:
        return value[0] == '\0';
    case FIELD_UUID:
        return uuid_is_nil(*(const struct uuid *)value);
    case FIELD_TIME:
    case FIELD_INT:
        return *(const int64_t *)(const void *)value == 0;
    case FIELD_BOOL:
        return !*(const bool *)value;
    case FIELD_ENUM:
        return *(const int *)(const void *)value == 0;
    case FIELD_DATE:
        return *(const int32_t *)(const void *)value == 0;
    case FIELD_MONEY:
        return ((const struct money *)(const void *)value)->currency[0] == '\0';
    case FIELD_LIST:
        return *(const size_t *)(const void *)(base + f->count_offset) == 0;
    case FIELD_OBJECT:
        return is_empty(f->item, value);
    case FIELD_INLINE:
        break;
    }
    return true;
}

static void write_item(const struct descriptor *d, const char *item, struct json_out *o)
{
    if (d->bare)
        write_value(d->fields, item, o);
    else
        write_fields(d, item, o);
}

static void write_list(const struct field *f, const char *base, struct json_out *o)
{
    size_t n = *(const size_t *)(const void *)(base + f->count_offset);

    ASSERT(n <= (size_t)f->max);
    json_out_open(o, '[');
    for (size_t i = 0; i < n; i++)
        write_item(f->item, base + f->offset + i * f->item->size, o);
    json_out_close(o, ']');
}

static void write_value(const struct field *f, const char *base, struct json_out *o)
{
    const char *value = base + f->offset;
    char text[UUID_TEXT_LEN + 1];
    struct money_rows money;

    static_assert(sizeof(text) > CLOCK_TEXT_MAX, "holds a time and a date as well");
    switch (f->kind) {
    case FIELD_TEXT:
    case FIELD_CURSOR:
        json_out_text(o, value);
        break;
    case FIELD_JSON:
        json_out_raw(o, value[0] != '\0' ? value : "{}", value[0] != '\0' ? strlen(value) : 2);
        break;
    case FIELD_UUID:
        uuid_text(*(const struct uuid *)value, text);
        json_out_text_n(o, text, UUID_TEXT_LEN);
        break;
    case FIELD_TIME:
        json_out_text(o, clock_text(*(const int64_t *)(const void *)value, text));
        break;
    case FIELD_INT:
        json_out_int(o, *(const int64_t *)(const void *)value);
        break;
    case FIELD_BOOL:
        json_out_bool(o, *(const bool *)value);
        break;
    case FIELD_ENUM:
        json_out_text(o, enum_name(f, *(const int *)(const void *)value));
        break;
    case FIELD_DATE:
        json_out_text(o, date_text(*(const int32_t *)(const void *)value, text));
        break;
    case FIELD_MONEY:
        money_rows_init(&money, f);
        write_fields(&money.descriptor, value, o);
        break;
    case FIELD_OBJECT:
        write_fields(f->item, value, o);
        break;
    case FIELD_LIST:
        write_list(f, base, o);
        break;
    case FIELD_INLINE: /* its rows were walked */
        break;
    }
}

/* Whether its zero, left out, would be read as something else. Where the bounds do not let zero
 * through nobody said it, and the fallback is meant. */
static bool zero_counts(const struct field *f)
{
    return f->fallback != 0 && f->min <= 0 && f->max >= 0;
}

static void write_fields(const struct descriptor *d, const char *base, struct json_out *o)
{
    json_out_open(o, '{');
    for (struct field_walk w = field_walk(d); field_walk_next(&w);) {
        const struct field *f = w.field;
        const struct given *given = given_of(d, base);
        bool zero = is_absent(f, base + w.base);
        bool said = given && (given->said & given_bit(w.row));

        if (zero && !said && !field_is_required(d, f) && (d->patch || !zero_counts(f)))
            continue;
        json_out_key(o, f->name);
        if (zero && (f->flags & FIELD_NULLABLE) && (!said || (given->null & given_bit(w.row))))
            json_out_null(o);
        else
            write_value(f, base + w.base, o);
    }
    json_out_close(o, '}');
}

void encode(const struct descriptor *d, const void *value, struct json_out *o)
{
    static const struct descriptor NOTHING = {.name = "Nothing"};

    write_fields(d ? d : &NOTHING, value, o);
}
