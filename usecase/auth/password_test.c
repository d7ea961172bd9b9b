/* password_test.c - another password: who may have it, and what ends with the old one. */
#include "usecase/auth/password.h"

#include "protocol/user.h"
#include "tool/remote/memory/remote_memory.h"
#include "usecase/auth/session_world_test.h"

enum { LIMIT = 5 };

static const char OLD[] = "lantern-tide-quartz", NEW[] = "willow-ember-harbour-9";

struct desk {
    struct world w;
    struct remote_memory others;
    bool away;                      /* the user service */
    struct password_hasher counter; /* in front of the hasher */
    struct password_hasher *hasher;
    size_t verified;
    void (*meanwhile)(struct desk *d); /* done once, while a password is compared */
    struct throttle throttle;
    struct password password;
};

static enum status change_of(struct desk *d, uint8_t user, const char *current, const char *new)
{
    struct call call = call_of(&d->w, user);
    struct password_form form = {.user_id = {{user}}};
    struct nothing {
        char none;
    } out;
    enum status st;

    TEXT_COPY(form.current_password, current);
    TEXT_COPY(form.new_password, new);
    st = password_change(&d->password, &call, &form, &out);
    assert_true(st == ST_OK || operation_declares(&AUTH_PASSWORD, st, d->w.problem.code));
    return st;
}

static struct desk *of_counter(struct password_hasher *base)
{
    return container_of(base, struct desk, counter);
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
    struct desk *d = of_counter(base);
    void (*meanwhile)(struct desk *) = d->meanwhile;
    enum status st = d->hasher->ops->verify(d->hasher, call, password, phc, renew);

    d->verified++;
    d->meanwhile = NULL;
    if (meanwhile)
        meanwhile(d);
    return st;
}

static const struct password_hasher_ops COUNTER = {count_hash, count_verify, NULL};

static enum status find_profile(void *self, const struct call *call, const void *in, void *out)
{
    const struct profile_query *query = in;

    if (((struct desk *)self)->away)
        return call_fail(call, ST_UNAVAILABLE, NULL, "away");
    *(struct profile *)out = (struct profile){
        .user_id = query->user_id,
        .person = {"Kim Cheolsu", "cheolsu.kim@hanbit-soft.example", "+821012345678"},
    };
    return ST_OK;
}

static const struct remote_answer OTHERS[] = {
    {&USER_GET, find_profile},
};

static void add_account(struct desk *d, uint8_t n, const char *login_id, enum account_status status)
{
    struct call call = call_of(&d->w, 0);
    struct account account = {.id = {{n}}, .status = status};

    TEXT_COPY(account.login_id, login_id);
    assert_int_equal(d->hasher->ops->hash(d->hasher, &call, OLD, account.password_hash), ST_OK);
    assert_int_equal(store_insert(d->w.sessions.accounts, NULL, &call, &account, NULL), ST_OK);
}

static void add_session(struct desk *d, uint8_t n, uint8_t user)
{
    struct call call = call_of(&d->w, 0);
    struct session session = {.id = {{n}}, .user_id = {{user}}};

    session.expires_us = clock_wall_us(call.clock) + 3600 * (int64_t)SECOND_US;
    assert_int_equal(store_insert(d->w.sessions.sessions, NULL, &call, &session, NULL), ST_OK);
}

static size_t sessions_of(struct desk *d, uint8_t user)
{
    struct call call = call_of(&d->w, 0);
    struct uuid id = {{user}};
    struct session rows[10];
    size_t n;

    assert_int_equal(store_list(d->w.sessions.sessions, NULL, &call,
                                &(struct store_list){.where = {{"user_id", &id}}}, 10, rows, &n),
                     ST_OK);
    return n;
}

static bool has_password(struct desk *d, uint8_t user, const char *password)
{
    struct call call = call_of(&d->w, 0);
    struct uuid id = {{user}};
    struct account account;

    assert_int_equal(store_find(d->w.sessions.accounts, NULL, &call, NULL, &id, &account), ST_OK);
    return d->hasher->ops->verify(d->hasher, &call, password, account.password_hash, NULL) == ST_OK;
}

