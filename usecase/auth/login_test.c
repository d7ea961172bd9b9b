/* login_test.c - logging in over memory stores, with a signer that signs nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tool/store/memory/store_memory.h"
#include "protocol/auth.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "usecase/auth/login.h"

struct world {
    struct memdb *db;
    struct password_hasher counter; /* in front of the hasher: who does not exist costs the same */
    struct password_hasher *hasher;
    size_t verified;
    struct token_issuer issuer;
    struct login login;
    struct problem problem;
};

static struct world *of_counter(struct password_hasher *base)
{
    return container_of(base, struct world, counter);
}

static enum status count_hash(struct password_hasher *base, const struct call *call,
                              const char *password, char out[PASSWORD_HASH_MAX + 1])
{
    struct password_hasher *hasher = of_counter(base)->hasher;

    return hasher->ops->hash(hasher, call, password, out);
}

static enum status count_verify(struct password_hasher *base, const struct call *call,
                                const char *password, const char *phc, bool *renew)
{
    struct password_hasher *hasher = of_counter(base)->hasher;

    of_counter(base)->verified++;
    return hasher->ops->verify(hasher, call, password, phc, renew);
}

static const struct password_hasher_ops COUNTER = {count_hash, count_verify, NULL};

static enum status issue(struct token_issuer *self, const struct call *call, struct uuid subject,
                         struct uuid session, const char *roles, char out[TOKEN_TEXT_MAX + 1],
                         int64_t *expires_in_s)
{
    (void)self;
    (void)call;
    (void)session;
    assert_string_equal(roles, subject.b[0] == 3 ? "" : "admin courier");
    uuid_text(subject, out);
    *expires_in_s = 900;
    return ST_OK;
}

static void keys(struct token_issuer *self, struct token_key_set *out)
{
    (void)self;
    *out = (struct token_key_set){
        .n = 2, .keys = {{"newest", "x1"}, {"older", "x2"}}
    };
}

static const struct token_issuer_ops ISSUER = {issue, keys, NULL};

static struct call call_of(struct world *w)
{
    w->problem = (struct problem){0};
    return (struct call){.clock = &CLOCK_SYSTEM,
                         .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 10000,
                         .problem = &w->problem};
}

static void add(struct world *w, uint8_t n, const char *login_id, const char *prefix,
                enum account_status status)
{
    struct call call = call_of(w);
    struct account account = {.id = {{n}}, .status = status};

    if (n != 3)
        TEXT_COPY(account.roles, "admin courier");
    char hash[PASSWORD_HASH_MAX + 1];

    TEXT_COPY(account.login_id, login_id);
    assert_int_equal(w->hasher->ops->hash(w->hasher, &call, "right", hash), ST_OK);
    TEXT_COPY(account.password_hash, prefix);
    memcpy(account.password_hash + strlen(prefix), strrchr(hash, '$') + 1, 17);
    assert_int_equal(store_insert(w->login.accounts, NULL, &call, &account, NULL), ST_OK);
}

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    log_set_fd(-1);
    w->db = memdb_create();
    w->hasher = fake_hasher_create();
    w->counter.ops = &COUNTER;
    w->issuer.ops = &ISSUER;
    w->login = (struct login){.accounts = store_memory_create(w->db, &ACCOUNT_TABLE),
                              .hasher = &w->counter,
                              .issuer = &w->issuer};
    add(w, 1, "active", "$fake$", ACCOUNT_ACTIVE);
    add(w, 2, "pending", "$fake$", ACCOUNT_SIGNUP_PENDING);
    add(w, 3, "older", "$old$", ACCOUNT_ACTIVE);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    store_destroy(w->login.accounts);
    w->hasher->ops->destroy(w->hasher);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

static void a_login_needs_an_active_account_and_its_password(void **state)
{
    static const struct {
        const char *login_id, *password;
        enum status want;
        const char *code;
        int retry_after_s;
    } cases[] = {
        {"active",  "right", ST_OK,              "",                    0},
        {"active",  "wrong", ST_UNAUTHENTICATED, "invalid_credentials", 0},
        {"nobody",  "right", ST_UNAUTHENTICATED, "invalid_credentials", 0},
        {"pending", "wrong", ST_UNAUTHENTICATED, "invalid_credentials", 0},
        {"pending", "right", ST_CONFLICT,        "signup_pending",      1},
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct call call = call_of(w);
        struct login_granted granted = {0};
        struct login_form form;
        enum status got;
        TEXT_COPY(form.login_id, cases[i].login_id);
        TEXT_COPY(form.password, cases[i].password);
        w->verified = 0;
        got = login_grant(&w->login, &call, &form, &granted);
        assert_true(got == ST_OK || operation_declares(&AUTH_LOGIN, got, w->problem.code));
        if (got != cases[i].want || strcmp(w->problem.code, cases[i].code) != 0 ||
            w->problem.retry_after_s != cases[i].retry_after_s)
            fail_msg("%s %s: got %s %s", cases[i].login_id, cases[i].password, status_name(got),
                     w->problem.code);
        assert_int_equal(w->verified, 1); /* the same work, whether the id exists or not */
        assert_int_equal(granted.access_token[0] != '\0', got == ST_OK);
    }
}

static void a_login_renews_a_hash_of_older_parameters(void **state)
{
    struct world *w = *state;
    struct login_form form = {"older", "right"};
    struct login_granted granted = {0};
    struct call call = call_of(w);
    struct account account;

    assert_int_equal(login_grant(&w->login, &call, &form, &granted), ST_OK);
    assert_string_equal(granted.token_type, "Bearer");
    assert_int_equal(granted.expires_in_s, 900);
    assert_int_equal(store_find(w->login.accounts, NULL, &call, "login_id", "older", &account),
                     ST_OK);
    assert_int_equal(strncmp(account.password_hash, "$fake$", 6), 0);
    assert_int_equal(login_grant(&w->login, &call, &form, &granted), ST_OK);
}

static void the_keys_are_told_as_jwks(void **state)
{
    struct world *w = *state;
    struct call call = call_of(w);
    struct jwks jwks = {0};

    assert_int_equal(login_keys(&w->login, &call, NULL, &jwks), ST_OK);
    assert_int_equal(jwks.n_keys, 2);
    assert_string_equal(jwks.keys[0].kid, "newest");
    assert_string_equal(jwks.keys[1].x, "x2");
    assert_string_equal(jwks.keys[0].kty, "OKP");
    assert_string_equal(jwks.keys[0].crv, "Ed25519");
    assert_string_equal(jwks.keys[0].use, "sig");
    assert_string_equal(jwks.keys[0].alg, "EdDSA");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_login_needs_an_active_account_and_its_password),
        TEST(a_login_renews_a_hash_of_older_parameters),
        TEST(the_keys_are_told_as_jwks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
