/* outbox_mysql_test.c - the outbox in MariaDB keeps the contract, on a private server with a schema
 * as migrated. */
#include <poll.h>
#include <stdatomic.h>
#include <time.h>

#include "test/support/mariadb_server.h"
#include "test/tool/outbox/outbox_contract.h"
#include "test/tool/outbox/partition_lease_contract.h"
#include "tool/dbc/column.h"
#include "tool/dbc/transactor.h"
#include "tool/outbox/mysql/outbox_mysql.h"

enum { PATIENCE_S = 60 };

/* ---- a takeover while marks are written ---- */

struct takeover {
    struct dbc_pool *pool;
    struct transactor *transactor;
    struct outbox *outbox;
    struct uuid key, former;
    struct outbox_row row;
    atomic_bool taken; /* in a transaction that is open */
};

static enum status say(struct transaction *tx, const struct call *call, void *arg)
{
    struct takeover *t = arg;
    struct outbox_event event = {test_uuid(), t->key, event_partition(t->key), "shop.said", "{}"};

    return t->outbox->ops->append(t->outbox, tx, call, &event);
}

static size_t pending(struct takeover *t)
{
    struct call call = test_call();
    struct outbox_row *const at[] = {&t->row};
    size_t n = 0;

    assert_status(ST_OK, t->outbox->ops->pending(
                             t->outbox, &call, UINT32_C(1) << event_partition(t->key), 1, at, &n));
    return n;
}

static int64_t waiting(struct dbc_pool *pool)
{
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    int64_t n = 0;
    struct dbc_stmt *s;

    assert_status(ST_OK, dbc_take(pool, &call, &conn));
    s = dbc_prepare(conn, "SELECT COUNT(*) FROM information_schema.innodb_trx"
                          " WHERE trx_state = 'LOCK WAIT'");
    assert_status(ST_OK, dbc_execute(s, &call));
    assert_true(dbc_next(s));
    dbc_col_int(s, &n);
    assert_status(ST_OK, dbc_done(s, ST_OK));
    dbc_give(pool, conn);
    return n;
}

static enum status take_over(struct transaction *tx, const struct call *call, void *arg)
{
    struct takeover *t = arg;
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), "UPDATE job_lease SET holder = ?");
    time_t give_up = time(NULL) + PATIENCE_S;
    enum status st;

    dbc_bind_uuid(s, test_uuid());
    st = dbc_done(s, dbc_execute(s, call));
    atomic_store(&t->taken, true);
    while (waiting(t->pool) == 0 && time(NULL) < give_up)
        poll(NULL, 0, 150); /* who looks more often is told what was there before */
    return st;
}

static void take_over_or_mark(void *arg, int i)
{
    struct takeover *t = arg;
    struct call call = test_call();
    struct outbox_sent sent = {t->row.seq, 7, t->row.id, t->row.partition};

    if (i == 0) {
        assert_status(ST_OK, transactor_run(t->transactor, &call, take_over, t));
        return;
    }
    while (!atomic_load(&t->taken)) {
    }
    assert_status(ST_OK, t->outbox->ops->sent(t->outbox, &call, t->former, &sent, 1, NULL));
}

static void who_marks_waits_for_who_takes_over(void **state)
{
    struct takeover *t = *state;
    struct partition_lease *lease = partition_lease_mysql_create(t->pool);
    struct call call = test_call();
    uint32_t held;
    unsigned holders;

    assert_status(ST_OK, transactor_run(t->transactor, &call, say, t));
    assert_status(ST_OK, lease->ops->hold(lease, &call, t->former, 600000, &held, &holders));
    assert_true(held >> event_partition(t->key) & 1);
    assert_int_equal(1, pending(t));
    test_race(2, take_over_or_mark, t);
    assert_int_equal(1, pending(t));
    lease->ops->destroy(lease);
}

static int run_takeover(struct dbc_pool *pool, struct transactor *transactor, struct outbox *outbox)
{
    static struct takeover t;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(who_marks_waits_for_who_takes_over, &t),
    };

    t = (struct takeover){.pool = pool,
                          .transactor = transactor,
                          .outbox = outbox,
                          .key = test_uuid(),
                          .former = test_uuid()};
    return cmocka_run_group_tests_name("takeover", tests, NULL, NULL);
}

static int run(const struct mariadb_server *server)
{
    struct dbc_config config = mariadb_server_config(server, "hanok_auth", 16);
    struct dbc_pool *pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    struct partition_lease *lease = partition_lease_mysql_create(pool);
    struct outbox_world world = {dbc_transactor_create(pool),
                                 outbox_mysql_create(pool, &ENTROPY_SYSTEM, NULL, NULL), lease};
    int failed = run_takeover(pool, world.transactor, world.outbox);

    if (!mariadb_server_sql(server, "DELETE FROM hanok_auth.job_lease") ||
        !mariadb_server_sql(server, "DELETE FROM hanok_auth.outbox"))
        failed++;
    failed += outbox_contract(&world) + partition_lease_contract(lease);

    lease->ops->destroy(lease);
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
