/* signup_again_test.c - a signup that comes again under its Idempotency-Key. */
#include "usecase/auth/signup_world_test.h"

static void an_idempotency_key_has_one_answer(void **state)
{
    static const struct {
        const char *why, *key, *email, *password;
        enum status want;
        const char *code;
    } cases[] = {
        {"the same again",   "key", NULL,            NULL,               ST_OK,            ""              },
        {"another address",  "key", "x@example.org", NULL,               ST_UNPROCESSABLE,
         "idempotency_key_reused"                                                                          },
        {"another password", "key", NULL,            "another password", ST_UNPROCESSABLE,
         "idempotency_key_reused"                                                                          },
        {"another key",      "kez", NULL,            NULL,               ST_CONFLICT,      "login_id_taken"},
        {"no key",           "",    NULL,            NULL,               ST_CONFLICT,      "login_id_taken"},
    };
    struct world *w = *state;
    struct signup_accepted first, again;

    assert_int_equal(sign_up(w, &ALICE, "key", &first), ST_OK);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct signup_form form = ALICE;
        enum status got;
        if (cases[i].email)
            TEXT_COPY(form.person.email, cases[i].email);
        if (cases[i].password)
            TEXT_COPY(form.password, cases[i].password);
        got = sign_up(w, &form, cases[i].key, &again);
        if (got != cases[i].want || strcmp(w->problem.code, cases[i].code) != 0)
            fail_msg("%s: got %s %s", cases[i].why, status_name(got), w->problem.code);
        assert_true(uuid_equal(again.saga_id, first.saga_id) == (got == ST_OK));
    }
    run_for(w, 0);
    assert_int_equal(sign_up(w, &ALICE, "key", &again), ST_OK);
    assert_int_equal(again.status, SIGNUP_ACTIVE);
    assert_true(uuid_equal(again.user_id, first.user_id));
}

/* The answer to who waits, and to who does not. */
static enum status answer_again(struct world *w, const struct signup_form *form,
                                struct signup_accepted *out)
{
    enum status st = sign_up(w, form, "key", out);

    return st == ST_OK && out->status == SIGNUP_PENDING ? outcome(w, out) : st;
}

static void purge_sagas(struct world *w)
{
    struct call call = call_with(w, "");
    size_t n = 0;

    w->now_ms += 2000;
    assert_int_equal(w->store->ops->purge(w->store, &call, 1, 100, &n), ST_OK);
    assert_true(n > 0);
}

static void free_the_login_id_for_another(struct world *w)
{
    struct signup_form form = ALICE;
    struct signup_accepted accepted;

    w->answer = ST_OK;
    TEXT_COPY(form.person.email, "another@example.org");
    TEXT_COPY(form.password, "somebody else entirely");
    assert_int_equal(sign_up(w, &form, "another key", &accepted), ST_OK);
    run_for(w, 0);
}

static const struct {
    const char *why;
    enum status answer; /* of the user service */
    enum status want;
    const char *code;
} ENDS[] = {
    {"the address is taken", ST_CONFLICT,    ST_CONFLICT,    "email_taken"       },
    {"refused otherwise",    ST_NOT_FOUND,   ST_UNAVAILABLE, "signup_compensated"},
    {"away, too long",       ST_UNAVAILABLE, ST_UNAVAILABLE, "signup_compensated"},
};

/* A moment of a world in which a signup was undone, and the form that comes again. */
static void expect_end(struct world *w, size_t i, const struct signup_form *form, const char *when)
{
    struct signup_accepted again;
    enum status got = sign_up(w, form, "key", &again);

    if (got != ENDS[i].want || strcmp(w->problem.code, ENDS[i].code) != 0)
        fail_msg("%s, %s: got %s %s", ENDS[i].why, when, status_name(got), w->problem.code);
    if (!strstr(w->problem.detail, "password"))
        fail_msg("%s, %s: nothing of the password: %s", ENDS[i].why, when, w->problem.detail);
    assert_true(uuid_is_nil(again.user_id));
}

static void the_error_that_ended_a_signup_is_its_answer_for_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ENDS); i++) {
        struct signup_form other = ALICE;
        struct signup_accepted first;
        struct world *w;
        assert_int_equal(setup((void **)&w), 0);
        TEXT_COPY(other.password, "another password");
        w->answer = ENDS[i].answer;
        assert_int_equal(sign_up(w, &ALICE, "key", &first), ST_OK);
        run_for(w, 31000);
        assert_int_equal(outcome(w, &first), ENDS[i].want);
        expect_end(w, i, &ALICE, "at once");
        expect_end(w, i, &other, "with another password");
        free_the_login_id_for_another(w);
        expect_end(w, i, &ALICE, "when the login id is another's");
        purge_sagas(w);
        expect_end(w, i, &ALICE, "when the saga is purged");
        expect_end(w, i, &other, "when the saga is purged, with another password");
        TEXT_COPY(other.person.name, "Another");
        assert_int_equal(sign_up(w, &other, "key", &first), ST_UNPROCESSABLE);
        teardown((void **)&w);
    }
}

static void who_waits_is_answered_as_who_does_not(void **state)
{
    struct world *w = *state;
    struct signup_accepted first, again;

    assert_int_equal(sign_up(w, &ALICE, "key", &first), ST_OK);
    run_for(w, 0);
    assert_int_equal(answer_again(w, &ALICE, &again), ST_OK);
    assert_int_equal(again.status, SIGNUP_ACTIVE);
    purge_sagas(w);
    assert_int_equal(answer_again(w, &ALICE, &again), ST_OK);
    assert_true(uuid_equal(again.saga_id, first.saga_id));
}

static void a_key_whose_account_has_gone_since_promises_nothing(void **state)
{
    struct world *w = *state;
    struct signup_accepted first, again;
    struct call call;

    assert_int_equal(sign_up(w, &ALICE, "key", &first), ST_OK);
    run_for(w, 0);
    call = call_with(w, "");
    assert_int_equal(store_remove(w->signup.accounts, NULL, &call, &first.user_id, NULL, NULL),
                     ST_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(sign_up(w, &ALICE, "key", &again), ST_CONFLICT);
        assert_string_equal(w->problem.code, "account_gone");
        if (i == 0)
            purge_sagas(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_idempotency_key_has_one_answer),
        cmocka_unit_test(the_error_that_ended_a_signup_is_its_answer_for_good),
        TEST(who_waits_is_answered_as_who_does_not),
        TEST(a_key_whose_account_has_gone_since_promises_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
