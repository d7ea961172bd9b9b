/* outbox_binlog_test.c - what is to be sent is read from MariaDB's transaction log, as it was
 * committed; where that cannot be, from the table. On private servers. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "test/tool/outbox/log_world.h"
#include "tool/core/mem.h"
#include "tool/outbox/mysql/outbox_mysql.h"

static void what_is_committed_comes_from_the_log_in_order(void **state)
{
    struct log_world *w = *state;
    struct outbox *log;
    struct uuid key = test_uuid(), ids[10];
    size_t n = 0;

    log_start_anew(w);
    ids[n++] = log_say(w, key, ST_OK); /* before the log is read */
    log = log_open(w, w->db, 0);
    log_await_exact(w, log);
    while (n < ARRAY_LEN(ids)) {
        ids[n++] = log_say(w, key, ST_OK);
        log_say(w, key, ST_CONFLICT);
    }
    log_await_pending(w, log, n);
    for (size_t i = 0; i < n; i++) {
        assert_true(uuid_equal(ids[i], w->rows[i].id));
        assert_true(uuid_equal(key, w->rows[i].key));
        assert_string_equal("shop.said", w->rows[i].type);
        assert_string_equal("{\"a\":1}", w->rows[i].json);
        assert_in_range(w->rows[i].created_us, clock_wall_us(&CLOCK_SYSTEM) - INT64_C(60000000),
                        clock_wall_us(&CLOCK_SYSTEM) + INT64_C(60000000));
    }
    log_behind(w, "DELETE FROM hanok_auth.outbox");
    assert_int_equal(n, log_pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
}

