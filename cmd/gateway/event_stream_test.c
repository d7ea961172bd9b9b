/* event_stream_test.c - events as they go over the wire. */
#include "cmd/gateway/event_stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void an_event_is_its_type_its_id_and_its_lines(void **state)
{
    static const struct {
        const char *type, *etag, *data, *want;
    } cases[] = {
        {NULL,      "\"7\"",     "{\"a\":1}", "id: 7\ndata: {\"a\":1}\n\n"                     },
        {"resync",  "W/\"x y\"", "{}",        "event: resync\nid: x y\ndata: {}\n\n"           },
        {"problem", NULL,        "{}",        "event: problem\ndata: {}\n\n"                   },
        {NULL,      "bare",      "a\nb\r\nc", "id: bare\ndata: a\ndata: b\ndata: \ndata: c\n\n"},
        {NULL,      NULL,        "",          "\n"                                             },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t len;
        char *got = event_stream_write(cases[i].type, cases[i].etag, cases[i].data,
                                       strlen(cases[i].data), &len);

        assert_string_equal(got, cases[i].want);
        assert_int_equal(len, strlen(cases[i].want));
        free(got);
    }
}

static void an_id_is_the_version_without_its_quotes(void **state)
{
    (void)state;
    assert_true(event_stream_is_id("7", "\"7\""));
    assert_true(event_stream_is_id("7", "W/\"7\""));
    assert_false(event_stream_is_id("\"7\"", "\"7\""));
    assert_false(event_stream_is_id("7", "\"77\""));
    assert_false(event_stream_is_id("", "\"7\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_its_type_its_id_and_its_lines),
        cmocka_unit_test(an_id_is_the_version_without_its_quotes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
