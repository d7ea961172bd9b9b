/* withdrawal_test.c - giving up an account, and what becomes of it. */
#include "usecase/auth/limits.h"
#include "usecase/auth/signup_world_test.h"

static struct uuid sign_up_through(struct world *w, const struct signup_form *form)
{
    struct signup_accepted accepted;

    assert_int_equal(sign_up(w, form, "", &accepted), ST_OK);
    run_for(w, 0);
    return accepted.user_id;
}

static enum status known(const struct world *w, enum status st)
{
    if (st != ST_OK && st != ST_PENDING)
        assert_true(operation_declares(&AUTH_WITHDRAW, st, w->problem.code));
    return st;
}

static enum status withdraw(struct world *w, struct uuid user_id, struct withdrawal_accepted *out)
{
    struct call call = call_with(w, "");

    *out = (struct withdrawal_accepted){0};
    return known(w,
                 withdrawal_accept(&w->withdrawal, &call, &(struct withdrawal_form){user_id}, out));
}

/* As the skeleton asks for it. */
static enum status ended(struct world *w, struct withdrawal_accepted *accepted)
{
    struct call call = call_with(w, "");
    struct saga_view view;
    enum status st = saga_find(w->withdrawal.sagas, &call, accepted->saga_id, &view);

    if (st == ST_OK && view.state != SAGA_SUCCEEDED && view.state != SAGA_COMPENSATED)
        return ST_PENDING;
    return known(w,
                 withdrawal_outcome(&w->withdrawal, &call, st == ST_OK ? &view : NULL, accepted));
}

/* 'a' active, 'w' locked by a withdrawal, 's' by a signup, '-' gone */
static char look(struct world *w, struct uuid user_id)
{
    struct account account;

    if (find_account(w, user_id, &account) != ST_OK)
        return '-';
    return "saw"[account.status];
}

static void a_withdrawn_account_is_gone_and_its_login_id_free(void **state)
{
    struct world *w = *state;
    struct uuid user_id = sign_up_through(w, &ALICE), next;
    struct withdrawal_accepted accepted;

    assert_int_equal(withdraw(w, user_id, &accepted), ST_OK);
    assert_int_equal(accepted.status, WITHDRAWAL_PENDING);
    assert_int_equal(look(w, user_id), 'w');
    assert_int_equal(ended(w, &accepted), ST_PENDING);
    run_for(w, 0);
    assert_int_equal(look(w, user_id), '-');
    assert_int_equal(ended(w, &accepted), ST_OK);
    assert_int_equal(accepted.status, WITHDRAWAL_DONE);
    assert_true(w->hidden == 1 && w->shown == 0 && w->erased == 1);
    next = sign_up_through(w, &ALICE);
    assert_int_equal(look(w, next), 'a');
    assert_false(uuid_equal(next, user_id));
}

static void it_ends_as_the_user_service_decides(void **state)
{
    static const struct {
        const char *why;
        enum status answer;
        int64_t run_ms;
        enum status want;
        const char *code;
        char account;
        bool shown;
    } cases[] = {
        {"hidden",          ST_OK,          0,     ST_OK,          "",                       '-', false},
        {"refused",         ST_CONFLICT,    0,     ST_UNAVAILABLE, "withdrawal_compensated", 'a', false},
        {"silent, for now", ST_TIMEOUT,     5000,  ST_PENDING,     "",                       'w', false},
        {"away, for now",   ST_UNAVAILABLE, 29000, ST_PENDING,     "",                       'w', false},
        {"away, too long",  ST_UNAVAILABLE, 31000, ST_UNAVAILABLE, "withdrawal_compensated", 'a',
         true                                                                                          },
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct signup_form form = ALICE;
        struct withdrawal_accepted accepted;
        struct account before, after;
        struct uuid user_id;
        enum status got;
        form.login_id[0] = (char)('a' + i);
        user_id = sign_up_through(w, &form);
        assert_int_equal(find_account(w, user_id, &before), ST_OK);
        w->answer = cases[i].answer;
        w->shown = 0;
        assert_int_equal(withdraw(w, user_id, &accepted), ST_OK);
        run_for(w, cases[i].run_ms);
        got = ended(w, &accepted);
        if (got != cases[i].want || strcmp(w->problem.code, cases[i].code) != 0 ||
            look(w, user_id) != cases[i].account || (w->shown > 0) != cases[i].shown)
            fail_msg("%s: got %s %s, account %c, shown %zu times", cases[i].why, status_name(got),
                     w->problem.code, look(w, user_id), w->shown);
        if (cases[i].account == 'a') {
            assert_int_equal(find_account(w, user_id, &after), ST_OK);
            after.updated_us = before.updated_us;
            assert_memory_equal(&before, &after, sizeof(before));
        }
        w->answer = ST_OK;
        run_for(w, 60000);
    }
}

