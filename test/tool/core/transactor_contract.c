/* transactor_contract.c - all of a body or none of it. */
#include "test/tool/core/transactor_contract.h"

#include <string.h>

#include "tool/core/mem.h"

struct two_accounts {
    struct store *accounts;
    struct account first, second;
    enum status end; /* what the body returns after both */
    int runs;
};

static struct two_accounts two_accounts(struct transactor_world *world)
{
    struct two_accounts two = {.accounts = world->accounts, .end = ST_OK};

    two.first.id = test_uuid();
    two.second.id = test_uuid();
    test_name("first", two.first.login_id, sizeof(two.first.login_id));
    test_name("second", two.second.login_id, sizeof(two.second.login_id));
    TEXT_COPY(two.first.password_hash, "$argon2id$1");
    TEXT_COPY(two.second.password_hash, "$argon2id$2");
    return two;
}

static enum status insert_two(struct transaction *tx, const struct call *call, void *arg)
{
    struct two_accounts *two = arg;
    enum status st = store_insert(two->accounts, tx, call, &two->first, NULL);

    two->runs++;
    if (st == ST_OK)
        st = store_insert(two->accounts, tx, call, &two->second, NULL);
    return st == ST_OK ? two->end : st;
}

static enum status find(struct store *accounts, struct uuid id)
{
    struct call call = test_call();
    struct account out;

    return store_find(accounts, NULL, &call, NULL, &id, &out);
}

static void a_body_that_succeeds_is_committed_whole(void **state)
{
    struct transactor_world *world = *state;
    struct two_accounts two = two_accounts(world);
    struct call call = test_call();

    assert_status(ST_OK, transactor_run(world->transactor, &call, insert_two, &two));
    assert_int_equal(1, two.runs);
    assert_status(ST_OK, find(world->accounts, two.first.id));
    assert_status(ST_OK, find(world->accounts, two.second.id));
}

static void a_body_that_refuses_leaves_nothing_and_its_status_comes_back(void **state)
{
    static const enum status ENDS[] = {ST_CONFLICT, ST_INVALID, ST_UNAVAILABLE, ST_STALE};
    struct transactor_world *world = *state;

    for (size_t i = 0; i < ARRAY_LEN(ENDS); i++) {
        struct two_accounts two = two_accounts(world);
        struct call call = test_call();
        two.end = ENDS[i];
        assert_status(ENDS[i], transactor_run(world->transactor, &call, insert_two, &two));
        assert_status(ST_NOT_FOUND, find(world->accounts, two.first.id));
        assert_status(ST_NOT_FOUND, find(world->accounts, two.second.id));
    }
}

static enum status conflict_then_go_on(struct transaction *tx, const struct call *call, void *arg)
{
    struct two_accounts *two = arg;
    struct account twin = two->second;
    enum status st = store_insert(two->accounts, tx, call, &two->first, NULL);

    memcpy(twin.login_id, two->first.login_id, sizeof(twin.login_id));
    if (st == ST_OK && store_insert(two->accounts, tx, call, &twin, NULL) != ST_CONFLICT)
        return ST_INTERNAL;
    return st == ST_OK ? store_insert(two->accounts, tx, call, &two->second, NULL) : st;
}

static void a_conflict_leaves_the_transaction_usable(void **state)
{
    struct transactor_world *world = *state;
    struct two_accounts two = two_accounts(world);
    struct call call = test_call();

    assert_status(ST_OK, transactor_run(world->transactor, &call, conflict_then_go_on, &two));
    assert_status(ST_OK, find(world->accounts, two.first.id));
    assert_status(ST_OK, find(world->accounts, two.second.id));
}

static enum status change_twice_and_fail(struct transaction *tx, const struct call *call, void *arg)
{
    static const enum account_status BECOMES[] = {ACCOUNT_SIGNUP_PENDING, ACCOUNT_ACTIVE,
                                                  ACCOUNT_WITHDRAW_PENDING};
    struct two_accounts *two = arg;
    struct store *accounts = two->accounts;
    const struct uuid *id = &two->first.id;
    enum status st = store_turn(accounts, tx, call, id, "status", &BECOMES[0], &BECOMES[1]);

