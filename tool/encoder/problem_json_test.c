/* problem_json_test.c - problems over the wire and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/encoder/encode_text.h"

static void a_problem_has_the_members_of_rfc_9457(void **state)
{
    struct problem p = {.status = ST_OK};
    struct json_out o;
    char text[1024];

    (void)state;
    problem_field(&p, "email", "must be an address");
    problem_set(&p, ST_INVALID, "invalid_request", "One \"field\" is wrong.");
    json_out_init(&o, text, sizeof(text));
    encode_problem(&p, "/signup", "req-1", &o);
    assert_string_equal(text,
                        "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
                        "\"detail\":\"One \\\"field\\\" is wrong.\",\"instance\":\"/signup\","
                        "\"requestId\":\"req-1\",\"code\":\"invalid_request\","
                        "\"errors\":[{\"field\":\"email\",\"reason\":\"must be an address\"}]}");
}

static void what_a_problem_does_not_say_is_left_out(void **state)
{
    struct problem p = {.status = ST_NOT_FOUND};
    struct json_out o;
    char text[1024];

    (void)state;
    json_out_init(&o, text, sizeof(text));
    encode_problem(&p, NULL, NULL, &o);
    assert_string_equal(text, "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
                              "\"code\":\"not_found\"}");
}

static void every_status_survives_the_wire(void **state)
{
    static const enum status all[] = {
#define X(name, http, code, title) name,
        STATUS_LIST(X)
#undef X
    };
    char text[1024];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        struct problem sent = {.status = all[i]}, got;
        struct json_out o;

        problem_set(&sent, all[i], status_code(all[i]), "Why.");
        json_out_init(&o, text, sizeof(text));
        encode_problem(&sent, NULL, NULL, &o);
        decode_problem(text, o.len, status_http(all[i]), &got);
        assert_int_equal(got.status, all[i]);
        assert_string_equal(got.code, status_code(all[i]));
        assert_string_equal(got.detail, "Why.");
    }
}

static void codes_and_fields_survive_the_wire(void **state)
{
    struct problem sent = {.status = ST_OK}, got;
    struct json_out o;
    char text[8192];

    (void)state;
    for (int i = 0; i < PROBLEM_ERRORS_MAX; i++)
        problem_field(&sent, "items[3].price", "must be %d", i);
    problem_set(&sent, ST_CONFLICT, "email_taken", "It is taken.");
    json_out_init(&o, text, sizeof(text));
    encode_problem(&sent, "/x", "id", &o);
    decode_problem(text, o.len, 409, &got);
    assert_int_equal(got.status, ST_CONFLICT);
    assert_string_equal(got.code, "email_taken");
    assert_int_equal(got.n_errors, PROBLEM_ERRORS_MAX);
    assert_memory_equal(got.errors, sent.errors, sizeof(got.errors));
}

static void a_body_that_makes_no_sense_leaves_the_number(void **state)
{
    static const struct {
        const char *body;
        int http;
        enum status status;
        const char *code;
    } cases[] = {
        {"",                                       404, ST_NOT_FOUND,   "not_found"      },
        {"<html>",                                 503, ST_UNAVAILABLE, "unavailable"    },
        {"{}",                                     504, ST_TIMEOUT,     "timeout"        },
        {"{\"code\":7,\"detail\":{}}",             409, ST_CONFLICT,    "conflict"       },
        {"{\"code\":\"overloaded\",\"new\":true}", 503, ST_OVERLOADED,  "overloaded"     },
        {"{\"code\":\"overloaded\"}",              409, ST_CONFLICT,    "overloaded"     },
        {"{\"code\":\"teapot\",\"errors\":null}",  418, ST_INVALID,     "teapot"         },
        {"{\"errors\":[{\"field\":1},{},7]}",      400, ST_INVALID,     "invalid_request"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct problem got;

        memset(&got, 0xa5, sizeof(got));
        decode_problem(cases[i].body, strlen(cases[i].body), cases[i].http, &got);
        assert_int_equal(got.status, cases[i].status);
        assert_string_equal(got.code, cases[i].code);
        assert_true(got.n_errors <= PROBLEM_ERRORS_MAX);
        assert_int_equal(got.retry_after_s, 0);
    }
}

/* Names and reasons that are nothing but control bytes: each becomes six. */
static void a_problem_that_is_too_long_says_that_there_is_more(void **state)
{
    char text[ENCODE_PROBLEM_MIN], name[PROBLEM_FIELD_MAX + 1], reason[PROBLEM_REASON_MAX + 1];
    struct problem p = {.status = ST_OK};
    size_t len;

    (void)state;
    memset(name, 1, sizeof(name) - 1);
    memset(reason, 1, sizeof(reason) - 1);
    name[sizeof(name) - 1] = reason[sizeof(reason) - 1] = '\0';
    problem_field(&p, "email", "must be an address");
    len = encode_problem_fitting(&p, "/signup", "req-1", text, sizeof(text));
    assert_int_equal(len, strlen(text));
    assert_non_null(strstr(text, "\"errors\":[{\"field\":\"email\""));
    for (int i = 1; i < PROBLEM_ERRORS_MAX; i++)
        problem_field(&p, name, "%s", reason);
    len = encode_problem_fitting(&p, "/signup", "req-1", text, sizeof(text));
    assert_int_equal(len, strlen(text));
    assert_non_null(strstr(text, "errors names the first 2, and there are more."));
    assert_non_null(strstr(text, "\"requestId\":\"req-1\",\"code\":\"invalid_request\","
                                 "\"errors\":[{\"field\":\"email\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_has_the_members_of_rfc_9457),
        cmocka_unit_test(what_a_problem_does_not_say_is_left_out),
        cmocka_unit_test(every_status_survives_the_wire),
        cmocka_unit_test(codes_and_fields_survive_the_wire),
        cmocka_unit_test(a_body_that_makes_no_sense_leaves_the_number),
        cmocka_unit_test(a_problem_that_is_too_long_says_that_there_is_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