static void what_was_sent_does_not_come_again(void **state)
{
    struct log_world *w = *state;
    struct outbox *log;
    struct call call = test_call();
    struct outbox_sent last;

    log_start_anew(w);
    log = log_open(w, w->db, 0);
    log_await_exact(w, log);
    for (int i = 0; i < 20; i++) {
        struct uuid id = log_say(w, test_uuid(), ST_OK);
        log_await_pending(w, log, 1);
        assert_true(uuid_equal(id, w->rows[0].id));
        log_mark_all(w, log, 1);
        assert_int_equal(0, log_pending(w, log, OUTBOX_ALL));
    }
    /* By another process. */
    log_say(w, test_uuid(), ST_OK);
    log_await_pending(w, log, 1);
    log_mark_all(w, w->table, 1);
    log_await_pending(w, log, 0);
    /* And when the table is asked again. */
    for (unsigned p = 0; p < EVENT_PARTITIONS; p++)
        log->ops->last_sent(log, &call, p, UINT64_MAX, &last);
    assert_int_equal(0, log_pending(w, log, OUTBOX_ALL));
    log_await_exact(w, log);
    assert_int_equal(0, log_pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
}

static void what_the_stream_lost_comes_again(void **state)
{
    struct log_world *w = *state;
    struct outbox *log;
    struct call call = test_call();
    struct uuid key = test_uuid();
    size_t n;

    log_start_anew(w);
    log = log_open(w, w->db, 0);
    log_await_exact(w, log);
    for (int i = 0; i < 5; i++)
        log_say(w, key, ST_OK);
    log_await_pending(w, log, 5);
    log_mark_all(w, log, 5);
    assert_status(
        ST_OK, log->ops->send_again(log, &call, event_partition(key), w->stream_seq - 2, 100, &n));
    assert_int_equal(2, n);
    assert_int_equal(2, log_pending(w, log, OUTBOX_ALL));
    log_await_exact(w, log);
    assert_int_equal(2, log_pending(w, log, OUTBOX_ALL));
    log_mark_all(w, log, 2);
    assert_int_equal(0, log_pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
}

static void a_new_file_of_the_log_is_read_on(void **state)
{
    struct log_world *w = *state;
    struct outbox *log;

    log_start_anew(w);
    log = log_open(w, w->db, 0);
    log_await_exact(w, log);
    for (size_t i = 1; i <= 5; i++) {
        assert_true(mariadb_server_sql(&w->server, "FLUSH BINARY LOGS"));
        log_say(w, test_uuid(), ST_OK);
        log_await_pending(w, log, i);
    }
    log_behind(w, "DELETE FROM hanok_auth.outbox");
    assert_int_equal(5, log_pending(w, log, OUTBOX_ALL));
    assert_false(log_has_said(w, "is not read"));
    outbox_destroy(log);
}

/* As replicas are, by their thread. */
static void cut_off(struct log_world *w)
{
    assert_true(mariadb_server_sql(
        &w->server, "BEGIN NOT ATOMIC DECLARE who BIGINT; SELECT id INTO who FROM "
                    "information_schema.processlist WHERE command = 'Binlog Dump' LIMIT 1; "
                    "KILL who; END"));
}

static void a_lost_connection_is_made_again_and_nothing_is_missed(void **state)
{
    struct log_world *w = *state;
    struct outbox *log;
    struct uuid key = test_uuid();

    log_start_anew(w);
    log = log_open(w, w->db, 0);
    log_await_exact(w, log);
    for (size_t i = 1; i <= 3; i++) {
        log_forget_said(w);
        cut_off(w);
        log_say(w, key, ST_OK);
        log_await_said(w, "is not read");
        log_await_said(w, "the transaction log is read");
        log_await_pending(w, log, i);
    }
    log_behind(w, "DELETE FROM hanok_auth.outbox");
    log_await_pending(w, log, 3); /* it has not begun anew: that it would read from the table */
    outbox_destroy(log);
}

static void after_the_server_was_down_it_goes_on_where_it_was(void **state)
{
    struct log_world *w = *state;
    struct outbox *log;

    log_start_anew(w);
    log = log_open(w, w->db, 0);
    log_await_exact(w, log);
    log_say(w, test_uuid(), ST_OK);
    log_await_pending(w, log, 1);
    mariadb_server_kill(&w->server);
    log_await_reads(log, false);
    assert_true(mariadb_server_start(&w->server));
    log_say(w, test_uuid(), ST_OK);
    log_await_reads(log, true);
    log_await_pending(w, log, 2);
    log_behind(w, "DELETE FROM hanok_auth.outbox");
    assert_int_equal(2, log_pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
}

/* What is purged while it is away, it cannot read any more. */
static void a_position_that_is_purged_is_said_and_the_table_is_read(void **state)
{
    struct log_world *w = *state;
    time_t give_up = time(NULL) + LOG_PATIENCE_S;
    struct outbox *log;
    size_t n = 0;

    log_start_anew(w);
    log = log_open(w, w->db, 0);
    while (!log_has_said(w, "1236: ") && time(NULL) < give_up && n < LOG_ROWS_MAX - 5) {
        log_await_reads(log, true);
        log_forget_said(w);
        cut_off(w);
        log_await_said(w, "is not read");
        log_say(w, test_uuid(), ST_OK);
        assert_true(mariadb_server_sql(&w->server, "FLUSH BINARY LOGS"));
        log_say(w, test_uuid(), ST_OK);
        assert_true(
            mariadb_server_sql(&w->server, "PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 HOUR"));
        n += 2;
        log_await_pending(w, log, n);
        log_await_reads(log, true);
    }
    log_await_said(w, "1236: ");
    log_await_exact(w, log); /* later it is read again, from its end */
    assert_int_equal(n, log_pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
}

/* As after a restore, or a fail-over to a server behind. */
static void another_log_is_not_taken_for_the_one_that_was_read(void **state)
{
    struct log_world *w = *state;
    struct outbox *log;
    char command[128];

    log_start_anew(w);
    log = log_open(w, w->db, 0);
    log_await_exact(w, log);
    log_say(w, test_uuid(), ST_OK);
    log_await_pending(w, log, 1);
    mariadb_server_stop(&w->server);
    log_await_reads(log, false);
    snprintf(command, sizeof(command), "rm %s/data/mysql-bin.*", w->server.folder);
    assert_int_equal(0, system(command));
    assert_true(mariadb_server_start(&w->server));
    log_await_said(w, "is another log");
    log_say(w, test_uuid(), ST_OK);
    log_await_pending(w, log, 2);
    log_await_exact(w, log);
    assert_int_equal(2, log_pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
}

/* Another server stands where new connections find it, with more in its log than the first has. */
static void lead_to(struct mariadb_server *other, const char *path)
{
    for (int i = 0; i < 20; i++) /* a statement may take so long only */
        assert_true(mariadb_server_sql(
            other, "BEGIN NOT ATOMIC DECLARE i INT DEFAULT 0; WHILE i < 50 DO INSERT INTO "
                   "hanok_auth.job_lease (name, holder, fence, taken_at, free_at) VALUES "
                   "(UUID(), UNHEX('00'), 1, NOW(6), NOW(6)); SET i = i + 1; END WHILE; END"));
    assert_true(mariadb_server_sql(
        other, "INSERT INTO hanok_auth.outbox (id, partition_no, outbox_status, type, `key`, "
               "payload, created_at) VALUES (UNHEX('0a'), 0, 'PENDING', 'shop.elsewhere', "
               "UNHEX('0b'), '{}', NOW(6))"));
    assert_int_equal(0, unlink(path));
    assert_int_equal(0, symlink(other->socket, path));
}

/* As a relay does of all its partitions every few seconds. */
static void look_after(struct outbox *log)
{
    struct call call = test_call();
    struct outbox_sent last;

    for (unsigned p = 0; p < EVENT_PARTITIONS; p++)
        log->ops->last_sent(log, &call, p, UINT64_MAX, &last);
}

static void after_a_fail_over_the_log_is_that_of_the_new_server(void **state)
{
    static const char *const OPTIONS[] = {"--log-bin=mysql-bin", "--binlog-format=ROW",
                                          "--sync-binlog=1", "--server-id=2", NULL};
    struct log_world *w = *state;
    struct dbc_config config = mariadb_server_config(&w->server, "hanok_auth", 4);
    struct call call = test_call();
    struct mariadb_server other;
    struct dbc_pool *db;
    struct outbox *log;
    char path[80];
    const char *why;

    log_start_anew(w);
    assert_true(mariadb_server_init(&other, OPTIONS));
    assert_true(mariadb_server_schema(&other, "hanok_auth", "dataservice/migrations/auth"));
    snprintf(path, sizeof(path), "%s/led", w->server.folder);
    assert_int_equal(0, symlink(w->server.socket, path));
    config.socket = path;
    db = dbc_pool_create(&config, &CLOCK_SYSTEM);
    w->table->ops->destroy(w->table);
    w->table = outbox_mysql_create(db, &ENTROPY_SYSTEM, NULL, NULL);
    log = log_open(w, db, 0);
    log_await_exact(w, log);
    lead_to(&other, path);
    assert_true(mariadb_server_sql(&w->server, "SET GLOBAL read_only = 1"));
    dbc_ping(db, &call, &why); /* the pool finds out, the tail does not */
    for (time_t give_up = time(NULL) + LOG_PATIENCE_S;
         !log_has_said(w, "another server's") && time(NULL) < give_up; poll(NULL, 0, 50)) {
        look_after(log);
        log_pending(w, log, OUTBOX_ALL);
    }
    log_await_said(w, "another server's");
    log_await_pending(w, log, 1);
    assert_string_equal("shop.elsewhere", w->rows[0].type);
    log_await_reads(log, true);
    mariadb_server_stop(&w->server); /* what is only read takes no word of us */
    assert_true(mariadb_server_start(&w->server));
    outbox_destroy(log);
    outbox_destroy(w->table);
    dbc_pool_destroy(db);
    w->table = outbox_mysql_create(w->db, &ENTROPY_SYSTEM, NULL, NULL);
    mariadb_server_fini(&other);
}

static void more_than_is_kept_in_memory_is_read_from_the_table(void **state)
{
    enum { KEPT = 8, SAID = 40 };
    struct log_world *w = *state;
    struct outbox *log;

    log_start_anew(w);
    log = log_open(w, w->db, KEPT);
    log_await_exact(w, log);
    for (int i = 0; i < SAID; i++)
        log_say(w, test_uuid(), ST_OK);
    log_await_said(w, "too many events wait");
    log_await_pending(w, log, SAID);
    log_mark_all(w, log, SAID);
    assert_int_equal(0, log_pending(w, log, OUTBOX_ALL));
    log_await_exact(w, log);
    assert_int_equal(0, log_pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
}

static void without_the_privilege_the_table_is_read_until_there_is_one(void **state)
{
    struct log_world *w = *state;
    struct dbc_config config = mariadb_server_config(&w->server, "hanok_auth", 4);
    struct dbc_pool *db;
    struct outbox *log;

    config.user = "plain";
    config.password = "plain-plain";
    log_start_anew(w);
    assert_true(
        mariadb_server_sql(&w->server, "CREATE USER plain@localhost IDENTIFIED BY 'plain-plain'"));
    assert_true(mariadb_server_sql(
        &w->server, "GRANT SELECT, INSERT, UPDATE, DELETE ON hanok_auth.* TO plain@localhost"));
    db = dbc_pool_create(&config, &CLOCK_SYSTEM);
    log = log_open(w, db, 0);
    log_await_said(w, "REPLICATION SLAVE");
    log_say(w, test_uuid(), ST_OK);
    log_await_pending(w, log, 1);
    assert_true(
        mariadb_server_sql(&w->server, "GRANT REPLICATION SLAVE ON *.* TO plain@localhost"));
    log_await_exact(w, log);
    assert_int_equal(1, log_pending(w, log, OUTBOX_ALL));
    outbox_destroy(log);
    dbc_pool_destroy(db);
}

static void without_a_log_the_table_is_read(void **state)
{
    struct log_world *w = *state;
    struct outbox *log;

    log_start_anew(w);
    log = log_open(w, w->db, 0);
    log_await_said(w, "log_bin is off");
    log_say(w, test_uuid(), ST_OK);
    assert_int_equal(1, log_pending(w, log, OUTBOX_ALL));
    log_mark_all(w, log, 1);
    assert_int_equal(0, log_pending(w, log, OUTBOX_ALL));
    assert_false(outbox_binlog_reads(log));
    outbox_destroy(log);
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
        cmocka_unit_test(after_a_fail_over_the_log_is_that_of_the_new_server),
        cmocka_unit_test(more_than_is_kept_in_memory_is_read_from_the_table),
        cmocka_unit_test(without_the_privilege_the_table_is_read_until_there_is_one),
    };
    const struct CMUnitTest plain[] = {
        cmocka_unit_test(without_a_log_the_table_is_read),
    };
    int failed = cmocka_run_group_tests(logged, log_world_with, log_world_teardown);

    return failed + cmocka_run_group_tests(plain, log_world_without, log_world_teardown);
}
