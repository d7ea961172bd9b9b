/* fill_test.h - a message of any descriptor with something right in its members, for tests that go
 * over all of them. */
#ifndef TOOL_ENCODER_FILL_TEST_H
#define TOOL_ENCODER_FILL_TEST_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/money.h"
#include "tool/encoder/field_walk.h"

/* Fits every text without a rule, and has to be escaped; differs from member to member. */
static void fill_text(const struct field *f, char *value)
{
    char text[256];

    if (f->rule)
        snprintf(text, sizeof(text), "%s", f->rule->example);
    else
        snprintf(text, sizeof(text), "\xea\xb9\x80%s \"\\", f->name);
    if (f->rule && f->rule->normalise)
        f->rule->normalise(text);
    snprintf(value, f->size, "%s", text);
}

static int fill_names(const struct field *f)
{
    int n = 0;

    while (f->names[n])
        n++;
    return n;
}

static void fill_message(const struct descriptor *d, char *base, bool all, int variant);

static void fill_list(const struct field *f, char *base, bool all, int variant)
{
    enum { ENOUGH = 8 };
    long long n = all ? f->max : f->min;

    n = n > ENOUGH ? ENOUGH : n;
    for (long long k = 0; k < n; k++)
        fill_message(f->item, base + f->offset + (size_t)k * f->item->size, all, variant);
    *(size_t *)(void *)(base + f->count_offset) = (size_t)n;
}

/* all: false leaves out what is not required. variant: 0, 1 ... chooses among names and truths.
 * message: zeroed, d->size bytes. */
static void fill_message(const struct descriptor *d, char *message, bool all, int variant)
{
    for (struct field_walk w = field_walk(d); field_walk_next(&w);) {
        const struct field *f = w.field;
        char *base = message + w.base, *value = base + f->offset;
        size_t i = w.row;

        if (!all && !(f->flags & FIELD_REQUIRED))
            continue;
        if (d->given)
            ((struct given *)(void *)(message + d->given))->said |= (uint64_t)1 << i;
        switch (f->kind) {
        case FIELD_TEXT:
            fill_text(f, value);
            break;
        case FIELD_UUID:
            memset(value, 0x5a, f->size);
            *value = (char)i;
            break;
        case FIELD_TIME:
            *(int64_t *)(void *)value = 1769862896123456 + (int64_t)i * 1000000;
            break;
        case FIELD_INT:
            *(int64_t *)(void *)value = f->min != 0 || f->max != 0 ? f->max : 7 + (int64_t)i;
            break;
        case FIELD_DATE:
            *(int32_t *)(void *)value = 20811 + (int32_t)i;
            break;
        case FIELD_MONEY:
            *(struct money *)(void *)value =
                (struct money){f->max != 0 ? f->max : 12900 + (int64_t)i, "KRW"};
            break;
        case FIELD_CURSOR:
            snprintf(value, f->size, "%.*s", 12, "Y3Vyc29y_-09");
            break;
        case FIELD_JSON:
            snprintf(value, f->size, "{\"%s\":{\"n\":[%zu,null]}}", f->name, i);
            break;
        case FIELD_BOOL:
            *(bool *)value = variant % 2 == 0;
            break;
        case FIELD_ENUM:
            *(int *)(void *)value = variant % fill_names(f);
            break;
        case FIELD_OBJECT:
            fill_message(f->item, value, all, variant);
            break;
        case FIELD_LIST:
            fill_list(f, base, all, variant);
            break;
        case FIELD_INLINE: /* its rows are walked */
            break;
        }
    }
}

#endif
