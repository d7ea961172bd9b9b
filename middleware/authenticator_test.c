/* authenticator_test.c - what the memory of tokens may and may not do. */
#include "middleware/authenticator.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/crypto/token_folder.h"

static int64_t wall_s;

static int64_t test_now_ms(const struct clock *self)
{
    (void)self;
    return 0;
}

static int64_t test_wall_us(const struct clock *self)
{
    (void)self;
    return wall_s * 1000000;
}

static const struct clock CLOCK_TEST = {.now_ms = test_now_ms, .wall_us = test_wall_us};

struct fixture {
    char dir[64];
    struct token_issuer *issuer;
    struct authenticator *auth;
    struct token_key_set keys;
    char token[TOKEN_TEXT_MAX + 1];
    struct uuid subject, session;
};

static void issue(struct fixture *f, char out[TOKEN_TEXT_MAX + 1])
{
    struct call call = {.clock = &CLOCK_TEST, .deadline_ms = INT64_MAX};
    int64_t expires_in_s;

    f->subject = uuid_v7(&CLOCK_TEST, &ENTROPY_SYSTEM);
    f->session = uuid_v7(&CLOCK_TEST, &ENTROPY_SYSTEM);
    assert_int_equal(f->issuer->ops->issue(f->issuer, &call, f->subject, f->session, "admin", out,
                                           &expires_in_s),
                     ST_OK);
}

static int setup(void **state)
{
    struct fixture *f = MEM_NEW(struct fixture);
    char trouble[TOKEN_WHY_MAX + 1];
    const char *why = "";

    wall_s = 1000000;
    strcpy(f->dir, "/tmp/hanok-test-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->issuer = token_issuer_create(
        &(struct token_issuer_config){
            .folder = token_folder_create(f->dir, 100, &ENTROPY_SYSTEM, trouble),
            .clock = &CLOCK_TEST,
            .issuer = "iss",
            .audience = "aud",
            .lifetime_s = 100,
            .entropy = &ENTROPY_SYSTEM},
        &why);
    if (!f->issuer)
        fail_msg("%s", why);
    f->issuer->ops->keys(f->issuer, &f->keys);
    f->auth = authenticator_create(&(struct authenticator_config){
        .issuer = "iss", .audience = "aud", .clock = &CLOCK_TEST, .entropy = &ENTROPY_SYSTEM});
    issue(f, f->token);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char command[96];

    authenticator_destroy(f->auth);
    f->issuer->ops->destroy(f->issuer);
    snprintf(command, sizeof(command), "rm -r '%s'", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

static enum token_verdict check(struct fixture *f, const char *token)
{
    const struct token_bearer *bearer = NULL;
    enum token_verdict verdict = authenticator_check(f->auth, token, &bearer);

    if (verdict == TOKEN_OK) {
        assert_true(uuid_equal(bearer->claims.subject, f->subject));
        assert_true(uuid_equal(bearer->claims.session, f->session));
        assert_string_equal(bearer->claims.roles, "admin");
    }
    return verdict;
}

static void without_keys_no_token_is_known(void **state)
{
    struct fixture *f = *state;

    assert_false(authenticator_has_keys(f->auth));
    assert_int_equal(check(f, f->token), TOKEN_UNKNOWN_KEY);
}

static void a_token_is_good_until_it_expires_also_when_remembered(void **state)
{
    struct fixture *f = *state;

    authenticator_set_keys(f->auth, &f->keys);
    assert_true(authenticator_has_keys(f->auth));
    for (; wall_s < 1000100; wall_s += 33)
        assert_int_equal(check(f, f->token), TOKEN_OK);
    wall_s = 1000100;
    assert_int_equal(check(f, f->token), TOKEN_EXPIRED);
    assert_int_equal(check(f, f->token), TOKEN_EXPIRED);
}

static void a_token_like_a_remembered_one_is_not_believed(void **state)
{
    struct fixture *f = *state;
    size_t len = strlen(f->token);

    authenticator_set_keys(f->auth, &f->keys);
    assert_int_equal(check(f, f->token), TOKEN_OK);
    for (size_t i = 0; i < len; i++) {
        char copy[TOKEN_TEXT_MAX + 1];

        TEXT_COPY(copy, f->token);
        copy[i] = copy[i] == 'A' ? 'B' : 'A';
        assert_int_not_equal(check(f, copy), TOKEN_OK);
        TEXT_COPY(copy, f->token);
        copy[i] = '\0';
        assert_int_not_equal(check(f, copy), TOKEN_OK);
    }
    assert_int_equal(check(f, f->token), TOKEN_OK);
}

static void other_keys_forget_everything(void **state)
{
    struct fixture *f = *state;
    struct token_key_set none = {0};

    authenticator_set_keys(f->auth, &f->keys);
    assert_int_equal(check(f, f->token), TOKEN_OK);
    authenticator_set_keys(f->auth, &f->keys);
    assert_int_equal(check(f, f->token), TOKEN_OK);
    authenticator_set_keys(f->auth, &none);
    assert_int_equal(check(f, f->token), TOKEN_UNKNOWN_KEY);
}

static void more_tokens_than_fit_push_out_old_ones_and_stay_right(void **state)
{
    struct fixture *f = *state;

    authenticator_set_keys(f->auth, &f->keys);
    for (int i = 0; i < 6000; i++) {
        issue(f, f->token);
        assert_int_equal(check(f, f->token), TOKEN_OK);
    }
}

static void an_endless_token_is_malformed(void **state)
{
    char token[JWT_TEXT_MAX + 10];

    memset(token, 'a', sizeof(token) - 1);
    token[sizeof(token) - 1] = '\0';
    assert_int_equal(check(*state, token), TOKEN_MALFORMED);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_keys_no_token_is_known),
        TEST(a_token_is_good_until_it_expires_also_when_remembered),
        TEST(a_token_like_a_remembered_one_is_not_believed),
        TEST(other_keys_forget_everything),
        TEST(more_tokens_than_fit_push_out_old_ones_and_stay_right),
        TEST(an_endless_token_is_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
