/* view_tables_test.c - the two tables of the dashboard in MariaDB change their names while others
 * read and write. */
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/transactor.h"
#include "tool/store/mysql/store_mysql.h"
#include "tool/store/mysql/view_tables_mysql.h"
#include "usecase/dashboard/keeping.h"

enum { SWAPS = 20, WRITERS = 3, READERS = 3, VERSIONS = 30, RACERS = 1 + WRITERS + READERS };
enum { TOGETHER = 100, TIMES = 10, FENCE = 7 };

static struct mariadb_server server;

struct world {
    struct dbc_pool *pool;
    struct dashboards dashboards;
    atomic_uint reads;
    atomic_bool swapped;
};

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);
    struct dbc_config config = mariadb_server_config(&server, "hanok_dashboard", RACERS + 1);
    struct dashboards *d = &w->dashboards;

    log_set_fd(-1);
    assert_true(mariadb_server_sql(&server, "DELETE FROM hanok_dashboard.dashboard"));
    assert_true(mariadb_server_sql(&server, "DELETE FROM hanok_dashboard.dashboard_next"));
    assert_true(mariadb_server_sql(&server, "DELETE FROM hanok_dashboard.rebuild"));
    assert_true(mariadb_server_sql(&server, "REPLACE INTO hanok_dashboard.job_lease"
                                            " VALUES ('" VIEW_TABLES_JOB
                                            "', REPEAT('h', 16), 7, NOW(6), NOW(6))"));
    w->pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    d->rows = store_mysql_create(w->pool, &DASHBOARD_TABLE);
    d->next = store_mysql_create(w->pool, &DASHBOARD_NEXT_TABLE);
    d->rebuilds = store_mysql_create(w->pool, &DASHBOARD_REBUILD_TABLE);
    d->transactor = dbc_transactor_create(w->pool);
    d->tables = view_tables_mysql_create(w->pool, &DASHBOARD_TABLE, &DASHBOARD_NEXT_TABLE);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    struct dashboards *d = &w->dashboards;

    view_tables_destroy(d->tables);
    d->transactor->ops->destroy(d->transactor);
    store_destroy(d->rows);
    store_destroy(d->next);
    store_destroy(d->rebuilds);
    dbc_pool_destroy(w->pool);
    free(w);
    return 0;
}

static struct uuid order_of(int writer)
{
    return (struct uuid){
        {1, (uint8_t)writer}
    };
}

struct keeping {
    struct dashboards *dashboards;
    struct dashboard news;
};

static enum status run_keep(struct transaction *tx, const struct call *call, void *arg)
{
    const struct keeping *keeping = arg;

    return dashboard_keep(keeping->dashboards, tx, call, &keeping->news);
}

static enum status keep(struct world *w, int writer, int64_t version)
{
    struct keeping keeping = {
        &w->dashboards, {.order_id = order_of(writer), .ticket = {.version = version}}
    };
    struct call call = test_call();

    TEXT_COPY(keeping.news.ticket.status, "ACCEPTED");
    return transactor_run(w->dashboards.transactor, &call, run_keep, &keeping);
}

/* Not faster than statements can be prepared anew for it. */
static void swap_often(struct world *w, const struct call *call)
{
    for (int n = 0; n < SWAPS; n++) {
        unsigned before = atomic_load(&w->reads);

        assert_status(ST_OK, view_tables_swap(w->dashboards.tables, call, FENCE));
        while (atomic_load(&w->reads) - before < 10 * READERS && !call_expired(call))
            sched_yield();
    }
    atomic_store(&w->swapped, true);
}

static void race(void *arg, int i)
{
    struct world *w = arg;
    struct call call = test_call();
    struct dashboard row;
    const struct uuid first = order_of(1);

    if (i == 0) {
        swap_often(w, &call);
        return;
    }
    for (int64_t version = 2; i <= WRITERS && version <= VERSIONS; version++)
        assert_status(ST_OK, keep(w, i, version));
    while (i > WRITERS && !atomic_load(&w->swapped)) {
        assert_status(ST_OK, store_find(w->dashboards.rows, NULL, &call, NULL, &first, &row));
        assert_true(row.ticket.version >= 1);
        atomic_fetch_add(&w->reads, 1);
    }
}

