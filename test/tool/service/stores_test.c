/* stores_test.c - a service's tables against its schema: made, compared, freed by the skeleton. */
#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/service/stores.h"

struct cup {
    struct uuid id;
    int64_t size;
};

static const struct column COLUMNS[] = {
    COLUMN(struct cup, id, "id", COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct cup, size, "size", COLUMN_INT, 0),
};
static const struct table CUP = TABLE(struct cup, COLUMNS, "cup");
static const struct table MUG = TABLE(struct cup, COLUMNS, "mug");

struct kitchen {
    struct store *cups, *mugs;
};

static const struct service_store STORES[] = {
    {&CUP, offsetof(struct kitchen, cups)},
    {&MUG, offsetof(struct kitchen, mugs)},
};
static const struct service KITCHEN = {
    .name = "kitchen", .size = sizeof(struct kitchen), .stores = STORES, .n_stores = 2};

static struct mariadb_server server;
static struct dbc_pool *pool;

static int set_up(void **state)
{
    static struct dbc_config config;

    (void)state;
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

static enum status check(void)
{
    struct call call = test_call();

    return stores_check(&KITCHEN, pool, &call);
}

static void all_tables_are_compared(void **state)
{
    (void)state;
    assert_status(ST_INVALID, check()); /* no mug */
    assert_true(mariadb_server_sql(&server, "CREATE TABLE kitchen.mug LIKE kitchen.cup"));
    assert_status(ST_OK, check());
    assert_true(mariadb_server_sql(&server, "ALTER TABLE kitchen.cup MODIFY size BIGINT NULL"));
    assert_status(ST_INVALID, check());
    assert_true(mariadb_server_sql(&server, "ALTER TABLE kitchen.cup MODIFY size BIGINT NOT NULL"));
}

static void a_database_that_is_away_says_nothing_of_its_tables(void **state)
{
    (void)state;
    mariadb_server_stop(&server);
    assert_status(ST_UNAVAILABLE, check());
}

static void stores_stand_in_the_service_s_struct(void **state)
{
    struct kitchen kitchen = {NULL, NULL};
    struct cup cup = {.id = {{1}}, .size = 3}, got;
    struct call call = test_call();

    (void)state;
    stores_create(&KITCHEN, &kitchen, pool);
    assert_status(ST_OK, store_insert(kitchen.mugs, NULL, &call, &cup, NULL));
    assert_status(ST_OK, store_find(kitchen.mugs, NULL, &call, NULL, &cup.id, &got));
    assert_status(ST_NOT_FOUND, store_find(kitchen.cups, NULL, &call, NULL, &cup.id, &got));
    assert_int_equal(3, got.size);
    stores_destroy(&KITCHEN, &kitchen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_tables_are_compared),
        cmocka_unit_test(stores_stand_in_the_service_s_struct),
        cmocka_unit_test(a_database_that_is_away_says_nothing_of_its_tables), /* the last one */
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