    if (st == ST_OK)
        st = store_turn(accounts, tx, call, id, "status", &BECOMES[1], &BECOMES[2]);
    if (st == ST_OK)
        st = store_remove(accounts, tx, call, id, NULL, NULL);
    if (st == ST_OK)
        st = store_remove(accounts, tx, call, &two->second.id, NULL, NULL);
    return st == ST_OK ? ST_CONFLICT : st;
}

static void changes_and_removals_are_undone_in_order(void **state)
{
    struct transactor_world *world = *state;
    struct two_accounts two = two_accounts(world);
    struct call call = test_call();
    struct account out;

    assert_status(ST_OK, transactor_run(world->transactor, &call, insert_two, &two));
    assert_status(ST_CONFLICT,
                  transactor_run(world->transactor, &call, change_twice_and_fail, &two));
    assert_status(ST_OK, store_find(world->accounts, NULL, &call, NULL, &two.first.id, &out));
    assert_int_equal(ACCOUNT_SIGNUP_PENDING, out.status);
    assert_string_equal(two.first.login_id, out.login_id);
    assert_status(ST_OK, store_find(world->accounts, NULL, &call, NULL, &two.second.id, &out));
    assert_string_equal(two.second.login_id, out.login_id);
}

/* Two transactions that take the same rows in opposite order, at once. */
struct crossing {
    struct transactor_world *world;
    struct uuid ids[2];
    enum status ends[TEST_THREADS_MAX];
};

struct crossing_side {
    struct crossing *crossing;
    int i;
};

static enum status flip(struct transaction *tx, const struct call *call, void *arg)
{
    struct crossing_side *side = arg;
    struct store *accounts = side->crossing->world->accounts;
    enum status st = ST_OK;

    for (int k = 0; k < 2 && st == ST_OK; k++) {
        struct uuid id = side->crossing->ids[side->i % 2 ? k : 1 - k];
        char now[32], next[32];
        struct account account;
        st = store_find(accounts, tx, call, NULL, &id, &account);
        if (st != ST_OK)
            break;
        TEXT_COPY(now, account.password_hash);
        test_name("$argon2id$", next, sizeof(next));
        st = store_turn(accounts, tx, call, &id, "password_hash", now, next);
    }
    return st;
}

static void race_flip(void *arg, int i)
{
    struct crossing *crossing = arg;
    struct crossing_side side = {crossing, i};
    struct call call = test_call();

    do
        crossing->ends[i] = transactor_run(crossing->world->transactor, &call, flip, &side);
    while (crossing->ends[i] == ST_CONFLICT); /* another was faster between reading and writing */
}

static void a_deadlock_is_done_again_not_reported(void **state)
{
    struct transactor_world *world = *state;
    struct two_accounts two = two_accounts(world);
    struct call call = test_call();

    assert_status(ST_OK, transactor_run(world->transactor, &call, insert_two, &two));
    for (int round = 0; round < 20; round++) {
        struct crossing crossing = {
            .world = world, .ids = {two.first.id, two.second.id}
        };
        test_race(2, race_flip, &crossing);
        assert_status(ST_OK, crossing.ends[0]);
        assert_status(ST_OK, crossing.ends[1]);
    }
}

int transactor_contract(struct transactor_world *world)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_body_that_succeeds_is_committed_whole, world),
        cmocka_unit_test_prestate(a_body_that_refuses_leaves_nothing_and_its_status_comes_back,
                                  world),
        cmocka_unit_test_prestate(a_conflict_leaves_the_transaction_usable, world),
        cmocka_unit_test_prestate(changes_and_removals_are_undone_in_order, world),
        cmocka_unit_test_prestate(a_deadlock_is_done_again_not_reported, world),
    };
    int failed = cmocka_run_group_tests_name("transactor", tests, NULL, NULL);

    store_destroy(world->accounts);
    world->transactor->ops->destroy(world->transactor);
    return failed;
}