static void nobody_notices_that_tables_change_their_names(void **state)
{
    struct world *w = *state;
    struct dashboard_rebuild rebuild = {.id = DASHBOARD_REBUILD_ID, .state = REBUILD_READING};
    struct call call = test_call();
    struct dashboard row;

    assert_status(ST_OK, store_insert(w->dashboards.rebuilds, NULL, &call, &rebuild, NULL));
    for (int i = 1; i <= WRITERS; i++)
        assert_status(ST_OK, keep(w, i, 1));
    test_race(RACERS, race, w);
    for (int i = 1; i <= WRITERS; i++) {
        const struct uuid id = order_of(i);
        struct store *const both[] = {w->dashboards.rows, w->dashboards.next};

        for (size_t k = 0; k < ARRAY_LEN(both); k++) {
            assert_status(ST_OK, store_find(both[k], NULL, &call, NULL, &id, &row));
            assert_int_equal(row.ticket.version, VERSIONS);
            assert_int_equal(row.status, DASHBOARD_ACCEPTED);
        }
    }
}

struct keeping_many {
    struct dashboards *dashboards;
    struct dashboard news[TOGETHER];
};

static enum status run_keep_many(struct transaction *tx, const struct call *call, void *arg)
{
    struct keeping_many *keeping = arg;

    return dashboard_keep_many(keeping->dashboards->next, tx, call, keeping->news, TOGETHER);
}

/* As long as it takes: each may be in the way of the others. */
static void keep_many(struct world *w, int64_t version)
{
    struct keeping_many *keeping = MEM_NEW(struct keeping_many);
    struct call call = test_call();
    enum status st;

    keeping->dashboards = &w->dashboards;
    for (int i = 0; i < TOGETHER; i++) {
        struct dashboard said = {.order_id = order_of(i + 1), .order = {.version = version}};
        TEXT_COPY(said.order.status, "CONFIRMED");
        dashboard_join(&keeping->news[i], &said);
    }
    do {
        st = transactor_run(w->dashboards.transactor, &call, run_keep_many, keeping);
    } while (st == ST_UNAVAILABLE && !call_expired(&call));
    assert_status(ST_OK, st);
    free(keeping);
}

static void keep_at_once(void *arg, int i)
{
    struct world *w = arg;
    struct call call = test_call();
    enum status st;

    for (int64_t version = 1; i == 0 && version <= TIMES; version++)
        keep_many(w, version);
    for (int64_t version = 1; i > 0 && version <= VERSIONS; version++) {
        while ((st = keep(w, i, version)) == ST_UNAVAILABLE && !call_expired(&call))
            ;
        assert_status(ST_OK, st);
    }
}

/* Those of the writers, and 97 others. */
static void rows_are_kept_together_while_others_keep_some_of_them(void **state)
{
    struct world *w = *state;
    struct dashboard_rebuild rebuild = {.id = DASHBOARD_REBUILD_ID, .state = REBUILD_READING};
    struct call call = test_call();
    struct dashboard row;

    assert_status(ST_OK, store_insert(w->dashboards.rebuilds, NULL, &call, &rebuild, NULL));
    test_race(1 + WRITERS, keep_at_once, w);
    for (int i = 1; i <= TOGETHER; i++) {
        const struct uuid id = order_of(i);
        assert_status(ST_OK, store_find(w->dashboards.next, NULL, &call, NULL, &id, &row));
        assert_int_equal(row.order.version, TIMES);
        assert_int_equal(row.ticket.version, i <= WRITERS ? VERSIONS : 0);
        assert_int_equal(row.status, i <= WRITERS ? DASHBOARD_ACCEPTED : DASHBOARD_ORDERED);
    }
}

