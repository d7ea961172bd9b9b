/* store_batch_test.c - what a batch of questions survives on a real MariaDB: a connection that dies
 * under it, a row that cannot be read, a deadline that ends while it is asked; and what it costs to
 * ask for a page. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "test/tool/store/thing_server.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/dbc_text.h"
#include "tool/dbc/pool.h"
#include "tool/store/mysql/store_mysql.h"

enum { N = 6, MANY = 250, SPOILT = 3, MISSING = 5 };

static struct thing_server w;
static struct dbc_conn *lock; /* holds the table, while it does */

/* A batch in a thread of its own. */
struct batch {
    pthread_t thread;
    struct call calls[N];
    struct thing want[N], got[N];
    struct question asked[N];
};

static void admin_sql(struct dbc_conn *conn, const char *sql)
{
    char why[256] = "";

    if (dbc_run_text(conn, sql, why, sizeof(why)) != ST_OK)
        fail_msg("%s: %s", sql, why);
}

/* Until unlock, every question to the table waits. */
static void lock_table(void)
{
    struct call call = test_call();

    assert_status(ST_OK, dbc_take(w.admin, &call, &lock));
    admin_sql(lock, "LOCK TABLES thing WRITE");
}

static void unlock_table(void)
{
    admin_sql(lock, "UNLOCK TABLES");
    dbc_give(w.admin, lock);
    lock = NULL;
}

static void *answer(void *arg)
{
    struct batch *batch = arg;

    store_answer(w.things, NULL, offsetof(struct thing, id), batch->asked, N);
    return NULL;
}

static void batch_start(struct batch *batch, int64_t first_timeout_ms)
{
    memset(batch, 0, sizeof(*batch));
    for (int i = 0; i < N; i++) {
        batch->calls[i] = test_call();
        batch->want[i].id = (struct uuid){{(uint8_t)(i + 1)}};
        batch->asked[i] =
            (struct question){&batch->calls[i], &batch->want[i], &batch->got[i], ST_INTERNAL};
    }
    if (first_timeout_ms)
        batch->calls[0].deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + first_timeout_ms;
    assert_int_equal(pthread_create(&batch->thread, NULL, answer, batch), 0);
}

/* Waits for a question to wait for the table; the id of its connection. */
static int64_t waiting_conn(void)
{
    static const char SQL[] =
        "SELECT COALESCE(MAX(id), 0) FROM information_schema.processlist"
        " WHERE state LIKE 'Waiting for table%' AND info LIKE '%FROM `thing`%'";
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    int64_t id = 0;

    assert_status(ST_OK, dbc_take(w.admin, &call, &conn));
    while (id == 0) {
        struct dbc_stmt *s = dbc_prepare(conn, SQL);
        enum status st = dbc_execute(s, &call);
        if (st == ST_OK && dbc_next(s))
            dbc_col_int(s, &id);
        assert_status(ST_OK, dbc_done(s, st));
    }
    dbc_give(w.admin, conn);
    return id;
}

static void assert_answers(struct batch *batch, int spoilt)
{
    pthread_join(batch->thread, NULL);
    for (int i = 0; i < N; i++) {
        assert_status(i == MISSING  ? ST_NOT_FOUND
                      : i == spoilt ? ST_INTERNAL
                                    : ST_OK,
                      batch->asked[i].st);
        if (batch->asked[i].st == ST_OK)
            assert_int_equal(batch->got[i].amount, (i + 1) * 100);
    }
}

static void a_connection_that_dies_fails_nobody(void **state)
{
    struct batch batch;
    char sql[48];

    (void)state;
    lock_table();
    batch_start(&batch, 0);
    snprintf(sql, sizeof(sql), "KILL %lld", (long long)waiting_conn());
    assert_true(mariadb_server_sql(&w.server, sql));
    unlock_table();
    assert_answers(&batch, -1);
}

static void a_row_that_cannot_be_read_fails_who_asked_for_it(void **state)
{
    struct batch batch;

    (void)state;
    /* Eight characters, as the column allows, and more bytes than the member has. */
    assert_true(mariadb_server_sql(&w.server,
                                   "UPDATE store.thing SET note = '🏠🏠🏠🏠🏠🏠🏠🏠' WHERE code = 'c3'"));
    batch_start(&batch, 0);
    assert_answers(&batch, SPOILT);
    assert_true(mariadb_server_sql(&w.server, "UPDATE store.thing SET note = NULL"));
}

