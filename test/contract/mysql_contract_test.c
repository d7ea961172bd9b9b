/* mysql_contract_test.c - the MariaDB implementations keep the contracts, on a private server with
 * the schemas as migrated. */
#include "test/contract/saga_rows.h"
#include "test/support/mariadb_server.h"
#include "tool/dbc/statement.h"
#include "tool/dbc/transactor.h"
#include "tool/once/mysql/barrier_mysql.h"
#include "tool/saga/mysql/saga_store_mysql.h"
#include "tool/store/mysql/store_mysql.h"

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

static void spoil_row(struct contract *contract, struct uuid id, int n)
{
    static const char *const SPOILT[SPOILS] = {
        "UPDATE saga SET state = 'RESTING' WHERE id = ?",
        "UPDATE saga SET data = CONCAT('{\"name\":\"', REPEAT('x', 4096), '\"}') WHERE id = ?",
        "UPDATE saga SET type = REPEAT('김', 47) WHERE id = ?",
        "UPDATE saga SET step = REPEAT('옥', 47), state = REPEAT('家', 16) WHERE id = ?",
    };
    struct spoil spoil = {SPOILT[n], id};
    struct call call = test_call();

    assert_status(ST_OK, transactor_run(contract->auth, &call, run_spoil, &spoil));
}

/* No row whatever stops the claim of the others; and the fence still tells writers apart. */
static void a_version_that_cannot_rise_begins_anew(void **state)
{
    struct contract *contract = *state;
    struct saga_store *sagas = contract->sagas;
    struct saga_record record = saga_row_stored(contract, 0), stale, out;
    struct spoil spoil = {"UPDATE saga SET version = 4294967295 WHERE id = ?", record.view.id};
    struct call call = test_call();

    assert_status(ST_OK, transactor_run(contract->auth, &call, run_spoil, &spoil));
    stale = saga_row_found(contract, record.view.id);
    assert_true(saga_row_claimed_in_time(contract, record.view.id, LONG_MS, &out));
    assert_int_equal(0, out.version);
    assert_status(ST_STALE, sagas->ops->update(sagas, NULL, &call, &stale, LONG_MS));
    assert_status(ST_OK, transactor_run(contract->auth, &call, run_spoil, &spoil));
    assert_status(ST_OK, sagas->ops->set_aside(sagas, &call, &stale, LONG_MS));
    assert_status(ST_OK, transactor_run(contract->auth, &call, run_spoil, &spoil));
    saga_row_end(contract, &stale);
    assert_int_equal(0, stale.version);
}

static int rows_of_mysql(struct contract *contract)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_version_that_cannot_rise_begins_anew, contract),
    };

    return cmocka_run_group_tests_name("saga rows of MariaDB", tests, NULL, NULL);
}

static int run(const struct mariadb_server *server)
{
    struct dbc_config auth_config = mariadb_server_config(server, "hanok_auth", 16);
    struct dbc_pool *auth = dbc_pool_create(&auth_config, &CLOCK_SYSTEM);
    struct contract contract = {
        .auth = dbc_transactor_create(auth),
        .accounts = store_mysql_create(auth, &ACCOUNT_TABLE),
        .sagas = saga_store_mysql_create(auth),
        .spoil = spoil_row,
        .barrier = barrier_mysql_create(auth),
    };
    int failed = contract_run(&contract) + rows_of_mysql(&contract);

    contract_fini(&contract);
    dbc_pool_destroy(auth);
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
