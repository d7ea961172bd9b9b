/* log_world.c - see log_world.h. */
#include "test/tool/outbox/log_world.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/transactor.h"
#include "tool/outbox/mysql/outbox_mysql.h"

enum { RETRY_MS = 100 };

static const char *const LOGGED[] = {"--log-bin=mysql-bin", "--binlog-format=ROW",
                                     "--sync-binlog=1", "--server-id=1", NULL};

static void on_changed(void *arg)
{
    atomic_fetch_add(&((struct log_world *)arg)->changes, 1);
}

static void pause_shortly(void)
{
    poll(NULL, 0, 2);
}

struct outbox *log_open(struct log_world *w, struct dbc_pool *db, size_t rows)
{
    return outbox_binlog_create(&(struct outbox_binlog_config){.table = w->table,
                                                               .db = db,
                                                               .entropy = &ENTROPY_SYSTEM,
                                                               .retry_ms = RETRY_MS,
                                                               .rows = rows,
                                                               .changed = on_changed,
                                                               .arg = w});
}

void log_await_reads(const struct outbox *log, bool reads)
{
    time_t give_up = time(NULL) + LOG_PATIENCE_S;

    while (outbox_binlog_reads(log) != reads && time(NULL) < give_up)
        pause_shortly();
    assert_int_equal(reads, outbox_binlog_reads(log));
}

/* What has been logged since it was forgotten the last time. */
static const char *log_said_text(struct log_world *w)
{
    static char text[65536];
    ssize_t n = pread(w->said, text, sizeof(text) - 1, 0);

    text[n > 0 ? n : 0] = '\0';
    return text;
}

bool log_has_said(struct log_world *w, const char *text)
{
    return strstr(log_said_text(w), text);
}

void log_await_said(struct log_world *w, const char *text)
{
    time_t give_up = time(NULL) + LOG_PATIENCE_S;

    while (!log_has_said(w, text) && time(NULL) < give_up)
        pause_shortly();
    if (!log_has_said(w, text))
        fail_msg("never said: %s, but: %s", text, log_said_text(w));
}

void log_forget_said(struct log_world *w)
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

struct uuid log_say(struct log_world *w, struct uuid key, enum status end)
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

size_t log_pending(struct log_world *w, struct outbox *outbox, uint32_t partitions)
{
    struct outbox_row *at[LOG_ROWS_MAX];
    struct call call = test_call();
    size_t n;

    for (size_t i = 0; i < LOG_ROWS_MAX; i++)
        at[i] = &w->rows[i];
    assert_status(ST_OK, outbox->ops->pending(outbox, &call, partitions, LOG_ROWS_MAX, at, &n));
    return n;
}

void log_await_pending(struct log_world *w, struct outbox *outbox, size_t n)
{
    time_t give_up = time(NULL) + LOG_PATIENCE_S;

    while (log_pending(w, outbox, OUTBOX_ALL) != n && time(NULL) < give_up)
        pause_shortly();
    assert_int_equal(n, log_pending(w, outbox, OUTBOX_ALL));
}

/* All that is pending in what was read last. */
void log_mark_all(struct log_world *w, struct outbox *outbox, size_t n)
{
    struct outbox_sent sent[LOG_ROWS_MAX];
    struct call call = test_call();

    for (size_t i = 0; i < n; i++)
        sent[i] = (struct outbox_sent){w->rows[i].seq, ++w->stream_seq, w->rows[i].id,
                                       w->rows[i].partition};
    assert_status(ST_OK, outbox->ops->sent(outbox, &call, w->holder, sent, n, NULL));
}

/* What the log is not told of shows where rows are read from. */
void log_behind(struct log_world *w, const char *sql)
{
    char text[512];

    snprintf(text, sizeof(text), "BEGIN NOT ATOMIC SET SESSION sql_log_bin = 0; %s; END", sql);
    assert_true(mariadb_server_sql(&w->server, text));
}

/* Until rows come from the log: then it does not have one that only the table has. */
void log_await_exact(struct log_world *w, struct outbox *log)
{
    time_t give_up = time(NULL) + LOG_PATIENCE_S;
    bool exact = false;

    log_await_reads(log, true);
    while (!exact && time(NULL) < give_up) {
        size_t n;
        log_pending(w, log, OUTBOX_ALL);
        log_behind(w, "INSERT INTO hanok_auth.outbox (id, partition_no, outbox_status, type, "
                      "`key`, payload, created_at) VALUES (UNHEX('ff'), 0, 'PENDING', "
                      "'shop.hidden', UNHEX('ff'), '{}', NOW(6))");
        exact = true;
        n = log_pending(w, log, OUTBOX_ALL);
        for (size_t i = 0; i < n; i++)
            exact &= strcmp(w->rows[i].type, "shop.hidden") != 0;
        if (exact)
            log_behind(w, "DELETE FROM hanok_auth.outbox WHERE type = 'shop.hidden'");
        else /* the log is told */
            assert_true(mariadb_server_sql(
                &w->server, "DELETE FROM hanok_auth.outbox WHERE type = 'shop.hidden'"));
    }
    assert_true(exact);
}

void log_start_anew(struct log_world *w)
{
    assert_true(mariadb_server_sql(&w->server, "DELETE FROM hanok_auth.outbox"));
    log_forget_said(w);
}

/* ---- servers ---- */

static int log_world_setup(void **state, const char *const options[])
{
    struct log_world *w = MEM_NEW(struct log_world);
    struct dbc_config config;
    struct partition_lease *lease;
    struct call call = test_call();
    uint32_t held;
    unsigned holders;

    *state = w;
    w->rows = mem_alloc(LOG_ROWS_MAX, sizeof(*w->rows));
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

int log_world_with(void **state)
{
    return log_world_setup(state, LOGGED);
}

int log_world_without(void **state)
{
    return log_world_setup(state, NULL);
}

int log_world_teardown(void **state)
{
    struct log_world *w = *state;

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
