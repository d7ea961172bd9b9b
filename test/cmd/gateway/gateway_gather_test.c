/* gateway_gather_test.c - several subjects asked for one request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/cmd/gateway/gateway_fixture.h"
#include "tool/core/mem.h"

enum { FIELDS_MAX = 4096 };

static const struct uuid CALLER = {
    {9, 2, 3, 4, 5, 6, 0x77, 8, 0x89, 10, 11, 12, 13, 14, 15, 16}
};

static const char ROUTES[] =
    "GET /mine - gather=profile:user.get,kept:thing.kept auth=bearer timeout=10000\n"
    "GET /hasty - gather=profile:user.get,kept:thing.kept auth=bearer timeout=100\n"
    "GET /fresh - gather=profile:user.get,kept:thing.kept auth=fresh timeout=10000\n"
    "GET /things/{thing} - gather=kept:thing.kept,nobody:nobody.there\n"
    "GET /of/{thing} - gather=kept:thing.kept,profile:user.get@kept auth=bearer timeout=10000\n"
    "GET /nobody - gather=here:nobody.there,there:nobody.here\n";

static int setup(void **state)
{
    int rc = gateway_setup(state);
    struct gateway_fixture *f = *state;

    if (rc == 0) {
        gateway_write_routes(f, ROUTES);
        gateway_reload(&f->gw);
        f->user_played.data = "{\"name\":\"kim\"}";
        f->auth_played.data = "{\"n\":[1]}";
    }
    return rc;
}

static int ask(struct gateway_fixture *f, const char *path)
{
    return gateway_ask(f, "GET", path, gateway_bearer(f->issuer, CALLER), NULL);
}

static void answers_stand_under_their_names(void **state)
{
    struct gateway_fixture *f = *state;
    char want[128], id[UUID_TEXT_LEN + 1];

    assert_int_equal(ask(f, "/mine"), 200);
    assert_true(gateway_says("\r\n\r\n{\"profile\":{\"name\":\"kim\"},\"kept\":{\"n\":[1]}}"));
    assert_true(gateway_says("Content-Type: application/json\r\n"));
    snprintf(want, sizeof(want), "{\"userId\":\"%s\"}", uuid_text(CALLER, id));
    assert_string_equal(f->user_played.body, want);
    assert_string_equal(f->user_played.call.user, id);
    assert_string_equal(f->auth_played.body, "{}");
    assert_int_equal(ask(f, "/fresh"), 200);
    assert_int_equal(f->check_played.n, 1);
    assert_string_equal(f->user_played.call.roles, "courier");
    assert_int_equal(gateway_ask(f, "HEAD", "/mine", gateway_bearer(f->issuer, CALLER), NULL), 200);
    assert_int_equal(gateway_ask(f, "GET", "/mine", "", NULL), 401);
    assert_int_equal(ask(f, "/mine?limit=1"), 400);
    assert_true(gateway_says("\"field\":\"limit\""));
}

static void who_does_not_answer_is_null_and_named(void **state)
{
    struct gateway_fixture *f = *state;
    struct problem gone = {.status = ST_NOT_FOUND};

    f->user_played.data = NULL; /* is silent */
    assert_int_equal(ask(f, "/hasty"), 200);
    assert_true(gateway_says("{\"profile\":null,\"kept\":{\"n\":[1]},\"missing\":[\"profile\"]}"));
    f->user_played.data = "{}";
    f->user_played.problem = &gone;
    assert_int_equal(ask(f, "/mine"), 200);
    assert_true(gateway_says("\"missing\":[\"profile\"]"));
    assert_int_equal(gateway_ask(f, "GET", "/things/7", "", NULL), 200);
    assert_true(gateway_says("{\"kept\":{\"n\":[1]},\"nobody\":null,\"missing\":[\"nobody\"]}"));
    assert_string_equal(f->auth_played.body, "{\"thing\":\"7\"}");
}

/* Its own part of the answer may be somebody else's. */
static void a_part_is_asked_with_what_the_one_before_it_answers(void **state)
{
    static const char OTHER[] = "01000000-0000-7000-8000-000000000000";
    struct gateway_fixture *f = *state;
    struct problem gone = {.status = ST_NOT_FOUND};
    char want[128];

    snprintf(want, sizeof(want), "{\"userId\":\"%s\"}", OTHER);
    f->auth_played.data = want;
    assert_int_equal(ask(f, "/of/7"), 200);
    assert_string_equal(f->auth_played.body, "{\"thing\":\"7\"}");
    assert_string_equal(f->user_played.body, want);
    assert_true(gateway_says("\"profile\":{\"name\":\"kim\"}}"));
    f->auth_played.data = "{\"userId\":7}"; /* not what it wants */
    assert_int_equal(ask(f, "/of/7"), 200);
    assert_true(
        gateway_says("{\"kept\":{\"userId\":7},\"profile\":null,\"missing\":[\"profile\"]}"));
    f->auth_played.data = "{}";
    f->auth_played.problem = &gone;
    assert_int_equal(ask(f, "/of/7"), 404);
    assert_true(gateway_says("\"code\":\"not_found\""));
    assert_int_equal(f->user_played.n, 1);
}

static void when_all_are_missing_the_first_says_why(void **state)
{
    struct gateway_fixture *f = *state;

    assert_int_equal(gateway_ask(f, "GET", "/nobody", "", NULL), 503);
    assert_true(gateway_says("\"code\":\"unavailable\""));
    assert_true(gateway_says("Retry-After: "));
}

static bool both_are_held(struct gateway_fixture *f)
{
    return f->n_held == 2;
}

/* Both are asked before either has answered, and nothing is said before both have: it takes as long
 * as the slower, not as both together. */
static void mall_aggregate_takes_the_slowest(void **state)
{
    struct gateway_fixture *f = *state;
    int fd;

    f->user_played.data = f->auth_played.data = NULL;
    fd = gateway_put(f, "GET", "/mine", gateway_bearer(f->issuer, CALLER), NULL);
    gateway_turn_until(f, both_are_held, "both are asked");
    while (f->n_held > 0) {
        assert_false(gateway_nobody_waits(f));
        responder_answer(f->held[--f->n_held], &(struct message_out){.data = "{}", .len = 2}, NULL,
                         NULL);
    }
    assert_int_equal(gateway_get(f, fd), 200);
    assert_true(gateway_says("{\"profile\":{},\"kept\":{}}"));
}

static void who_leaves_is_waited_for_by_nobody(void **state)
{
    struct gateway_fixture *f = *state;
    int fd;

    f->user_played.data = f->auth_played.data = NULL;
    fd = gateway_put(f, "GET", "/mine", gateway_bearer(f->issuer, CALLER), NULL);
    gateway_turn_until(f, both_are_held, "both are asked");
    close(fd);
    gateway_turn_until(f, gateway_nobody_waits, "nobody waits any more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_stand_under_their_names, setup, gateway_teardown),
        cmocka_unit_test_setup_teardown(who_does_not_answer_is_null_and_named, setup,
                                        gateway_teardown),
        cmocka_unit_test_setup_teardown(a_part_is_asked_with_what_the_one_before_it_answers, setup,
                                        gateway_teardown),
        cmocka_unit_test_setup_teardown(when_all_are_missing_the_first_says_why, setup,
                                        gateway_teardown),
        cmocka_unit_test_setup_teardown(mall_aggregate_takes_the_slowest, setup, gateway_teardown),
        cmocka_unit_test_setup_teardown(who_leaves_is_waited_for_by_nobody, setup,
                                        gateway_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
