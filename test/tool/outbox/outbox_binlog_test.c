/* outbox_binlog_test.c - what is to be sent is read from MariaDB's transaction log, as it was
 * committed; where that cannot be, from the table. On private servers. */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "test/support/mariadb_server.h"
#include "test/support/calls.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/transactor.h"
#include "tool/outbox/mysql/outbox_binlog.h"
#include "tool/outbox/mysql/outbox_mysql.h"

enum { PATIENCE_S = 60, RETRY_MS = 100, ROWS_MAX = 256 };

static const char *const LOGGED[] = {"--log-bin=mysql-bin", "--binlog-format=ROW",
                                     "--sync-binlog=1", "--server-id=1", NULL};

struct world {
    struct mariadb_server server;
    struct dbc_pool *db;
    struct transactor *transactor;
    struct outbox *table, *log;
    atomic_int changes;
    struct uuid holder; /* of all partitions */
    uint64_t stream_seq;
    int said; /* file that log lines go to */
    struct outbox_row *rows;
};

static void on_changed(void *arg)
{
    atomic_fetch_add(&((struct world *)arg)->changes, 1);
}

static void pause_shortly(void)
{
    nanosleep(&(const struct timespec){.tv_nsec = 2000000}, NULL);
}

static struct outbox *open_log(struct world *w, const struct dbc_pool *db, size_t rows)
{
    return outbox_binlog_create(&(struct outbox_binlog_config){.table = w->table,
                                                               .db = (struct dbc_pool *)db,
                                                               .entropy = &ENTROPY_SYSTEM,
                                                               .retry_ms = RETRY_MS,
                                                               .rows = rows,
                                                               .changed = on_changed,
                                                               .arg = w});
}

static void await_reads(const struct outbox *log, bool reads)
{
    time_t give_up = time(NULL) + PATIENCE_S;

    while (outbox_binlog_reads(log) != reads && time(NULL) < give_up)
        pause_shortly();
    assert_int_equal(reads, outbox_binlog_reads(log));
}

/* What has been logged since it was forgotten the last time. */
static const char *said_text(struct world *w)
{
    static char text[65536];
    ssize_t n = pread(w->said, text, sizeof(text) - 1, 0);

    text[n > 0 ? n : 0] = '\0';
    return text;
}

static bool has_said(struct world *w, const char *text)
{
    return strstr(said_text(w), text);
}

static void await_said(struct world *w, const char *text)
{
    time_t give_up = time(NULL) + PATIENCE_S;

    while (!has_said(w, text) && time(NULL) < give_up)
        pause_shortly();
    if (!has_said(w, text))
        fail_msg("never said: %s, but: %s", text, said_text(w));
}

static void forget_said(struct world *w)
{
    assert_int_equal(0, ftruncate(w->said, 0));
}

/* ---- what is said and read ---- */

struct saying {
    struct outbox *outbox;
    struct outbox_event event;
    enum status end;
};

static enum status say_in(struct transaction *tx, const struct call *call, void *arg)
{
    const struct saying *saying = arg;
    enum status st = saying->outbox->ops->append(saying->outbox, tx, call, &saying->event);

    return st == ST_OK ? saying->end : st;
}

static struct uuid say(struct world *w, struct uuid key, enum status end)
{
    struct call call = test_call();
    struct saying saying = {
        w->table, {test_uuid(), key, event_partition(key), "shop.said", "{\"a\":1}"},
         end
    };

    /* As one of 256 is. */
    saying.event.id.b[15] = 0;
    assert_status(end, transactor_run(w->transactor, &call, say_in, &saying));
    return saying.event.id;
}

static size_t pending(struct world *w, struct outbox *outbox, uint32_t partitions)
{
    struct outbox_row *at[ROWS_MAX];
    struct call call = test_call();
    size_t n;

    for (size_t i = 0; i < ROWS_MAX; i++)
        at[i] = &w->rows[i];
    assert_status(ST_OK, outbox->ops->pending(outbox, &call, partitions, ROWS_MAX, at, &n));
    return n;
}

static void await_pending(struct world *w, struct outbox *outbox, size_t n)
{
    time_t give_up = time(NULL) + PATIENCE_S;

    while (pending(w, outbox, OUTBOX_ALL) != n && time(NULL) < give_up)
        pause_shortly();
    assert_int_equal(n, pending(w, outbox, OUTBOX_ALL));
}

/* All that is pending in what was read last. */
static void mark_all(struct world *w, struct outbox *outbox, size_t n)
{
    struct outbox_sent sent[ROWS_MAX];
    struct call call = test_call();

    for (size_t i = 0; i < n; i++)
        sent[i] = (struct outbox_sent){w->rows[i].seq, ++w->stream_seq, w->rows[i].id,
                                       w->rows[i].partition};
    assert_status(ST_OK, outbox->ops->sent(outbox, &call, w->holder, sent, n));
}

