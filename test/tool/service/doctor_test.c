/* doctor_test.c - what must be true of a schema, on a private server: found again and again,
 * counted, measured; sets of ids, page by page; and how many rows there are of each kind. */
#include "test/support/calls.h"
#include "test/support/mariadb_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/service/doctor.h"
#include "tool/service/id_sets.h"
#include "tool/service/tallies.h"

static const struct invariant INVARIANTS[] = {
    {"a cup is whole", "SELECT id FROM cup WHERE size < 0", "Throw it away."},
    {"a cup is there", "SELECT id FROM no_such_table",      "Buy one."      },
    {NULL,             NULL,                                NULL            },
};
static const struct id_set SETS[] = {
    {"whole_cups", "SELECT id FROM cup WHERE size >= 0"              },
    {"sized_cups", "SELECT id, CONCAT(size, ' ml') AS value FROM cup"},
    {NULL,         NULL                                              },
};
static const struct service KITCHEN = {
    .name = "kitchen", .invariants = INVARIANTS, .id_sets = SETS, .database = true};

static struct mariadb_server server;
static struct dbc_pool *pool;

static int set_up(void **state)
{
    static struct dbc_config config;

    (void)state;
    log_set_fd(-1);
    if (!mariadb_server_init(&server, NULL) ||
        !mariadb_server_sql(&server, "CREATE DATABASE kitchen") ||
        !mariadb_server_sql(&server, "CREATE TABLE kitchen.cup (id BINARY(16) PRIMARY KEY,"
                                     " size BIGINT NOT NULL)"))
        return -1;
    config = mariadb_server_config(&server, "kitchen", 2);
    pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    dbc_pool_destroy(pool);
    mariadb_server_fini(&server);
    return 0;
}

static const struct doctor_item *item_of(const struct doctor_report *report, const char *check)
{
    for (size_t i = 0; i < report->n; i++)
        if (strcmp(report->items[i].check, check) == 0)
            return &report->items[i];
    fail_msg("%s is not in the report", check);
    return NULL;
}

static struct doctor_report *examine(struct metrics *metrics)
{
    struct doctor doctor = {&KITCHEN, pool, &CLOCK_SYSTEM, metrics};
    struct doctor_report *report = MEM_NEW(struct doctor_report);
    struct call call = test_call();

    doctor_examine(&doctor, &call, report);
    assert_status(ST_OK, doctor_measure(&doctor, &call));
    return report;
}

static void what_is_broken_is_counted_with_an_example_as_often_as_it_is_asked(void **state)
{
    struct doctor_report *report;

    (void)state;
    for (int i = 0; i < 3; i++) {
        report = examine(NULL);
        assert_int_equal(VERDICT_OK, item_of(report, "a cup is whole")->verdict);
        assert_int_equal(VERDICT_UNKNOWN, item_of(report, "a cup is there")->verdict);
        assert_null(strstr(item_of(report, "a cup is there")->advice, "Buy one."));
        assert_int_equal(VERDICT_OK,
                         item_of(report, "the clocks of service and database agree")->verdict);
        free(report);
    }
    assert_true(mariadb_server_sql(&server, "INSERT INTO kitchen.cup VALUES"
                                            " (REPEAT('a', 16), -1), (REPEAT('b', 16), -1)"));
    for (int i = 0; i < 3; i++) {
        report = examine(NULL);
        assert_int_equal(VERDICT_BROKEN, item_of(report, "a cup is whole")->verdict);
        assert_int_equal(2, item_of(report, "a cup is whole")->count);
        assert_false(uuid_is_nil(item_of(report, "a cup is whole")->example));
        assert_string_equal("Throw it away.", item_of(report, "a cup is whole")->advice);
        free(report);
    }
    assert_true(mariadb_server_sql(&server, "DELETE FROM kitchen.cup"));
}

static void findings_are_gauges(void **state)
{
    struct metrics *metrics = metrics_create();
    size_t len;
    char *text;

    (void)state;
    free(examine(metrics));
    text = metrics_text(metrics, &len);
    assert_non_null(strstr(text, "hanok_doctor_findings{check=\"a cup is whole\"} 0"));
    assert_non_null(strstr(text, "hanok_doctor_findings{check=\"a cup is there\"} -1"));
    free(text);
    metrics_destroy(metrics);
}

