/* encode_test.c - structs into JSON, and the way back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/encoder/sample_test.h"

static void read_sample(const char *json, struct sample *out)
{
    struct problem problem = {.status = ST_OK};

    if (decode(&SAMPLE, json, strlen(json), out, &problem) != ST_OK)
        fail_msg("%s: %s %s", json, problem.detail, problem.errors[0].reason);
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

static void every_kind_of_field_is_written(void **state)
{
    struct sample value;
    struct json_out o;
    char text[1024];

    (void)state;
    read_sample(SAMPLE_FULL, &value);
    json_out_init(&o, text, sizeof(text));
    encode(&SAMPLE, &value, &o);
    assert_false(o.overflow);
    assert_string_equal(
        text, "{\"id\":\"" SAMPLE_ID "\",\"name\":\"na\xc3\xafv\",\"secret\":\"p\\nss\","
              "\"note\":\"hello\",\"amount\":-5,\"anything\":9223372036854775807,\"urgent\":true,"
              "\"colour\":\"blue\",\"at\":\"2026-01-31T12:34:56.123456Z\","
              "\"address\":{\"city\":\"Seoul\",\"gift\":true},"
              "\"items\":[{\"sku\":\"A-1\",\"price\":1},{\"sku\":\"BC-23\",\"price\":1000}],"
              "\"tags\":[\"T-1\",\"T-2\"],\"width\":100,\"unit\":\"cm\","
              "\"cost\":{\"amount\":12900,\"currency\":\"KRW\"},\"day\":\"2026-12-24\","
              "\"cursor\":\"AZaz09_-\",\"else\":{\"a\":[1,{\"b\":\"\xc3\xaf\"}]}}");
}

static void optional_zero_values_are_left_out(void **state)
{
    struct sample value;
    struct json_out o;
    char text[1024];

    (void)state;
    memset(&value, 0, sizeof(value));
    json_out_init(&o, text, sizeof(text));
    encode(&SAMPLE, &value, &o);
    assert_string_equal(text, "{\"id\":\"00000000-0000-0000-0000-000000000000\",\"name\":\"\"}");
}

static void no_descriptor_is_the_empty_object(void **state)
{
    struct json_out o;
    char text[8];

    (void)state;
    json_out_init(&o, text, sizeof(text));
    encode(NULL, NULL, &o);
    assert_string_equal(text, "{}");
}

static void what_was_read_is_written_so_that_it_reads_the_same(void **state)
{
    static const char *const cases[] = {
        SAMPLE_FULL,
        "{\"id\":\"" SAMPLE_ID "\",\"name\":\"a\"}",
        "{\"id\":\"0197F3A0-1234-7ABC-8DEF-0123456789AB\",\"name\":\"\\\"\\\\/\"}",
        "{\"name\":\"\xf0\x9f\x98\x80\xf0\x9f\x98\x80\",\"id\":\"" SAMPLE_ID "\",\"amount\":0,"
        "\"urgent\":false,\"colour\":\"red\",\"note\":\"\",\"at\":\"1970-01-01T00:00:00Z\"}",
        "{\"id\":\"" SAMPLE_ID "\",\"name\":\"a\",\"anything\":-9223372036854775808,"
        "\"secret\":\"\\u0001\\u007f\\t\\b\",\"address\":{\"city\":\"\"}}",
        "{\"id\":\"" SAMPLE_ID "\",\"name\":\"a\",\"items\":[{\"sku\":\"Z-9\",\"price\":1000}],"
        "\"at\":\"9999-12-31T23:59:59.999999Z\"}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sample first, second;
        struct json_out o;
        char text[1024];

        read_sample(cases[i], &first);
        json_out_init(&o, text, sizeof(text));
        encode(&SAMPLE, &first, &o);
        assert_false(o.overflow);
        read_sample(text, &second);
        assert_memory_equal(&first, &second, sizeof(first));
    }
}

struct paging {
    int64_t limit, skip;
    struct given given;
};

static void a_fallback_is_for_what_was_not_said_and_for_nothing_else(void **state)
{
    static const struct field FIELDS[] = {
        FIELD(struct paging, limit, "limit", FIELD_INT, 0, .min = 1, .max = 9, .fallback = 5),
        FIELD(struct paging, skip, "skip", FIELD_INT, 0, .min = -9, .max = 9, .fallback = 3),
    };
    static const struct descriptor ALL = DESCRIPTOR(struct paging, "Paging", FIELDS, "Where.");
    static const struct descriptor PATCH = PATCH_OF(struct paging, "Patch", FIELDS, "Where.");
    static const struct {
        const struct descriptor *d;
        const char *json, *written;
    } cases[] = {
        {&ALL,   "{\"skip\":0}",                "{\"limit\":5,\"skip\":0}"},
        {&ALL,   "{}",                          "{\"limit\":5,\"skip\":3}"},
        {&ALL,   "{\"limit\":null,\"skip\":1}", "{\"limit\":5,\"skip\":1}"},
        {&PATCH, "{}",                          "{}"                      },
        {&PATCH, "{\"skip\":0}",                "{\"skip\":0}"            },
    };
    struct paging unsaid = {.skip = 1};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct problem problem = {.status = ST_OK};
        struct paging value;

        assert_int_equal(
            decode_lenient(cases[i].d, cases[i].json, strlen(cases[i].json), &value, &problem),
            ST_OK);
        assert_string_equal(written(cases[i].d, &value), cases[i].written);
    }
    /* a caller that has no wish: 0 is none of the values, so the fallback is meant */
    assert_string_equal(written(&ALL, &unsaid), "{\"skip\":1}");
}

static void too_small_a_buffer_is_remembered(void **state)
{
    struct sample value;
    char text[1024];

    (void)state;
    read_sample(SAMPLE_FULL, &value);
    for (size_t size = 1; size < 100; size++) {
        struct json_out o;
        json_out_init(&o, text, size);
        encode(&SAMPLE, &value, &o);
        assert_true(o.overflow);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_field_is_written),
        cmocka_unit_test(optional_zero_values_are_left_out),
        cmocka_unit_test(no_descriptor_is_the_empty_object),
        cmocka_unit_test(what_was_read_is_written_so_that_it_reads_the_same),
        cmocka_unit_test(a_fallback_is_for_what_was_not_said_and_for_nothing_else),
        cmocka_unit_test(too_small_a_buffer_is_remembered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