/* What the log is not told of shows where rows are read from. */
static void behind_the_log(struct world *w, const char *sql)
{
    char text[512];

    snprintf(text, sizeof(text), "BEGIN NOT ATOMIC SET SESSION sql_log_bin = 0; %s; END", sql);
    assert_true(mariadb_server_sql(&w->server, text));
}

/* Until rows come from the log: then it does not have one that only the table has. */
static void await_exact(struct world *w, struct outbox *log)
{
    time_t give_up = time(NULL) + PATIENCE_S;
    bool exact = false;

    await_reads(log, true);
    while (!exact && time(NULL) < give_up) {
        size_t n;
        pending(w, log, OUTBOX_ALL);
        behind_the_log(w, "INSERT INTO hanok_auth.outbox (id, partition_no, outbox_status, type, "
                          "`key`, payload, created_at) VALUES (UNHEX('ff'), 0, 'PENDING', "
                          "'shop.hidden', UNHEX('ff'), '{}', NOW(6))");
        exact = true;
        n = pending(w, log, OUTBOX_ALL);
        for (size_t i = 0; i < n; i++)
            exact &= strcmp(w->rows[i].type, "shop.hidden") != 0;
        if (exact)
            behind_the_log(w, "DELETE FROM hanok_auth.outbox WHERE type = 'shop.hidden'");
        else /* the log is told */
            assert_true(mariadb_server_sql(
                &w->server, "DELETE FROM hanok_auth.outbox WHERE type = 'shop.hidden'"));
    }
    assert_true(exact);
}

/* ---- tests ---- */

static void start_anew(struct world *w)
{
    assert_true(mariadb_server_sql(&w->server, "DELETE FROM hanok_auth.outbox"));
    forget_said(w);
}

