/* patch_test.c - zero, null and nothing said are three things; a merge patch changes what it says.
 */
#include "tool/encoder/patch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/encoder/patch_sample_test.h"
#include "tool/encoder/schema.h"

static void read_ok(const struct descriptor *d, const char *json, void *out)
{
    struct problem problem = {.status = ST_OK};

    if (decode(d, json, strlen(json), out, &problem) != ST_OK)
        fail_msg("%s: %s: %s", json, problem.errors[0].field, problem.errors[0].reason);
}

static const char *written(const struct descriptor *d, const void *value)
{
    static char text[1024];
    struct json_out o;

    json_out_init(&o, text, sizeof(text));
    encode(d, value, &o);
    assert_false(o.overflow);
    return text;
}

static void zero_null_and_nothing_are_written_as_they_were_read(void **state)
{
    static const char *const cases[] = {
        "{" ID ",\"name\":\"a\"}",
        "{" ID ",\"name\":\"a\",\"price\":0}",
        "{" ID ",\"name\":\"a\",\"active\":false}",
        "{" ID ",\"name\":\"a\",\"stock\":0}",
        "{" ID ",\"name\":\"a\",\"stock\":null}",
        "{" ID ",\"name\":\"a\",\"note\":\"\",\"colour\":\"red\"}",
        "{" ID ",\"name\":\"a\",\"note\":null,\"colour\":null}",
        "{" ID ",\"name\":\"a\",\"size\":{\"width\":0}}",
        "{" ID ",\"name\":\"a\",\"size\":{\"width\":0,\"height\":null}}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct item item;
        read_ok(&ITEM, cases[i], &item);
        assert_string_equal(written(&ITEM, &item), cases[i]);
    }
}

static void what_was_said_can_be_asked(void **state)
{
    struct item item;

    (void)state;
    read_ok(&ITEM, "{" ID ",\"name\":\"a\",\"price\":0,\"stock\":null}", &item);
    assert_true(given_has(&ITEM, &item, offsetof(struct item, price)));
    assert_true(given_has(&ITEM, &item, offsetof(struct item, stock)));
    assert_true(given_has(&ITEM, &item, offsetof(struct item, label.name)));
    assert_false(given_has(&ITEM, &item, offsetof(struct item, label.note)));
    assert_false(given_has(&ITEM, &item, offsetof(struct item, active)));
    given_set(&ITEM, &item, offsetof(struct item, active));
    assert_string_equal(written(&ITEM, &item),
                        "{" ID ",\"name\":\"a\",\"price\":0,\"stock\":null,\"active\":false}");
}

static void null_is_only_right_where_it_may_be(void **state)
{
    static const struct {
        const struct descriptor *d;
        const char *json, *field;
    } cases[] = {
        {&ITEM,  "{" ID ",\"name\":null}",                 "name"      },
        {&ITEM,  "{" ID ",\"name\":\"a\",\"price\":null}", "price"     },
        {&ITEM,  "{" ID "}",                               "name"      },
        {&PATCH, "{" ID ",\"name\":null}",                 "name"      },
        {&PATCH, "{" ID ",\"active\":null}",               "active"    },
        {&PATCH, "{\"name\":\"a\"}",                       "id"        },
        {&PATCH, "{" ID ",\"size\":null}",                 "size"      },
        {&PATCH, "{" ID ",\"size\":{\"width\":null}}",     "size.width"},
        {&PATCH, "{" ID ",\"version\":3}",                 "version"   },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct problem problem = {.status = ST_OK};
        char out[sizeof(struct item) + sizeof(struct item_patch)];
        assert_int_equal(decode(cases[i].d, cases[i].json, strlen(cases[i].json), out, &problem),
                         ST_INVALID);
        assert_int_equal(problem.n_errors, 1);
        assert_string_equal(problem.errors[0].field, cases[i].field);
    }
}

