/* decode_test.c - what is accepted, what is refused, and in which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/encoder/sample_test.h"

#define ID "\"id\":\"" SAMPLE_ID "\","
#define HEAD "{" ID "\"name\":\"a\""

static void every_kind_of_field_is_read(void **state)
{
    struct sample got;
    struct problem problem = {.status = ST_OK};
    char id[UUID_TEXT_LEN + 1];
    int64_t at_us;

    (void)state;
    assert_int_equal(decode(&SAMPLE, SAMPLE_FULL, strlen(SAMPLE_FULL), &got, &problem), ST_OK);
    assert_int_equal(problem.status, ST_OK);
    assert_string_equal(uuid_text(got.id, id), SAMPLE_ID);
    assert_string_equal(got.name, "na\xc3\xafv");
    assert_string_equal(got.secret, "p\nss");
    assert_string_equal(got.note, "hello");
    assert_int_equal(got.amount, -5);
    assert_true(got.anything == INT64_MAX);
    assert_true(got.urgent);
    assert_int_equal(got.colour, 2);
    assert_int_equal(clock_parse("2026-01-31T12:34:56.123456Z", &at_us), 0);
    assert_true(got.at_us == at_us);
    assert_string_equal(got.address.city, "Seoul");
    assert_true(got.address.gift);
    assert_int_equal(got.n_items, 2);
    assert_string_equal(got.items[1].sku, "BC-23");
    assert_int_equal(got.items[1].price, 1000);
    assert_int_equal(got.n_tags, 2);
    assert_string_equal(got.tags[1].text, "T-2");
    assert_int_equal(got.extent.width, 100);
    assert_string_equal(got.extent.unit, "cm");
    assert_int_equal(got.cost.amount, 12900);
    assert_string_equal(got.cost.currency, "KRW");
    assert_int_equal(got.day, 20811);
    assert_string_equal(got.cursor, "AZaz09_-");
    assert_string_equal(got.anything_else, "{\"a\":[1,{\"b\":\"\xc3\xaf\"}]}");
}

static void members_of_an_embedded_struct_stand_at_its_level(void **state)
{
    static const char WRONG[] = HEAD ",\"width\":101,\"extent\":{},\"address\":{\"unit\":\"m\"}}";
    static const char *const want[] = {"address.city", "address.unit", "width", "extent"};
    struct problem problem = {.status = ST_OK};
    struct sample got;

    (void)state;
    assert_int_equal(decode(&SAMPLE, WRONG, strlen(WRONG), &got, &problem), ST_INVALID);
    assert_int_equal(problem.n_errors, ARRAY_LEN(want));
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_string_equal(problem.errors[i].field, want[i]);
}

static void what_is_no_object_is_refused_with_the_place(void **state)
{
    static const struct {
        const char *json;
        size_t len; /* 0 = strlen */
        const char *want;
    } cases[] = {
        {"",                             0,  "The body is empty."                                      },
        {" \r\n\t",                      0,  "The body is empty."                                      },
        {"[]",                           0,  "The body must be a JSON object."                         },
        {"\"text\"",                     0,  "The body must be a JSON object."                         },
        {"null",                         0,  "The body must be a JSON object."                         },
        {"\xef\xbb\xbf{}",               0,  "The body must be a JSON object."                         },
        {"{\"a\":\"\xff\"}",             0,  "The body is not UTF-8 at byte 7."                        },
        {"{\"\xc3\x28\":1}",             0,  "The body is not UTF-8 at byte 3."                        },
        {"{\"a\":\"\xed\xa0\x80\"}",     0,  "The body is not UTF-8 at byte 7."                        },
        {"{\"a\":\"\xc0\x80\"}",         0,  "The body is not UTF-8 at byte 7."                        },
        {"{\"a\":\"\\u0000\"}",          0,  "The body holds U+0000 at byte 13."                       },
        {"{\"a\\u0000b\":1}",            0,  "The body holds U+0000 at byte 11."                       },
        {"{\"a\":\"b\0c\"}",             11, "The body holds U+0000 at byte 8."                        },
        {"{\"a\":1,\"a\":2}",            0,  "The member \"a\" is there twice, at byte 10."            },
        {"{\"a\":1,\"\\u0061\" :2}",     0,  "The member \"\\u0061\" is there twice, at byte 15."      },
        {"{\"q\\\"\":1,\"q\\\"\":2}",    0,  "The member \"q\\\"\" is there twice, at byte 14."        },
        {"{\"b\":{\"\":1,\"\":2}}",      0,  "The member \"\" is there twice, at byte 13."             },
        {"{} {}",                        0,  "There is something after the end of the body, at byte 4."},
        {"{}\0",                         3,  "The body holds U+0000 at byte 3."                        },
        {"{\"a\":1",                     0,  "The body ends before its JSON does."                     },
        {"{\"a\":\"b",                   0,  "The body ends before its JSON does."                     },
        {"{a:1}",                        0,  "The body is not JSON near byte 2."                       },
        {"{\"a\":1,}",                   0,  "The body is not JSON near byte 8."                       },
        {"{\"a\":01}",                   0,  "The body is not JSON near byte 6."                       },
        {"{\"a\":NaN}",                  0,  "The body is not JSON near byte 8."                       },
        {"{\"a\":\"\\ud800\"}",          0,  "The body is not JSON near byte 13."                      },
        {"{\"a\":99999999999999999999}", 0,  "A number is out of range at byte 25."                    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t len = cases[i].len != 0 ? cases[i].len : strlen(cases[i].json);
        struct problem problem = {.status = ST_OK};
        struct sample got;
        enum status st = decode(&SAMPLE, cases[i].json, len, &got, &problem);

        if (st != ST_INVALID || strcmp(problem.detail, cases[i].want) != 0)
            fail_msg("%s: got %s \"%s\"", cases[i].json, status_name(st), problem.detail);
        assert_string_equal(problem.code, "invalid_request");
        assert_int_equal(problem.n_errors, 0);
    }
}

