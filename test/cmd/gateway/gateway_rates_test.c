/* gateway_rates_test.c - who sends more than his class has is told so, and when to come again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/cmd/gateway/gateway_fixture.h"
#include "tool/core/mem.h"

/* So little comes again that no test is slow enough to see it. */
#define ROWS                                                                                       \
    "POST /login auth.login rate=few\n"                                                            \
    "GET /kept thing.kept rate=few\n"                                                              \
    "GET /users/{userId} user.get auth=bearer rate=few\n"                                          \
    "GET /free thing.kept\n"

static const char FEW[] = ROWS "rate few 3/86400\n";

static void read_routes(struct gateway_fixture *f, const char *routes)
{
    gateway_write_routes(f, routes);
    gateway_reload(&f->gw);
}

static int ask_kept(struct gateway_fixture *f)
{
    return gateway_ask(f, "GET", "/kept", "", NULL);
}

static int ask_as(struct gateway_fixture *f, struct uuid subject)
{
    return gateway_ask(f, "GET", "/users/1", gateway_bearer(f->issuer, subject), NULL);
}

static void a_client_gets_what_its_class_has_on_all_its_routes(void **state)
{
    struct gateway_fixture *f = *state;
    unsigned before;

    read_routes(f, FEW);
    assert_int_equal(ask_kept(f), 200);
    assert_true(gateway_says("RateLimit-Policy: \"few\";q=3;w=86400\r\n"));
    assert_true(gateway_says("RateLimit: \"few\";r=2;t=28800\r\n"));
    assert_int_equal(gateway_ask(f, "POST", "/login", JSON, "{}"), 200);
    assert_int_equal(ask_kept(f), 200);
    assert_true(gateway_says("RateLimit: \"few\";r=0;t=28"));
    before = f->auth_played.n;
    assert_int_equal(ask_kept(f), 429);
    assert_true(gateway_says("RateLimit: \"few\";r=0;t=28"));
    assert_true(gateway_says("Retry-After: 28"));
    assert_true(gateway_says("\"code\":\"rate_limited\""));
    assert_true(gateway_says("Content-Type: application/problem+json\r\n"));
    assert_int_equal(gateway_ask(f, "POST", "/login", JSON, "{}"), 429);
    assert_int_equal(f->auth_played.n, before); /* nothing was sent */
    assert_int_equal(gateway_ask(f, "GET", "/free", "", NULL), 200);
    assert_false(gateway_says("RateLimit"));
    assert_int_equal(gateway_ask(f, "GET", "/welcome", "", NULL), 200);
    assert_int_equal(metric_value(metrics_counter(f->metrics, "hanok_rate_refused_total", "", "")),
                     2);
}

static void a_caller_is_his_subject_wherever_he_comes_from(void **state)
{
    struct gateway_fixture *f = *state;
    struct uuid one = uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM),
                other = uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM);

    read_routes(f, FEW);
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask_as(f, one), 200);
    assert_int_equal(ask_as(f, one), 429);
    assert_int_equal(ask_as(f, other), 200);
    assert_int_equal(ask_kept(f), 200); /* the address is another client */
}

static void who_tries_tokens_is_counted_by_address(void **state)
{
    struct gateway_fixture *f = *state;
    struct uuid one = uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM);

    read_routes(f, FEW);
    for (int i = 0; i < 3; i++)
        assert_int_equal(
            gateway_ask(f, "GET", "/users/1", i ? "" : "Authorization: Bearer a.b.c\r\n", NULL),
            401);
    assert_int_equal(gateway_ask(f, "GET", "/users/1", "", NULL), 429);
    assert_int_equal(ask_as(f, one), 200); /* who has one goes on from there */
}

static void a_reload_changes_rates_and_keeps_levels(void **state)
{
    struct gateway_fixture *f = *state;

    read_routes(f, FEW);
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask_kept(f), 200);
    read_routes(f, ROWS "rate few 4/86400\n");
    assert_int_equal(ask_kept(f), 429);
    assert_true(gateway_says("RateLimit-Policy: \"few\";q=4;w=86400\r\n"));
    read_routes(f, ROWS "rate fwe 1000/1\n"); /* wrong: nothing is changed */
    assert_int_equal(ask_kept(f), 429);
    read_routes(f, "GET /kept thing.kept rate=other\nrate other 1/86400\n");
    assert_int_equal(ask_kept(f), 200); /* another class, another bucket */
    assert_int_equal(ask_kept(f), 429);
}

/* The tokens of this test say that the caller is admin. */
static void who_has_a_role_gets_what_its_tier_has(void **state)
{
    struct gateway_fixture *f = *state;
    struct uuid one = uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM);

    read_routes(f, ROWS "rate few 3/86400\nrate few.admin 5/86400\nrate few.courier 1/86400\n");
    for (int i = 0; i < 4; i++)
        assert_int_equal(ask_as(f, one), 200);
    assert_true(gateway_says("RateLimit-Policy: \"few.admin\";q=5;w=86400\r\n"));
    assert_true(gateway_says("RateLimit: \"few.admin\";r=1;t="));
    assert_int_equal(ask_kept(f), 200); /* who comes without a token has no role */
    assert_true(gateway_says("RateLimit-Policy: \"few\";q=3;w=86400\r\n"));
    assert_int_equal(gateway_ask(f, "GET", "/users/1", "Authorization: Bearer a.b.c\r\n", NULL),
                     401);
    assert_true(gateway_says("RateLimit-Policy: \"few\";q=3;w=86400\r\n"));

    read_routes(f, ROWS "rate few 3/86400\nrate few.admin 9/86400\n");
    assert_int_equal(ask_as(f, one), 200); /* the last one that was left */
    assert_true(gateway_says("RateLimit: \"few.admin\";r=0;t="));
    assert_int_equal(ask_as(f, one), 429);
    gateway_take_bucket(&f->gw, FEW);
    assert_int_equal(ask_as(f, one), 429); /* out of his tier he is the same client */
    assert_true(gateway_says("RateLimit-Policy: \"few\";q=3;w=86400\r\n"));
}

static void the_document_says_so(void **state)
{
    struct gateway_fixture *f = *state;

    read_routes(f, FEW);
    assert_int_equal(gateway_ask(f, "GET", "/openapi.json", "", NULL), 200);
    assert_true(gateway_says("\"enum\":[\"rate_limited\"]"));
    assert_true(gateway_says("\"RateLimit\":{\"$ref\":\"#/components/headers/RateLimit\"}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_client_gets_what_its_class_has_on_all_its_routes,
                                        gateway_setup, gateway_teardown),
        cmocka_unit_test_setup_teardown(a_caller_is_his_subject_wherever_he_comes_from,
                                        gateway_setup, gateway_teardown),
        cmocka_unit_test_setup_teardown(who_tries_tokens_is_counted_by_address, gateway_setup,
                                        gateway_teardown),
        cmocka_unit_test_setup_teardown(a_reload_changes_rates_and_keeps_levels, gateway_setup,
                                        gateway_teardown),
        cmocka_unit_test_setup_teardown(who_has_a_role_gets_what_its_tier_has, gateway_setup,
                                        gateway_teardown),
        cmocka_unit_test_setup_teardown(the_document_says_so, gateway_setup, gateway_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
