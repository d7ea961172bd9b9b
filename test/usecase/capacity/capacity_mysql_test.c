/* capacity_mysql_test.c - slots and holds in MariaDB, by two instances with a pool each; a server
 * that is killed; and what doctor asks. */
#include "dataservice/capacity/mysql/capacity_rows_mysql.h"
#include "test/support/mariadb_server.h"
#include "test/usecase/capacity/capacity_world.h"
#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/statement.h"
#include "tool/dbc/transactor.h"
#include "tool/store/mysql/store_check.h"
#include "tool/store/mysql/store_mysql.h"
#include "tool/sweep/mysql/sweep_rows_mysql.h"

enum { SEEDS = 30, CONNECTIONS = 16 };

static struct mariadb_server server;
static struct dbc_pool *pools[WORLD_INSTANCES];

static void crash(void)
{
    bool started;

    mariadb_server_kill(&server);
    started = mariadb_server_start(&server);
    ASSERT(started);
}

static void instance_init(struct instance *instance, struct dbc_pool **pool)
{
    struct dbc_config config = mariadb_server_config(&server, "shop", CONNECTIONS);

    *pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    instance->transactor = dbc_transactor_create(*pool);
    instance->overdue = sweep_rows_mysql_create(
        *pool, &(struct sweep_table){"hold", "id", "state = 'HELD'", "expires_at", "sweep_at"});
    instance->capacity = (struct capacity){
        .slots = store_mysql_create(*pool, &SLOT_TABLE),
        .holds = store_mysql_create(*pool, &HOLD_TABLE),
        .rows = &CAPACITY_ROWS_MYSQL,
    };
}

static void instance_fini(struct instance *instance, struct dbc_pool *pool)
{
    instance->overdue->ops->destroy(instance->overdue);
    store_destroy(instance->capacity.slots);
    store_destroy(instance->capacity.holds);
    instance->transactor->ops->destroy(instance->transactor);
    dbc_pool_destroy(pool);
}

static void hear(void *arg, const char *slip, bool wider)
{
    (void)arg;
    (void)wider;
    fail_msg("%s", slip);
}

static void the_tables_are_as_described(void **state)
{
    struct call call = test_call();

    (void)state;
    assert_status(ST_OK, store_check(pools[0], &call, &SLOT_TABLE, hear, NULL));
    assert_status(ST_OK, store_check(pools[0], &call, &HOLD_TABLE, hear, NULL));
}

static bool finds_something(const char *sql)
{
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    bool found;

    assert_status(ST_OK, dbc_take(pools[0], &call, &conn));
    s = dbc_prepare(conn, sql);
    assert_status(ST_OK, dbc_execute(s, &call));
    found = dbc_next(s);
    assert_status(ST_OK, dbc_done(s, ST_OK));
    dbc_give(pools[0], conn);
    return found;
}

/* Of all that the tests before this one have left. */
static void doctor_finds_nothing_and_then_what_is_spoilt(void **state)
{
    static const struct invariant INVARIANTS[] = {CAPACITY_INVARIANTS};
    static const char *const SPOILT[] = {
        NULL, /* the table refuses it */
        "UPDATE shop.slot SET total = total + 1, held = held + 1 LIMIT 1",
        "UPDATE shop.hold SET state = 'HELD', expires_at = NOW() - INTERVAL 2 MINUTE LIMIT 1",
    };

    (void)state;
    assert_false(mariadb_server_sql(&server, "UPDATE shop.slot SET held = total + 1 LIMIT 1"));
    assert_false(mariadb_server_sql(&server, "UPDATE shop.slot SET sold = -1 LIMIT 1"));
    for (size_t i = 0; i < ARRAY_LEN(INVARIANTS); i++) {
        assert_false(finds_something(INVARIANTS[i].query));
        if (SPOILT[i]) {
            assert_true(mariadb_server_sql(&server, SPOILT[i]));
            assert_true(finds_something(INVARIANTS[i].query));
        }
    }
}

static int run(void)
{
    const struct CMUnitTest before[] = {cmocka_unit_test(the_tables_are_as_described)};
    const struct CMUnitTest after[] = {
        cmocka_unit_test(doctor_finds_nothing_and_then_what_is_spoilt)};
    struct capacity_world world = {.crash = crash};
    int failed;

    for (int i = 0; i < WORLD_INSTANCES; i++)
        instance_init(&world.instances[i], &pools[i]);
    log_set_fd(-1);
    failed = cmocka_run_group_tests(before, NULL, NULL) + capacity_contract(&world) +
             capacity_expiry(&world) + capacity_race(&world) + capacity_property(&world, SEEDS) +
             cmocka_run_group_tests(after, NULL, NULL);
    for (int i = 0; i < WORLD_INSTANCES; i++)
        instance_fini(&world.instances[i], pools[i]);
    return failed;
}

int main(void)
{
    int failed = 1;

    if (mariadb_server_init(&server, NULL) &&
        mariadb_server_schema(&server, "shop", "test/usecase/capacity/migrations"))
        failed = run();
    mariadb_server_fini(&server);
    return failed;
}
