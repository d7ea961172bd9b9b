/* listen_address_test.c */
#include "tool/http/listen_address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void an_address_is_a_host_and_a_port(void **state)
{
    static const struct {
        const char *text, *host, *port; /* host NULL: no address */
    } cases[] = {
        {"127.0.0.1:8080",   "127.0.0.1", "8080" },
        {"localhost:0",      "localhost", "0"    },
        {"[::1]:65535",      "::1",       "65535"},
        {"::1:80",           "::1",       "80"   },
        {"a:00080",          "a",         "00080"},
        {"",                 NULL,        NULL   },
        {"foo",              NULL,        NULL   },
        {":80",              NULL,        NULL   },
        {"[]:80",            NULL,        NULL   },
        {"127.0.0.1:",       NULL,        NULL   },
        {"127.0.0.1:65536",  NULL,        NULL   },
        {"127.0.0.1:99999",  NULL,        NULL   },
        {"127.0.0.1:100000", NULL,        NULL   },
        {"127.0.0.1:-1",     NULL,        NULL   },
        {"127.0.0.1:http",   NULL,        NULL   },
        {"127.0.0.1:80 ",    NULL,        NULL   },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char host[LISTEN_HOST_MAX + 1] = "", port[LISTEN_PORT_MAX + 1] = "";
        bool good = listen_address_split(cases[i].text, host, port);

        if (good != (cases[i].host != NULL) ||
            good != (listen_address_check(cases[i].text) == NULL))
            fail_msg("'%s'", cases[i].text);
        if (good) {
            assert_string_equal(host, cases[i].host);
            assert_string_equal(port, cases[i].port);
        }
    }
}

static void a_host_has_a_limit(void **state)
{
    char text[LISTEN_HOST_MAX + 4], host[LISTEN_HOST_MAX + 1], port[LISTEN_PORT_MAX + 1];

    (void)state;
    memset(text, 'a', sizeof(text));
    memcpy(text + LISTEN_HOST_MAX, ":1", 3);
    assert_true(listen_address_split(text, host, port));
    memcpy(text + LISTEN_HOST_MAX, "a:1", 4);
    assert_false(listen_address_split(text, host, port));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_a_host_and_a_port),
        cmocka_unit_test(a_host_has_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
