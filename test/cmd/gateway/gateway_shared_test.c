/* gateway_shared_test.c - what anyone may keep, which the gateway keeps too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/cmd/gateway/gateway_fixture.h"

static void only_what_anyone_may_keep_is_kept(void **state)
{
    struct gateway_fixture *f = *state;
    struct problem problem = {.status = ST_NOT_FOUND};

    assert_int_equal(gateway_ask(f, "GET", "/kept", "", NULL), 200);
    assert_true(gateway_says("Cache-Control: public, max-age=60\r\n"));
    f->auth_played.problem = &problem;
    assert_int_equal(gateway_ask(f, "GET", "/kept/1", "", NULL), 404);
    assert_true(gateway_says("Cache-Control: no-store\r\n"));
    f->auth_played.problem = NULL;
    assert_int_equal(gateway_ask(f, "GET", "/kept/1", "", NULL), 200);
}

/* The ETag line of the last answer, as a field that asks whether it is still that. */
static void if_none_match(char fields[128])
{
    const char *etag = strstr(gateway_reply, "\r\nETag: ");

    assert_non_null(etag);
    snprintf(fields, 128, "If-None-Match: %.*s\r\n", (int)strcspn(etag + 8, "\r"), etag + 8);
}

static void what_anyone_may_keep_is_asked_for_once(void **state)
{
    struct gateway_fixture *f = *state;
    char fields[128];

    f->auth_played.data = "{\"a\":1}";
    assert_int_equal(gateway_ask(f, "GET", "/kept", "", NULL), 200);
    f->auth_played.data = "{\"a\":2}";
    if_none_match(fields);
    assert_int_equal(gateway_ask(f, "GET", "/kept", "", NULL), 200);
    assert_true(gateway_says("{\"a\":1}"));
    assert_true(gateway_says("\r\nAge: "));
    assert_true(gateway_says("Cache-Control: public, max-age=60\r\n"));
    assert_int_equal(gateway_ask(f, "GET", "/kept", fields, NULL), 304);
    assert_int_equal(gateway_ask(f, "HEAD", "/kept", fields, NULL), 304);
    assert_int_equal(f->auth_played.n, 1);
    assert_int_equal(gateway_ask(f, "GET", "/kept/1", "", NULL), 200); /* is another */
    assert_true(gateway_says("{\"a\":2}"));
    assert_int_equal(f->auth_played.n, 2);
}

static bool it_is_asked_for_again(struct gateway_fixture *f)
{
    gateway_ask(f, "GET", "/kept/1", "", NULL);
    return gateway_says("{\"a\":2}");
}

static void what_may_be_kept_is_kept_no_longer(void **state)
{
    struct gateway_fixture *f = *state;

    f->auth_played.data = "{\"a\":1}";
    assert_int_equal(gateway_ask(f, "GET", "/kept/1", "", NULL), 200);
    f->auth_played.data = "{\"a\":2}";
    gateway_turn_until(f, it_is_asked_for_again, "what was kept is too old");
}

/* It has an ETag, and nothing says that it has changed. */
static void what_anyone_may_keep_is_not_told_of_as_what_can_be_waited_for(void **state)
{
    struct gateway_fixture *f = *state;

    gateway_take_bucket(&f->gw, "GET /keys auth.jwks cache=public,60\n");
    assert_int_equal(gateway_ask(f, "GET", "/openapi.json", "", NULL), 200);
    assert_true(gateway_says("#/components/parameters/IfNoneMatch"));
    assert_false(gateway_says("#/components/parameters/PreferNext"));
    assert_false(gateway_says("text/event-stream"));
    gateway_take_bucket(&f->gw, "GET /users/{userId} user.get auth=bearer etag=yes\n");
    assert_int_equal(gateway_ask(f, "GET", "/openapi.json", "", NULL), 200);
    assert_true(gateway_says("#/components/parameters/PreferNext"));
    assert_true(gateway_says("text/event-stream"));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, gateway_setup, gateway_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_what_anyone_may_keep_is_kept),
        TEST(what_anyone_may_keep_is_asked_for_once),
        TEST(what_may_be_kept_is_kept_no_longer),
        TEST(what_anyone_may_keep_is_not_told_of_as_what_can_be_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