/* Its login id is another's by then, and the profile is still to be erased: it only goes forward.
 */
static void past_its_pivot_it_goes_on_for_as_long_as_it_takes(void **state)
{
    struct world *w = *state;
    struct uuid user_id = sign_up_through(w, &ALICE), next;
    struct withdrawal_accepted accepted, again;

    w->erasing = ST_UNAVAILABLE;
    assert_int_equal(withdraw(w, user_id, &accepted), ST_OK);
    run_for(w, 90000);
    assert_int_equal(look(w, user_id), '-');
    assert_int_equal(ended(w, &accepted), ST_PENDING);
    assert_int_equal(withdraw(w, user_id, &again), ST_OK);
    assert_true(uuid_equal(again.saga_id, accepted.saga_id));
    next = sign_up_through(w, &ALICE);
    assert_int_equal(look(w, next), 'a');
    w->erasing = ST_OK;
    run_for(w, 5000);
    assert_int_equal(ended(w, &accepted), ST_OK);
    assert_int_equal(look(w, next), 'a');
}

static void asked_again_it_is_the_same_withdrawal(void **state)
{
    struct world *w = *state;
    struct uuid user_id = sign_up_through(w, &ALICE);
    struct withdrawal_accepted first, again;

    w->answer = ST_UNAVAILABLE;
    assert_int_equal(withdraw(w, user_id, &first), ST_OK);
    for (int i = 0; i < 2; i++) { /* while it is under way, and when it is through */
        assert_int_equal(withdraw(w, user_id, &again), ST_OK);
        assert_true(uuid_equal(again.saga_id, first.saga_id));
        w->answer = ST_OK;
        run_for(w, 5000);
    }
    assert_int_equal(look(w, user_id), '-');
    assert_int_equal(outbox_memory_said(w->withdrawal.outbox, &user_id, NULL, 0), 3);
}

static void after_one_that_was_undone_there_may_be_another(void **state)
{
    struct world *w = *state;
    struct uuid user_id = sign_up_through(w, &ALICE);
    struct withdrawal_accepted first, second, again;

    w->answer = ST_CONFLICT;
    assert_int_equal(withdraw(w, user_id, &first), ST_OK);
    run_for(w, 0);
    assert_int_equal(ended(w, &first), ST_UNAVAILABLE);
    w->answer = ST_UNAVAILABLE;
    assert_int_equal(withdraw(w, user_id, &second), ST_OK);
    assert_false(uuid_equal(second.saga_id, first.saga_id));
    assert_int_equal(withdraw(w, user_id, &again), ST_OK);
    assert_true(uuid_equal(second.saga_id, again.saga_id));
    w->answer = ST_OK;
    run_for(w, 5000);
    assert_int_equal(ended(w, &second), ST_OK);
}

static enum status begin_session(struct transaction *tx, const struct call *call, void *arg)
{
    struct world *w = arg;
    struct refresh_token token;

    return session_begin(&w->sessions, tx, call, w->registered.user_id, &token);
}

/* Of the account that was made last. */
static void log_in(struct world *w)
{
    struct call call = call_with(w, "");

    assert_int_equal(transactor_run(w->transactor, &call, begin_session, w), ST_OK);
}

static size_t sessions_of(struct world *w, struct uuid user_id)
{
    const struct store_list of_user = {.where = {{"user_id", &user_id}}};
    struct call call = call_with(w, "");
    struct session *rows = mem_alloc(SESSIONS_MAX, sizeof(*rows));
    size_t n;

    assert_int_equal(
        store_list(w->sessions.sessions, NULL, &call, &of_user, SESSIONS_MAX, rows, &n), ST_OK);
    free(rows);
    return n;
}

static void sessions_go_with_the_account_and_with_nothing_else(void **state)
{
    struct world *w = *state;
    struct signup_form other = ALICE;
    struct uuid alice = sign_up_through(w, &ALICE), bob;
    struct withdrawal_accepted accepted;
    struct outbox_row said[5];

    log_in(w);
    log_in(w);
    TEXT_COPY(other.login_id, "bob");
    bob = sign_up_through(w, &other);
    log_in(w);
    w->answer = ST_UNAVAILABLE;
    assert_int_equal(withdraw(w, alice, &accepted), ST_OK);
    run_for(w, 31000);
    assert_int_equal(look(w, alice), 'a');
    assert_int_equal(sessions_of(w, alice), 2);
    w->answer = ST_OK;
    assert_int_equal(withdraw(w, alice, &accepted), ST_OK);
    assert_int_equal(sessions_of(w, alice), 2); /* it may come back yet */
    run_for(w, 0);
    assert_int_equal(sessions_of(w, alice), 0);
    assert_int_equal(sessions_of(w, bob), 1);
    assert_int_equal(outbox_memory_said(w->withdrawal.outbox, &alice, said, 5), 4);
    assert_string_equal(said[2].type, "auth.sessions_revoked");
    assert_non_null(strstr(said[2].json, "\"withdrawn\""));
    assert_string_equal(said[3].type, "auth.account_withdrawn");
}