static void a_deadline_that_ends_meanwhile_is_its_own(void **state)
{
    struct batch batch;

    (void)state;
    lock_table();
    batch_start(&batch, 50);
    waiting_conn();
    while (!call_expired(&batch.calls[0]))
        sched_yield();
    unlock_table();
    assert_answers(&batch, -1); /* all others by all means; the first one's answer finds nobody */
}

static void a_server_that_is_gone_is_said_to_each(void **state)
{
    struct batch batch;

    (void)state;
    mariadb_server_kill(&w.server);
    batch_start(&batch, 0);
    pthread_join(batch.thread, NULL);
    for (int i = 0; i < N; i++)
        assert_status(ST_UNAVAILABLE, batch.asked[i].st);
    assert_true(mariadb_server_start(&w.server));
    do {
        batch_start(&batch, 0);
        pthread_join(batch.thread, NULL);
    } while (batch.asked[0].st == ST_UNAVAILABLE && !call_expired(&batch.calls[0]));
    batch_start(&batch, 0);
    assert_answers(&batch, -1);
}

static int set_up(void **state)
{
    (void)state;
    if (!thing_server_init(&w))
        return -1;
    log_set_fd(-1);
    for (int i = 0; i < N; i++) {
        struct call call = test_call();
        struct thing row;
        char code[16];
        snprintf(code, sizeof(code), "c%d", i);
        row = thing_made((uint8_t)(i + 1), code, code);
        if (i != MISSING && store_insert(w.things, NULL, &call, &row, NULL) != ST_OK)
            return -1;
    }
    return 0;
}

/* So far, by anybody. */
static int64_t sorts(void)
{
    struct call call = test_call();
    struct dbc_conn *conn;
    struct dbc_stmt *s;
    int64_t n = -1;
    enum status st;

    assert_status(ST_OK, dbc_take(w.admin, &call, &conn));
    s = dbc_prepare(conn, "SELECT CAST(SUM(VARIABLE_VALUE) AS SIGNED) FROM"
                          " information_schema.GLOBAL_STATUS"
                          " WHERE VARIABLE_NAME IN ('SORT_SCAN', 'SORT_RANGE')");
    st = dbc_execute(s, &call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_int(s, &n);
    assert_status(ST_OK, dbc_done(s, st));
    dbc_give(w.admin, conn);
    return n;
}

/* Where no two are equal there is nothing to sort by besides: the index alone has the order. */
static void a_page_by_what_is_unique_is_a_walk_of_its_index(void **state)
{
    struct call call = test_call();
    const struct uuid key = {{1}};
    struct store_list list = {.sort = "code"};
    struct thing rows[2];
    struct dbc_conn *conn;
    int64_t before;
    size_t n;

    (void)state;
    for (int i = N; i < MANY; i++) {
        struct thing row;
        char code[16];
        snprintf(code, sizeof(code), "c%03d", i);
        row = thing_made((uint8_t)(i + 1), code, code);
        assert_status(ST_OK, store_insert(w.things, NULL, &call, &row, NULL));
    }
    assert_status(ST_OK, dbc_take(w.admin, &call, &conn));
    admin_sql(conn, "ANALYZE TABLE thing"); /* that it knows how many there are */
    dbc_give(w.admin, conn);
    before = sorts();
    for (int descending = 0; descending < 2; descending++)
        for (int further = 0; further < 2; further++) {
            list.descending = descending;
            list.after_key = further ? &key : NULL;
            list.after_sort = further ? "c120" : NULL;
            assert_status(ST_OK, store_list(w.things, NULL, &call, &list, 2, rows, &n));
            assert_int_equal(n, 2);
        }
    assert_int_equal(sorts(), before);
}

static int tear_down(void **state)
{
    (void)state;
    thing_server_fini(&w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_that_dies_fails_nobody),
        cmocka_unit_test(a_row_that_cannot_be_read_fails_who_asked_for_it),
        cmocka_unit_test(a_deadline_that_ends_meanwhile_is_its_own),
        cmocka_unit_test(a_page_by_what_is_unique_is_a_walk_of_its_index),
        cmocka_unit_test(a_server_that_is_gone_is_said_to_each),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
