/* gateway_trouble_test.c - keys, links, clients and routes that come and go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/cmd/gateway/gateway_fixture.h"
#include "tool/message/client.h"

static void no_answer_in_time_is_a_504(void **state)
{
    struct gateway_fixture *f = *state;

    f->auth_played.data = NULL;
    assert_int_equal(gateway_ask(f, "GET", "/slow", "", NULL), 504);
    assert_true(gateway_says("\"code\":\"timeout\""));
}

static void a_client_that_left_is_forgotten(void **state)
{
    struct gateway_fixture *f = *state;
    int fd;

    f->auth_played.data = NULL;
    fd = gateway_put(f, "GET", "/patient", "", NULL);
    gateway_turn_until(f, gateway_somebody_waits, "the message is out");
    close(fd);
    gateway_turn_until(f, gateway_nobody_waits, "the client's leaving is noticed");
    assert_false(gateway_busy(&f->gw));
}

static void who_still_waits_when_a_drain_ends_is_told(void **state)
{
    struct gateway_fixture *f = *state;
    char answer[4096] = "";
    size_t len = 0;
    ssize_t n;
    int fd;

    f->auth_played.data = NULL;
    fd = gateway_put(f, "GET", "/patient", "", NULL);
    gateway_turn_until(f, gateway_somebody_waits, "the message is out");
    gateway_drain(&f->gw);
    gateway_late(&f->gw);
    while ((n = recv(fd, answer + len, sizeof(answer) - 1 - len, 0)) > 0)
        len += (size_t)n;
    close(fd);
    assert_non_null(strstr(answer, "HTTP/1.1 503"));
    assert_non_null(strstr(answer, "\"code\":\"unavailable\""));
}

static void a_lost_link_is_a_504_for_who_waits_then_a_503_and_comes_back(void **state)
{
    struct gateway_fixture *f = *state;
    int fd;

    f->auth_played.data = NULL;
    fd = gateway_put(f, "GET", "/patient", "", NULL);
    gateway_turn_until(f, gateway_somebody_waits, "the message is out");
    nats_server_kill(&f->nats);
    assert_int_equal(gateway_get(f, fd), 504);
    assert_true(gateway_says("\"code\":\"timeout\""));
    assert_true(gateway_says("may have happened"));
    assert_int_equal(gateway_ask(f, "POST", "/login", JSON, "{}"), 503);
    assert_true(gateway_says("\"code\":\"unavailable\""));
    assert_int_equal(gateway_ask(f, "GET", "/health", "", NULL), 503);
    assert_true(gateway_says("\"nats\":\"unavailable\""));
    assert_true(nats_server_start(&f->nats));
    gateway_turn_until(f, gateway_links_are_up, "NATS is up again");
    f->auth_played.data = "{}";
    assert_int_equal(gateway_ask(f, "POST", "/login", JSON, "{}"), 200);
}

static void without_keys_nobody_is_let_in_and_nobody_refused(void **state)
{
    struct gateway_fixture *f = *state;
    const char *why;
    char fields[4096];

    snprintf(fields, sizeof(fields), "%s", gateway_bearer(f->issuer, (struct uuid){{1}}));
    assert_int_equal(gateway_ask(f, "GET", "/users/1", fields, NULL), 503);
    assert_int_equal(gateway_ask(f, "GET", "/health", "", NULL), 503);
    assert_true(gateway_says("\"tokenKeys\":\"unavailable\""));
    assert_false(gateway_ready(&f->gw, &why));
    f->no_jwks = false;
    gateway_turn_until(f, gateway_keys_are_known, "the keys are known");
    assert_int_equal(gateway_ask(f, "GET", "/users/1", fields, NULL), 200);
}

/* A key of its own, as auth may have had one. */
static struct token_issuer *another(const struct gateway_fixture *f)
{
    char dir[80];

    snprintf(dir, sizeof(dir), "%s/other", f->dir);
    return gateway_issuer(dir);
}

static char token_field[4096];

static bool the_token_is_believed(struct gateway_fixture *f)
{
    return gateway_ask(f, "GET", "/users/1", token_field, NULL) == 200;
}

static bool the_token_is_refused(struct gateway_fixture *f)
{
    return gateway_ask(f, "GET", "/users/1", token_field, NULL) == 401;
}

static void a_new_key_is_fetched_once_for_all_who_wait(void **state)
{
    enum { N = 20 };
    struct gateway_fixture *f = *state;
    struct token_issuer *other = another(f);
    unsigned before = f->n_jwks;
    int fds[N];

    snprintf(token_field, sizeof(token_field), "%s", gateway_bearer(other, (struct uuid){{1}}));
    other->ops->keys(other, &f->keys); /* it is auth's, and not yet the gateway's */
    for (int i = 0; i < N; i++)
        fds[i] = gateway_put(f, "GET", "/users/1", token_field, NULL);
    for (int i = 0; i < N; i++)
        assert_int_equal(gateway_get(f, fds[i]), 200);
    assert_true(f->n_jwks < before + N);
    /* The old key is gone from the set, and with it what was signed by it. */
    snprintf(token_field, sizeof(token_field), "%s", gateway_bearer(f->issuer, (struct uuid){{1}}));
    assert_int_equal(gateway_ask(f, "GET", "/users/1", token_field, NULL), 401);
    other->ops->destroy(other);
}

