/* unsynced.c - see unsynced.h. */
#include "test/support/unsynced.h"

#include "test/support/calls.h"
#include "tool/dbc/transactor.h"

bool unsynced_init(struct unsynced *u, const char *schema, const char *migrations)
{
    static const char *const OPTIONS[] = {"--innodb-flush-log-at-timeout=2700", NULL};
    struct dbc_config config;

    if (!mariadb_server_init(&u->server, OPTIONS) ||
        !mariadb_server_schema(&u->server, schema, migrations))
        return false;
    config = mariadb_server_config(&u->server, schema, 4);
    u->pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    u->transactor = dbc_transactor_create(u->pool);
    return true;
}

void unsynced_fini(struct unsynced *u)
{
    if (u->transactor)
        u->transactor->ops->destroy(u->transactor);
    dbc_pool_destroy(u->pool);
    mariadb_server_fini(&u->server);
}

static void set_sync(struct unsynced *u, const char *sql)
{
    assert_true(mariadb_server_sql(&u->server, sql));
}

void unsynced_commit(struct unsynced *u, transaction_fn body, void *arg)
{
    struct call call = test_call();

    set_sync(u, "SET GLOBAL innodb_flush_log_at_trx_commit = 0");
    assert_status(ST_OK, transactor_run(u->transactor, &call, body, arg));
    set_sync(u, "SET GLOBAL innodb_flush_log_at_trx_commit = 1");
}

void unsynced_kill(struct unsynced *u)
{
    mariadb_server_kill(&u->server);
    assert_true(mariadb_server_start(&u->server));
}