static void what_is_committed_comes_from_the_log_in_order(void **state)
{
    struct world *w = *state;
    struct outbox *log;
    struct uuid key = test_uuid(), ids[10];
    size_t n = 0;

    start_anew(w);
    ids[n++] = say(w, key, ST_OK); /* before the log is read */
    log = open_log(w, w->db, 0);
    await_exact(w, log);
    while (n < ARRAY_LEN(ids)) {
        ids[n++] = say(w, key, ST_OK);
        say(w, key, ST_CONFLICT);
    }
    await_pending(w, log, n);
    for (size_t i = 0; i < n; i++) {
        assert_true(uuid_equal(ids[i], w->rows[i].id));
        assert_true(uuid_equal(key, w->rows[i].key));
        assert_string_equal("shop.said", w->rows[i].type);
        assert_string_equal("{\"a\":1}", w->rows[i].json);
        assert_in_range(w->rows[i].created_us, clock_wall_us(&CLOCK_SYSTEM) - INT64_C(60000000),
                        clock_wall_us(&CLOCK_SYSTEM) + INT64_C(60000000));
    }
    behind_the_log(w, "DELETE FROM hanok_auth.outbox");
    assert_int_equal(n, pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
}

static void what_was_sent_does_not_come_again(void **state)
{
    struct world *w = *state;
    struct outbox *log;
    struct call call = test_call();
    struct outbox_sent last;

    start_anew(w);
    log = open_log(w, w->db, 0);
    await_exact(w, log);
    for (int i = 0; i < 20; i++) {
        struct uuid id = say(w, test_uuid(), ST_OK);
        await_pending(w, log, 1);
        assert_true(uuid_equal(id, w->rows[0].id));
        mark_all(w, log, 1);
        assert_int_equal(0, pending(w, log, OUTBOX_ALL));
    }
    /* By another process. */
    say(w, test_uuid(), ST_OK);
    await_pending(w, log, 1);
    mark_all(w, w->table, 1);
    await_pending(w, log, 0);
    /* And when the table is asked again. */
    for (unsigned p = 0; p < EVENT_PARTITIONS; p++)
        log->ops->last_sent(log, &call, p, UINT64_MAX, &last);
    assert_int_equal(0, pending(w, log, OUTBOX_ALL));
    await_exact(w, log);
    assert_int_equal(0, pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
}

static void what_the_stream_lost_comes_again(void **state)
{
    struct world *w = *state;
    struct outbox *log;
    struct call call = test_call();
    struct uuid key = test_uuid();
    size_t n;

    start_anew(w);
    log = open_log(w, w->db, 0);
    await_exact(w, log);
    for (int i = 0; i < 5; i++)
        say(w, key, ST_OK);
    await_pending(w, log, 5);
    mark_all(w, log, 5);
    assert_status(
        ST_OK, log->ops->send_again(log, &call, event_partition(key), w->stream_seq - 2, 100, &n));
    assert_int_equal(2, n);
    assert_int_equal(2, pending(w, log, OUTBOX_ALL));
    await_exact(w, log);
    assert_int_equal(2, pending(w, log, OUTBOX_ALL));
    mark_all(w, log, 2);
    assert_int_equal(0, pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
}

static void a_new_file_of_the_log_is_read_on(void **state)
{
    struct world *w = *state;
    struct outbox *log;

    start_anew(w);
    log = open_log(w, w->db, 0);
    await_exact(w, log);
    for (size_t i = 1; i <= 5; i++) {
        assert_true(mariadb_server_sql(&w->server, "FLUSH BINARY LOGS"));
        say(w, test_uuid(), ST_OK);
        await_pending(w, log, i);
    }
    behind_the_log(w, "DELETE FROM hanok_auth.outbox");
    assert_int_equal(5, pending(w, log, OUTBOX_ALL));
    assert_false(has_said(w, "is not read"));
    outbox_destroy(log);
}

/* As replicas are, by their thread. */
static void cut_off(struct world *w)
{
    assert_true(mariadb_server_sql(
        &w->server, "BEGIN NOT ATOMIC DECLARE who BIGINT; SELECT id INTO who FROM "
                    "information_schema.processlist WHERE command = 'Binlog Dump' LIMIT 1; "
                    "KILL who; END"));
}

static void a_lost_connection_is_made_again_and_nothing_is_missed(void **state)
{
    struct world *w = *state;
    struct outbox *log;
    struct uuid key = test_uuid();

    start_anew(w);
    log = open_log(w, w->db, 0);
    await_exact(w, log);
    for (size_t i = 1; i <= 3; i++) {
        forget_said(w);
        cut_off(w);
        say(w, key, ST_OK);
        await_said(w, "is not read");
        await_said(w, "the transaction log is read");
        await_pending(w, log, i);
    }
    behind_the_log(w, "DELETE FROM hanok_auth.outbox");
    await_pending(w, log, 3); /* it has not begun anew: that it would read from the table */
    outbox_destroy(log);
}

static void after_the_server_was_down_it_goes_on_where_it_was(void **state)
{
    struct world *w = *state;
    struct outbox *log;

    start_anew(w);
    log = open_log(w, w->db, 0);
    await_exact(w, log);
    say(w, test_uuid(), ST_OK);
    await_pending(w, log, 1);
    mariadb_server_kill(&w->server);
    await_reads(log, false);
    assert_true(mariadb_server_start(&w->server));
    say(w, test_uuid(), ST_OK);
    await_reads(log, true);
    await_pending(w, log, 2);
    behind_the_log(w, "DELETE FROM hanok_auth.outbox");
    assert_int_equal(2, pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
}

/* What is purged while it is away, it cannot read any more. */
static void a_position_that_is_purged_is_said_and_the_table_is_read(void **state)
{
    struct world *w = *state;
    time_t give_up = time(NULL) + PATIENCE_S;
    struct outbox *log;
    size_t n = 0;

    start_anew(w);
    log = open_log(w, w->db, 0);
    while (!has_said(w, "1236: ") && time(NULL) < give_up && n < ROWS_MAX - 5) {
        await_reads(log, true);
        cut_off(w);
        say(w, test_uuid(), ST_OK);
        assert_true(mariadb_server_sql(&w->server, "FLUSH BINARY LOGS"));
        say(w, test_uuid(), ST_OK);
        assert_true(
            mariadb_server_sql(&w->server, "PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 HOUR"));
        n += 2;
        await_pending(w, log, n);
    }
    await_said(w, "1236: ");
    await_exact(w, log); /* later it is read again, from its end */
    assert_int_equal(n, pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
}

/* As after a restore, or a fail-over to a server behind. */
static void another_log_is_not_taken_for_the_one_that_was_read(void **state)
{
    struct world *w = *state;
    struct outbox *log;
    char command[128];

    start_anew(w);
    log = open_log(w, w->db, 0);
    await_exact(w, log);
    say(w, test_uuid(), ST_OK);
    await_pending(w, log, 1);
    mariadb_server_stop(&w->server);
    await_reads(log, false);
    snprintf(command, sizeof(command), "rm %s/data/mysql-bin.*", w->server.folder);
    assert_int_equal(0, system(command));
    assert_true(mariadb_server_start(&w->server));
    await_said(w, "is another log");
    say(w, test_uuid(), ST_OK);
    await_pending(w, log, 2);
    await_exact(w, log);
    assert_int_equal(2, pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
}

static void more_than_is_kept_in_memory_is_read_from_the_table(void **state)
{
    enum { KEPT = 8, SAID = 40 };
    struct world *w = *state;
    struct outbox *log;

    start_anew(w);
    log = open_log(w, w->db, KEPT);
    await_exact(w, log);
    for (int i = 0; i < SAID; i++)
        say(w, test_uuid(), ST_OK);
    await_said(w, "too many events wait");
    await_pending(w, log, SAID);
    mark_all(w, log, SAID);
    assert_int_equal(0, pending(w, log, OUTBOX_ALL));
    await_exact(w, log);
    assert_int_equal(0, pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
}

static void without_the_privilege_the_table_is_read_until_there_is_one(void **state)
{
    struct world *w = *state;
    struct dbc_config config = mariadb_server_config(&w->server, "hanok_auth", 4);
    struct dbc_pool *db;
    struct outbox *log;

    config.user = "plain";
    config.password = "plain-plain";
    start_anew(w);
    assert_true(
        mariadb_server_sql(&w->server, "CREATE USER plain@localhost IDENTIFIED BY 'plain-plain'"));
    assert_true(mariadb_server_sql(
        &w->server, "GRANT SELECT, INSERT, UPDATE, DELETE ON hanok_auth.* TO plain@localhost"));
    db = dbc_pool_create(&config, &CLOCK_SYSTEM);
    log = open_log(w, db, 0);
    await_said(w, "REPLICATION SLAVE");
    say(w, test_uuid(), ST_OK);
    await_pending(w, log, 1);
    assert_true(
        mariadb_server_sql(&w->server, "GRANT REPLICATION SLAVE ON *.* TO plain@localhost"));
    await_exact(w, log);
    assert_int_equal(1, pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
    dbc_pool_destroy(db);
}

static void without_a_log_the_table_is_read(void **state)
{
    struct world *w = *state;
    struct outbox *log;

    start_anew(w);
    log = open_log(w, w->db, 0);
    await_said(w, "log_bin is off");
    say(w, test_uuid(), ST_OK);
    assert_int_equal(1, pending(w, log, OUTBOX_ALL));
    mark_all(w, log, 1);
    assert_int_equal(0, pending(w, log, OUTBOX_ALL));
    assert_false(outbox_binlog_reads(log));
    outbox_destroy(log);
}

/* ---- servers ---- */

static int setup(void **state, const char *const options[])
{
    struct world *w = MEM_NEW(struct world);
    struct dbc_config config;
    struct partition_lease *lease;
    struct call call = test_call();
    uint32_t held;
    unsigned holders;

    *state = w;
    w->rows = mem_alloc(ROWS_MAX, sizeof(*w->rows));
    w->said = memfd_create("log", 0);
    assert_int_equal(0, fcntl(w->said, F_SETFL, O_APPEND)); /* as it is emptied in between */
    if (!mariadb_server_init(&w->server, options) ||
        !mariadb_server_schema(&w->server, "hanok_auth", "dataservice/migrations/auth"))
        return -1;
    log_set_fd(w->said);
    config = mariadb_server_config(&w->server, "hanok_auth", 16);
    w->db = dbc_pool_create(&config, &CLOCK_SYSTEM);
    w->transactor = dbc_transactor_create(w->db);
    w->table = outbox_mysql_create(w->db, &ENTROPY_SYSTEM, NULL, NULL);
    w->holder = test_uuid();
    lease = partition_lease_mysql_create(w->db);
    assert_status(ST_OK, lease->ops->hold(lease, &call, w->holder, 3600000, &held, &holders));
    lease->ops->destroy(lease);
    return 0;
}

static int with_log(void **state)
{
    return setup(state, LOGGED);
}

static int without_log(void **state)
{
    return setup(state, NULL);
}

static int teardown(void **state)
{
    struct world *w = *state;

    if (w->table) {
        outbox_destroy(w->table);
        w->transactor->ops->destroy(w->transactor);
        dbc_pool_destroy(w->db);
    }
    mariadb_server_fini(&w->server);
    close(w->said);
    free(w->rows);
    free(w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest logged[] = {
        cmocka_unit_test(what_is_committed_comes_from_the_log_in_order),
        cmocka_unit_test(what_was_sent_does_not_come_again),
        cmocka_unit_test(what_the_stream_lost_comes_again),
        cmocka_unit_test(a_new_file_of_the_log_is_read_on),
        cmocka_unit_test(a_lost_connection_is_made_again_and_nothing_is_missed),
        cmocka_unit_test(after_the_server_was_down_it_goes_on_where_it_was),
        cmocka_unit_test(a_position_that_is_purged_is_said_and_the_table_is_read),
        cmocka_unit_test(another_log_is_not_taken_for_the_one_that_was_read),
        cmocka_unit_test(more_than_is_kept_in_memory_is_read_from_the_table),
        cmocka_unit_test(without_the_privilege_the_table_is_read_until_there_is_one),
    };
    const struct CMUnitTest plain[] = {
        cmocka_unit_test(without_a_log_the_table_is_read),
    };
    int failed = cmocka_run_group_tests(logged, with_log, teardown);

    return failed + cmocka_run_group_tests(plain, without_log, teardown);
}
