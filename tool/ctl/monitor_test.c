/* monitor_test.c - answers of nats-server's monitoring port. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/ctl/monitor.h"

static void only_a_200_with_json_is_an_answer(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {"HTTP/1.0 200 OK\r\nA: b\r\n\r\n{\"now\":1}", true },
        {"HTTP/1.0 404 Not Found\r\n\r\n{}",           false},
        {"HTTP/1.0 200 OK\r\n\r\n<html>",              false},
        {"HTTP/1.0 200 OK\r\nA: b",                    false},
        {"",                                           false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        json_t *found = monitor_answer(cases[i].text, strlen(cases[i].text));
        if (!found == cases[i].good)
            fail_msg("%s", cases[i].text);
        json_decref(found);
    }
}

static void who_does_not_listen_is_named(void **state)
{
    char why[MONITOR_WHY_MAX + 1] = "";

    (void)state;
    assert_null(monitor_get("127.0.0.1:9", "/varz", 1000, why));
    assert_non_null(strstr(why, "127.0.0.1:9"));
    assert_null(monitor_get("nonsense", "/varz", 1000, why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_200_with_json_is_an_answer),
        cmocka_unit_test(who_does_not_listen_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