/* levels objects, the root included, the innermost holding `tail`. */
static size_t nested(char *json, int levels, const char *tail)
{
    size_t len = 0;

    for (int i = 1; i < levels; i++)
        len += (size_t)sprintf(json + len, i % 2 ? "{\"a\":" : "[");
    len += (size_t)sprintf(json + len, "{%s}", tail);
    for (int i = levels - 1; i >= 1; i--)
        json[len++] = i % 2 ? '}' : ']';
    return len;
}

static void thirty_two_levels_are_the_most(void **state)
{
    static const char DEEP[] = "The body is nested deeper than 32 levels.";
    struct problem problem = {.status = ST_OK};
    struct sample got;
    char json[512];

    (void)state;
    size_t len = nested(json, 33, "");
    assert_int_equal(decode(&SAMPLE, json, len, &got, &problem), ST_INVALID);
    assert_string_equal(problem.detail, DEEP);
    len = nested(json, 32, "\"brackets in text\":\"[[[[\\\"[[[[\"");
    assert_int_equal(decode(&SAMPLE, json, len, &got, &problem), ST_INVALID);
    assert_string_not_equal(problem.detail, DEEP); /* only that it knows none of the members */
    memset(json, '[', sizeof(json));
    json[0] = '{';
    assert_int_equal(decode(&SAMPLE, json, sizeof(json), &got, &problem), ST_INVALID);
    assert_string_equal(problem.detail, DEEP);
}

static void a_long_name_that_is_twice_is_cut_between_characters(void **state)
{
    struct problem problem = {.status = ST_OK};
    struct sample got;
    char json[256], name[128] = "";

    (void)state;
    for (int i = 0; i < 15; i++)
        strcat(name, "\xe2\x82\xac");
    int len = snprintf(json, sizeof(json), "{\"%s\":1,\"%s\":2}", name, name);
    assert_int_equal(decode(&SAMPLE, json, (size_t)len, &got, &problem), ST_INVALID);
    name[13 * 3] = '\0';
    snprintf(json, sizeof(json), "The member \"%s\" is there twice, at byte %d.", name, len - 3);
    assert_string_equal(problem.detail, json);
}

