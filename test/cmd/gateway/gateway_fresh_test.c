/* gateway_fresh_test.c - routes on which a token is not believed by its signature alone: auth says
 * whether its session goes on, and what its caller may now. */
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

/* Of everybody who may be asked while CALLER asks for DELETE. */
static int ask(struct gateway_fixture *f)
{
    char fields[FIELDS_MAX];

    snprintf(fields, sizeof(fields), "%sUser-Agent: test\r\nX-Request-Id: r-1\r\n",
             gateway_bearer(f->issuer, CALLER));
    return gateway_ask(f, "DELETE", "/users/42", fields, NULL);
}

static void auth_is_asked_in_the_callers_name_and_its_word_on_roles_holds(void **state)
{
    struct gateway_fixture *f = *state;
    const struct call *asked = &f->check_played.call, *told = &f->user_played.call;
    char caller[UUID_TEXT_LEN + 1];

    assert_int_equal(ask(f), 204);
    assert_false(gateway_says("Content-Length"));
    assert_int_equal(f->check_played.n, 1);
    assert_string_equal(f->check_played.body, "{}");
    assert_string_equal(asked->user, uuid_text(CALLER, caller));
    assert_string_equal(asked->roles, "admin"); /* the token's */
    assert_true(uuid_equal(asked->session, GATEWAY_SESSION));
    assert_string_equal(asked->client, "127.0.0.1");
    assert_string_equal(asked->agent, "test");
    assert_string_equal(asked->request_id, "r-1");
    assert_in_range(call_left_ms(asked), 1, 2000);
    assert_string_equal(told->user, caller);
    assert_string_equal(told->roles, "courier");
    assert_true(uuid_equal(told->session, GATEWAY_SESSION));
    assert_string_equal(f->user_played.body, "{\"userId\":\"42\"}");

    f->check_played.data = "{\"roles\":\"\"}";
    assert_int_equal(ask(f), 204);
    assert_string_equal(told->roles, "");
}

static void a_route_that_does_not_say_so_does_not_ask(void **state)
{
    struct gateway_fixture *f = *state;

    assert_int_equal(gateway_ask(f, "GET", "/users/42", gateway_bearer(f->issuer, CALLER), NULL),
                     200);
    assert_int_equal(f->check_played.n, 0);
    assert_string_equal(f->user_played.call.roles, "admin");
}

static void a_bad_token_is_refused_without_asking(void **state)
{
    struct gateway_fixture *f = *state;

    assert_int_equal(gateway_ask(f, "DELETE", "/users/42", "", NULL), 401);
    assert_true(gateway_says("WWW-Authenticate: Bearer\r\n"));
    assert_int_equal(gateway_ask(f, "DELETE", "/users/42", "Authorization: Bearer a.b.c\r\n", NULL),
                     401);
    assert_true(gateway_says("\"code\":\"invalid_token\""));
    assert_int_equal(f->check_played.n, 0);
}

static void a_session_that_has_ended_is_a_401(void **state)
{
    struct problem problem = {.status = ST_OK};
    struct gateway_fixture *f = *state;

    problem_set(&problem, ST_UNAUTHENTICATED, "invalid_token", "Inside word.");
    f->check_played.problem = &problem;
    assert_int_equal(ask(f), 401);
    assert_true(gateway_says("WWW-Authenticate: Bearer error=\"invalid_token\"\r\n"));
    assert_true(gateway_says("\"code\":\"invalid_token\""));
    assert_false(gateway_says("Inside"));
    assert_int_equal(f->user_played.n, 0); /* and nothing is done */
}

static void what_auth_cannot_say_lets_nobody_in(void **state)
{
    static const struct {
        const char *code, *data;
        int want;
    } cases[] = {
        {"503", "{}",             503},
        {"504", "{}",             504},
        {"500", "{}",             500},
        {"403", "{}",             500},
        {"202", "{}",             500},
        {"200", "{}",             500},
        {"x",   "{}",             500},
        {NULL,  "{}",             500}, /* no word on roles */
        {NULL,  "{\"roles\":[]}", 500},
        {NULL,  "",               500},
    };
    struct gateway_fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        f->check_played.data = cases[i].data;
        f->check_played.header[0] = (struct message_header){
            .name = cases[i].code ? HEADER_ERROR_CODE : NULL, .value = cases[i].code};
        if (ask(f) != cases[i].want)
            fail_msg("%s %s: got '%s'", cases[i].code ? cases[i].code : "-", cases[i].data,
                     gateway_reply);
    }
    assert_int_equal(f->user_played.n, 0);
}

static bool nothing_is_asked(struct gateway_fixture *f)
{
    return responder_open(f->check) == 0;
}

static void without_auth_it_is_a_503(void **state)
{
    struct gateway_fixture *f = *state;

    responder_stop(f->check);
    gateway_turn_until(f, nothing_is_asked, "auth.check is gone");
    assert_int_equal(ask(f), 503);
    assert_true(gateway_says("Retry-After: "));
    assert_int_equal(f->user_played.n, 0);
}

static void an_auth_that_is_silent_is_a_504_in_the_time_of_the_route(void **state)
{
    struct gateway_fixture *f = *state;

    f->check_played.data = NULL;
    assert_int_equal(ask(f), 504);
    assert_true(gateway_says("\"code\":\"timeout\""));
    assert_int_equal(f->user_played.n, 0);
}

static void a_client_that_leaves_meanwhile_is_forgotten(void **state)
{
    struct gateway_fixture *f = *state;
    int fd;

    f->check_played.data = NULL;
    fd = gateway_put(f, "DELETE", "/users/42", gateway_bearer(f->issuer, CALLER), NULL);
    gateway_turn_until(f, gateway_somebody_waits, "auth is asked");
    close(fd);
    gateway_turn_until(f, gateway_nobody_waits, "the client's leaving is noticed");
    assert_false(gateway_busy(&f->gw));
    assert_int_equal(f->user_played.n, 0);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, gateway_setup, gateway_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(auth_is_asked_in_the_callers_name_and_its_word_on_roles_holds),
        TEST(a_route_that_does_not_say_so_does_not_ask),
        TEST(a_bad_token_is_refused_without_asking),
        TEST(a_session_that_has_ended_is_a_401),
        TEST(what_auth_cannot_say_lets_nobody_in),
        TEST(without_auth_it_is_a_503),
        TEST(an_auth_that_is_silent_is_a_504_in_the_time_of_the_route),
        TEST(a_client_that_leaves_meanwhile_is_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
