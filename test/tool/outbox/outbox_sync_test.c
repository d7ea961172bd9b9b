/* outbox_sync_test.c - MariaDB shows what is committed before it is on disk. What is given to be
 * sent is on disk: it is there after a kill. */
#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "tool/core/mem.h"
#include "tool/dbc/transactor.h"
#include "tool/outbox/mysql/outbox_mysql.h"

enum { ALL = (1 << EVENT_PARTITIONS) - 1 };

struct world {
    struct mariadb_server server;
    struct dbc_pool *pool;
    struct transactor *transactor;
    struct outbox *outbox;
};

static enum status append(struct transaction *tx, const struct call *call, void *arg)
{
    struct world *w = arg;
    struct uuid key = test_uuid();
    struct outbox_event event = {test_uuid(), key, event_partition(key), "shop.said", "{}"};

    return w->outbox->ops->append(w->outbox, tx, call, &event);
}

static size_t pending(struct world *w, struct outbox_row *row)
{
    struct call call = test_call();
    struct outbox_row *const at[] = {row};
    size_t n = 0;

    assert_status(ST_OK, w->outbox->ops->pending(w->outbox, &call, ALL, 1, at, &n));
    return n;
}

static void what_is_given_to_be_sent_is_on_disk(void **state)
{
    struct world *w = *state;
    struct outbox_row *row = MEM_NEW(struct outbox_row), *again = MEM_NEW(struct outbox_row);
    struct call call = test_call();

    /* The moment between a commit and its sync, as long as we like. */
    assert_true(mariadb_server_sql(&w->server, "SET GLOBAL innodb_flush_log_at_trx_commit = 0"));
    assert_status(ST_OK, transactor_run(w->transactor, &call, append, w));
    assert_true(mariadb_server_sql(&w->server, "SET GLOBAL innodb_flush_log_at_trx_commit = 1"));
    assert_int_equal(pending(w, row), 1);
    mariadb_server_kill(&w->server);
    assert_true(mariadb_server_start(&w->server));
    assert_int_equal(pending(w, again), 1);
    assert_true(uuid_equal(row->id, again->id));
    free(row);
    free(again);
}

static int setup(void **state)
{
    static const char *const OPTIONS[] = {"--innodb-flush-log-at-timeout=2700", NULL};
    struct world *w = MEM_NEW(struct world);
    struct dbc_config config;

    *state = w;
    if (!mariadb_server_init(&w->server, OPTIONS) ||
        !mariadb_server_schema(&w->server, "hanok_auth", "dataservice/migrations/auth"))
        return -1;
    config = mariadb_server_config(&w->server, "hanok_auth", 4);
    w->pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    w->transactor = dbc_transactor_create(w->pool);
    w->outbox = outbox_mysql_create(w->pool, &ENTROPY_SYSTEM, NULL, NULL);
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    if (w->pool) {
        w->outbox->ops->destroy(w->outbox);
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
        cmocka_unit_test(what_is_given_to_be_sent_is_on_disk),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