static void ids_come_in_pages_and_are_told_from_others(void **state)
{
    enum { MANY = 70 };
    const struct id_set *set = id_set_find(&KITCHEN, "whole_cups");
    struct id_list *page = MEM_NEW(struct id_list), *asked = MEM_NEW(struct id_list);
    struct call call = test_call();
    struct uuid after = {{0}};
    size_t seen = 0;

    (void)state;
    assert_null(id_set_find(&KITCHEN, "spoons"));
    for (int i = 0; i < MANY; i++) {
        char sql[128];
        snprintf(sql, sizeof(sql), "INSERT INTO kitchen.cup VALUES (UNHEX('%032x'), %d)", i + 1,
                 i % 10 ? 1 : -1);
        assert_true(mariadb_server_sql(&server, sql));
        asked->ids[asked->n++].id.b[15] = (uint8_t)(i + 1);
    }
    do {
        page->n = 0;
        assert_status(ST_OK, id_set_page(pool, &call, set, after, 20, page));
        if (page->n > 0)
            after = page->ids[page->n - 1].id;
        seen += page->n;
    } while (page->n == 20);
    assert_int_equal(MANY - MANY / 10, seen);
    page->n = 0;
    asked->ids[asked->n++].id.b[0] = 1; /* nobody's */
    assert_status(ST_OK, id_set_keep(pool, &call, set, asked, page));
    assert_int_equal(MANY - MANY / 10, page->n);
    asked->n = page->n = 0;
    assert_status(ST_OK, id_set_keep(pool, &call, set, asked, page));
    assert_int_equal(0, page->n);
    free(page);
    free(asked);
}

static size_t kept(const char *name, struct id_list *asked)
{
    struct id_list *page = MEM_NEW(struct id_list);
    struct call call = test_call();
    size_t n;

    assert_status(ST_OK, id_set_keep(pool, &call, id_set_find(&KITCHEN, name), asked, page));
    n = page->n;
    free(page);
    return n;
}

static void a_value_of_an_id_must_be_the_one_that_is_asked_for(void **state)
{
    struct id_list *cups = MEM_NEW(struct id_list);
    struct call call = test_call();

    (void)state;
    assert_true(mariadb_server_sql(&server, "DELETE FROM kitchen.cup"));
    assert_true(mariadb_server_sql(&server, "INSERT INTO kitchen.cup VALUES (REPEAT('a', 16), 1),"
                                            " (REPEAT('b', 16), 20)"));
    assert_status(ST_OK, id_set_page(pool, &call, id_set_find(&KITCHEN, "sized_cups"),
                                     (struct uuid){{0}}, 20, cups));
    assert_int_equal(2, cups->n);
    assert_string_equal("1 ml", cups->ids[0].value);
    assert_string_equal("20 ml", cups->ids[1].value);
    assert_int_equal(2, kept("sized_cups", cups));
    strcpy(cups->ids[1].value, "21 ml");
    assert_int_equal(1, kept("sized_cups", cups));
    assert_int_equal(2, kept("whole_cups", cups)); /* which has none */
    cups->ids[1].value[0] = '\0';
    assert_int_equal(2, kept("sized_cups", cups));
    free(cups);
    assert_true(mariadb_server_sql(&server, "DELETE FROM kitchen.cup"));
}

static void rows_of_each_kind_are_counted_and_those_that_are_gone_are_none(void **state)
{
    static const char *const SIZES[] = {"small", "large", "none", NULL};
    static const struct tally TALLIES[] = {
        {"hanok_cups", "Cups by size.", "sized_cup", "size", SIZES},
        {"hanok_spoons", "Spoons.", "no_such_table", "size", SIZES},
        {0      },
    };
    struct metrics *metrics = metrics_create();
    struct metric *small = metrics_gauge(metrics, "hanok_cups", "", "size=\"small\"");
    struct metric *large = metrics_gauge(metrics, "hanok_cups", "", "size=\"large\"");
    struct metric *none = metrics_gauge(metrics, "hanok_cups", "", "size=\"none\"");
    struct call call = test_call();

    (void)state;
    metric_set(none, 7);
    assert_true(mariadb_server_sql(&server,
                                   "CREATE VIEW kitchen.sized_cup AS SELECT IF(size < 10, 'small',"
                                   " IF(size < 100, 'large', 'huge')) AS size FROM kitchen.cup"));
    assert_true(mariadb_server_sql(&server, "DELETE FROM kitchen.cup"));
    assert_true(mariadb_server_sql(&server, "INSERT INTO kitchen.cup VALUES (REPEAT('a', 16), 1),"
                                            " (REPEAT('b', 16), 2), (REPEAT('c', 16), 20),"
                                            " (REPEAT('d', 16), 200)"));
    assert_true(tallies_measure(TALLIES, pool, metrics, &call) != ST_OK);
    assert_int_equal(2, metric_value(small));
    assert_int_equal(1, metric_value(large));
    assert_int_equal(0, metric_value(none));
    assert_true(mariadb_server_sql(&server, "DELETE FROM kitchen.cup WHERE size < 10"));
    tallies_measure(TALLIES, pool, metrics, &call);
    assert_int_equal(0, metric_value(small));
    assert_status(ST_OK, tallies_measure(NULL, pool, metrics, &call));
    metrics_destroy(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_broken_is_counted_with_an_example_as_often_as_it_is_asked),
        cmocka_unit_test(findings_are_gauges),
        cmocka_unit_test(ids_come_in_pages_and_are_told_from_others),
        cmocka_unit_test(a_value_of_an_id_must_be_the_one_that_is_asked_for),
        cmocka_unit_test(rows_of_each_kind_are_counted_and_those_that_are_gone_are_none),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
