/* trusted_proxies_test.c - who is believed, about whom. */
#include "tool/http/trusted_proxies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void a_setting_is_a_list_of_networks(void **state)
{
    static const struct {
        const char *text;
        int want; /* how many; -1 = it is none */
    } cases[] = {
        {"",                                                                                 0 },
        {" , ",                                                                              0 },
        {"10.0.0.0/8",                                                                       1 },
        {"10.0.0.0/8, fd00::/8 127.0.0.1,::1",                                               4 },
        {"0.0.0.0/0,::/0",                                                                   2 },
        {"10.1.2.3/32,::1/128",                                                              2 },
        {"1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5,1.1.1.6,1.1.1.7,1.1.1.8,"
         "1.1.1.9,1.1.1.10,1.1.1.11,1.1.1.12,1.1.1.13,1.1.1.14,1.1.1.15,1.1.1.16",  16},
        {"1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5,1.1.1.6,1.1.1.7,1.1.1.8,1.1.1.9,"
         "1.1.1.10,1.1.1.11,1.1.1.12,1.1.1.13,1.1.1.14,1.1.1.15,1.1.1.16,1.1.1.17", -1},
        {"10.0.0.1/8",                                                                       -1},
        {"10.0.0.0/33",                                                                      -1},
        {"::/129",                                                                           -1},
        {"10.0.0.0/",                                                                        -1},
        {"10.0.0.0/x",                                                                       -1},
        {"10.0.0.0/8x",                                                                      -1},
        {"10.0.0.0/-1",                                                                      -1},
        {"10.0.0.0/ 8",                                                                      -1},
        {"10.0.0.0/0008",                                                                    -1},
        {"10.0.0",                                                                           -1},
        {"proxy.example.org",                                                                -1},
        {"/8",                                                                               -1},
    };
    struct trusted_proxies proxies;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool ok = trusted_proxies_parse(cases[i].text, &proxies);

        if (ok != (cases[i].want >= 0) || (ok && proxies.n != (size_t)cases[i].want) ||
            ok != (trusted_proxies_check(cases[i].text) == NULL))
            fail_msg("'%s': %d of %zu", cases[i].text, ok, proxies.n);
    }
}

static void a_client_is_whom_trusted_proxies_have_seen(void **state)
{
    static const struct {
        const char *why, *peer, *first, *second, *want; /* headers: NULL = none */
    } cases[] = {
        {"nobody says anything",      "10.0.0.1",         NULL,                             NULL,       "10.0.0.1"    },
        {"a stranger says something", "192.0.2.1",        "198.51.100.7",                   NULL,       "192.0.2.1"   },
        {"one proxy",                 "10.0.0.1",         "198.51.100.7",                   NULL,       "198.51.100.7"},
        {"the client says something", "10.0.0.1",         "127.0.0.1, 198.51.100.7",        NULL,       "198.51.100.7"},
        {"two proxies",               "10.0.0.1",         "198.51.100.7, 10.9.9.9",         NULL,       "198.51.100.7"},
        {"two proxies, two headers",  "10.0.0.1",         "1.1.1.1,198.51.100.7",           "10.9.9.9",
         "198.51.100.7"                                                                                               },
        {"all are ours",              "10.0.0.1",         "10.2.2.2, 10.9.9.9",             NULL,       "10.2.2.2"    },
        {"an empty header",           "10.0.0.1",         "198.51.100.7",                   " , ",      "198.51.100.7"},
        {"IPv6",                      "fd00::1",          "2001:DB8:0::7",                  NULL,       "2001:db8::7" },
        {"IPv4 in disguise",          "::ffff:10.0.0.1",  "::ffff:198.51.100.7",            NULL,       "198.51.100.7"},
        {"a stranger in disguise",    "::ffff:192.0.2.1", "198.51.100.7",                   NULL,       "192.0.2.1"   },
        {"with ports",                "10.0.0.1",         "198.51.100.7:443, [fd00::2]:80", NULL,       "198.51.100.7"},
        {"unknown",                   "10.0.0.1",         "198.51.100.7, unknown",          NULL,       "10.0.0.1"    },
        {"behind unknown",            "10.0.0.1",         "unknown, 10.9.9.9",              NULL,       "10.9.9.9"    },
        {"a socket of a file",        "unix",             "198.51.100.7",                   NULL,       "unix"        },
    };
    struct trusted_proxies proxies;
    char client[CLIENT_ADDRESS_MAX + 1];

    (void)state;
    assert_true(trusted_proxies_parse("10.0.0.0/8, fd00::/8", &proxies));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct forwarded forwarded = {.n = 0};

        if (cases[i].first)
            forwarded_add_x(&forwarded, cases[i].first);
        if (cases[i].second)
            forwarded_add_x(&forwarded, cases[i].second);
        assert_false(trusted_proxies_client(&proxies, cases[i].peer, &forwarded, client));
        if (strcmp(client, cases[i].want) != 0)
            fail_msg("%s: %s", cases[i].why, client);
    }
}

