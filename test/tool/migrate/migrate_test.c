/* migrate_test.c - migrations on a private MariaDB: once each, in order, and what refuses them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "tool/core/mem.h"
#include "tool/dbc/dbc_text.h"
#include "tool/migrate/migrate.h"

struct fixture {
    struct mariadb_server server;
    char schema[32], dir[48]; /* new for each test */
    struct dbc_config config;
    struct dbc_pool *pool;
    int applied; /* in the last run */
    char why[MIGRATION_WHY_MAX + 1];
};

static int start(void **state)
{
    struct fixture *f = MEM_NEW(struct fixture);

    *state = f;
    return mariadb_server_init(&f->server, NULL) ? 0 : -1;
}

static int stop(void **state)
{
    struct fixture *f = *state;

    mariadb_server_fini(&f->server);
    free(f);
    return 0;
}

static int set_up(void **state)
{
    struct fixture *f = *state;
    char sql[64];

    TEXT_COPY(f->dir, "/tmp/hanok-migrations-XXXXXX");
    test_name("s", f->schema, sizeof(f->schema));
    snprintf(sql, sizeof(sql), "CREATE DATABASE %s", f->schema);
    if (!mkdtemp(f->dir) || !mariadb_server_sql(&f->server, sql))
        return -1;
    f->config = mariadb_server_config(&f->server, f->schema, 2);
    f->pool = dbc_pool_create(&f->config, &CLOCK_SYSTEM);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[64];

    dbc_pool_destroy(f->pool);
    snprintf(command, sizeof(command), "rm -rf %s", f->dir);
    return system(command);
}

static void put(struct fixture *f, const char *name, const char *text)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", f->dir, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void count_applied(void *arg, const char *name)
{
    (void)name;
    ((struct fixture *)arg)->applied++;
}

static enum status migrate(struct fixture *f)
{
    struct migrate_listener listener = {count_applied, f};
    struct call call = test_call();

    f->applied = 0;
    f->why[0] = '\0';
    return migrate_run(f->pool, &call, f->dir, &listener, f->why);
}

static void run_sql(struct fixture *f, const char *sql, enum status want)
{
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    char why[256];

    assert_status(ST_OK, dbc_take(f->pool, &call, &conn));
    assert_status(want, dbc_run_text(conn, sql, why, sizeof(why)));
    dbc_give(f->pool, conn);
}

static void each_is_applied_once_and_in_order(void **state)
{
    struct fixture *f = *state;

    put(f, "001_t.sql", "CREATE TABLE t (i INT);");
    put(f, "002_two.sql", "ALTER TABLE t ADD COLUMN j INT;\n-- next\nINSERT INTO t VALUES (1, 2);");
    assert_status(ST_OK, migrate(f));
    assert_int_equal(2, f->applied);
    assert_status(ST_OK, migrate(f));
    assert_int_equal(0, f->applied);
    put(f, "003_three.sql", "ALTER TABLE t ADD COLUMN k INT");
    assert_status(ST_OK, migrate(f));
    assert_int_equal(1, f->applied);
    run_sql(f, "INSERT INTO t (i, j, k) VALUES (1, 2, 3)", ST_OK);
}

static void a_changed_file_is_refused_by_name(void **state)
{
    struct fixture *f = *state;

    put(f, "001_t.sql", "CREATE TABLE t (i INT);");
    assert_status(ST_OK, migrate(f));
    put(f, "001_t.sql", "CREATE TABLE t (i BIGINT);");
    assert_status(ST_INVALID, migrate(f));
    assert_non_null(strstr(f->why, "001_t.sql was changed after it was applied"));
}

static void a_file_that_went_missing_is_refused_by_name(void **state)
{
    struct fixture *f = *state;
    char path[128];

    put(f, "001_t.sql", "CREATE TABLE t (i INT);");
    put(f, "002_u.sql", "CREATE TABLE u (i INT);");
    assert_status(ST_OK, migrate(f));
    snprintf(path, sizeof(path), "%s/002_u.sql", f->dir);
    unlink(path);
    assert_status(ST_INVALID, migrate(f));
    assert_non_null(strstr(f->why, "002_u.sql was applied but is not in"));
}

