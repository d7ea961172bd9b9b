/* network_test.c - addresses of one network are one client. */
#include "tool/core/network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void addresses_are_of_networks(void **state)
{
    static const struct {
        const char *address, *network;
    } cases[] = {
        {"192.0.2.1",                               "192.0.2.1"        },
        {"127.0.0.1",                               "127.0.0.1"        },
        {"::ffff:192.0.2.1",                        "192.0.2.1"        },
        {"2001:db8:1:2:3:4:5:6",                    "2001:db8:1:2::/64"},
        {"2001:DB8:1:2::9",                         "2001:db8:1:2::/64"},
        {"2001:0db8:0001:0002:0000:0000:0000:0009", "2001:db8:1:2::/64"},
        {"2001:db8:1:3::9",                         "2001:db8:1:3::/64"},
        {"::1",                                     "::/64"            },
        {"",                                        ""                 },
        {"fe80::1%eth0",                            "fe80::1%eth0"     },
        {"192.0.2.1:80",                            "192.0.2.1:80"     },
    };
    char network[NETWORK_TEXT_MAX + 1], again[NETWORK_TEXT_MAX + 1];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        network_of(cases[i].address, network);
        assert_string_equal(network, cases[i].network);
        network_of(network, again);
        assert_string_equal(again, network);
    }
}

static void what_is_too_long_is_cut(void **state)
{
    char network[NETWORK_TEXT_MAX + 1], address[200];

    (void)state;
    memset(address, 'x', sizeof(address));
    address[sizeof(address) - 1] = '\0';
    network_of(address, network);
    assert_int_equal(strlen(network), NETWORK_TEXT_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_of_networks),
        cmocka_unit_test(what_is_too_long_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
