/* thing_seen.c - rows that are changed as they were seen, without a lock, in any store. */
#include "test/tool/store/thing.h"
#include "tool/core/mem.h"

enum { RACERS = 8, ROUNDS = 20 };

static struct call call;

static struct store *things_of(void **state)
{
    call = test_call();
    return ((struct thing_world *)*state)->things;
}

static enum status add_one(void *row, const struct call *c, void *arg)
{
    (void)c;
    (void)arg;
    ((struct thing *)row)->amount++;
    return ST_OK;
}

static enum status refuse(void *row, const struct call *c, void *arg)
{
    (void)arg;
    ((struct thing *)row)->amount = -1;
    return call_fail(c, ST_CONFLICT, "wrong_state", "No.");
}

static void a_row_changes_only_as_it_was_seen(void **state)
{
    struct store *things = things_of(state);
    struct thing row = thing_made(1, "a", "a"), seen, got;
    struct store_change change = {.fn = add_one, .seen = &seen};

    assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &row.id, &seen));
    assert_status(ST_OK, store_change(things, NULL, &call, &row.id, &change, &got));
    assert_int_equal(2, got.version);
    assert_int_equal(row.amount + 1, got.amount);
    assert_status(ST_STALE, store_change(things, NULL, &call, &row.id, &change, &got));
    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &row.id, &seen));
    thing_assert_equal(&got, &seen);
    change.fn = refuse;
    assert_status(ST_CONFLICT, store_change(things, NULL, &call, &row.id, &change, &got));
    change.fn = add_one;
    assert_status(ST_OK, store_remove(things, NULL, &call, &row.id, NULL, NULL));
    assert_status(ST_STALE, store_change(things, NULL, &call, &row.id, &change, &got));
    assert_int_equal(2, got.version); /* untouched */
}

struct both {
    struct store *things;
    struct thing *first, *second;
};

static enum status change_both(struct transaction *tx, const struct call *c, void *arg)
{
    struct both *both = arg;
    struct store_change first = {.fn = add_one, .seen = both->first};
    struct store_change second = {.fn = add_one, .seen = both->second};

    assert_status(ST_STALE, store_change(both->things, tx, c, &both->first->id, &first, NULL));
    assert_status(ST_OK, store_change(both->things, tx, c, &both->second->id, &second, NULL));
    return ST_OK;
}

static void a_stale_row_rolls_nothing_back(void **state)
{
    struct store *things = things_of(state);
    struct thing a = thing_made(1, "a", "a"), b = thing_made(2, "b", "b"), got;
    struct thing stale;
    struct both both = {things, &stale, &b};

    assert_status(ST_OK, store_insert(things, NULL, &call, &a, NULL));
    assert_status(ST_OK, store_insert(things, NULL, &call, &b, NULL));
    stale = a;
    stale.version = 7;
    assert_status(ST_OK, transactor_run(((struct thing_world *)*state)->transactor, &call,
                                        change_both, &both));
    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &a.id, &got));
    thing_assert_equal(&a, &got);
    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &b.id, &got));
    assert_int_equal(b.amount + 1, got.amount);
}

static void add_until_it_is_in(void *arg, int i)
{
    struct store *things = arg;
    struct call mine = test_call();
    struct uuid id = {{1}};

    (void)i;
    for (int k = 0; k < ROUNDS; k++) {
        enum status st;
        do {
            struct thing seen;
            struct store_change change = {.fn = add_one, .seen = &seen};
            assert_status(ST_OK, store_find(things, NULL, &mine, NULL, &id, &seen));
            st = store_change(things, NULL, &mine, &id, &change, NULL);
        } while (st == ST_STALE);
        assert_status(ST_OK, st);
    }
}

static void of_changes_at_once_none_is_lost(void **state)
{
    struct store *things = things_of(state);
    struct thing row = thing_made(1, "a", "a");

    row.amount = 0;
    assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
    test_race(RACERS, add_until_it_is_in, things);
    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &row.id, &row));
    assert_int_equal(RACERS * ROUNDS, row.amount);
}

#define TEST(name) cmocka_unit_test_prestate_setup_teardown(name, thing_empty, thing_empty, world)

int thing_seen(struct thing_world *world)
{
    const struct CMUnitTest tests[] = {
        TEST(a_row_changes_only_as_it_was_seen),
        TEST(a_stale_row_rolls_nothing_back),
        TEST(of_changes_at_once_none_is_lost),
    };

    return cmocka_run_group_tests_name("seen", tests, NULL, NULL);
}
