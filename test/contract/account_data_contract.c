/* account_data_contract.c - what every account_data_service does. */
#include "test/contract/contract.h"

#include <stdatomic.h>
#include <string.h>

#include "tool/core/mem.h"

static struct account new_account(void)
{
    struct account account = {.id = test_uuid(), .status = ACCOUNT_SIGNUP_PENDING};

    test_name("alice", account.login_id, sizeof(account.login_id));
    TEXT_COPY(account.password_hash, "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA");
    return account;
}

static struct account stored(struct contract *contract)
{
    struct account account = new_account();
    struct call call = test_call();

    assert_status(ST_OK,
                  contract->accounts->ops->insert(contract->accounts, NULL, &call, &account));
    return account;
}

static void what_was_inserted_is_found_by_id_and_login_id(void **state)
{
    struct account_data_service *accounts = ((struct contract *)*state)->accounts;
    int64_t before_us = clock_wall_us(&CLOCK_SYSTEM);
    struct account account = stored(*state);
    struct call call = test_call();
    struct account by_id, by_login_id;

    assert_status(ST_OK, accounts->ops->find(accounts, NULL, &call, account.id, &by_id));
    assert_status(ST_OK, accounts->ops->find_by_login_id(accounts, NULL, &call, account.login_id,
                                                         &by_login_id));
    assert_memory_equal(&by_id, &by_login_id, sizeof(by_id));
    assert_true(uuid_equal(account.id, by_id.id));
    assert_string_equal(account.login_id, by_id.login_id);
    assert_string_equal(account.password_hash, by_id.password_hash);
    assert_int_equal(ACCOUNT_SIGNUP_PENDING, by_id.status);
    assert_in_range(by_id.created_us, before_us, clock_wall_us(&CLOCK_SYSTEM));
    assert_int_equal(by_id.created_us, by_id.updated_us);
}

static void who_is_not_there_is_not_found_and_out_is_untouched(void **state)
{
    struct account_data_service *accounts = ((struct contract *)*state)->accounts;
    struct account out = {.created_us = -1};
    struct call call = test_call();

    assert_status(ST_NOT_FOUND, accounts->ops->find(accounts, NULL, &call, test_uuid(), &out));
    assert_status(ST_NOT_FOUND,
                  accounts->ops->find_by_login_id(accounts, NULL, &call, "nobody", &out));
    assert_int_equal(-1, out.created_us);
}

static void a_login_id_belongs_to_one(void **state)
{
    struct account_data_service *accounts = ((struct contract *)*state)->accounts;
    struct account first = stored(*state), second = new_account();
    struct call call = test_call();
    struct account out;

    memcpy(second.login_id, first.login_id, sizeof(first.login_id));
    assert_status(ST_CONFLICT, accounts->ops->insert(accounts, NULL, &call, &second));
    assert_status(ST_NOT_FOUND, accounts->ops->find(accounts, NULL, &call, second.id, &out));
}

struct race {
    struct account_data_service *accounts;
    char login_id[LOGIN_ID_MAX + 1];
    atomic_int won, lost;
};

static void sign_up(void *arg, int i)
{
    struct race *race = arg;
    struct account account = new_account();
    struct call call = test_call();
    enum status st;

    (void)i;
    memcpy(account.login_id, race->login_id, sizeof(race->login_id));
    st = race->accounts->ops->insert(race->accounts, NULL, &call, &account);
    race->won += st == ST_OK;
    race->lost += st == ST_CONFLICT;
}

static void of_racers_for_one_login_id_one_wins(void **state)
{
    struct race race = {.accounts = ((struct contract *)*state)->accounts};

    test_name("racer", race.login_id, sizeof(race.login_id));
    test_race(TEST_THREADS_MAX, sign_up, &race);
    assert_int_equal(1, race.won);
    assert_int_equal(TEST_THREADS_MAX - 1, race.lost);
}