static void a_wrong_field_is_named_with_its_reason(void **state)
{
    static const struct {
        const char *json, *field, *reason;
    } cases[] = {
        {"{" ID "\"name\":1}",                                                             "name",          "must be a string"                               },
        {"{" ID "\"name\":null}",                                                          "name",          "must not be null"                               },
        {"{\"id\":\"" SAMPLE_ID "\"}",                                                     "name",          "is required"                                    },
        {"{" ID "\"name\":\"\"}",                                                          "name",          "must be 1 to 4 characters"                      },
        {"{" ID "\"name\":\"abcde\"}",                                                     "name",          "must be 1 to 4 characters"                      },
        {"{" ID "\"name\":\"a\\u0085\"}",                                                  "name",          "must not hold control characters"               },
        {"{\"id\":\"x\",\"name\":\"a\"}",                                                  "id",            "must be a UUID"                                 },
        {"{\"id\":7,\"name\":\"a\"}",                                                      "id",            "must be a UUID"                                 },
        {HEAD ",\"Name\":\"a\"}",                                                          "Name",          "is not known here"                              },
        {HEAD ",\"note\":\"123456789\"}",                                                  "note",          "must be at most 8 bytes"                        },
        {HEAD ",\"note\":null}",                                                           "note",          "must not be null"                               },
        {HEAD ",\"amount\":-6}",                                                           "amount",        "must be -5 to 5"                                },
        {HEAD ",\"amount\":6}",                                                            "amount",        "must be -5 to 5"                                },
        {HEAD ",\"amount\":1.0}",                                                          "amount",        "must be a whole number"                         },
        {HEAD ",\"amount\":\"1\"}",                                                        "amount",        "must be a whole number"                         },
        {HEAD ",\"else\":[]}",                                                             "else",          "must be an object"                              },
        {HEAD ",\"else\":{\"a\":\"1234567890123456789012345\"}}",                          "else",
         "must be at most 32 bytes"                                                                                                                          },
        {HEAD ",\"urgent\":1}",                                                            "urgent",        "must be true or false"                          },
        {HEAD ",\"colour\":\"Red\"}",                                                      "colour",        "must be one of red, green, blue"                },
        {HEAD ",\"colour\":0}",                                                            "colour",        "must be one of red, green, blue"                },
        {HEAD ",\"at\":\"yesterday\"}",                                                    "at",            "must be a time as in RFC 3339, in UTC, with a Z"},
        {HEAD ",\"day\":\"2026-02-29\"}",                                                  "day",           "must be a date of the calendar, as 2026-12-24"  },
        {HEAD ",\"day\":20811}",                                                           "day",           "must be a date of the calendar, as 2026-12-24"  },
        {HEAD ",\"cursor\":\"a=\"}",                                                       "cursor",        "must be a cursor as it was answered"            },
        {HEAD ",\"cursor\":\"\"}",                                                         "cursor",        "must be a cursor as it was answered"            },
        {HEAD ",\"cursor\":\"012345678901234567890123456789012\"}",                        "cursor",
         "must be a cursor as it was answered"                                                                                                               },
        {HEAD ",\"cost\":12.5}",                                                           "cost",          "must be an object"                              },
        {HEAD ",\"cost\":{\"currency\":\"KRW\"}}",                                         "cost.amount",   "is required"                                    },
        {HEAD ",\"cost\":{\"amount\":1.5,\"currency\":\"USD\"}}",                          "cost.amount",
         "must be a whole number"                                                                                                                            },
        {HEAD ",\"cost\":{\"amount\":-1,\"currency\":\"USD\"}}",                           "cost.amount",
         "must be 0 to 9007199254740991"                                                                                                                     },
        {HEAD ",\"cost\":{\"amount\":9007199254740992,\"currency\":\"USD\"}}",             "cost.amount",
         "must be 0 to 9007199254740991"                                                                                                                     },
        {HEAD ",\"cost\":{\"amount\":1,\"currency\":\"usd\"}}",                            "cost.currency",
         "must be a currency of ISO 4217"                                                                                                                    },
        {HEAD ",\"cost\":{\"amount\":1,\"currency\":\"XTS\"}}",                            "cost.currency",
         "must be a currency of ISO 4217"                                                                                                                    },
        {HEAD ",\"cost\":{\"amount\":1,\"currency\":\"USD\",\"exponent\":2}}",             "cost.exponent",
         "is not known here"                                                                                                                                 },
        {HEAD ",\"address\":[]}",                                                          "address",       "must be an object"                              },
        {HEAD ",\"address\":{}}",                                                          "address.city",  "is required"                                    },
        {HEAD ",\"address\":{\"city\":\"a\",\"zip\":1}}",                                  "address.zip",   "is not known here"                              },
        {HEAD ",\"items\":{}}",                                                            "items",         "must be a list"                                 },
        {HEAD ",\"items\":[]}",                                                            "items",         "must hold 1 to 3 items"                         },
        {HEAD ",\"items\":[{},{},{},{}]}",                                                 "items",         "must hold 1 to 3 items"                         },
        {HEAD ",\"items\":[1]}",                                                           "items[0]",      "must be an object"                              },
        {HEAD ",\"items\":[{\"sku\":\"A-1\",\"price\":1},{\"sku\":\"A-1\",\"price\":0}]}",
         "items[1].price",                                                                                  "must be 1 to 1000"                              },
        {HEAD ",\"items\":[{\"sku\":\"a-1\",\"price\":1}]}",                               "items[0].sku",
         "must be letters, -, digits"                                                                                                                        },
        {HEAD ",\"tags\":\"T-1\"}",                                                        "tags",          "must be a list"                                 },
        {HEAD ",\"tags\":[\"T-1\",\"T-2\",\"T-3\",\"T-4\"]}",                              "tags",          "must hold 0 to 3 items"                         },
        {HEAD ",\"tags\":[\"T-1\",\"t\"]}",                                                "tags[1]",       "must be letters, -, digits"                     },
        {HEAD ",\"tags\":[{\"tag\":\"T-1\"}]}",                                            "tags[0]",       "must be a string"                               },
        {HEAD ",\"tags\":[null]}",                                                         "tags[0]",       "must be a string"                               },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct problem problem = {.status = ST_OK};
        struct sample got;
        enum status st = decode(&SAMPLE, cases[i].json, strlen(cases[i].json), &got, &problem);
        const struct problem_error *e = &problem.errors[0];

        if (st != ST_INVALID || problem.n_errors != 1 || strcmp(e->field, cases[i].field) != 0 ||
            strcmp(e->reason, cases[i].reason) != 0)
            fail_msg("%s: got %s, %u errors, \"%s\" \"%s\"", cases[i].json, status_name(st),
                     problem.n_errors, e->field, e->reason);
    }
}