static void a_key_that_is_nobodys_may_become_auths(void **state)
{
    struct gateway_fixture *f = *state;
    struct token_issuer *other = another(f);

    snprintf(token_field, sizeof(token_field), "%s", gateway_bearer(other, (struct uuid){{1}}));
    assert_int_equal(gateway_ask(f, "GET", "/users/1", token_field, NULL), 401);
    assert_true(gateway_says("invalid_token"));
    other->ops->keys(other, &f->keys);
    gateway_turn_until(f, the_token_is_believed, "the new key is known");
    other->ops->destroy(other);
}

static void a_withdrawn_key_is_believed_for_seconds_only(void **state)
{
    struct gateway_fixture *f = *state;
    struct token_issuer *other = another(f);

    snprintf(token_field, sizeof(token_field), "%s", gateway_bearer(f->issuer, (struct uuid){{1}}));
    assert_int_equal(gateway_ask(f, "GET", "/users/1", token_field, NULL), 200);
    other->ops->keys(other, &f->keys); /* and nobody comes with a token of it */
    gateway_turn_until(f, the_token_is_refused, "the withdrawn key is not believed any more");
    other->ops->destroy(other);
}

static void what_is_no_key_of_auths_is_asked_for_once(void **state)
{
    struct gateway_fixture *f = *state;
    struct token_issuer *other = another(f);
    char fields[4096];

    snprintf(fields, sizeof(fields), "%s", gateway_bearer(other, (struct uuid){{1}}));
    assert_int_equal(gateway_ask(f, "GET", "/users/1", fields, NULL), 401);
    f->no_jwks = true; /* who asks now gets no answer */
    snprintf(fields, sizeof(fields), "%s", gateway_bearer(other, (struct uuid){{2}}));
    for (int i = 0; i < 20; i++)
        assert_int_equal(gateway_ask(f, "GET", "/users/2", fields, NULL), 401);
    other->ops->destroy(other);
}

static void new_keys_are_told_at_once_by_what_anyone_may_keep(void **state)
{
    struct gateway_fixture *f = *state;
    struct token_issuer *other = another(f);
    struct token_key_set before = f->keys;

    assert_int_equal(gateway_ask(f, "GET", "/keys", "", NULL), 200);
    assert_true(gateway_says(before.keys[0].kid));
    other->ops->keys(other, &f->keys);
    assert_int_equal(gateway_ask(f, "GET", "/keys", "", NULL), 200);
    assert_true(gateway_says(before.keys[0].kid)); /* kept */
    assert_int_equal(
        gateway_ask(f, "GET", "/users/1", gateway_bearer(other, (struct uuid){{1}}), NULL), 200);
    assert_int_equal(gateway_ask(f, "GET", "/keys", "", NULL), 200);
    assert_true(gateway_says(f->keys.keys[0].kid));
    assert_false(gateway_says(before.keys[0].kid));
    other->ops->destroy(other);
}

static void a_reload_takes_good_routes_and_leaves_bad_ones(void **state)
{
    struct gateway_fixture *f = *state;
    int fd;

    f->auth_played.data = NULL;
    fd = gateway_put(f, "GET", "/patient", "", NULL);
    gateway_turn_until(f, gateway_somebody_waits, "the message is out");
    gateway_write_routes(f, "GET /other thing.kept\n");
    gateway_reload(&f->gw);
    f->auth_played.data = "{}";
    assert_int_equal(gateway_ask(f, "GET", "/other", "", NULL), 200);
    assert_int_equal(gateway_ask(f, "POST", "/login", JSON, "{}"), 404);
    gateway_write_routes(f, "GET /third\n");
    gateway_reload(&f->gw);
    assert_int_equal(gateway_ask(f, "GET", "/other", "", NULL), 200);
    close(fd); /* who was on the way under the old routes still ends */
    gateway_turn_until(f, gateway_nobody_waits, "the client's leaving is noticed");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, gateway_setup, gateway_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_answer_in_time_is_a_504),
        TEST(a_client_that_left_is_forgotten),
        TEST(who_still_waits_when_a_drain_ends_is_told),
        TEST(a_lost_link_is_a_504_for_who_waits_then_a_503_and_comes_back),
        cmocka_unit_test_setup_teardown(without_keys_nobody_is_let_in_and_nobody_refused,
                                        gateway_setup_without_keys, gateway_teardown),
        TEST(a_new_key_is_fetched_once_for_all_who_wait),
        TEST(a_key_that_is_nobodys_may_become_auths),
        TEST(a_withdrawn_key_is_believed_for_seconds_only),
        TEST(what_is_no_key_of_auths_is_asked_for_once),
        TEST(new_keys_are_told_at_once_by_what_anyone_may_keep),
        TEST(a_reload_takes_good_routes_and_leaves_bad_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
