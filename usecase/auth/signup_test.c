/* signup_test.c - signing up, and what becomes of it. */
#include "tool/saga/saga_message.h"
#include "usecase/auth/signup_world_test.h"

static void a_signup_is_locked_until_the_profile_is_there(void **state)
{
    struct world *w = *state;
    struct signup_accepted accepted;
    struct account account;

    assert_int_equal(sign_up(w, &ALICE, "", &accepted), ST_OK);
    assert_int_equal(accepted.status, SIGNUP_PENDING);
    assert_int_equal(find_account(w, accepted.user_id, &account), ST_OK);
    assert_int_equal(account.status, ACCOUNT_SIGNUP_PENDING);
    assert_int_equal(outcome(w, &accepted), ST_PENDING);
    run_for(w, 0);
    assert_int_equal(find_account(w, accepted.user_id, &account), ST_OK);
    assert_int_equal(account.status, ACCOUNT_ACTIVE);
    assert_string_equal(w->registered.person.email, ALICE.person.email);
    assert_string_equal(w->registered.person.phone, ALICE.person.phone);
    assert_true(uuid_equal(w->registered.user_id, accepted.user_id));
    assert_int_equal(outcome(w, &accepted), ST_OK);
    assert_int_equal(accepted.status, SIGNUP_ACTIVE);
}

static void a_login_id_has_one_owner(void **state)
{
    struct world *w = *state;
    struct signup_form bob = ALICE;
    struct signup_accepted accepted;

    TEXT_COPY(bob.person.email, "bob@example.org");
    assert_int_equal(sign_up(w, &ALICE, "", &accepted), ST_OK);
    assert_int_equal(sign_up(w, &bob, "", &accepted), ST_CONFLICT);
    assert_string_equal(w->problem.code, "login_id_taken");
    assert_true(uuid_is_nil(accepted.user_id)); /* untouched on failure */
}

static void it_ends_as_the_user_service_decides(void **state)
{
    static const struct {
        const char *why;
        enum status answer;
        int64_t run_ms;
        enum status want;
        const char *code;
        size_t cancelled;
    } cases[] = {
        {"registered",           ST_OK,          0,     ST_OK,          "",                   0},
        {"the address is taken", ST_CONFLICT,    0,     ST_CONFLICT,    "email_taken",        0},
        {"refused otherwise",    ST_NOT_FOUND,   0,     ST_UNAVAILABLE, "signup_compensated", 0},
        {"silent, for now",      ST_TIMEOUT,     5000,  ST_PENDING,     "",                   0},
        {"away, for now",        ST_UNAVAILABLE, 29000, ST_PENDING,     "",                   0},
        {"away, too long",       ST_UNAVAILABLE, 31000, ST_UNAVAILABLE, "signup_compensated", 1},
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct signup_form form = ALICE;
        struct signup_accepted accepted;
        enum status got;
        form.login_id[0] = (char)('a' + i);
        w->answer = cases[i].answer;
        w->cancelled = 0;
        assert_int_equal(sign_up(w, &form, "", &accepted), ST_OK);
        run_for(w, cases[i].run_ms);
        got = outcome(w, &accepted);
        if (got != cases[i].want || strcmp(w->problem.code, cases[i].code) != 0 ||
            w->cancelled != cases[i].cancelled)
            fail_msg("%s: got %s %s", cases[i].why, status_name(got), w->problem.code);
        w->answer = ST_OK;
        run_for(w, 60000);
    }
}

static void a_compensated_login_id_is_free_again(void **state)
{
    struct world *w = *state;
    struct signup_accepted accepted;
    struct account account;

    w->answer = ST_CONFLICT;
    assert_int_equal(sign_up(w, &ALICE, "", &accepted), ST_OK);
    run_for(w, 0);
    assert_int_equal(find_account(w, accepted.user_id, &account), ST_NOT_FOUND);
    w->answer = ST_OK;
    assert_int_equal(sign_up(w, &ALICE, "", &accepted), ST_OK);
}

static void progress_names_the_user_and_no_personal_data(void **state)
{
    struct world *w = *state;
    struct saga_view progress = {0};
    struct signup_accepted accepted;
    struct call call;

    assert_int_equal(sign_up(w, &ALICE, "", &accepted), ST_OK);
    run_for(w, 0);
    call = call_with(w, "");
    assert_int_equal(
        saga_progress(&w->signup.sagas, &call, &(struct saga_query){accepted.saga_id}, &progress),
        ST_OK);
    assert_true(uuid_equal(progress.about, accepted.user_id));
    assert_int_equal(progress.state, SAGA_SUCCEEDED);
    assert_int_equal(saga_progress(&w->signup.sagas, &call, &(struct saga_query){{{9}}}, &progress),
                     ST_NOT_FOUND);
}

static enum status undo_first_step(struct transaction *tx, const struct call *call, void *arg)
{
    struct saga_context *context = arg;

    context->tx = tx;
    context->call = call;
    return SIGNUP_SAGA.steps[0].undo(context);
}

static void an_account_is_removed_only_while_it_is_pending(void **state)
{
    struct world *w = *state;
    struct call call = call_with(w, "");
    struct account account = {.id = {{1}}, .login_id = "bob", .status = ACCOUNT_ACTIVE};
    struct saga_context undone = {.self = &w->signup, .about = account.id, .reason = ""};

    assert_int_equal(store_insert(w->signup.accounts, NULL, &call, &account, NULL), ST_OK);
    assert_int_equal(transactor_run(w->transactor, &call, undo_first_step, &undone), ST_CONFLICT);
    assert_int_equal(store_turn(w->signup.accounts, NULL, &call, &account.id, "status",
                                &(enum account_status){ACCOUNT_ACTIVE},
                                &(enum account_status){ACCOUNT_SIGNUP_PENDING}),
                     ST_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(transactor_run(w->transactor, &call, undo_first_step, &undone), ST_OK);
}

static void weak_passwords_are_refused(void **state)
{
    static const struct {
        const char *why, *password;
        enum status want;
    } cases[] = {
        {"the first of every list",     "password",                     ST_INVALID},
        {"made of the login id",        "alice1alice",                  ST_INVALID},
        {"four words",                  "correct horse battery staple", ST_OK     },
        {"refused by its rule already", "",                             ST_OK     },
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct call call = call_with(w, "");
        struct signup_form form = ALICE;
        enum status got;
        TEXT_COPY(form.password, cases[i].password);
        got = signup_check(&w->signup, &call, &form, NULL);
        if (got != cases[i].want || w->problem.n_errors != (got == ST_INVALID))
            fail_msg("%s: got %s", cases[i].why, status_name(got));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_signup_is_locked_until_the_profile_is_there),
        TEST(a_login_id_has_one_owner),
        TEST(it_ends_as_the_user_service_decides),
        TEST(a_compensated_login_id_is_free_again),
        TEST(progress_names_the_user_and_no_personal_data),
        TEST(an_account_is_removed_only_while_it_is_pending),
        TEST(weak_passwords_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
