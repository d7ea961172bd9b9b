/* signup_test.c - signing up over memory stores, with a user service that says what it is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tool/store/memory/store_memory.h"
#include "protocol/auth.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/once/memory/barrier_memory.h"
#include "tool/saga/memory/saga_store_memory.h"
#include "tool/saga/saga_engine.h"
#include "tool/saga/saga_message.h"
#include "usecase/auth/signup.h"

struct world {
    struct clock clock;
    int64_t now_ms;
    struct memdb *db;
    struct transactor *transactor;
    struct saga_store *store;
    struct profile_registry registry;
    enum status answer; /* of the user service */
    struct profile_registration registered;
    size_t cancelled;
    struct signup signup;
    struct problem problem;
};

static int64_t now_ms(const struct clock *clock)
{
    return container_of(clock, struct world, clock)->now_ms;
}

static int64_t wall_us(const struct clock *clock)
{
    return 1767225600000000 + now_ms(clock) * 1000;
}

static enum status register_profile(struct profile_registry *base, const struct call *call,
                                    const struct profile_registration *registration)
{
    struct world *w = container_of(base, struct world, registry);

    w->registered = *registration;
    return w->answer == ST_CONFLICT ? call_fail(call, ST_CONFLICT, "email_taken", "no") : w->answer;
}

static enum status cancel_profile(struct profile_registry *base, const struct call *call,
                                  const struct profile_cancellation *cancellation)
{
    (void)call;
    (void)cancellation;
    container_of(base, struct world, registry)->cancelled++;
    return ST_OK;
}

static const struct profile_registry_ops REGISTRY = {register_profile, cancel_profile, NULL};

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    log_set_fd(-1);
    w->clock = (struct clock){now_ms, wall_us};
    w->db = memdb_create();
    w->transactor = memdb_transactor_create(w->db);
    w->store = saga_store_memory_create(w->db, &w->clock);
    w->registry.ops = &REGISTRY;
    w->signup = (struct signup){
        .accounts = store_memory_create(w->db, &ACCOUNT_TABLE),
        .profiles = &w->registry,
        .barrier = barrier_memory_create(w->db, &w->clock),
        .sagas = saga_engine_create(&(struct saga_engine_config){
            .transactor = w->transactor,
            .store = w->store,
            .clock = &w->clock,
            .entropy = &ENTROPY_SYSTEM,
        }),
        .hasher = fake_hasher_create(),
        .clock = &w->clock,
        .entropy = &ENTROPY_SYSTEM,
    };
    saga_engine_add(w->signup.sagas, &SIGNUP_SAGA, &w->signup);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    saga_engine_destroy(w->signup.sagas);
    store_destroy(w->signup.accounts);
    w->signup.barrier->ops->destroy(w->signup.barrier);
    w->signup.hasher->ops->destroy(w->signup.hasher);
    w->store->ops->destroy(w->store);
    w->transactor->ops->destroy(w->transactor);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

static struct call call_with(struct world *w, const char *key)
{
    struct call call = {
        .clock = &w->clock, .deadline_ms = w->now_ms + 1000, .problem = &w->problem};

    w->problem = (struct problem){0};
    TEXT_COPY(call.idempotency_key, key);
    return call;
}

static const struct signup_form ALICE = {
    "alice", "correct horse battery", {"Alice", "alice@example.org", "+821012345678"}
};

/* OpenAPI knows every refusal. */
static enum status declared(const struct world *w, enum status st)
{
    if (st != ST_OK && st != ST_PENDING)
        assert_true(operation_declares(&AUTH_SIGNUP, st, w->problem.code));
    return st;
}

static enum status sign_up(struct world *w, const struct signup_form *form, const char *key,
                           struct signup_accepted *out)
{
    struct call call = call_with(w, key);

    *out = (struct signup_accepted){0};
    return declared(w, signup_accept(&w->signup, &call, form, out));
}

static void run_for(struct world *w, int64_t ms)
{
    for (int64_t until_ms = w->now_ms + ms;; w->now_ms += 200) {
        struct call call = call_with(w, "");
        saga_engine_poll(w->signup.sagas, &call);
        if (w->now_ms >= until_ms)
            return;
    }
}

/* As the skeleton asks for it. */
static enum status outcome(struct world *w, struct signup_accepted *accepted)
{
    struct call call = call_with(w, "");
    struct saga_view view;
    enum status st = saga_find(w->signup.sagas, &call, accepted->saga_id, &view);

    if (st == ST_OK && view.state != SAGA_SUCCEEDED && view.state != SAGA_COMPENSATED)
        return ST_PENDING;
    st = signup_outcome(&w->signup, &call, st == ST_OK ? &view : NULL, accepted);
    return declared(w, st);
}

static enum status find_account(struct world *w, struct uuid id, struct account *out)
{
    struct call call = call_with(w, "");

    return store_find(w->signup.accounts, NULL, &call, NULL, &id, out);
}

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

static void a_key_outlives_its_compensated_signup(void **state)
{
    struct world *w = *state;
    struct signup_accepted first, again;

    w->answer = ST_CONFLICT;
    assert_int_equal(sign_up(w, &ALICE, "key", &first), ST_OK);
    run_for(w, 0);
    assert_int_equal(sign_up(w, &ALICE, "key", &again), ST_OK);
    assert_true(uuid_equal(again.saga_id, first.saga_id));
    assert_int_equal(outcome(w, &again), ST_CONFLICT);
    assert_string_equal(w->problem.code, "email_taken");
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

static void an_account_is_removed_only_while_it_is_pending(void **state)
{
    struct world *w = *state;
    struct call call = call_with(w, "");
    struct account account = {.id = {{1}}, .login_id = "bob", .status = ACCOUNT_ACTIVE};
    struct saga_context undone = {.self = &w->signup, .about = account.id, .call = &call};

    assert_int_equal(store_insert(w->signup.accounts, NULL, &call, &account, NULL), ST_OK);
    assert_int_equal(SIGNUP_SAGA.steps[0].undo(&undone), ST_CONFLICT);
    assert_int_equal(store_turn(w->signup.accounts, NULL, &call, &account.id, "status",
                                &(enum account_status){ACCOUNT_ACTIVE},
                                &(enum account_status){ACCOUNT_SIGNUP_PENDING}),
                     ST_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(SIGNUP_SAGA.steps[0].undo(&undone), ST_OK);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_signup_is_locked_until_the_profile_is_there),
        TEST(a_login_id_has_one_owner),
        TEST(it_ends_as_the_user_service_decides),
        TEST(a_compensated_login_id_is_free_again),
        TEST(an_idempotency_key_has_one_answer),
        TEST(a_key_outlives_its_compensated_signup),
        TEST(progress_names_the_user_and_no_personal_data),
        TEST(an_account_is_removed_only_while_it_is_pending),
        TEST(weak_passwords_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
