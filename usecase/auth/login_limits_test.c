/* login_limits_test.c - whoever guesses is held, whether there is such an account or not; the owner
 * is not. Over memory stores, with a clock that is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/auth.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/store/memory/store_memory.h"
#include "usecase/auth/login.h"

enum { CLIENT_LIMIT = 5, ANYBODY_LIMIT = 50 };

#define S INT64_C(1000000)

struct world {
    struct clock clock;
    int64_t wall_us;
    struct memdb *db;
    struct transactor *transactor;
    struct password_hasher counter; /* in front of the hasher */
    struct password_hasher *hasher;
    size_t verified;
    int meanwhile; /* so many wrong passwords of the same client are counted during the next hash */
    struct token_issuer issuer;
    struct throttle throttle;
    struct sessions sessions;
    struct login login;
    struct problem problem;
};

static int64_t now_ms(const struct clock *clock)
{
    return container_of(clock, struct world, clock)->wall_us / 1000;
}

static int64_t wall_us(const struct clock *clock)
{
    return container_of(clock, struct world, clock)->wall_us;
}

static enum status try(struct world *w, const char *client, const char *login_id,
                       const char *password)
{
    struct call call = {.clock = &w->clock, .deadline_ms = INT64_MAX, .problem = &w->problem};
    struct login_granted granted = {0};
    struct login_form form;
    enum status st;

    TEXT_COPY(call.client, client);
    TEXT_COPY(form.login_id, login_id);
    TEXT_COPY(form.password, password);
    w->problem = (struct problem){0};
    st = login_grant(&w->login, &call, &form, &granted);
    assert_true(st == ST_OK || operation_declares(&AUTH_LOGIN, st, w->problem.code));
    assert_int_equal(granted.access_token[0] != '\0', st == ST_OK);
    if (st == ST_LIMITED)
        assert_string_equal(w->problem.code, "too_many_attempts");
    assert_int_equal(w->problem.retry_after_s > 0, st == ST_LIMITED || st == ST_CONFLICT);
    return st;
}

static struct world *of_counter(struct password_hasher *base)
{
    return container_of(base, struct world, counter);
}

static enum status count_verify(struct password_hasher *base, const struct call *call,
                                const char *password, const char *phc, bool *renew)
{
    struct world *w = of_counter(base);

    w->verified++;
    while (w->meanwhile > 0) {
        w->meanwhile--;
        try(w, call->client, "alice", "wrong");
    }
    return w->hasher->ops->verify(w->hasher, call, password, phc, renew);
}

static const struct password_hasher_ops COUNTER = {NULL, count_verify, NULL};

static enum status issue(struct token_issuer *self, const struct call *call, struct uuid subject,
                         struct uuid session, const char *roles, char out[TOKEN_TEXT_MAX + 1],
                         int64_t *expires_in_s)
{
    (void)self;
    (void)call;
    (void)session;
    (void)roles;
    uuid_text(subject, out);
    *expires_in_s = 900;
    return ST_OK;
}

static const struct token_issuer_ops ISSUER = {issue, NULL, NULL};

static void add_account(struct world *w, uint8_t n, const char *login_id,
                        enum account_status status)
{
    struct call call = {.clock = &w->clock, .deadline_ms = INT64_MAX};
    struct account account = {.id = {{n}}, .status = status};

    TEXT_COPY(account.login_id, login_id);
    assert_int_equal(w->hasher->ops->hash(w->hasher, &call, "right", account.password_hash), ST_OK);
    assert_int_equal(store_insert(w->login.accounts, NULL, &call, &account, NULL), ST_OK);
}

