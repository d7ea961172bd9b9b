/* login_test.c - logging in over memory stores, with a signer that signs nothing. */
#include "usecase/auth/session_world_test.h"

struct login_world {
    struct world world;
    struct password_hasher counter; /* in front of the hasher: who does not exist costs the same */
    struct password_hasher *hasher;
    size_t verified;
    atomic_uint under_way;
    unsigned under_way_then;                  /* while the last password was hashed */
    void (*meanwhile)(struct login_world *w); /* while a password is hashed; once */
    struct login login;
};

static struct login_world *of_counter(struct password_hasher *base)
{
    return container_of(base, struct login_world, counter);
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
    struct login_world *w = of_counter(base);
    void (*meanwhile)(struct login_world *) = w->meanwhile;
    enum status st = w->hasher->ops->verify(w->hasher, call, password, phc, renew);

    w->verified++;
    w->under_way_then = w->under_way;
    w->meanwhile = NULL;
    if (meanwhile)
        meanwhile(w);
    return st;
}

static const struct password_hasher_ops COUNTER = {count_hash, count_verify, NULL};

static void make_hash(struct login_world *w, const char *prefix, const char *password,
                      struct account *account)
{
    struct call call = call_of(&w->world, 0);
    char hash[PASSWORD_HASH_MAX + 1];

    assert_int_equal(w->hasher->ops->hash(w->hasher, &call, password, hash), ST_OK);
    TEXT_COPY(account->password_hash, prefix);
    memcpy(account->password_hash + strlen(prefix), strrchr(hash, '$') + 1, 17);
}

static void add(struct login_world *w, uint8_t n, const char *login_id, const char *prefix,
                enum account_status status)
{
    struct call call = call_of(&w->world, 0);
    struct account account = {.id = {{n}}, .status = status};

    if (n != 3)
        TEXT_COPY(account.roles, "admin courier");
    TEXT_COPY(account.login_id, login_id);
    make_hash(w, prefix, "right", &account);
    assert_int_equal(store_insert(w->login.accounts, NULL, &call, &account, NULL), ST_OK);
}

static int setup(void **state)
{
    struct login_world *w = MEM_NEW(struct login_world);

    sessions_setup(&w->world);
    w->hasher = fake_hasher_create();
    w->counter.ops = &COUNTER;
    w->login = (struct login){.accounts = w->world.sessions.accounts,
                              .transactor = w->world.sessions.transactor,
                              .hasher = &w->counter,
                              .sessions = &w->world.sessions,
                              .under_way = &w->under_way};
    add(w, 1, "active", "$fake$", ACCOUNT_ACTIVE);
    add(w, 2, "pending", "$fake$", ACCOUNT_SIGNUP_PENDING);
    add(w, 3, "older", "$old$", ACCOUNT_ACTIVE);
    add(w, 4, "leaving", "$fake$", ACCOUNT_WITHDRAW_PENDING);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct login_world *w = *state;

    w->hasher->ops->destroy(w->hasher);
    sessions_teardown(&w->world);
    free(w);
    return 0;
}

static enum status log_in(struct login_world *w, const char *login_id, const char *password,
                          struct login_granted *granted)
{
    struct call call = call_of(&w->world, 0);
    struct login_form form;
    enum status st;

    TEXT_COPY(call.client, "192.0.2.1");
    TEXT_COPY(call.agent, "curl/8.1");
    TEXT_COPY(form.login_id, login_id);
    TEXT_COPY(form.password, password);
    *granted = (struct login_granted){0};
    w->verified = 0;
    st = login_grant(&w->login, &call, &form, granted);
    assert_true(st == ST_OK || operation_declares(&AUTH_LOGIN, st, w->world.problem.code));
    return st;
}

/* The user's, the newest first. */
static size_t sessions_of(struct login_world *w, uint8_t n, struct session *rows, size_t max)
{
    struct call call = call_of(&w->world, 0);
    struct uuid id = {{n}};
    const struct store_list list = {.where = {{"user_id", &id}}, .descending = true};
    size_t got;

    assert_int_equal(store_list(w->world.sessions.sessions, NULL, &call, &list, max, rows, &got),
                     ST_OK);
    return got;
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
        {"leaving", "wrong", ST_UNAUTHENTICATED, "invalid_credentials", 0},
        {"leaving", "right", ST_CONFLICT,        "withdrawal_pending",  1},
    };
    struct login_world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct login_granted granted;
        enum status got = log_in(w, cases[i].login_id, cases[i].password, &granted);
        if (got != cases[i].want || strcmp(w->world.problem.code, cases[i].code) != 0 ||
            w->world.problem.retry_after_s != cases[i].retry_after_s)
            fail_msg("%s %s: got %s %s", cases[i].login_id, cases[i].password, status_name(got),
                     w->world.problem.code);
        assert_int_equal(w->verified, 1); /* the same work, whether the id exists or not */
        assert_int_equal(w->under_way_then, 1);
        assert_int_equal(w->under_way, 0);
        assert_int_equal(granted.access_token[0] != '\0', got == ST_OK);
        assert_int_equal(granted.refresh_token[0] != '\0', got == ST_OK);
    }
}

