/* barrier_sync_test.c - MariaDB shows what is committed before it is on disk. What is told of a
 * message that came before is on disk: it is there after a kill. */
#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "tool/core/mem.h"
#include "tool/dbc/transactor.h"
#include "tool/once/mysql/barrier_mysql.h"

struct world {
    struct mariadb_server server;
    struct dbc_pool *pool;
    struct transactor *transactor;
    struct barrier *barrier;
};

static enum status enter(struct transaction *tx, const struct call *call, void *arg)
{
    struct world *w = arg;
    char seen[BARRIER_OUTCOME_MAX + 1];

    return w->barrier->ops->enter(w->barrier, tx, call, "shop.order", "7", "done", seen);
}

static enum status find(struct world *w)
{
    struct call call = test_call();
    char outcome[BARRIER_OUTCOME_MAX + 1];

    return w->barrier->ops->find(w->barrier, &call, "shop.order", "7", outcome);
}

static void what_is_found_is_on_disk(void **state)
{
    struct world *w = *state;
    struct call call = test_call();

    /* The moment between a commit and its sync, as long as we like. */
    assert_true(mariadb_server_sql(&w->server, "SET GLOBAL innodb_flush_log_at_trx_commit = 0"));
    assert_status(ST_OK, transactor_run(w->transactor, &call, enter, w));
    assert_true(mariadb_server_sql(&w->server, "SET GLOBAL innodb_flush_log_at_trx_commit = 1"));
    assert_status(ST_OK, find(w));
    mariadb_server_kill(&w->server);
    assert_true(mariadb_server_start(&w->server));
    assert_status(ST_OK, find(w));
}

static int setup(void **state)
{
    static const char *const OPTIONS[] = {"--innodb-flush-log-at-timeout=2700", NULL};
    struct world *w = MEM_NEW(struct world);
    struct dbc_config config;

    *state = w;
    if (!mariadb_server_init(&w->server, OPTIONS) ||
        !mariadb_server_schema(&w->server, "hanok_user", "dataservice/migrations/user"))
        return -1;
    config = mariadb_server_config(&w->server, "hanok_user", 4);
    w->pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    w->transactor = dbc_transactor_create(w->pool);
    w->barrier = barrier_mysql_create(w->pool);
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    if (w->pool) {
        w->barrier->ops->destroy(w->barrier);
        w->transactor->ops->destroy(w->transactor);
        dbc_pool_destroy(w->pool);
    }
    mariadb_server_fini(&w->server);
    free(w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_found_is_on_disk),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
