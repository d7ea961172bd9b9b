/* json_check_test.c - bodies that are only forwarded. */
#include "tool/encoder/json_check.h"
#include "tool/encoder/json_check_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void an_object_with_any_members_is_well_formed(void **state)
{
    static const char GOOD[] = " {\"a\":[1,2.5,{\"b\":null}],\"c\":\"\xf0\x9f\x98\x80\"}\r\n";
    struct problem problem = {.status = ST_OK};

    (void)state;
    assert_int_equal(json_check_object(GOOD, strlen(GOOD), &problem), ST_OK);
    assert_int_equal(json_check_object("{}", 2, &problem), ST_OK);
    assert_int_equal(problem.status, ST_OK);
    assert_int_equal(json_check_object("{}}", 3, &problem), ST_INVALID);
    assert_int_equal(problem.status, ST_INVALID);
}

static void members_are_put_in_front_of_what_was_sent(void **state)
{
    static const struct json_member members[] = {
        {.name = "userId", .value = "0197f3a0"},
        {.name = "other",  .value = "\"q\""   },
        {.name = "limit",  .value = "20",       .bare = true},
        {.name = "after",                .place = "query"                    },
    };
    static const struct {
        const char *body;
        size_t n;
        const char *want;
    } cases[] = {
        {"{}",                        0, "{}"                                                                    },
        {" { } ",                     1, "{\"userId\":\"0197f3a0\"}"                                             },
        {"{\"a\": [ 1 ], \"b\":{} }", 0, "{\"a\": [ 1 ], \"b\":{} }"                                             },
        {"{\"a\":\"}\"}\n",           2, "{\"userId\":\"0197f3a0\",\"other\":\"\\\"q\\\"\",\"a\":\"}\"}"         },
        {"{\"a\":{\"userId\":1}}",    1, "{\"userId\":\"0197f3a0\",\"a\":{\"userId\":1}}"                        },
        {"{\"a\":1}",                 4, "{\"userId\":\"0197f3a0\",\"other\":\"\\\"q\\\"\",\"limit\":20,\"a\":1}"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct problem problem = {.status = ST_OK};
        struct json_out o;
        char text[256];

        json_out_init(&o, text, sizeof(text));
        assert_true(json_merge_members(cases[i].body, strlen(cases[i].body), members, cases[i].n,
                                       &o, &problem));
        assert_false(o.overflow);
        assert_string_equal(text, cases[i].want);
        assert_int_equal(json_check_object(text, o.len, &problem), ST_OK);
    }
}

static void a_member_of_the_path_may_not_be_in_the_body(void **state)
{
    static const struct json_member members[] = {
        {.name = "userId", .value = "x"    },
        {.name = "sagaId", .value = "y"    },
        {.name = "limit",  .place = "query"},
    };
    static const char BODY[] = "{\"sagaId\":\"z\",\"\\u0075serId\":1,\"limit\":1}";
    struct problem problem = {.status = ST_OK};
    struct json_out o;
    char text[64];

    (void)state;
    json_out_init(&o, text, sizeof(text));
    assert_false(json_merge_members(BODY, strlen(BODY), members, 3, &o, &problem));
    assert_int_equal(problem.n_errors, 3);
    assert_string_equal(problem.errors[0].field, "userId");
    assert_string_equal(problem.errors[1].field, "sagaId");
    assert_string_equal(problem.errors[1].reason, "is in the path, not in the body");
    assert_string_equal(problem.errors[2].reason, "is in the query, not in the body");
    assert_string_equal(text, "");
    assert_false(json_merge_members("[]", 2, members, 2, &o, &problem));
}

static void texts_are_taken_out_when_all_are_there_and_fit(void **state)
{
    static const char BODY[] = "{\"id\":\"abcd\",\"n\":1,\"deep\":{\"x\":\"y\"},\"to\":\"z\"}";
    static const char *const NOT_TEXTS[] = {"n", "x", "deep", "none"};
    struct json_found texts[2] = {{.name = "to"}, {.name = "id"}};
    char text[JSON_TEXT_MAX + 32];

    (void)state;
    assert_true(json_get_texts(BODY, strlen(BODY), texts, 2));
    assert_string_equal(texts[0].value, "z");
    assert_string_equal(texts[1].value, "abcd");
    for (size_t i = 0; i < ARRAY_LEN(NOT_TEXTS); i++) {
        texts[0].name = NOT_TEXTS[i];
        assert_false(json_get_texts(BODY, strlen(BODY), texts, 2));
    }
    for (int len = JSON_TEXT_MAX; len <= JSON_TEXT_MAX + 1; len++) {
        snprintf(text, sizeof(text), "{\"id\":\"%0*d\"}", len, 1);
        assert_int_equal(json_get_texts(text, strlen(text), &texts[1], 1), len == JSON_TEXT_MAX);
    }
    assert_false(json_get_texts("oops", 4, &texts[1], 1));
    assert_true(json_get_texts("oops", 4, NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_with_any_members_is_well_formed),
        cmocka_unit_test(members_are_put_in_front_of_what_was_sent),
        cmocka_unit_test(a_member_of_the_path_may_not_be_in_the_body),
        cmocka_unit_test(texts_are_taken_out_when_all_are_there_and_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
