/* value.c - between members of a struct and values of a column. */
#include "tool/store/value.h"

#include <string.h>

#include "tool/core/assert.h"

/* 0001-01-01 and 9999-12-31 */
static const int64_t DAYS_MIN = -719162, DAYS_MAX = 2932896, US_PER_DAY = 86400 * INT64_C(1000000);

static int64_t int_of(const void *member, size_t size)
{
    int8_t i8;
    int16_t i16;
    int32_t i32;
    int64_t i64;

    switch (size) {
    case sizeof(i8):
        memcpy(&i8, member, size);
        return i8;
    case sizeof(i16):
        memcpy(&i16, member, size);
        return i16;
    case sizeof(i32):
        memcpy(&i32, member, size);
        return i32;
    default:
        ASSERT(size == sizeof(i64));
        memcpy(&i64, member, size);
        return i64;
    }
}

static const char *name_of(const struct column *c, int64_t i)
{
    for (int64_t k = 0; c->names[k]; k++)
        if (k == i)
            return c->names[k];
    return NULL;
}

static void set_text(const struct column *c, const char *text, struct value *v)
{
    v->kind = VALUE_TEXT;
    v->text = text;
    if (c->form) {
        c->form(text, v->formed);
        v->text = v->formed;
    }
}

static void value_of(const struct column *c, const void *member, struct value *v)
{
    switch (c->kind) {
    case COLUMN_UUID:
        v->kind = VALUE_UUID;
        memcpy(&v->id, member, sizeof(v->id));
        break;
    case COLUMN_TEXT:
        set_text(c, member, v);
        break;
    case COLUMN_INT:
    case COLUMN_BOOL:
        v->kind = VALUE_INT;
        v->num = int_of(member, c->size);
        break;
    case COLUMN_TIME:
        v->kind = VALUE_TIME;
        v->num = int_of(member, c->size);
        break;
    case COLUMN_DATE:
        v->kind = VALUE_DATE;
        v->num = int_of(member, c->size);
        break;
    case COLUMN_ENUM:
        v->kind = VALUE_TEXT;
        v->text = name_of(c, int_of(member, c->size));
        ASSERT(v->text);
        break;
    }
}

static bool is_zero(const struct column *c, const char *member)
{
    if (c->kind == COLUMN_TEXT)
        return !member[0];
    for (size_t i = 0; i < c->size; i++)
        if (member[i])
            return false;
    return true;
}

static bool is_null(const struct column *c, const char *row)
{
    if (!(c->flags & COLUMN_NULLABLE))
        return false;
    return c->has ? !*(const bool *)(row + c->has) : is_zero(c, row + c->offset);
}

void value_of_row(const struct column *c, const void *row, struct value *v)
{
    const char *bytes = row;

    if (is_null(c, bytes))
        v->kind = VALUE_NULL;
    else
        value_of(c, bytes + c->offset, v);
}

void value_of_key(const struct column *c, const void *key, struct value *v)
{
    if (key)
        value_of(c, key, v);
    else
        v->kind = VALUE_NULL;
}

static int sign_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* As PAD SPACE collations do: the shorter one goes on in blanks. */
static int compare_padded(const char *a, const char *b)
{
    size_t i;

    for (i = 0; a[i] && b[i]; i++)
        if (a[i] != b[i])
            return (unsigned char)a[i] < (unsigned char)b[i] ? -1 : 1;
    for (size_t k = i; a[k]; k++)
        if (a[k] != ' ')
            return (unsigned char)a[k] < ' ' ? -1 : 1;
    for (size_t k = i; b[k]; k++)
        if (b[k] != ' ')
            return (unsigned char)b[k] < ' ' ? 1 : -1;
    return 0;
}

int value_compare(const struct value *a, const struct value *b)
{
    if (a->kind == VALUE_NULL || b->kind == VALUE_NULL)
        return sign_of(a->kind != VALUE_NULL, b->kind != VALUE_NULL);
    ASSERT(a->kind == b->kind);
    if (a->kind == VALUE_TEXT)
        return compare_padded(a->text, b->text);
    if (a->kind == VALUE_UUID)
        return sign_of(memcmp(&a->id, &b->id, sizeof(a->id)), 0);
    return sign_of(a->num, b->num);
}

static int characters(const char *text)
{
    int n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

bool value_fits(const struct column *c, const struct value *v)
{
    switch (v->kind) {
    case VALUE_NULL:
        return c->flags & COLUMN_NULLABLE;
    case VALUE_TEXT:
        return c->kind == COLUMN_ENUM || characters(v->text) <= column_length(c);
    case VALUE_TIME:
        return v->num >= DAYS_MIN * US_PER_DAY && v->num < (DAYS_MAX + 1) * US_PER_DAY;
    case VALUE_DATE:
        return v->num >= DAYS_MIN && v->num <= DAYS_MAX;
    case VALUE_INT:
    case VALUE_UUID:
        break;
    }
    return true;
}

void value_bound(struct value *v)
{
    const bool is_time = v->kind == VALUE_TIME;
    const int64_t min = is_time ? DAYS_MIN * US_PER_DAY : DAYS_MIN;
    const int64_t max = is_time ? (DAYS_MAX + 1) * US_PER_DAY - 1 : DAYS_MAX;

    if (!is_time && v->kind != VALUE_DATE)
        return;
    v->num = v->num < min ? min : v->num > max ? max : v->num;
}
