/* saga_store_mysql_test.c - the saga store in MariaDB keeps the contract, on a private server with
 * a schema as migrated. */
#include "test/support/mariadb_server.h"
#include "test/tool/saga/saga_rows.h"
#include "tool/dbc/statement.h"
#include "tool/dbc/transactor.h"
#include "tool/saga/mysql/saga_store_mysql.h"

struct spoil {
    const char *sql;
    struct uuid id;
};

static enum status run_spoil(struct transaction *tx, const struct call *call, void *arg)
{
    const struct spoil *spoil = arg;
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), spoil->sql);

    dbc_bind_uuid(s, spoil->id);
    return dbc_done(s, dbc_execute(s, call));
}

static void spoil_row(struct saga_world *world, struct uuid id, int n)
{
    static const char *const SPOILT[SPOILS] = {
        "UPDATE saga SET state = 'RESTING' WHERE id = ?",
        "UPDATE saga SET data = CONCAT('{\"name\":\"', REPEAT('x', 4096), '\"}') WHERE id = ?",
        "UPDATE saga SET type = REPEAT('김', 47) WHERE id = ?",
        "UPDATE saga SET step = REPEAT('옥', 47), state = REPEAT('家', 16) WHERE id = ?",
    };
    struct spoil spoil = {SPOILT[n], id};
    struct call call = test_call();

    assert_status(ST_OK, transactor_run(world->transactor, &call, run_spoil, &spoil));
}

/* To the rows it is the same whether the clock goes back or they go forward. */
static enum status run_set_back(struct transaction *tx, const struct call *call, void *arg)
{
    static const char SQL[] = "UPDATE saga SET wake_at = wake_at + INTERVAL ? SECOND, deadline_at "
                              "= deadline_at + INTERVAL ? SECOND,"
                              " started_at = started_at + INTERVAL ? SECOND, updated_at = "
                              "updated_at + INTERVAL ? SECOND WHERE done = 0";
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), SQL);

    for (int i = 0; i < 4; i++)
        dbc_bind_int(s, *(int64_t *)arg);
    return dbc_done(s, dbc_execute(s, call));
}

static void set_back(struct saga_world *world, int64_t ms)
{
    struct call call = test_call();
    int64_t s = ms / 1000;

    assert_status(ST_OK, transactor_run(world->transactor, &call, run_set_back, &s));
}

/* No row whatever stops the claim of the others; and the fence still tells writers apart. */
static void a_version_that_cannot_rise_begins_anew(void **state)
{
    struct saga_world *world = *state;
    struct saga_store *sagas = world->sagas;
    struct saga_record record = saga_row_stored(world, 0), stale, out;
    struct spoil spoil = {"UPDATE saga SET version = 4294967295 WHERE id = ?", record.view.id};
    struct call call = test_call();

    assert_status(ST_OK, transactor_run(world->transactor, &call, run_spoil, &spoil));
    stale = saga_row_found(world, record.view.id);
    assert_true(saga_row_claimed_in_time(world, record.view.id, LONG_MS, &out));
    assert_int_equal(0, out.version);
    assert_status(ST_STALE, sagas->ops->update(sagas, NULL, &call, &stale, LONG_MS));
    assert_status(ST_OK, transactor_run(world->transactor, &call, run_spoil, &spoil));
    assert_status(ST_OK, sagas->ops->set_aside(sagas, &call, &stale, LONG_MS));
    assert_status(ST_OK, transactor_run(world->transactor, &call, run_spoil, &spoil));
    saga_row_end(world, &stale);
    assert_int_equal(0, stale.version);
}

static int rows_of_mysql(struct saga_world *world)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_version_that_cannot_rise_begins_anew, world),
    };

    return cmocka_run_group_tests_name("saga rows of MariaDB", tests, NULL, NULL);
}

static int run(const struct mariadb_server *server)
{
    struct dbc_config config = mariadb_server_config(server, "hanok_auth", 16);
    struct dbc_pool *pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    struct saga_world world = {dbc_transactor_create(pool), saga_store_mysql_create(pool),
                               spoil_row, set_back, NULL};
    int failed = saga_store_contract(&world) + saga_aside_contract(&world) +
                 saga_clock_contract(&world) + rows_of_mysql(&world);

    saga_world_fini(&world);
    dbc_pool_destroy(pool);
    return failed;
}

int main(void)
{
    struct mariadb_server server;
    int failed = 1;

    if (mariadb_server_init(&server, NULL) &&
        mariadb_server_schema(&server, "hanok_auth", "dataservice/migrations/auth"))
        failed = run(&server);
    mariadb_server_fini(&server);
    return failed;
}