static void a_patch_changes_what_it_says_and_nothing_else(void **state)
{
    static const char BEFORE[] = "{" ID ",\"name\":\"a\",\"note\":\"n\",\"price\":5,\"stock\":7,"
                                 "\"active\":true,\"colour\":\"green\","
                                 "\"size\":{\"width\":1,\"height\":2}}";
    static const struct {
        const char *patch, *after;
        bool differs;
    } cases[] = {
        {"{" ID "}",                                              BEFORE, false},
        {"{" ID ",\"price\":5,\"name\":\"a\"}",                   BEFORE, false},
        {"{" ID ",\"name\":\"bc\",\"price\":0,\"active\":false}",
         "{" ID ",\"name\":\"bc\",\"note\":\"n\",\"price\":0,\"stock\":7,\"active\":false,"
         "\"colour\":\"green\",\"size\":{\"width\":1,\"height\":2}}",     true },
        {"{" ID ",\"stock\":null,\"note\":null,\"colour\":null}",
         "{" ID ",\"name\":\"a\",\"note\":null,\"price\":5,\"stock\":null,\"active\":true,"
         "\"colour\":null,\"size\":{\"width\":1,\"height\":2}}",          true },
        {"{" ID ",\"stock\":0,\"size\":{\"height\":3}}",
         "{" ID ",\"name\":\"a\",\"note\":\"n\",\"price\":5,\"stock\":0,\"active\":true,"
         "\"colour\":\"green\",\"size\":{\"width\":1,\"height\":3}}",     true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct item item;
        struct item_patch patch;
        read_ok(&ITEM, BEFORE, &item);
        item.version = 42;
        read_ok(&PATCH, cases[i].patch, &patch);
        assert_int_equal(patch_apply(&PATCH, &patch, &ITEM, &item), cases[i].differs);
        assert_string_equal(written(&ITEM, &item), cases[i].after);
        assert_int_equal(item.version, 42);
        assert_false(patch_apply(&PATCH, &patch, &ITEM, &item)); /* the second time */
    }
}

/* As a service hands a patch on to another. */
static void a_patch_is_written_as_it_was_read(void **state)
{
    static const char *const cases[] = {
        "{" ID "}",
        "{" ID ",\"active\":false,\"stock\":null,\"price\":0,\"name\":\"a\",\"note\":null}",
        "{" ID ",\"size\":{\"height\":null}}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct item_patch patch;
        read_ok(&PATCH, cases[i], &patch);
        assert_string_equal(written(&PATCH, &patch), cases[i]);
    }
}

static void schemas_say_null_and_default(void **state)
{
    static const struct field FIELDS[] = {
        FIELD(struct item, stock, "limit", FIELD_INT, 0, .min = 1, .max = 9, .fallback = 5),
        FIELD(struct item, colour, "colour", FIELD_ENUM, FIELD_NULLABLE, .names = COLOURS),
        FIELD(struct item, label.name, "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_NULLABLE,
              .doc = "A name."),
    };
    static const struct descriptor D = DESCRIPTOR(struct item, "D", FIELDS, "It.");
    struct item item;
    struct json_out o;
    char text[1024];

    (void)state;
    json_out_init(&o, text, sizeof(text));
    encode_schema_as(&D, 0, &o);
    assert_string_equal(
        text, "{\"description\":\"It.\",\"type\":\"object\",\"properties\":{"
              "\"limit\":{\"type\":\"integer\",\"default\":5,\"minimum\":1,\"maximum\":9},"
              "\"colour\":{\"type\":[\"string\",\"null\"],\"enum\":[\"red\",\"green\",null]},"
              "\"name\":{\"type\":[\"string\",\"null\"],\"maxLength\":15,"
              "\"description\":\"A name.\"}},\"required\":[\"name\"]}");
    read_ok(&D, "{\"name\":null}", &item);
    assert_int_equal(item.stock, 5);
    assert_string_equal(written(&D, &item), "{\"limit\":5,\"name\":null}");
    json_out_init(&o, text, sizeof(text));
    encode_schema_as(&PATCH, SCHEMA_REQUEST | SCHEMA_BODY, &o);
    assert_non_null(strstr(text, "\"required\":[],"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zero_null_and_nothing_are_written_as_they_were_read),
        cmocka_unit_test(what_was_said_can_be_asked),
        cmocka_unit_test(null_is_only_right_where_it_may_be),
        cmocka_unit_test(a_patch_changes_what_it_says_and_nothing_else),
        cmocka_unit_test(a_patch_is_written_as_it_was_read),
        cmocka_unit_test(schemas_say_null_and_default),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