static void only_the_one_that_is_built_is_emptied(void **state)
{
    struct world *w = *state;
    const struct uuid id = order_of(1);
    struct call call = test_call();
    struct dashboard row;

    assert_status(ST_OK, keep(w, 1, 3)); /* no rebuild is under way: into one table */
    assert_status(ST_NOT_FOUND, store_find(w->dashboards.next, NULL, &call, NULL, &id, &row));
    assert_status(ST_OK, view_tables_swap(w->dashboards.tables, &call, FENCE));
    assert_status(ST_NOT_FOUND, store_find(w->dashboards.rows, NULL, &call, NULL, &id, &row));
    assert_status(ST_OK, store_find(w->dashboards.next, NULL, &call, NULL, &id, &row));
    assert_status(ST_OK, view_tables_empty(w->dashboards.tables, &call, FENCE));
    assert_status(ST_NOT_FOUND, store_find(w->dashboards.next, NULL, &call, NULL, &id, &row));
}

static void swap_at_once(void *arg, int i)
{
    struct world *w = arg;
    struct call call = test_call();

    (void)i;
    for (int n = 0; n < TIMES; n++)
        assert_status(ST_OK, view_tables_swap(w->dashboards.tables, &call, FENCE));
}

/* Neither a mistake nor who was overtaken leaves the lock behind. */
static void who_was_overtaken_changes_no_table(void **state)
{
    struct world *w = *state;
    struct view_tables *tables = w->dashboards.tables;
    const struct uuid id = order_of(1);
    struct call call = test_call();
    struct dashboard row;

    assert_status(ST_OK, keep(w, 1, 3));
    assert_status(ST_STALE, view_tables_swap(tables, &call, FENCE - 1));
    assert_status(ST_OK, store_find(w->dashboards.rows, NULL, &call, NULL, &id, &row));
    assert_status(ST_OK, view_tables_swap(tables, &call, FENCE));
    assert_status(ST_STALE, view_tables_empty(tables, &call, FENCE - 1));
    assert_status(ST_STALE, view_tables_empty(tables, &call, FENCE + 1));
    assert_status(ST_OK, store_find(w->dashboards.next, NULL, &call, NULL, &id, &row));
    assert_true(mariadb_server_sql(
        &server, "RENAME TABLE hanok_dashboard.dashboard_next TO hanok_dashboard.elsewhere"));
    assert_status(ST_INTERNAL, view_tables_empty(tables, &call, FENCE));
    assert_true(mariadb_server_sql(
        &server, "RENAME TABLE hanok_dashboard.elsewhere TO hanok_dashboard.dashboard_next"));
    test_race(WRITERS, swap_at_once, w);
}

struct keeping_all {
    struct dashboards *dashboards;
    struct dashboard news[WRITERS];
};

static enum status run_keep_all(struct transaction *tx, const struct call *call, void *arg)
{
    struct keeping_all *keeping = arg;

    return dashboard_keep_heard(keeping->dashboards, tx, call, keeping->news, WRITERS);
}

static void keep_all(struct world *w, int64_t version)
{
    struct keeping_all keeping = {.dashboards = &w->dashboards};
    struct call call = test_call();

    for (int i = 0; i < WRITERS; i++) {
        struct dashboard *news = &keeping.news[i];
        news->order_id = order_of(1 + i);
        news->ticket.version = version;
        TEXT_COPY(news->ticket.status, "ACCEPTED");
        dashboard_derive(news);
    }
    assert_status(ST_OK, transactor_run(w->dashboards.transactor, &call, run_keep_all, &keeping));
}

