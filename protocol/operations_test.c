/* operations_test.c - what must hold for every operation of every service. */
#include "protocol/operations.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "protocol/auth.h"
#include "protocol/user.h"
#include "tool/core/mem.h"
#include "tool/core/uuid.h"
#include "tool/encoder/fill_test.h"
#include "tool/encoder/rule_check.h"
#include "tool/encoder/schema.h"

enum { MESSAGE_MAX = 64 * 1024 };

static void subjects_are_unique_and_of_the_right_shape(void **state)
{
    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++) {
        const char *subject = OPERATIONS[i]->subject;
        size_t len = strlen(subject);

        assert_ptr_equal(operation_find(subject),
                         OPERATIONS[i]); /* the first one of that subject */
        assert_int_equal(strspn(subject, "abcdefghijklmnopqrstuvwxyz0123456789_."), len);
        assert_non_null(strchr(subject, '.'));
        assert_null(strstr(subject, ".."));
        assert_true(subject[0] != '.' && subject[len - 1] != '.');
        assert_non_null(OPERATIONS[i]->summary);
    }
    assert_null(operation_find("user.nothing"));
}

static void errors_have_slugs_and_refuse(void **state)
{
    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++)
        for (const struct operation_error *e = OPERATIONS[i]->errors; e && e->code; e++) {
            assert_true(status_http(e->status) >= 400);
            assert_true(strlen(e->code) <= PROBLEM_CODE_MAX);
            assert_int_equal(strspn(e->code, "abcdefghijklmnopqrstuvwxyz_"), strlen(e->code));
            assert_non_null(e->when);
        }
}

static void check_rule(const struct descriptor *d, const struct field *f)
{
    assert_non_null(f->rule->reason);
    if (!f->rule->example)
        fail_msg("%s.%s: its rule has no example", d->name, f->name);
    if (!rule_accepts(f->rule, f->rule->example))
        fail_msg("%s.%s: its rule refuses its own example", d->name, f->name);
}

static void check_field(const struct descriptor *d, size_t base, const struct field *f,
                        bool request)
{
    static const size_t sizes[] = {
        [FIELD_UUID] = sizeof(struct uuid), [FIELD_TIME] = sizeof(int64_t),
        [FIELD_INT] = sizeof(int64_t),      [FIELD_BOOL] = sizeof(bool),
        [FIELD_ENUM] = sizeof(int),         [FIELD_LIST] = 0,
    };
    size_t bytes = !f->rule                      ? 0
                   : f->rule->unit == RULE_BYTES ? f->rule->max
                   : f->rule->pattern            ? f->rule->max /* patterns of ours are ASCII */
                                                 : f->rule->max * 4;

    if (!f->doc || !islower((unsigned char)f->name[0]))
        fail_msg("%s.%s has no doc, or no camelCase name", d->name, f->name);
    assert_true(base + f->offset + f->size <= d->size);
    if (f->kind < ARRAY_LEN(sizes) && sizes[f->kind] != 0)
        assert_int_equal(f->size, sizes[f->kind]);
    if (f->kind == FIELD_TEXT && request && !f->rule)
        fail_msg("%s.%s takes any text", d->name, f->name);
    if (f->kind == FIELD_TEXT && bytes >= f->size)
        fail_msg("%s.%s holds %zu bytes, its rule accepts %zu", d->name, f->name, f->size, bytes);
    if (f->rule)
        check_rule(d, f);
    if (f->kind == FIELD_LIST)
        assert_true((size_t)f->max * f->item->size <= f->size);
}

static void check_descriptor(const struct descriptor *d, bool request)
{
    struct json_out o;
    char text[16 * 1024];
    json_t *schema;

    if (!d)
        return;
    for (struct field_walk w = field_walk(d), same; field_walk_next(&w);) {
        const struct field *f = w.field;
        check_field(d, w.base, f, request);
        assert_true(field_walk_find(&same, d, f->name, strlen(f->name)));
        if (same.row != w.row)
            fail_msg("%s has %s twice", d->name, f->name);
    }
    json_out_init(&o, text, sizeof(text));
    encode_schema_as(d, request ? SCHEMA_REQUEST : 0, &o);
    assert_false(o.overflow);
    schema = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(schema);
    json_decref(schema);
}

static void descriptors_fit_their_structs_and_print_a_schema(void **state)
{
    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++) {
        check_descriptor(OPERATIONS[i]->request, true);
        check_descriptor(OPERATIONS[i]->reply, false);
    }
}

static void check_round_trip(const struct descriptor *d)
{
    char *first, *second, *text = mem_alloc(1, MESSAGE_MAX);
    struct problem problem = {.status = ST_OK};
    struct json_out o;

    if (d) {
        first = mem_alloc(1, d->size);
        second = mem_alloc(1, d->size);
        fill_message(d, first, true, 1);
        json_out_init(&o, text, MESSAGE_MAX);
        encode(d, first, &o);
        assert_false(o.overflow);
        if (decode(d, text, o.len, second, &problem) != ST_OK)
            fail_msg("%s: %s: %s %s", d->name, problem.detail, problem.errors[0].field,
                     problem.errors[0].reason);
        assert_memory_equal(first, second, d->size);
        free(first);
        free(second);
    }
    free(text);
}

static void every_message_survives_the_wire(void **state)
{
    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++) {
        check_round_trip(OPERATIONS[i]->request);
        check_round_trip(OPERATIONS[i]->reply);
    }
}

static void the_profile_is_as_the_contract_has_it(void **state)
{
    struct profile profile = {
        .person = {"Kim", "kim@example.org", "+821012345678"},
          .version = 7
    };
    struct json_out o;
    char text[512];

    (void)state;
    assert_true(uuid_parse("0197f3a0-1234-7abc-8def-0123456789ab", &profile.user_id));
    assert_int_equal(clock_parse("2026-01-31T12:34:56.5Z", &profile.created_us), 0);
    profile.updated_us = profile.created_us;
    json_out_init(&o, text, sizeof(text));
    encode(USER_GET.reply, &profile, &o);
    assert_string_equal(text,
                        "{\"userId\":\"0197f3a0-1234-7abc-8def-0123456789ab\",\"name\":\"Kim\","
                        "\"email\":\"kim@example.org\",\"phone\":\"+821012345678\","
                        "\"createdAt\":\"2026-01-31T12:34:56.500000Z\","
                        "\"updatedAt\":\"2026-01-31T12:34:56.500000Z\"}");
}

static void a_signup_names_every_wrong_field_at_once(void **state)
{
    static const char JSON[] = "{\"loginId\":\"x\",\"password\":\"short\",\"name\":\"\","
                               "\"email\":\"no\",\"phone\":\"no\",\"admin\":true}";
    static const char *const want[] = {"loginId", "password", "name", "email", "phone", "admin"};
    struct problem problem = {.status = ST_OK};
    struct signup_form form;

    (void)state;
    assert_int_equal(decode(AUTH_SIGNUP.request, JSON, strlen(JSON), &form, &problem), ST_INVALID);
    assert_int_equal(problem.n_errors, ARRAY_LEN(want));
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_string_equal(problem.errors[i].field, want[i]);
    assert_string_equal(problem.code, "invalid_request");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subjects_are_unique_and_of_the_right_shape),
        cmocka_unit_test(errors_have_slugs_and_refuse),
        cmocka_unit_test(descriptors_fit_their_structs_and_print_a_schema),
        cmocka_unit_test(every_message_survives_the_wire),
        cmocka_unit_test(the_profile_is_as_the_contract_has_it),
        cmocka_unit_test(a_signup_names_every_wrong_field_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