static int setup(void **state)
{
    struct desk *d = MEM_NEW(struct desk);

    sessions_setup(&d->w);
    d->hasher = fake_hasher_create();
    d->counter.ops = &COUNTER;
    throttle_init(&d->throttle, store_memory_create(d->w.db, &ATTEMPT_TABLE),
                  d->w.sessions.transactor, "secret", NULL);
    remote_memory_init(&d->others, OTHERS, ARRAY_LEN(OTHERS), d);
    d->password = (struct password){d->w.sessions.accounts, &d->others.base, &d->counter,
                                    &d->w.sessions, &d->throttle};
    add_account(d, 1, "alice", ACCOUNT_ACTIVE);
    add_account(d, 2, "bob", ACCOUNT_ACTIVE);
    add_account(d, 3, "pending", ACCOUNT_SIGNUP_PENDING);
    add_account(d, 4, "leaving", ACCOUNT_WITHDRAW_PENDING);
    for (uint8_t i = 0; i < 3; i++) {
        add_session(d, (uint8_t)(10 + i), 1);
        add_session(d, (uint8_t)(20 + i), 2);
    }
    *state = d;
    return 0;
}

static int teardown(void **state)
{
    struct desk *d = *state;

    store_destroy(d->throttle.attempts);
    d->hasher->ops->destroy(d->hasher);
    sessions_teardown(&d->w);
    free(d);
    return 0;
}

static void a_change_ends_every_session_and_is_said(void **state)
{
    struct desk *d = *state;
    struct outbox_row said[3];

    assert_int_equal(change_of(d, 1, OLD, NEW), ST_OK);
    assert_true(has_password(d, 1, NEW));
    assert_false(has_password(d, 1, OLD));
    assert_true(has_password(d, 2, OLD));
    assert_int_equal(sessions_of(d, 1), 0);
    assert_int_equal(sessions_of(d, 2), 3);
    assert_int_equal(outbox_memory_said(d->w.sessions.outbox, &(struct uuid){{1}}, said, 3), 2);
    assert_string_equal(said[0].type, "auth.sessions_revoked");
    assert_non_null(strstr(said[0].json, "\"password_changed\""));
    assert_string_equal(said[1].type, "auth.password_changed");
    assert_string_equal(said[1].json, "{\"userId\":\"01000000-0000-0000-0000-000000000000\"}");
    assert_int_equal(change_of(d, 1, NEW, OLD), ST_OK); /* without a session there is one event */
    assert_int_equal(outbox_memory_said(d->w.sessions.outbox, &(struct uuid){{1}}, said, 3), 3);
    assert_string_equal(said[2].type, "auth.password_changed");
}

static void what_is_refused_changes_nothing(void **state)
{
    static const struct {
        const char *why;
        uint8_t user;
        const char *current, *new;
        enum status want;
        const char *code;
    } cases[] = {
        {"wrong",                 1,  NEW, "quartz-lantern-77", ST_UNAUTHENTICATED, "invalid_credentials"},
        {"weak",                  1,  OLD, "password",          ST_INVALID,         "invalid_request"    },
        {"it is the login id",    1,  OLD, "alice-alice",       ST_INVALID,         "invalid_request"    },
        {"the signup goes on",    3,  OLD, NEW,                 ST_CONFLICT,        "signup_pending"     },
        {"pending and wrong",     3,  NEW, "quartz-lantern-77", ST_UNAUTHENTICATED,
         "invalid_credentials"                                                                           },
        {"the account goes away", 4,  OLD, NEW,                 ST_CONFLICT,        "withdrawal_pending" },
        {"there is no account",   99, OLD, NEW,                 ST_NOT_FOUND,       "not_found"          },
    };
    struct desk *d = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        enum status st = change_of(d, cases[i].user, cases[i].current, cases[i].new);
        if (st != cases[i].want || strcmp(d->w.problem.code, cases[i].code) != 0)
            fail_msg("%s: got %s %s", cases[i].why, status_name(st), d->w.problem.code);
        if (st == ST_INVALID)
            assert_string_equal(d->w.problem.errors[0].field, "newPassword");
        if (cases[i].user <= 4)
            assert_true(has_password(d, cases[i].user, OLD));
    }
    assert_int_equal(sessions_of(d, 1), 3);
    assert_int_equal(outbox_memory_said(d->w.sessions.outbox, NULL, NULL, 0), 0);
}

