/* memdb_test.c - tables in memory roll back together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/memdb/memdb.h"
#include "tool/memdb/memdb_table.h"

struct fixture {
    struct memdb *db;
    struct memdb_table *numbers, *names;
    struct transactor *transactor;
    enum status end;
};

static int set_up(void **state)
{
    struct fixture *f = MEM_NEW(struct fixture);

    f->db = memdb_create();
    f->numbers = memdb_table(f->db, "numbers", sizeof(int));
    f->names = memdb_table(f->db, "names", sizeof(char[8]));
    f->transactor = memdb_transactor_create(f->db);
    for (int i = 0; i < 5; i++)
        memdb_insert(f->numbers, NULL, &i);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    f->transactor->ops->destroy(f->transactor);
    memdb_destroy(f->db);
    free(f);
    return 0;
}

static void expect_numbers(struct fixture *f, const int *want, size_t n)
{
    memdb_join(f->db, NULL);
    assert_int_equal(n, memdb_count(f->numbers));
    for (size_t i = 0; i < n; i++)
        assert_int_equal(want[i], *(int *)memdb_row(f->numbers, i));
    memdb_leave(f->db, NULL);
}

/* Every kind of change, on top of each other, with room for more rows made on the way. */
static enum status change_much(struct transaction *tx, const struct call *call, void *arg)
{
    struct fixture *f = arg;

    (void)call;
    memdb_remove(f->numbers, tx, 1);
    memdb_update(f->numbers, tx, 1, &(int){20});
    memdb_remove(f->numbers, tx, 0);
    for (int i = 100; i < 120; i++)
        memdb_insert(f->numbers, tx, &i);
    memdb_update(f->numbers, tx, 5, &(int){1000});
    memdb_remove(f->numbers, tx, 4);
    memdb_insert(f->names, tx, &(char[8]){"han-ok"});
    while (memdb_count(f->numbers) > 3)
        memdb_remove(f->numbers, tx, memdb_count(f->numbers) - 1);
    return f->end;
}

static void a_commit_keeps_what_was_changed(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(ST_OK, transactor_run(f->transactor, NULL, change_much, f));
    expect_numbers(f, (int[]){20, 3, 4}, 3);
    assert_int_equal(1, memdb_count(f->names));
}

static void a_roll_back_restores_every_table_and_the_order_of_rows(void **state)
{
    struct fixture *f = *state;

    f->end = ST_UNAVAILABLE;
    assert_int_equal(ST_UNAVAILABLE, transactor_run(f->transactor, NULL, change_much, f));
    expect_numbers(f, (int[]){0, 1, 2, 3, 4}, 5);
    assert_int_equal(0, memdb_count(f->names));
}

static bool is_number(const void *row, const void *key)
{
    return *(const int *)row == *(const int *)key;
}

static void a_row_is_found_by_its_key(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(3, memdb_find(f->numbers, is_number, &(int){3}));
    assert_int_equal(-1, memdb_find(f->numbers, is_number, &(int){9}));
}

static enum status read_inside(struct transaction *tx, const struct call *call, void *arg)
{
    struct fixture *f = arg;
    int out = 0;

    (void)call;
    memdb_insert(f->numbers, tx, &(int){42});
    return memdb_read(f->db, f->numbers, tx, is_number, &(int){42}, &out);
}

static void a_row_is_read_on_its_own_or_in_a_transaction(void **state)
{
    struct fixture *f = *state;
    int out = -1;

    assert_int_equal(ST_NOT_FOUND,
                     memdb_read(f->db, f->numbers, NULL, is_number, &(int){42}, &out));
    assert_int_equal(-1, out);
    assert_int_equal(ST_OK, transactor_run(f->transactor, NULL, read_inside, f));
    assert_int_equal(ST_OK, memdb_read(f->db, f->numbers, NULL, is_number, &(int){42}, &out));
    assert_int_equal(42, out);
}

static bool is_even(const void *row, const void *key)
{
    (void)key;
    return *(const int *)row % 2 == 0;
}

static void rows_are_pruned_a_few_at_a_time(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(2, memdb_prune(f->db, f->numbers, is_even, NULL, 2));
    expect_numbers(f, (int[]){1, 3, 4}, 3);
    assert_int_equal(1, memdb_prune(f->db, f->numbers, is_even, NULL, 2));
    assert_int_equal(0, memdb_prune(f->db, f->numbers, is_even, NULL, 2));
    expect_numbers(f, (int[]){1, 3}, 2);
}

static void a_table_is_the_same_by_the_same_name(void **state)
{
    struct fixture *f = *state;

    assert_ptr_equal(f->numbers, memdb_table(f->db, "numbers", sizeof(int)));
    assert_ptr_not_equal(f->numbers, f->names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_commit_keeps_what_was_changed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_roll_back_restores_every_table_and_the_order_of_rows,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_row_is_found_by_its_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_row_is_read_on_its_own_or_in_a_transaction, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(rows_are_pruned_a_few_at_a_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_table_is_the_same_by_the_same_name, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