/* Or who comes next under the name could not log in. */
static void what_others_have_failed_at_is_forgotten_with_the_account(void **state)
{
    struct world *w = *state;
    struct throttle throttle;
    struct store *attempts = store_memory_create(w->db, &ATTEMPT_TABLE);
    struct uuid alice = sign_up_through(w, &ALICE);
    struct withdrawal_accepted accepted;
    struct call call = call_with(w, "");
    struct login_limits limits;
    char client[32];

    throttle_init(&throttle, attempts, w->transactor, "secret", NULL);
    w->withdrawal.throttle = &throttle;
    for (int i = 0; i < 50; i++) {
        snprintf(client, sizeof(client), "192.0.2.%d", i);
        TEXT_COPY(call.client, client);
        assert_int_equal(login_limits_begin(&limits, &throttle, &call, ALICE.login_id), ST_OK);
        assert_int_equal(login_limits_fail(&limits, &call), ST_OK);
    }
    TEXT_COPY(call.client, "198.51.100.1");
    assert_int_equal(login_limits_begin(&limits, &throttle, &call, ALICE.login_id), ST_OK);
    assert_true(limits.held_s > 0);
    assert_int_equal(withdraw(w, alice, &accepted), ST_OK);
    run_for(w, 0);
    assert_int_equal(login_limits_begin(&limits, &throttle, &call, ALICE.login_id), ST_OK);
    assert_int_equal(limits.held_s, 0);
    store_destroy(attempts);
}

static void purge_barrier(struct world *w)
{
    struct barrier *barrier = w->withdrawal.barrier;
    struct call call = call_with(w, "");
    size_t n;

    w->now_ms += 2000;
    assert_int_equal(barrier->ops->purge(barrier, &call, 1, 100, &n), ST_OK);
    assert_true(n > 0);
}

static void what_cannot_be_withdrawn_is_told_apart(void **state)
{
    struct world *w = *state;
    struct signup_accepted signup;
    struct withdrawal_accepted accepted;

    assert_int_equal(withdraw(w, (struct uuid){{9}}, &accepted), ST_NOT_FOUND);
    assert_int_equal(sign_up(w, &ALICE, "", &signup), ST_OK);
    assert_int_equal(withdraw(w, signup.user_id, &accepted), ST_CONFLICT);
    assert_string_equal(w->problem.code, "signup_pending");
    assert_true(w->problem.retry_after_s > 0);
    run_for(w, 0);
    w->answer = ST_UNAVAILABLE;
    assert_int_equal(withdraw(w, signup.user_id, &accepted), ST_OK);
    purge_barrier(w); /* its undoing takes longer than anything is kept */
    assert_int_equal(withdraw(w, signup.user_id, &accepted), ST_CONFLICT);
    assert_string_equal(w->problem.code, "withdrawal_pending");
    assert_true(w->problem.retry_after_s > 0);
}

static void what_has_happened_is_said(void **state)
{
    struct world *w = *state;
    struct uuid user_id = sign_up_through(w, &ALICE);
    struct withdrawal_accepted accepted;
    struct outbox_row said[3];
    char id[UUID_TEXT_LEN + 1], want[128];

    w->answer = ST_CONFLICT;
    assert_int_equal(withdraw(w, user_id, &accepted), ST_OK);
    run_for(w, 0);
    assert_int_equal(outbox_memory_said(w->withdrawal.outbox, &user_id, NULL, 0), 2);
    w->answer = ST_OK;
    assert_int_equal(withdraw(w, user_id, &accepted), ST_OK);
    run_for(w, 0);
    assert_int_equal(outbox_memory_said(w->withdrawal.outbox, &user_id, said, 3), 3);
    assert_string_equal(said[2].type, "auth.account_withdrawn");
    snprintf(want, sizeof(want), "{\"userId\":\"%s\"}", uuid_text(user_id, id));
    assert_string_equal(said[2].json, want);
    assert_true(uuid_equal(said[2].saga_id, accepted.saga_id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_withdrawn_account_is_gone_and_its_login_id_free),
        TEST(it_ends_as_the_user_service_decides),
        TEST(past_its_pivot_it_goes_on_for_as_long_as_it_takes),
        TEST(asked_again_it_is_the_same_withdrawal),
        TEST(after_one_that_was_undone_there_may_be_another),
        TEST(sessions_go_with_the_account_and_with_nothing_else),
        TEST(what_others_have_failed_at_is_forgotten_with_the_account),
        TEST(what_cannot_be_withdrawn_is_told_apart),
        TEST(what_has_happened_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