static void a_new_one_is_not_made_of_the_person(void **state)
{
    static const char *const weak[] = {"kimcheolsu", "cheolsu.kim", "hanbit-soft", "010-1234-5678"};
    struct desk *d = *state;

    for (size_t i = 0; i < ARRAY_LEN(weak); i++)
        assert_int_equal(change_of(d, 1, OLD, weak[i]), ST_INVALID);
    d->away = true; /* then it is not known */
    assert_int_equal(change_of(d, 1, OLD, "alice-alice"), ST_INVALID);
    assert_int_equal(change_of(d, 1, OLD, weak[1]), ST_OK);
    assert_string_equal(d->w.problem.code, "");
}

static void five_wrong_ones_hold_the_account(void **state)
{
    struct desk *d = *state;

    for (int round = 0; round < 2; round++) {
        d->verified = 0;
        for (int i = 0; i < LIMIT; i++)
            assert_int_equal(change_of(d, 1, "not-the-one-3", NEW), ST_UNAUTHENTICATED);
        assert_int_equal(change_of(d, 1, "not-the-one-3", NEW), ST_LIMITED);
        assert_int_equal(change_of(d, 1, OLD, NEW), ST_LIMITED);
        assert_string_equal(d->w.problem.code, "too_many_attempts");
        assert_int_equal(d->w.problem.retry_after_s, 30);
        assert_int_equal(d->verified, LIMIT);
        assert_int_equal(change_of(d, 2, OLD, OLD), ST_OK); /* others are not */
        d->w.passed_us += 30 * (int64_t)SECOND_US;
        assert_int_equal(change_of(d, 1, OLD, OLD), ST_OK); /* and forgets */
    }
}

static void change_alice(struct desk *d)
{
    assert_int_equal(change_of(d, 1, OLD, "somebody-was-faster-8"), ST_OK);
}

static void of_two_at_once_one_wins(void **state)
{
    struct desk *d = *state;

    d->meanwhile = change_alice;
    assert_int_equal(change_of(d, 1, OLD, NEW), ST_UNAUTHENTICATED);
    assert_string_equal(d->w.problem.code, "invalid_credentials");
    assert_true(has_password(d, 1, "somebody-was-faster-8"));
}

/* As a login does that finds the hash to be as it was made before. */
static void renew_alice(struct desk *d)
{
    struct call call = call_of(&d->w, 0);
    struct uuid id = {{1}};
    struct account account;
    char renewed[PASSWORD_HASH_MAX + 1];

    assert_int_equal(store_find(d->w.sessions.accounts, NULL, &call, NULL, &id, &account), ST_OK);
    snprintf(renewed, sizeof(renewed), "$old%s", strrchr(account.password_hash, '$'));
    assert_int_equal(store_turn(d->w.sessions.accounts, NULL, &call, &id, "password_hash",
                                account.password_hash, renewed),
                     ST_OK);
}

static void a_hash_that_is_renewed_meanwhile_is_no_other_password(void **state)
{
    struct desk *d = *state;

    d->meanwhile = renew_alice;
    assert_int_equal(change_of(d, 1, OLD, NEW), ST_OK);
    assert_true(has_password(d, 1, NEW));
    assert_int_equal(sessions_of(d, 1), 0);
}

/* Right ones that were being compared when the last failure counted. */
static void guess_alice(struct desk *d)
{
    for (int i = 0; i < LIMIT; i++)
        assert_int_equal(change_of(d, 1, "not-the-one-3", NEW), ST_UNAUTHENTICATED);
}

static void a_burst_is_told_five_times(void **state)
{
    struct desk *d = *state;

    d->meanwhile = guess_alice;
    assert_int_equal(change_of(d, 1, OLD, NEW), ST_LIMITED);
    assert_true(has_password(d, 1, OLD));
    assert_int_equal(sessions_of(d, 1), 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_change_ends_every_session_and_is_said),
        TEST(what_is_refused_changes_nothing),
        TEST(a_new_one_is_not_made_of_the_person),
        TEST(five_wrong_ones_hold_the_account),
        TEST(of_two_at_once_one_wins),
        TEST(a_hash_that_is_renewed_meanwhile_is_no_other_password),
        TEST(a_burst_is_told_five_times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
