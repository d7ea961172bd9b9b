/* descriptors_test.c - what must hold for every row of every message. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "protocol/events.h"
#include "protocol/operations.h"
#include "tool/core/mem.h"
#include "tool/core/money.h"
#include "tool/core/uuid.h"
#include "tool/encoder/field_walk.h"
#include "tool/encoder/rule_check.h"
#include "tool/encoder/schema.h"

enum { SCHEMA_MAX = 64 * 1024, NAMES_MAX = 1024 };

/* Of one kind each; 0: as large as its rows say. */
static const size_t SIZES[] = {
    [FIELD_TEXT] = 0,
    [FIELD_UUID] = sizeof(struct uuid),
    [FIELD_TIME] = sizeof(int64_t),
    [FIELD_INT] = sizeof(int64_t),
    [FIELD_BOOL] = sizeof(bool),
    [FIELD_MONEY] = sizeof(struct money),
    [FIELD_DATE] = sizeof(int32_t),
    [FIELD_ENUM] = sizeof(int),
};

static void check_rule(const struct descriptor *d, const struct field *f)
{
    assert_non_null(f->rule->reason);
    if (!f->rule->example)
        fail_msg("%s.%s: its rule has no example", d->name, f->name);
    if (!rule_accepts(f->rule, f->rule->example))
        fail_msg("%s.%s: its rule refuses its own example", d->name, f->name);
}

static void check_text(const struct descriptor *d, const struct field *f, bool request)
{
    size_t bytes = !f->rule                      ? 0
                   : f->rule->unit == RULE_BYTES ? f->rule->max
                   : f->rule->pattern            ? f->rule->max /* patterns of ours are ASCII */
                                                 : f->rule->max * 4;

    if (request && !f->rule)
        fail_msg("%s.%s takes any text", d->name, f->name);
    if (bytes >= f->size)
        fail_msg("%s.%s holds %zu bytes, its rule accepts %zu", d->name, f->name, f->size, bytes);
    if (f->rule)
        check_rule(d, f);
}

/* A URL has texts, numbers and truths. */
static void check_place(const struct descriptor *d, const struct field *f, bool request)
{
    bool in_url = f->flags & (FIELD_IN_PATH | FIELD_IN_QUERY);

    if (in_url && (!request || f->item || f->kind == FIELD_MONEY || f->kind == FIELD_JSON))
        fail_msg("%s.%s does not fit into a URL", d->name, f->name);
    if ((f->flags & FIELD_IN_PATH) && !(f->flags & FIELD_REQUIRED))
        fail_msg("%s.%s is in the path, which always has it", d->name, f->name);
}

/* What a request may say, its service must be able to tell. */
static void check_given(const struct descriptor *d, const struct field *f, bool request)
{
    bool zero_says_nothing = f->kind == FIELD_TEXT || f->kind == FIELD_UUID ||
                             f->kind == FIELD_TIME || f->kind == FIELD_CURSOR ||
                             f->kind == FIELD_MONEY || f->kind == FIELD_OBJECT ||
                             f->kind == FIELD_JSON;

    if (request && (f->flags & FIELD_NULLABLE) && !d->given && !zero_says_nothing)
        fail_msg("%s.%s: null and zero are the same without .given", d->name, f->name);
    if (f->fallback != 0 && (f->fallback < f->min || f->fallback > f->max))
        fail_msg("%s.%s: its fallback is out of its bounds", d->name, f->name);
}

static void check_descriptor(const struct descriptor *d, bool request);

static void check_field(const struct descriptor *d, const struct field_walk *w, bool request)
{
    const struct field *f = w->field;
    struct field_walk same;

    if (!f->doc || !islower((unsigned char)f->name[0]))
        fail_msg("%s.%s has no doc, or no camelCase name", d->name, f->name);
    assert_true(w->base + f->offset + f->size <= d->size);
    if (f->kind < ARRAY_LEN(SIZES) && SIZES[f->kind] != 0)
        assert_int_equal(f->size, SIZES[f->kind]);
    assert_true(field_walk_find(&same, d, f->name, strlen(f->name)));
    if (same.row != w->row)
        fail_msg("%s has %s twice", d->name, f->name);
    if (f->kind == FIELD_TEXT)
        check_text(d, f, request);
    if (f->kind == FIELD_LIST)
        assert_true(f->max > 0 && (size_t)f->max * f->item->size <= f->size);
    if (f->item && f->item->bare)
        assert_true(f->kind == FIELD_LIST && f->item->n_fields == 1 &&
                    f->item->fields->kind != FIELD_INLINE);
    if (f->item)
        check_descriptor(f->item, request);
    check_place(d, f, request);
    check_given(d, f, request);
}

static void check_descriptor(const struct descriptor *d, bool request)
{
    for (struct field_walk w = field_walk(d); field_walk_next(&w);) {
        check_field(d, &w, request);
        assert_true(!d->given || w.row < GIVEN_MAX);
    }
    assert_true(!d->patch || d->given);
}

static void check_schema(const struct descriptor *d, unsigned flags)
{
    char *text = mem_alloc(1, SCHEMA_MAX);
    struct json_out o;
    json_t *schema;

    json_out_init(&o, text, SCHEMA_MAX);
    encode_schema_as(d, flags, &o);
    assert_false(o.overflow);
    schema = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(schema);
    json_decref(schema);
    free(text);
}

static void descriptors_fit_their_structs_and_print_a_schema(void **state)
{
    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++) {
        if (OPERATIONS[i]->request)
            check_descriptor(OPERATIONS[i]->request, true);
        if (OPERATIONS[i]->reply)
            check_descriptor(OPERATIONS[i]->reply, false);
        check_schema(OPERATIONS[i]->request, SCHEMA_REQUEST);
        check_schema(OPERATIONS[i]->reply, 0);
    }
}

static void events_fit_too(void **state)
{
    (void)state;
    for (size_t i = 0; event_type_at(i); i++) {
        check_descriptor(event_type_at(i)->data, false);
        check_schema(event_type_at(i)->data, 0);
    }
}

struct names {
    const struct descriptor *of[NAMES_MAX];
    size_t n;
};

static void note(struct names *names, const struct descriptor *d)
{
    for (size_t i = 0; i < names->n; i++) {
        if (names->of[i] == d)
            return;
        if (strcmp(names->of[i]->name, d->name) == 0)
            fail_msg("two messages are named %s", d->name);
    }
    assert_true(names->n < NAMES_MAX);
    names->of[names->n++] = d;
    for (size_t i = 0; i < d->n_fields; i++)
        if (d->fields[i].item)
            note(names, d->fields[i].item);
}

static void a_name_belongs_to_one_message(void **state)
{
    struct names *names = MEM_NEW(struct names);

    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++) {
        if (OPERATIONS[i]->request)
            note(names, OPERATIONS[i]->request);
        if (OPERATIONS[i]->reply)
            note(names, OPERATIONS[i]->reply);
    }
    for (size_t i = 0; event_type_at(i); i++)
        note(names, event_type_at(i)->data);
    assert_true(names->n > 0);
    free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptors_fit_their_structs_and_print_a_schema),
        cmocka_unit_test(events_fit_too),
        cmocka_unit_test(a_name_belongs_to_one_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