static void all_wrong_fields_are_named_at_once_and_the_right_ones_filled_in(void **state)
{
    static const char JSON[] = "{\"name\":\"abc\",\"urgent\":\"yes\",\"x\":1,\"y\":2,"
                               "\"items\":[{\"sku\":\"A-1\"},{\"price\":3}]}";
    static const char *const want[] = {"id", "urgent", "items[0].price", "items[1].sku", "x", "y"};
    struct problem problem = {.status = ST_OK};
    struct sample got;

    (void)state;
    assert_int_equal(decode(&SAMPLE, JSON, strlen(JSON), &got, &problem), ST_INVALID);
    assert_int_equal(problem.n_errors, ARRAY_LEN(want));
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_string_equal(problem.errors[i].field, want[i]);
    assert_string_equal(got.name, "abc");
    assert_int_equal(got.items[1].price, 3);
}

static void more_wrong_fields_than_fit_are_not_passed_over(void **state)
{
    struct problem problem = {.status = ST_OK};
    struct sample got;
    char json[2048];
    size_t len = (size_t)sprintf(json, "{");

    (void)state;
    for (int i = 0; i < 40; i++)
        len += (size_t)sprintf(json + len, "%s\"unknown%d\":1", i > 0 ? "," : "", i);
    json[len++] = '}';
    assert_int_equal(decode(&SAMPLE, json, len, &got, &problem), ST_INVALID);
    assert_int_equal(problem.n_errors, PROBLEM_ERRORS_MAX);
    assert_string_equal(problem.detail,
                        "Many fields are wrong; errors names the first 16, and there are more.");
}

