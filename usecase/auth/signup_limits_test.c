/* signup_limits_test.c - whoever looks up what is taken is held. */
#include "tool/throttle/throttle.h"
#include "usecase/auth/signup_world_test.h"

enum { LIMIT = 100, PASSWORD_LIMIT = 5 };

struct limits {
    struct world *w;
    struct throttle throttle;
};

static void begin(struct world *w, struct limits *l)
{
    l->w = w;
    throttle_init(&l->throttle, store_memory_create(w->db, &ATTEMPT_TABLE), w->transactor, "secret",
                  NULL);
    w->signup.throttle = &l->throttle;
}

static enum status sign_up_from(struct world *w, const char *client, const char *login_id,
                                const char *password, const char *key)
{
    struct call call = call_with(w, key);
    struct signup_accepted accepted = {0};
    struct signup_form form = ALICE;

    TEXT_COPY(call.client, client);
    TEXT_COPY(form.login_id, login_id);
    TEXT_COPY(form.password, password);
    return declared(w, signup_accept(&w->signup, &call, &form, &accepted));
}

static void whoever_meets_taken_login_ids_too_often_is_held(void **state)
{
    struct world *w = *state;
    struct signup_accepted accepted;
    struct limits l;

    begin(w, &l);
    assert_int_equal(sign_up(w, &ALICE, "", &accepted), ST_OK);
    for (int i = 0; i < LIMIT; i++) {
        assert_int_equal(sign_up_from(w, "192.0.2.1", "alice", ALICE.password, ""), ST_CONFLICT);
        assert_string_equal(w->problem.code, "login_id_taken");
    }
    for (int i = 0; i < 2; i++) { /* taken or not */
        assert_int_equal(sign_up_from(w, "192.0.2.1", i ? "free" : "alice", ALICE.password, ""),
                         ST_LIMITED);
        assert_string_equal(w->problem.code, "too_many_attempts");
        assert_int_equal(w->problem.retry_after_s, 30);
    }
    assert_int_equal(sign_up_from(w, "192.0.2.2", "free", ALICE.password, ""), ST_OK);
    w->now_ms += 30000;
    assert_int_equal(sign_up_from(w, "192.0.2.1", "another", ALICE.password, ""), ST_OK);
    store_destroy(l.throttle.attempts);
}

static void an_address_that_is_taken_counts_when_it_turns_out(void **state)
{
    struct world *w = *state;
    struct limits l;

    begin(w, &l);
    w->answer = ST_CONFLICT;
    for (int i = 0; i < LIMIT; i++) {
        assert_int_equal(sign_up_from(w, "192.0.2.1", "alice", ALICE.password, ""), ST_OK);
        run_for(w, 0);
        assert_int_equal(w->cancelled, 0);
    }
    assert_int_equal(sign_up_from(w, "192.0.2.1", "alice", ALICE.password, ""), ST_LIMITED);
    assert_int_equal(sign_up_from(w, "192.0.2.2", "alice", ALICE.password, ""), ST_OK);
    store_destroy(l.throttle.attempts);
}

static void silence_and_success_do_not_count(void **state)
{
    static const enum status ANSWERS[] = {ST_OK, ST_UNAVAILABLE};
    struct world *w = *state;
    struct limits l;
    struct attempt row;
    size_t n;
    char login_id[24];
    struct call call = call_with(w, "");

    begin(w, &l);
    for (int i = 0; i < 6; i++) {
        w->answer = ANSWERS[i % 2];
        snprintf(login_id, sizeof(login_id), "person%d", i);
        assert_int_equal(sign_up_from(w, "", login_id, ALICE.password, ""), ST_OK);
        run_for(w, 40000);
    }
    assert_int_equal(store_list(l.throttle.attempts, NULL, &call,
                                &(struct store_list){.sort = "over_at"}, 1, &row, &n),
                     ST_OK);
    assert_int_equal(n, 0);
    store_destroy(l.throttle.attempts);
}

/* Whether it is the same password is told as often as a password may be guessed. */
static void a_key_is_no_way_to_guess_a_password(void **state)
{
    struct world *w = *state;
    struct limits l;

    begin(w, &l);
    assert_int_equal(sign_up_from(w, "", "alice", ALICE.password, "key"), ST_OK);
    for (int i = 0; i < PASSWORD_LIMIT; i++) {
        assert_int_equal(sign_up_from(w, "", "alice", "not the password", "key"), ST_UNPROCESSABLE);
        assert_string_equal(w->problem.code, "idempotency_key_reused");
    }
    assert_int_equal(sign_up_from(w, "", "alice", "not the password", "key"), ST_LIMITED);
    assert_int_equal(sign_up_from(w, "", "alice", ALICE.password, "key"), ST_LIMITED);
    w->now_ms += 30000;
    assert_int_equal(sign_up_from(w, "", "alice", ALICE.password, "key"), ST_OK);
    store_destroy(l.throttle.attempts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whoever_meets_taken_login_ids_too_often_is_held),
        TEST(an_address_that_is_taken_counts_when_it_turns_out),
        TEST(silence_and_success_do_not_count),
        TEST(a_key_is_no_way_to_guess_a_password),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
