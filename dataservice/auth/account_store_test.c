/* account_store_test.c - what may become of an account. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dataservice/auth/account_store.h"
#include "tool/core/mem.h"
#include "tool/store/memory/store_memory.h"

struct world {
    struct memdb *db;
    struct store *accounts;
    struct call call;
};

static const struct uuid ALICE = {{1}}, NOBODY = {{2}};

static int set_up(void **state)
{
    struct account account = {.id = ALICE, .login_id = "alice", .password_hash = "old"};
    struct world *w = MEM_NEW(struct world);

    w->db = memdb_create();
    w->accounts = store_memory_create(w->db, &ACCOUNT_TABLE);
    w->call =
        (struct call){.clock = &CLOCK_SYSTEM, .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 60000};
    assert_int_equal(ST_OK, store_insert(w->accounts, NULL, &w->call, &account, NULL));
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    store_destroy(w->accounts);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

static void a_status_changes_only_from_what_it_was(void **state)
{
    static const struct {
        enum account_status from, to;
        enum status want;
    } cases[] = {
        {ACCOUNT_ACTIVE,           ACCOUNT_WITHDRAW_PENDING, ST_CONFLICT},
        {ACCOUNT_SIGNUP_PENDING,   ACCOUNT_ACTIVE,           ST_OK      },
        {ACCOUNT_SIGNUP_PENDING,   ACCOUNT_ACTIVE,           ST_OK      },
        {ACCOUNT_WITHDRAW_PENDING, ACCOUNT_SIGNUP_PENDING,   ST_CONFLICT},
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(cases[i].want, account_change_status(w->accounts, NULL, &w->call, ALICE,
                                                              cases[i].from, cases[i].to));
    assert_int_equal(ST_NOT_FOUND, account_change_status(w->accounts, NULL, &w->call, NOBODY,
                                                         ACCOUNT_SIGNUP_PENDING, ACCOUNT_ACTIVE));
}

static void a_password_changes_only_from_the_one_that_was_read(void **state)
{
    struct world *w = *state;
    struct account account;

    assert_int_equal(ST_STALE,
                     account_change_password(w->accounts, NULL, &w->call, ALICE, "other", "new"));
    assert_int_equal(ST_OK,
                     account_change_password(w->accounts, NULL, &w->call, ALICE, "old", "new"));
    assert_int_equal(ST_STALE,
                     account_change_password(w->accounts, NULL, &w->call, ALICE, "old", "newer"));
    assert_int_equal(ST_STALE,
                     account_change_password(w->accounts, NULL, &w->call, NOBODY, "old", "new"));
    assert_int_equal(ST_OK, store_find(w->accounts, NULL, &w->call, "login_id", "alice", &account));
    assert_string_equal("new", account.password_hash);
}

static void an_account_is_removed_only_in_the_status_meant(void **state)
{
    struct world *w = *state;

    assert_int_equal(ST_CONFLICT,
                     account_remove(w->accounts, NULL, &w->call, ALICE, ACCOUNT_ACTIVE));
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            ST_OK, account_remove(w->accounts, NULL, &w->call, ALICE, ACCOUNT_SIGNUP_PENDING));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_status_changes_only_from_what_it_was),
        TEST(a_password_changes_only_from_the_one_that_was_read),
        TEST(an_account_is_removed_only_in_the_status_meant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