static void a_name_that_is_too_long_is_cut_at_a_character(void **state)
{
    struct problem problem = {.status = ST_OK};
    struct sample got;
    char json[512] = "{\"x";

    (void)state;
    for (int i = 0; i < 30; i++)
        strcat(json, "\xed\x95\x9c");
    strcat(json, "\":1}");
    assert_int_equal(decode(&SAMPLE, json, strlen(json), &got, &problem), ST_INVALID);
    assert_int_equal(strlen(problem.errors[problem.n_errors - 1].field), 61);
}

static void a_lenient_reader_skips_what_it_does_not_know(void **state)
{
    static const char JSON[] = HEAD ",\"new\":{\"deep\":[1]},\"note\":null,"
                                    "\"address\":{\"city\":\"a\",\"zip\":1,\"gift\":null},"
                                    "\"items\":[{\"sku\":\"A-1\",\"new\":{},\"price\":1}]}";
    static const char BROKEN[] = "{" ID "\"name\":null}";
    struct problem problem = {.status = ST_OK};
    struct sample got;

    (void)state;
    assert_int_equal(decode_lenient(&SAMPLE, JSON, strlen(JSON), &got, &problem), ST_OK);
    assert_string_equal(got.address.city, "a");
    assert_int_equal(got.items[0].price, 1);
    assert_int_equal(decode_lenient(&SAMPLE, BROKEN, strlen(BROKEN), &got, &problem), ST_INVALID);
    assert_string_equal(problem.errors[0].field, "name");
}

static void what_is_not_sent_is_zero(void **state)
{
    struct problem problem = {.status = ST_OK};
    struct sample got, want;

    (void)state;
    memset(&got, 0xa5, sizeof(got));
    memset(&want, 0, sizeof(want));
    assert_int_equal(decode(&SAMPLE, HEAD "}", strlen(HEAD "}"), &got, &problem), ST_OK);
    assert_true(uuid_parse(SAMPLE_ID, &want.id));
    strcpy(want.name, "a");
    assert_memory_equal(&got, &want, sizeof(got));
    assert_int_equal(decode(&SAMPLE, "]", 1, &got, &problem), ST_INVALID);
    memset(&want, 0, sizeof(want));
    assert_memory_equal(&got, &want, sizeof(got));
}

/* 32 bytes are, without the blanks. */
static void an_object_is_kept_if_it_fits(void **state)
{
    static const char FITS[] = HEAD ",\"else\": { \"a\": \"123456789012345678901234\" }}";
    static const char IS_LONGER[] = HEAD ",\"else\":{\"a\":\"1234567890123456789012345\"}}";
    struct problem problem = {.status = ST_OK};
    struct sample got;

    (void)state;
    assert_int_equal(decode(&SAMPLE, FITS, strlen(FITS), &got, &problem), ST_OK);
    assert_string_equal(got.anything_else, "{\"a\":\"123456789012345678901234\"}");
    assert_int_equal(decode(&SAMPLE, IS_LONGER, strlen(IS_LONGER), &got, &problem), ST_INVALID);
    assert_string_equal(problem.errors[0].field, "else");
    assert_string_equal(problem.errors[0].reason, "must be at most 32 bytes");
    assert_string_equal(got.anything_else, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_field_is_read),
        cmocka_unit_test(members_of_an_embedded_struct_stand_at_its_level),
        cmocka_unit_test(what_is_no_object_is_refused_with_the_place),
        cmocka_unit_test(thirty_two_levels_are_the_most),
        cmocka_unit_test(a_long_name_that_is_twice_is_cut_between_characters),
        cmocka_unit_test(a_wrong_field_is_named_with_its_reason),
        cmocka_unit_test(all_wrong_fields_are_named_at_once_and_the_right_ones_filled_in),
        cmocka_unit_test(more_wrong_fields_than_fit_are_not_passed_over),
        cmocka_unit_test(a_name_that_is_too_long_is_cut_at_a_character),
        cmocka_unit_test(a_lenient_reader_skips_what_it_does_not_know),
        cmocka_unit_test(what_is_not_sent_is_zero),
        cmocka_unit_test(an_object_is_kept_if_it_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