static void a_login_begins_a_session(void **state)
{
    struct login_world *w = *state;
    struct login_granted granted;
    struct refresh_token token;
    struct session session;
    char want[256], hash[SESSION_SECRET_LEN + 1], id[UUID_TEXT_LEN + 1];

    assert_int_equal(log_in(w, "active", "right", &granted), ST_OK);
    assert_int_equal(1, sessions_of(w, 1, &session, 1));
    assert_true(refresh_token_parse(granted.refresh_token, &token));
    assert_true(uuid_equal(token.session, session.id));
    assert_int_equal(0, token.generation);
    refresh_token_hash(&token, hash);
    assert_string_equal(hash, session.token_hash);
    assert_null(strstr(session.seed, token.secret));
    assert_string_equal("192.0.2.1", session.address);
    assert_string_equal("curl/8.1", session.agent);
    snprintf(want, sizeof(want), "01000000-0000-0000-0000-000000000000 %s admin courier",
             uuid_text(session.id, id));
    assert_string_equal(want, granted.access_token);
    assert_string_equal("Bearer", granted.token_type);
    assert_int_equal(900, granted.expires_in_s);
}

static void the_oldest_session_makes_room_and_so_do_expired_ones(void **state)
{
    struct login_world *w = *state;
    struct login_granted granted;
    struct session rows[9], first = {0};

    for (int i = 0; i < 4; i++, w->world.passed_us += SECOND_US) { /* one more than there may be */
        assert_int_equal(log_in(w, "active", "right", &granted), ST_OK);
        assert_int_equal(i < 3 ? i + 1 : 3, sessions_of(w, 1, rows, 9));
        if (i == 1)
            first = rows[0];
    }
    assert_true(uuid_equal(first.id, rows[2].id));
    w->world.passed_us += 20000 * (int64_t)SECOND_US;
    assert_int_equal(log_in(w, "older", "right", &granted), ST_OK);
    assert_int_equal(3, sessions_of(w, 1, rows, 9)); /* another's logins leave them alone */
    assert_int_equal(log_in(w, "active", "right", &granted), ST_OK);
    assert_int_equal(1, sessions_of(w, 1, rows, 9));
}

static void a_login_renews_a_hash_of_older_parameters(void **state)
{
    struct login_world *w = *state;
    struct login_granted granted;
    struct call call = call_of(&w->world, 0);
    struct account account;

    assert_int_equal(log_in(w, "older", "right", &granted), ST_OK);
    assert_int_equal(store_find(w->login.accounts, NULL, &call, "login_id", "older", &account),
                     ST_OK);
    assert_int_equal(strncmp(account.password_hash, "$fake$", 6), 0);
    assert_int_equal(log_in(w, "older", "right", &granted), ST_OK);
}

static enum status set_password(void *row, const struct call *call, void *arg)
{
    (void)call;
    TEXT_COPY(((struct account *)row)->password_hash, ((struct account *)arg)->password_hash);
    return ST_OK;
}

static void change_password(struct login_world *w)
{
    struct call call = call_of(&w->world, 0);
    struct account account = {.id = {{1}}};

    make_hash(w, "$fake$", "another", &account);
    assert_int_equal(store_change(w->login.accounts, NULL, &call, &account.id,
                                  &(struct store_change){.fn = set_password, .arg = &account},
                                  NULL),
                     ST_OK);
}

static void renew_otherwise(struct login_world *w)
{
    struct login_granted granted;

    assert_int_equal(log_in(w, "older", "right", &granted), ST_OK);
}

static void withdraw(struct login_world *w)
{
    struct call call = call_of(&w->world, 0);

    assert_int_equal(store_remove(w->login.accounts, NULL, &call, &(struct uuid){{1}}, NULL, NULL),
                     ST_OK);
}

/* Whoever changes his password ends all sessions: none may begin by the old one after that. */
static void what_happens_while_the_password_is_checked_counts(void **state)
{
    static const struct {
        const char *login_id;
        void (*meanwhile)(struct login_world *w);
        enum status want;
    } cases[] = {
        {"older",  renew_otherwise, ST_OK             }, /* the same password, another hash */
        {"active", change_password, ST_UNAUTHENTICATED},
        {"active", withdraw,        ST_UNAUTHENTICATED},
    };
    struct login_world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct login_granted granted;
        struct session rows[9];
        w->meanwhile = cases[i].meanwhile;
        assert_int_equal(log_in(w, cases[i].login_id, "right", &granted), cases[i].want);
        assert_int_equal(0, sessions_of(w, 1, rows, 9));
    }
}

static void the_keys_are_told_as_jwks(void **state)
{
    struct login_world *w = *state;
    struct call call = call_of(&w->world, 0);
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
        TEST(a_login_begins_a_session),
        TEST(the_oldest_session_makes_room_and_so_do_expired_ones),
        TEST(what_happens_while_the_password_is_checked_counts),
        TEST(a_login_renews_a_hash_of_older_parameters),
        TEST(the_keys_are_told_as_jwks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