static void a_failing_statement_is_named_and_can_be_mended(void **state)
{
    struct fixture *f = *state;

    put(f, "001_t.sql", "CREATE TABLE t (i INT);");
    put(f, "002_bad.sql", "ALTER TABLE nowhere ADD COLUMN j INT;");
    put(f, "003_u.sql", "CREATE TABLE u (i INT);");
    assert_status(ST_INTERNAL, migrate(f));
    assert_non_null(strstr(f->why, "002_bad.sql: statement 1 failed: "));
    assert_non_null(strstr(f->why, "nowhere"));
    assert_int_equal(1, f->applied);
    put(f, "002_bad.sql", "ALTER TABLE t ADD COLUMN j INT;");
    assert_status(ST_OK, migrate(f));
    assert_int_equal(2, f->applied);
}

static void interrupt(struct fixture *f)
{
    run_sql(f, "UPDATE schema_migration SET state = 'STARTED', applied_at = NULL", ST_OK);
}

static void an_interrupted_file_is_run_again_when_it_is_guarded(void **state)
{
    struct fixture *f = *state;

    put(f, "001_t.sql",
        "CREATE TABLE IF NOT EXISTS t (i INT);\n-- next\n"
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS j INT;");
    assert_status(ST_OK, migrate(f));
    interrupt(f);
    assert_status(ST_OK, migrate(f));
    assert_int_equal(1, f->applied);
}

static void an_interrupted_file_that_is_not_guarded_is_left_to_a_person(void **state)
{
    struct fixture *f = *state;

    put(f, "001_t.sql", "CREATE TABLE t (i INT);");
    assert_status(ST_OK, migrate(f));
    interrupt(f);
    assert_status(ST_CONFLICT, migrate(f));
    assert_non_null(strstr(f->why, "001_t.sql was interrupted"));
    run_sql(f, "UPDATE schema_migration SET state = 'APPLIED' WHERE number = 1", ST_OK);
    assert_status(ST_OK, migrate(f));
}

struct runners {
    struct fixture *f;
    enum status ends[4];
};

static void run_one(void *arg, int i)
{
    struct runners *runners = arg;
    struct dbc_pool *pool = dbc_pool_create(&runners->f->config, &CLOCK_SYSTEM);
    struct call call = test_call();
    char why[MIGRATION_WHY_MAX + 1];

    runners->ends[i] = migrate_run(pool, &call, runners->f->dir, NULL, why);
    dbc_pool_destroy(pool);
}

static void runs_at_once_wait_for_each_other(void **state)
{
    struct fixture *f = *state;
    struct runners runners = {.f = f};

    put(f, "001_t.sql", "CREATE TABLE t (i INT);");
    put(f, "002_row.sql", "INSERT INTO t SELECT SLEEP(0.2);");
    test_race(4, run_one, &runners);
    for (size_t i = 0; i < ARRAY_LEN(runners.ends); i++)
        assert_status(ST_OK, runners.ends[i]);
    run_sql(f, "CREATE UNIQUE INDEX one_row ON t (i)", ST_OK); /* fails had two of them inserted */
}

static void an_absent_database_is_unavailable(void **state)
{
    struct fixture *f = *state;

    put(f, "001_t.sql", "CREATE TABLE t (i INT);");
    mariadb_server_stop(&f->server);
    assert_status(ST_UNAVAILABLE, migrate(f));
    assert_string_not_equal("", f->why);
    assert_true(mariadb_server_start(&f->server));
}

#define MIGRATION_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MIGRATION_TEST(each_is_applied_once_and_in_order),
        MIGRATION_TEST(a_changed_file_is_refused_by_name),
        MIGRATION_TEST(a_file_that_went_missing_is_refused_by_name),
        MIGRATION_TEST(a_failing_statement_is_named_and_can_be_mended),
        MIGRATION_TEST(an_interrupted_file_is_run_again_when_it_is_guarded),
        MIGRATION_TEST(an_interrupted_file_that_is_not_guarded_is_left_to_a_person),
        MIGRATION_TEST(runs_at_once_wait_for_each_other),
        MIGRATION_TEST(an_absent_database_is_unavailable),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
