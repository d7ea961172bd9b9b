/* thing_seen.c - rows that are replaced as they were seen, without a lock, in any store. */
#include "test/tool/store/thing.h"
#include "tool/core/mem.h"

enum { RACERS = 8, ROUNDS = 20 };

static struct call call;

static struct store *things_of(void **state)
{
    call = test_call();
    return ((struct thing_world *)*state)->things;
}

static struct thing find(struct store *things, uint8_t id)
{
    struct thing row;

    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &(struct uuid){{id}}, &row));
    return row;
}

static void a_row_is_replaced_only_as_it_was_seen(void **state)
{
    struct store *things = things_of(state);
    struct thing seen = thing_made(1, "a", "a"), wanted, got;
    size_t n = 7;

    seen.note[0] = '\0';
    assert_status(ST_OK, store_insert(things, NULL, &call, &seen, NULL));
    wanted = seen;
    wanted.amount++;
    wanted.has_rank = !seen.has_rank;
    wanted.rank = 3;
    wanted.due_us = seen.due_us ? 0 : 1764374400123456;
    wanted.state = THING_GONE;
    wanted.on = !seen.on;
    wanted.day++;
    TEXT_COPY(wanted.label, "한옥 \"\\ é");
    for (int i = 0; i < 2; i++) { /* the second time it is another */
        assert_status(ST_OK, store_replace(things, NULL, &call, &seen, &wanted, 1, &n));
        assert_int_equal(i == 0, n);
        got = find(things, 1);
        assert_int_equal(2, got.version);
        assert_true(got.created_us == seen.created_us && got.updated_us >= seen.updated_us);
        got.version = wanted.version;
        got.updated_us = wanted.updated_us;
        thing_assert_equal(&wanted, &got);
    }
    assert_status(ST_OK, store_find(things, NULL, &call, "label_key", wanted.label, &got));
    assert_status(ST_OK, store_remove(things, NULL, &call, &seen.id, NULL, NULL));
    assert_status(ST_OK, store_replace(things, NULL, &call, &got, &wanted, 1, &n));
    assert_int_equal(0, n);
    assert_status(ST_NOT_FOUND, store_find(things, NULL, &call, NULL, &seen.id, &got));
}

static void of_many_those_are_replaced_that_are_as_they_were_seen(void **state)
{
    struct store *things = things_of(state);
    struct thing seen[11], wanted[11];
    size_t replaced;

    for (size_t n = 1; n <= 11; n++) { /* the first of them is not */
        for (uint8_t i = 0; i < n; i++) {
            seen[i] = thing_made((uint8_t)(i + 1), (char[]){(char)('a' + i), 0},
                                 (char[]){(char)('a' + i), 0});
            seen[i].seat = i;
            assert_status(ST_OK, store_insert(things, NULL, &call, &seen[i], NULL));
            wanted[i] = seen[i];
            wanted[i].amount = 100 + i;
        }
        seen[0].version = 9;
        assert_status(ST_OK, store_replace(things, NULL, &call, seen, wanted, n, &replaced));
        assert_int_equal(n - 1, replaced);
        for (uint8_t i = 0; i < n; i++) {
            struct thing got = find(things, (uint8_t)(i + 1));
            assert_int_equal(i == 0 ? 1 : 2, got.version);
            assert_int_equal(i == 0 ? seen[0].amount : 100 + i, got.amount);
            assert_status(ST_OK, store_remove(things, NULL, &call, &got.id, NULL, NULL));
        }
    }
}

static enum status replace_and_fail(struct transaction *tx, const struct call *c, void *arg)
{
    struct store *things = arg;
    struct thing seen, wanted;
    size_t n;

    assert_status(ST_OK, store_find(things, tx, c, NULL, &(struct uuid){{1}}, &seen));
    wanted = seen;
    wanted.amount = 77;
    assert_status(ST_OK, store_replace(things, tx, c, &seen, &wanted, 1, &n));
    assert_int_equal(1, n);
    return ST_CONFLICT;
}

static void a_replacement_is_rolled_back_with_its_transaction(void **state)
{
    struct store *things = things_of(state);
    struct thing row = thing_made(1, "a", "a"), got;

    assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
    assert_status(ST_CONFLICT, transactor_run(((struct thing_world *)*state)->transactor, &call,
                                              replace_and_fail, things));
    got = find(things, 1);
    thing_assert_equal(&row, &got);
}

static void add_until_it_is_in(void *arg, int i)
{
    struct store *things = arg;
    struct call mine = test_call();
    struct uuid id = {{1}};

    (void)i;
    for (int k = 0; k < ROUNDS; k++) {
        size_t n = 0;
        while (n == 0) {
            struct thing seen, wanted;
            assert_status(ST_OK, store_find(things, NULL, &mine, NULL, &id, &seen));
            wanted = seen;
            wanted.amount++;
            assert_status(ST_OK, store_replace(things, NULL, &mine, &seen, &wanted, 1, &n));
        }
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
        TEST(a_row_is_replaced_only_as_it_was_seen),
        TEST(of_many_those_are_replaced_that_are_as_they_were_seen),
        TEST(a_replacement_is_rolled_back_with_its_transaction),
        TEST(of_changes_at_once_none_is_lost),
    };

    return cmocka_run_group_tests_name("seen", tests, NULL, NULL);
}
