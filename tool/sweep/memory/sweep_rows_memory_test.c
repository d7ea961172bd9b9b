/* sweep_rows_memory_test.c - which rows are open, by a condition as MariaDB has it. */
#include "tool/sweep/memory/sweep_rows_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/memdb/memdb_table.h"

struct ticket {
    struct uuid id;
    int state;
    bool asked;
    int64_t units;
    char colour[8];
    int64_t due_us, look_us;
};

static const char *const STATES[] = {"NEW", "DONE", NULL};
/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct ticket, id,      "id",      COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct ticket, state,   "state",   COLUMN_ENUM, 0, .names = STATES),
    COLUMN(struct ticket, asked,   "asked",   COLUMN_BOOL, 0),
    COLUMN(struct ticket, units,   "units",   COLUMN_INT,  0),
    COLUMN(struct ticket, colour,  "colour",  COLUMN_TEXT, 0),
    COLUMN(struct ticket, due_us,  "due",     COLUMN_TIME, 0),
    COLUMN(struct ticket, look_us, "look_at", COLUMN_TIME, COLUMN_ASIDE),
};
/* clang-format on */
static const struct table TICKET = TABLE(struct ticket, COLUMNS, "ticket");

static void only_rows_that_a_condition_is_true_of_are_claimed(void **state)
{
    static const struct {
        const char *open;
        size_t want;
    } cases[] = {
        {"state = 'NEW'",                                  2},
        {"state = 'DONE'",                                 1},
        {"asked = 1",                                      2},
        {"asked = 0",                                      1},
        {"units = 12",                                     1},
        {"colour = 'red'",                                 2},
        {"state = 'NEW' AND asked = 1",                    1},
        {"colour = 'red' AND state = 'NEW' AND asked = 1", 0},
    };
    static const struct ticket ROWS[] = {
        {.id = {{1}}, .state = 0, .asked = false, .units = 1,  .colour = "red" },
        {.id = {{2}}, .state = 0, .asked = true,  .units = 12, .colour = "blue"},
        {.id = {{3}}, .state = 1, .asked = true,  .units = 1,  .colour = "red" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct memdb *db = memdb_create();
        struct memdb_table *table = memdb_table(db, "ticket", sizeof(struct ticket));
        struct call call = {.clock = &CLOCK_SYSTEM};
        struct sweep_claim claims[4];
        struct sweep_rows *rows = sweep_rows_memory_create(
            db, &CLOCK_SYSTEM, &TICKET,
            &(struct sweep_table){"ticket", "id", cases[i].open, "due", "look_at"});
        size_t n;

        memdb_join(db, NULL);
        for (size_t j = 0; j < ARRAY_LEN(ROWS); j++)
            memdb_insert(table, NULL, &ROWS[j]);
        memdb_leave(db, NULL);
        assert_int_equal(rows->ops->claim(rows, &call, 1000, ARRAY_LEN(claims), claims, &n), ST_OK);
        if (n != cases[i].want)
            fail_msg("%s: %zu", cases[i].open, n);
        rows->ops->destroy(rows);
        memdb_destroy(db);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_rows_that_a_condition_is_true_of_are_claimed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
