/* link_url_test.c */
#include "tool/message/link_url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void servers_are_told_from_slips(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {"nats://127.0.0.1:4222",          true },
        {"tls://nats.example.org",         true },
        {"localhost:4222",                 true },
        {"nats://a:1, nats://b:65535,c",   true },
        {"nats://user:pa:ss@host:4222",    true },
        {"nats://[::1]:4222",              true },
        {"nats://[::1]",                   true },
        {"",                               false},
        {" ",                              false},
        {"nats://",                        false},
        {"nats://:4222",                   false},
        {"http://127.0.0.1:4222",          false},
        {"http://user:password@127.0.0.1", false},
        {"nats://user/x@127.0.0.1",        false},
        {"nats://a:4222,",                 false},
        {"nats://a:4222,,nats://b:4222",   false},
        {"nats://a:",                      false},
        {"nats://a:0",                     false},
        {"nats://a:65536",                 false},
        {"nats://a:port",                  false},
        {"nats://a:42 22",                 false},
        {"nats://a b",                     false},
        {"nats://a/b",                     false},
        {"nats://[::1",                    false},
        {"nats://[]:4222",                 false},
        {"nats://[::1]4222",               false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if ((link_url_check(cases[i].text) == NULL) != cases[i].good)
            fail_msg("'%s'", cases[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(servers_are_told_from_slips),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