static void a_network_ends_at_any_bit(void **state)
{
    struct trusted_proxies proxies;

    (void)state;
    assert_true(trusted_proxies_parse("172.16.0.0/12, 10.0.0.7, fe80::/10", &proxies));
    assert_true(trusted_proxies_hold(&proxies, "172.16.0.0"));
    assert_true(trusted_proxies_hold(&proxies, "172.31.255.255"));
    assert_false(trusted_proxies_hold(&proxies, "172.32.0.0"));
    assert_false(trusted_proxies_hold(&proxies, "172.15.255.255"));
    assert_true(trusted_proxies_hold(&proxies, "10.0.0.7"));
    assert_false(trusted_proxies_hold(&proxies, "10.0.0.6"));
    assert_true(trusted_proxies_hold(&proxies, "febf::1"));
    assert_false(trusted_proxies_hold(&proxies, "fec0::1"));
    assert_true(trusted_proxies_parse("::/0", &proxies));
    assert_true(trusted_proxies_hold(&proxies, "192.0.2.1"));
}

static void forwarded_says_it_as_well(void **state)
{
    static const struct {
        const char *why, *value, *want;
        bool https;
    } cases[] = {
        {"one proxy",               "for=198.51.100.7",                                                  "198.51.100.7", false},
        {"by https",                "proto=HTTPS;For=198.51.100.7",                                      "198.51.100.7", true },
        {"two proxies",             "for=198.51.100.7;proto=https, for=10.9.9.9;proto=http;by=10.0.0.1",
         "198.51.100.7",                                                                                                 true },
        {"he came by http",         "for=198.51.100.7;proto=http, for=10.9.9.9;proto=https",             "198.51.100.7",
         false                                                                                                                },
        {"he says something",       "for=192.0.2.1;proto=https, for=198.51.100.7",                       "198.51.100.7", false},
        {"IPv6",                    "for=\"[2001:DB8:0::7]\"",                                           "2001:db8::7",  false},
        {"with ports",              "for=\"198.51.100.7:443\", for=\"[fd00::2]:80\"",                    "198.51.100.7", false},
        {"unknown",                 "for=198.51.100.7, for=unknown",                                     "10.0.0.1",     false},
        {"hidden",                  "for=198.51.100.7, for=_hidden;proto=https",                         "10.0.0.1",     true },
        {"not said",                "for=198.51.100.7, by=10.0.0.1;proto=https",                         "10.0.0.1",     true },
        {"empty elements",          ", for=198.51.100.7 ;; host=a , ,",                                  "198.51.100.7", false},
        {"a quote swallows nobody", "for=192.0.2.1;x=\", for=198.51.100.7",                              "10.0.0.1",     false},
        {"nor do two",              "for=192.0.2.1;x=\", for=\"[2001:db8::7]\"",                         "10.0.0.1",     false},
        {"escapes",                 "for=\"198\\.51.100.7\"",                                            "10.0.0.1",     false},
        {"an escape at the end",    "for=\"\\",                                                          "10.0.0.1",     false},
        {"said twice",              "for=192.0.2.1;for=198.51.100.7",                                    "10.0.0.1",     false},
        {"no value",                "for=",                                                              "10.0.0.1",     false},
        {"no name",                 "=198.51.100.7",                                                     "10.0.0.1",     false},
        {"no pair",                 "198.51.100.7",                                                      "10.0.0.1",     false},
        {"nothing",                 "",                                                                  "10.0.0.1",     false},
    };
    struct trusted_proxies proxies;
    char client[CLIENT_ADDRESS_MAX + 1];

    (void)state;
    assert_true(trusted_proxies_parse("10.0.0.0/8, fd00::/8", &proxies));
    assert_true(trusted_proxies_hold(&proxies, "10.0.0.1"));
    assert_false(trusted_proxies_hold(&proxies, "unix"));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct forwarded forwarded = {.n = 0};
        bool https;

        forwarded_add(&forwarded, cases[i].value);
        https = trusted_proxies_client(&proxies, "10.0.0.1", &forwarded, client);
        if (strcmp(client, cases[i].want) != 0 || https != cases[i].https)
            fail_msg("%s: %s %d", cases[i].why, client, https);
    }
}

static void of_many_hops_the_last_ones_are_kept(void **state)
{
    enum { MORE = 2 * FORWARDED_HOPS_MAX };
    struct forwarded forwarded = {.n = 0};
    char values[MORE][32];

    (void)state;
    for (int i = 0; i < MORE; i++) {
        snprintf(values[i], sizeof(values[i]), "for=%d", i);
        if (i % 2)
            forwarded_add(&forwarded, values[i]);
        else
            forwarded_add_x(&forwarded, values[i] + 4);
    }
    assert_int_equal(forwarded.n, FORWARDED_HOPS_MAX);
    assert_memory_equal(forwarded.hops[0].node, "16", 2);
}

static void without_trust_the_peer_is_the_client(void **state)
{
    struct trusted_proxies proxies;
    struct forwarded forwarded = {.n = 0};
    char client[CLIENT_ADDRESS_MAX + 1];

    (void)state;
    assert_true(trusted_proxies_parse("", &proxies));
    forwarded_add_x(&forwarded, "198.51.100.7");
    forwarded_set_proto(&forwarded, "https");
    assert_false(trusted_proxies_client(&proxies, "10.0.0.1", &forwarded, client));
    assert_false(trusted_proxies_hold(&proxies, "10.0.0.1"));
    assert_string_equal(client, "10.0.0.1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_setting_is_a_list_of_networks),
        cmocka_unit_test(a_client_is_whom_trusted_proxies_have_seen),
        cmocka_unit_test(a_network_ends_at_any_bit),
        cmocka_unit_test(forwarded_says_it_as_well),
        cmocka_unit_test(of_many_hops_the_last_ones_are_kept),
        cmocka_unit_test(without_trust_the_peer_is_the_client),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
