/* gateway_client_test.c - whom a request comes from, when others have handed it on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/cmd/gateway/gateway_fixture.h"
#include "tool/core/mem.h"

/* Who auth is told has asked. */
static const char *client_of(struct gateway_fixture *f, const char *fields)
{
    char all[1024];

    snprintf(all, sizeof(all), JSON "%s", fields);
    assert_int_equal(gateway_ask(f, "POST", "/login", all, "{}"), 200);
    return f->auth_played.call.client;
}

static void behind_a_proxy_of_ours_the_client_is_whom_it_has_seen(void **state)
{
    struct gateway_fixture *f = *state;

    assert_true(trusted_proxies_parse("127.0.0.0/8, 10.0.0.0/8", &f->gw.trust.proxies));
    assert_string_equal(client_of(f, ""), "127.0.0.1");
    assert_string_equal(client_of(f, "X-Forwarded-For: 198.51.100.7\r\n"), "198.51.100.7");
    assert_string_equal(client_of(f, "x-forwarded-for: 192.0.2.1, 198.51.100.7, 10.1.1.1\r\n"),
                        "198.51.100.7");
    assert_string_equal(client_of(f, "X-Forwarded-For: 192.0.2.1\r\nForwarded: for=192.0.2.2\r\n"
                                     "X-Forwarded-For: 2001:db8::7\r\n"),
                        "2001:db8::7");
}

static void a_proxy_may_say_it_as_the_standard_has_it(void **state)
{
    struct gateway_fixture *f = *state;

    assert_true(trusted_proxies_parse("127.0.0.0/8, 10.0.0.0/8", &f->gw.trust.proxies));
    TEXT_COPY(f->gw.trust.header, TRUST_FORWARDED);
    assert_string_equal(client_of(f, "Forwarded: for=192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n"
                                     "Forwarded: for=\"[2001:db8::7]:80\", for=10.1.1.1\r\n"),
                        "2001:db8::7");
    assert_string_equal(client_of(f, "X-Forwarded-For: 192.0.2.2\r\n"), "127.0.0.1");
}

static void of_many_headers_the_last_ones_count(void **state)
{
    struct gateway_fixture *f = *state;
    char fields[1024] = "";
    size_t n = 0;

    assert_true(trusted_proxies_parse("127.0.0.1", &f->gw.trust.proxies));
    for (int i = 0; i < 24; i++)
        n += (size_t)snprintf(fields + n, sizeof(fields) - n, "X-Forwarded-For: 192.0.2.%d\r\n", i);
    assert_string_equal(client_of(f, fields), "192.0.2.23");
}

static void a_stranger_is_not_believed(void **state)
{
    struct gateway_fixture *f = *state;

    assert_string_equal(client_of(f, "X-Forwarded-For: 198.51.100.7\r\n"), "127.0.0.1");
    assert_true(trusted_proxies_parse("10.0.0.0/8", &f->gw.trust.proxies));
    assert_string_equal(client_of(f, "X-Forwarded-For: 198.51.100.7\r\n"), "127.0.0.1");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, gateway_setup, gateway_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(behind_a_proxy_of_ours_the_client_is_whom_it_has_seen),
        TEST(a_proxy_may_say_it_as_the_standard_has_it),
        TEST(of_many_headers_the_last_ones_count),
        TEST(a_stranger_is_not_believed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