static void a_status_changes_only_from_what_it_was(void **state)
{
    static const struct {
        const char *why;
        enum account_status from, to;
        enum status want;
        enum account_status then;
    } cases[] = {
        {"as expected",  ACCOUNT_SIGNUP_PENDING, ACCOUNT_ACTIVE,           ST_OK,       ACCOUNT_ACTIVE          },
        {"done already", ACCOUNT_SIGNUP_PENDING, ACCOUNT_ACTIVE,           ST_OK,       ACCOUNT_ACTIVE          },
        {"from another", ACCOUNT_SIGNUP_PENDING, ACCOUNT_WITHDRAW_PENDING, ST_CONFLICT,
         ACCOUNT_ACTIVE                                                                                         },
        {"and on",       ACCOUNT_ACTIVE,         ACCOUNT_WITHDRAW_PENDING, ST_OK,       ACCOUNT_WITHDRAW_PENDING},
    };
    struct account_data_service *accounts = ((struct contract *)*state)->accounts;
    struct account account = stored(*state);
    struct call call = test_call();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct account out;
        enum status got = accounts->ops->change_status(accounts, NULL, &call, account.id,
                                                       cases[i].from, cases[i].to);
        if (got != cases[i].want)
            fail_msg("%s: got %s", cases[i].why, status_name(got));
        assert_status(ST_OK, accounts->ops->find(accounts, NULL, &call, account.id, &out));
        assert_int_equal(cases[i].then, out.status);
    }
    assert_status(ST_NOT_FOUND,
                  accounts->ops->change_status(accounts, NULL, &call, test_uuid(),
                                               ACCOUNT_SIGNUP_PENDING, ACCOUNT_ACTIVE));
}

static void a_password_changes_only_from_the_one_that_was_read(void **state)
{
    struct account_data_service *accounts = ((struct contract *)*state)->accounts;
    struct account account = stored(*state), out;
    struct call call = test_call();

    assert_status(ST_OK, accounts->ops->change_password(accounts, NULL, &call, account.id,
                                                        account.password_hash, "$argon2id$new"));
    assert_status(ST_STALE, accounts->ops->change_password(accounts, NULL, &call, account.id,
                                                           account.password_hash, "$argon2id$no"));
    assert_status(ST_STALE, accounts->ops->change_password(accounts, NULL, &call, test_uuid(),
                                                           "$argon2id$new", "$argon2id$no"));
    assert_status(ST_OK, accounts->ops->find(accounts, NULL, &call, account.id, &out));
    assert_string_equal("$argon2id$new", out.password_hash);
    assert_true(out.updated_us >= out.created_us);
}

static void an_account_is_removed_only_in_the_status_meant(void **state)
{
    struct account_data_service *accounts = ((struct contract *)*state)->accounts;
    struct account account = stored(*state), out, next;
    struct call call = test_call();

    assert_status(ST_CONFLICT,
                  accounts->ops->remove(accounts, NULL, &call, account.id, ACCOUNT_ACTIVE));
    assert_status(ST_OK, accounts->ops->find(accounts, NULL, &call, account.id, &out));
    for (int twice = 0; twice < 2; twice++)
        assert_status(ST_OK, accounts->ops->remove(accounts, NULL, &call, account.id,
                                                   ACCOUNT_SIGNUP_PENDING));
    assert_status(ST_NOT_FOUND, accounts->ops->find(accounts, NULL, &call, account.id, &out));
    next = new_account();
    memcpy(next.login_id, account.login_id, sizeof(next.login_id));
    assert_status(ST_OK, accounts->ops->insert(accounts, NULL, &call, &next));
}

int account_data_contract(struct contract *contract)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(what_was_inserted_is_found_by_id_and_login_id, contract),
        cmocka_unit_test_prestate(who_is_not_there_is_not_found_and_out_is_untouched, contract),
        cmocka_unit_test_prestate(a_login_id_belongs_to_one, contract),
        cmocka_unit_test_prestate(of_racers_for_one_login_id_one_wins, contract),
        cmocka_unit_test_prestate(a_status_changes_only_from_what_it_was, contract),
        cmocka_unit_test_prestate(a_password_changes_only_from_the_one_that_was_read, contract),
        cmocka_unit_test_prestate(an_account_is_removed_only_in_the_status_meant, contract),
    };

    return cmocka_run_group_tests_name("account data", tests, NULL, NULL);
}
