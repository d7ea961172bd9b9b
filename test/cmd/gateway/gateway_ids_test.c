/* gateway_ids_test.c - by which ids a request is known, here, further on, and in what is answered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/cmd/gateway/gateway_fixture.h"
#include "tool/core/mem.h"

/* RFC 9457, 3.1.5: whatever the target was, instance is a URI reference. */
static void what_is_told_of_the_path_is_a_uri(void **state)
{
    static const struct {
        const char *path, *want;
    } cases[] = {
        {"/a/b%7Cc",              "\"instance\":\"/a/b%7Cc\""                        },
        {"/a|b<c>{d}\\e^f`g",     "\"instance\":\"/a%7Cb%3Cc%3E%7Bd%7D%5Ce%5Ef%60g\""},
        {"/a%zz%",                "\"instance\":\"/a%25zz%25\""                      },
        {"/a:b@c!$&'()*+,;=-._~", "\"instance\":\"/a:b@c!$&'()*+,;=-._~\""           },
    };
    struct gateway_fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int got = gateway_ask(f, "GET", cases[i].path, "", NULL);

        if ((got != 400 && got != 404) || !gateway_says(cases[i].want))
            fail_msg("%s: got '%s'", cases[i].path, gateway_reply);
    }
}

static void a_trace_goes_on_with_what_others_have_added(void **state)
{
    static const char TRACE[] =
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";
    static const struct {
        const char *traceparent, *tracestate, *want;
    } cases[] = {
        {TRACE, "tracestate: a=1\r\ntracestate: b=2 ,c=3\r\n", "a=1,b=2,c=3"},
        {TRACE, "tracestate: a=1,B\r\n",                       ""           },
        {TRACE, "",                                            ""           },
        {"",    "tracestate: a=1\r\n",                         ""           },
    };
    struct gateway_fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char fields[512];

        snprintf(fields, sizeof(fields), JSON "%s%s", cases[i].traceparent, cases[i].tracestate);
        assert_int_equal(gateway_ask(f, "POST", "/login", fields, "{}"), 200);
        assert_string_equal(f->auth_played.call.tracestate, cases[i].want);
    }
}

static void a_request_id_is_kept_when_sound_and_made_otherwise(void **state)
{
    struct gateway_fixture *f = *state;

    gateway_ask(f, "GET", "/nothing", "X-Request-Id: My-1._id\r\n", NULL);
    assert_true(gateway_says("X-Request-Id: My-1._id\r\n"));
    assert_true(gateway_says("\"requestId\":\"My-1._id\""));
    gateway_ask(f, "GET", "/nothing", "X-Request-Id: no good\r\n", NULL);
    assert_false(gateway_says("no good"));
    assert_true(gateway_says("X-Request-Id: "));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, gateway_setup, gateway_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_told_of_the_path_is_a_uri),
        TEST(a_trace_goes_on_with_what_others_have_added),
        TEST(a_request_id_is_kept_when_sound_and_made_otherwise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
