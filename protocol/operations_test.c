/* operations_test.c - what must hold for every operation of every service. */
#include "protocol/operations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/auth.h"
#include "protocol/user.h"
#include "tool/core/mem.h"
#include "tool/core/uuid.h"
#include "tool/encoder/fill_test.h"

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

static void check_error(const struct operation *op, const struct operation_error *e)
{
    size_t len = strlen(e->code);

    assert_true(status_http(e->status) >= 400);
    assert_true(len > 0 && len <= PROBLEM_CODE_MAX);
    if (strspn(e->code, "abcdefghijklmnopqrstuvwxyz0123456789_") != len || e->code[0] < 'a' ||
        e->code[len - 1] == '_')
        fail_msg("%s: %s is not snake_case", op->subject, e->code);
    if (!e->when || e->when[strlen(e->when) - 1] != '.')
        fail_msg("%s: %s: when is a sentence", op->subject, e->code);
    for (const struct operation_error *other = op->errors; other != e; other++)
        if (other->status == e->status && strcmp(other->code, e->code) == 0)
            fail_msg("%s: %s is there twice", op->subject, e->code);
}

static void errors_have_slugs_and_refuse(void **state)
{
    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++)
        for (const struct operation_error *e = OPERATIONS[i]->errors; e && e->code; e++)
            check_error(OPERATIONS[i], e);
}

/* What other services ask is asked again after every silence. */
static void what_services_ask_each_other_may_be_asked_again(void **state)
{
    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++)
        if (OPERATIONS[i]->internal && !OPERATIONS[i]->idempotent)
            fail_msg("%s is internal but not idempotent", OPERATIONS[i]->subject);
}

static void an_owner_is_a_uuid_of_the_request(void **state)
{
    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++) {
        const struct access *access = &OPERATIONS[i]->access;
        bool found = access->kind != ACCESS_OWNER && access->kind != ACCESS_OWNER_OR_ROLE;
        for (struct field_walk w = field_walk(OPERATIONS[i]->request); field_walk_next(&w);)
            found |= w.base + w.field->offset == access->offset && w.field->kind == FIELD_UUID &&
                     (w.field->flags & FIELD_REQUIRED);
        if (!found)
            fail_msg("%s: no such member is the owner's id", OPERATIONS[i]->subject);
    }
}

static bool has_secret(const struct descriptor *d)
{
    for (struct field_walk w = field_walk(d); field_walk_next(&w);)
        if ((w.field->flags & FIELD_SECRET) || has_secret(w.field->item))
            return true;
    return false;
}

static void what_anyone_may_keep_is_nobodys(void **state)
{
    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++) {
        const struct operation *op = OPERATIONS[i];

        if (op->cacheable && (!op->idempotent || op->access.kind != ACCESS_ANYBODY ||
                              has_secret(op->request) || has_secret(op->reply)))
            fail_msg("%s is for its caller, changes something or holds a secret", op->subject);
    }
}

static bool has_kind(const struct descriptor *d, enum field_kind kind)
{
    for (struct field_walk w = field_walk(d); field_walk_next(&w);)
        if (w.field->kind == kind)
            return true;
    return false;
}

static void a_list_takes_a_cursor_answers_one_and_refuses_a_wrong_one(void **state)
{
    (void)state;
    for (size_t i = 0; OPERATIONS[i]; i++) {
        const struct operation *op = OPERATIONS[i];
        bool takes = has_kind(op->request, FIELD_CURSOR);
        assert_int_equal(takes, has_kind(op->reply, FIELD_CURSOR));
        assert_int_equal(takes, operation_declares(op, ST_INVALID, "cursor_mismatch"));
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
        cmocka_unit_test(what_services_ask_each_other_may_be_asked_again),
        cmocka_unit_test(an_owner_is_a_uuid_of_the_request),
        cmocka_unit_test(what_anyone_may_keep_is_nobodys),
        cmocka_unit_test(a_list_takes_a_cursor_answers_one_and_refuses_a_wrong_one),
        cmocka_unit_test(every_message_survives_the_wire),
        cmocka_unit_test(the_profile_is_as_the_contract_has_it),
        cmocka_unit_test(a_signup_names_every_wrong_field_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