static void what_is_kept_at_once_goes_where_each_would(void **state)
{
    static const struct {
        int64_t version, then;
    } STEPS[] = {
        {2, 2}, /* one is there already, the others are not */
        {4, 4},
        {3, 4},
        {4, 4},
    };
    struct world *w = *state;
    struct store *const both[] = {w->dashboards.rows, w->dashboards.next};
    struct dashboard_rebuild rebuild = {.id = DASHBOARD_REBUILD_ID, .state = REBUILD_READING};
    struct call call = test_call();
    struct dashboard row;

    assert_status(ST_OK, store_insert(w->dashboards.rebuilds, NULL, &call, &rebuild, NULL));
    assert_status(ST_OK, keep(w, 1, 1));
    for (size_t s = 0; s < ARRAY_LEN(STEPS); s++) {
        keep_all(w, STEPS[s].version);
        for (size_t k = 0; k < 2 * WRITERS; k++) {
            const struct uuid id = order_of(1 + (int)k / 2);
            assert_status(ST_OK, store_find(both[k % 2], NULL, &call, NULL, &id, &row));
            assert_int_equal(row.ticket.version, STEPS[s].then);
            assert_int_equal(row.status, DASHBOARD_ACCEPTED);
        }
    }
}

/* Along an index, by anybody. */
static int64_t rows_walked(struct world *w, const struct call *call)
{
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    int64_t n = -1;
    enum status st;

    assert_status(ST_OK, dbc_take(w->pool, call, &conn));
    s = dbc_prepare(conn, "SELECT CAST(SUM(VARIABLE_VALUE) AS SIGNED) FROM"
                          " information_schema.GLOBAL_STATUS"
                          " WHERE VARIABLE_NAME IN ('HANDLER_READ_PREV', 'HANDLER_READ_NEXT')");
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_int(s, &n);
    assert_status(ST_OK, dbc_done(s, st));
    dbc_give(w->pool, conn);
    return n;
}

/* Those of a status that few have, behind all others. */
static void a_list_by_status_reads_what_it_tells(void **state)
{
    struct world *w = *state;
    const int status = DASHBOARD_PAYMENT_DEFERRED;
    const struct store_list list = {
        .where = {{"status", &status}}, .sort = "ordered_at", .descending = true};
    struct dashboard *rows = mem_alloc(TOGETHER, sizeof(*rows));
    struct call call = test_call();
    size_t n = 0;
    int64_t before;

    keep_many(w, 1);
    assert_true(mariadb_server_sql(
        &server,
        "UPDATE hanok_dashboard.dashboard_next SET status = 'PAYMENT_DEFERRED',"
        " ordered_at = '2026-01-01' WHERE order_id < x'01050000000000000000000000000000'"));
    assert_true(mariadb_server_sql(
        &server, "UPDATE hanok_dashboard.dashboard_next SET ordered_at = '2026-02-01'"
                 " WHERE status <> 'PAYMENT_DEFERRED'"));
    assert_status(ST_OK, view_tables_swap(w->dashboards.tables, &call, FENCE));
    assert_status(ST_OK, store_list(w->dashboards.rows, NULL, &call, &list, TOGETHER, rows, &n));
    before = rows_walked(w, &call);
    assert_status(ST_OK, store_list(w->dashboards.rows, NULL, &call, &list, TOGETHER, rows, &n));
    assert_int_equal(n, 4);
    assert_in_range(rows_walked(w, &call) - before, n, 2 * n);
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nobody_notices_that_tables_change_their_names, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(rows_are_kept_together_while_others_keep_some_of_them,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(only_the_one_that_is_built_is_emptied, setup, teardown),
        cmocka_unit_test_setup_teardown(who_was_overtaken_changes_no_table, setup, teardown),
        cmocka_unit_test_setup_teardown(a_list_by_status_reads_what_it_tells, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_kept_at_once_goes_where_each_would, setup,
                                        teardown),
    };
    int failed = 1;

    if (mariadb_server_init(&server, NULL) &&
        mariadb_server_schema(&server, "hanok_dashboard", "dataservice/migrations/dashboard"))
        failed = cmocka_run_group_tests(tests, NULL, NULL);
    mariadb_server_fini(&server);
    return failed;
}