static void add_session(struct world *w, uint8_t user, const char *address, int64_t expires_us)
{
    static uint8_t last;
    struct call call = {.clock = &w->clock, .deadline_ms = INT64_MAX};
    struct session session = {.id = {{++last}}, .user_id = {{user}}, .expires_us = expires_us};

    TEXT_COPY(session.address, address);
    assert_int_equal(store_insert(w->sessions.sessions, NULL, &call, &session, NULL), ST_OK);
}

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    log_set_fd(-1);
    w->clock = (struct clock){now_ms, wall_us};
    w->wall_us = INT64_C(1767225600) * S;
    w->db = memdb_create();
    w->transactor = memdb_transactor_create(w->db);
    w->hasher = fake_hasher_create();
    w->counter.ops = &COUNTER;
    w->issuer.ops = &ISSUER;
    w->sessions = (struct sessions){
        .accounts = store_memory_create(w->db, &ACCOUNT_TABLE),
        .sessions = store_memory_create(w->db, &SESSION_TABLE),
        .transactor = w->transactor,
        .issuer = &w->issuer,
        .entropy = &ENTROPY_SYSTEM,
        .limits = {.max = 20, .idle_s = 1000000, .lifetime_s = 1000000},
    };
    w->login = (struct login){
        .accounts = w->sessions.accounts,
        .transactor = w->sessions.transactor,
        .throttle = &w->throttle,
        .hasher = &w->counter,
        .sessions = &w->sessions,
    };
    throttle_init(&w->throttle, store_memory_create(w->db, &ATTEMPT_TABLE), w->transactor, "secret",
                  NULL);
    add_account(w, 1, "alice", ACCOUNT_ACTIVE);
    add_account(w, 2, "pending", ACCOUNT_SIGNUP_PENDING);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    store_destroy(w->login.accounts);
    store_destroy(w->sessions.sessions);
    store_destroy(w->throttle.attempts);
    w->transactor->ops->destroy(w->transactor);
    w->hasher->ops->destroy(w->hasher);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

/* Everybody is answered alike, and costs a hash or none. */
static void five_wrong_passwords_of_one_client_hold_it(void **state)
{
    static const char *const WHO[] = {"alice", "nobody", "pending"};
    struct world *w = *state;
    struct problem first = {0};

    for (size_t i = 0; i < ARRAY_LEN(WHO); i++) {
        w->verified = 0;
        for (int k = 0; k < CLIENT_LIMIT; k++) {
            assert_int_equal(try(w, "192.0.2.1", WHO[i], "wrong"), ST_UNAUTHENTICATED);
            assert_string_equal(w->problem.code, "invalid_credentials");
        }
        assert_int_equal(try(w, "192.0.2.1", WHO[i], "wrong"), ST_LIMITED);
        assert_int_equal(try(w, "192.0.2.1", WHO[i], "right"), ST_LIMITED);
        assert_int_equal(w->verified, CLIENT_LIMIT); /* who is held costs nothing */
        if (i == 0)
            first = w->problem;
        assert_memory_equal(&first, &w->problem, sizeof(first));
    }
    assert_int_equal(w->problem.retry_after_s, 30);
    assert_int_equal(try(w, "192.0.2.2", "alice", "right"), ST_OK); /* others are not */
    w->wall_us += 30 * S;
    assert_int_equal(try(w, "192.0.2.1", "alice", "right"), ST_OK);
    assert_int_equal(try(w, "192.0.2.1", "pending", "right"), ST_CONFLICT);
    for (int k = 0; k < CLIENT_LIMIT; k++) /* all is forgotten */
        assert_int_equal(try(w, "192.0.2.1", "alice", "wrong"), ST_UNAUTHENTICATED);
    assert_int_equal(try(w, "192.0.2.1", "alice", "right"), ST_LIMITED);
}

static void retry_after_grows(void **state)
{
    static const int WANT_S[] = {30, 60, 120, 240, 480, 900, 900};
    static const char *const WHO[] = {"alice", "nobody"};
    struct world *w = *state;

    for (size_t k = 0; k < ARRAY_LEN(WHO); k++) {
        for (int i = 1; i < CLIENT_LIMIT; i++)
            assert_int_equal(try(w, "", WHO[k], "wrong"), ST_UNAUTHENTICATED);
        for (size_t i = 0; i < ARRAY_LEN(WANT_S); i++) {
            assert_int_equal(try(w, "", WHO[k], "wrong"), ST_UNAUTHENTICATED);
            assert_int_equal(try(w, "", WHO[k], "wrong"), ST_LIMITED);
            assert_int_equal(w->problem.retry_after_s, WANT_S[i]);
            w->wall_us += WANT_S[i] * S;
        }
        w->wall_us += 900 * S;
    }
}

static void one_network_is_one_client(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < CLIENT_LIMIT; i++) {
        char client[40];
        snprintf(client, sizeof(client), "2001:db8:1:2::%d", i + 1);
        assert_int_equal(try(w, client, "alice", "wrong"), ST_UNAUTHENTICATED);
    }
    assert_int_equal(try(w, "2001:db8:1:2:3:4:5:6", "alice", "wrong"), ST_LIMITED);
    assert_int_equal(try(w, "2001:db8:1:3::1", "alice", "wrong"), ST_UNAUTHENTICATED);
}

static void guess_from_everywhere(struct world *w, const char *login_id)
{
    for (int i = 0; i < ANYBODY_LIMIT; i++) {
        char client[40];
        snprintf(client, sizeof(client), "198.51.100.%d", i + 1);
        assert_int_equal(try(w, client, login_id, "wrong"), ST_UNAUTHENTICATED);
    }
}

static void fifty_from_anywhere_hold_all_but_the_owner(void **state)
{
    static const char *const STRANGERS[] = {"203.0.113.1", "198.51.100.1", ""};
    struct world *w = *state;

    add_session(w, 1, "192.0.2.1", w->wall_us + 3600 * S);
    add_session(w, 1, "2001:db8:1:2::1", w->wall_us + 3600 * S);
    add_session(w, 1, "192.0.2.9", w->wall_us);              /* has expired */
    add_session(w, 2, "203.0.113.1", w->wall_us + 3600 * S); /* another's */
    add_session(w, 1, "", w->wall_us + 3600 * S);            /* from nowhere */
    guess_from_everywhere(w, "alice");
    guess_from_everywhere(w, "nobody");
    w->verified = 0;
    for (size_t i = 0; i < ARRAY_LEN(STRANGERS); i++) {
        struct problem of_alice;
        assert_int_equal(try(w, STRANGERS[i], "alice", "right"), ST_LIMITED);
        of_alice = w->problem;
        assert_int_equal(try(w, STRANGERS[i], "nobody", "right"), ST_LIMITED);
        assert_memory_equal(&of_alice, &w->problem, sizeof(of_alice));
    }
    assert_int_equal(try(w, "192.0.2.9", "alice", "right"), ST_LIMITED);
    assert_int_equal(w->verified, 0);
    assert_int_equal(try(w, "192.0.2.1", "alice", "right"), ST_OK);
    assert_int_equal(try(w, "2001:db8:1:2:a:b:c:d", "alice", "right"), ST_OK);
    for (int i = 0; i < CLIENT_LIMIT; i++) /* held as anybody is for what it does itself */
        assert_int_equal(try(w, "192.0.2.1", "alice", "wrong"), ST_UNAUTHENTICATED);
    assert_int_equal(try(w, "192.0.2.1", "alice", "right"), ST_LIMITED);
    assert_int_equal(try(w, "192.0.2.2", "pending", "wrong"), ST_UNAUTHENTICATED);
}

/* Passwords that were being compared when the last failure counted: they are told nothing. */
static void a_burst_is_told_five_times(void **state)
{
    struct world *w = *state;

    w->meanwhile = CLIENT_LIMIT - 1;
    assert_int_equal(try(w, "192.0.2.1", "alice", "right"), ST_OK); /* it came before the fifth */
    w->meanwhile = CLIENT_LIMIT;
    assert_int_equal(try(w, "192.0.2.1", "alice", "right"), ST_LIMITED);
    w->wall_us += 86400 * S;
    w->meanwhile = CLIENT_LIMIT;
    assert_int_equal(try(w, "192.0.2.1", "alice", "wrong"), ST_LIMITED);
    w->wall_us += 86400 * S;
    add_account(w, 3, "carol", ACCOUNT_SIGNUP_PENDING);
    w->meanwhile = CLIENT_LIMIT; /* of alice: carol's is another count */
    assert_int_equal(try(w, "192.0.2.1", "carol", "right"), ST_CONFLICT);
}

static void without_limits_nobody_is_held(void **state)
{
    struct world *w = *state;

    w->throttle.off = true;
    for (int i = 0; i < 2 * ANYBODY_LIMIT; i++)
        assert_int_equal(try(w, "", "alice", "wrong"), ST_UNAUTHENTICATED);
    w->login.throttle = NULL;
    for (int i = 0; i < 2 * ANYBODY_LIMIT; i++)
        assert_int_equal(try(w, "", "alice", "wrong"), ST_UNAUTHENTICATED);
    assert_int_equal(try(w, "", "alice", "right"), ST_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(five_wrong_passwords_of_one_client_hold_it),
        TEST(retry_after_grows),
        TEST(one_network_is_one_client),
        TEST(fifty_from_anywhere_hold_all_but_the_owner),
        TEST(a_burst_is_told_five_times),
        TEST(without_limits_nobody_is_held),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
