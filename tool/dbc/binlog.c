/* binlog.c - see binlog.h. */
#include "tool/dbc/binlog.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/dbc/conn.h"
#include "tool/dbc/driver_mysql.h"

#if DRIVER_READS_LOGS
#include <mariadb_rpl.h>

/* Its rows are found by the name: the log has the columns without theirs. */
static const char SQL_COLUMNS[] = "SELECT column_name FROM information_schema.columns"
                                  " WHERE table_schema = DATABASE() AND table_name = '%s'"
                                  " ORDER BY ordinal_position";
static const char SQL_KEPT[] =
    "SELECT IF(NOT @@global.log_bin, 'log_bin is off',"
    " IF(@@global.binlog_format <> 'ROW', 'binlog_format is not ROW',"
    " IF(@@global.binlog_row_image <> 'FULL', 'binlog_row_image is not FULL',"
    " IF(@@global.log_bin_compress, 'log_bin_compress is on',"
    " IF(@@global.sync_binlog <> 1, 'sync_binlog is not 1', '')))))";
/* A snapshot of the tables and the place in the log that is its own: whatever comes before it is
 * visible. @@gtid_binlog_pos alone is ahead of what is. */
static const char SQL_SNAPSHOT[] = "START TRANSACTION WITH CONSISTENT SNAPSHOT";
#define SNAPSHOT(what)                                                                             \
    "(SELECT variable_value FROM information_schema.session_status"                                \
    " WHERE variable_name = 'binlog_snapshot_" what "')"
static const char SQL_END[] =
    "SELECT BINLOG_GTID_POS(" SNAPSHOT("file") ", " SNAPSHOT("position") ")";
/* A heartbeat every quarter of a second, in nanoseconds. */
static const char SQL_REPLICA[] =
    "SET @mariadb_slave_capability = 4, @master_binlog_checksum = @@global.binlog_checksum,"
    " @master_heartbeat_period = 250000000, @slave_gtid_strict_mode = 1,"
    " @slave_connect_state = '%s', max_statement_time = 0";

struct binlog {
    struct binlog_config config;
    struct driver *driver;
    MARIADB_RPL *rpl;
    MARIADB_RPL_EVENT *event;
    size_t n_columns;                /* of the table */
    size_t columns[ROW_COLUMNS_MAX]; /* which are those wanted */

    struct gtid_position position;
    struct gtid group; /* the transaction that is being read */
    bool standalone;   /* it is one statement, without an end of its own */

    uint64_t table_id; /* of our table, as long as `mapped` */
    bool mapped, unreadable;
    struct row_layout layout;
    const uint8_t *at, *end; /* rows to be read */
    enum binlog_change change;
    char why[DBC_WHY_MAX + 1];
};

static void say(struct binlog *b, const char *why)
{
    snprintf(b->why, sizeof(b->why), "%.*s", DBC_WHY_MAX, why);
}

/* ---- how it begins ---- */

/* Rows of one text column, as many as there is room for; *n: how many. */
static enum driver_fault ask(struct binlog *b, const char *sql, char (*texts)[GTID_TEXT_MAX + 1],
                             size_t max, size_t *n)
{
    MYSQL *mysql = b->driver->mysql;
    MYSQL_RES *result = NULL;
    MYSQL_ROW row;

    *n = 0;
    if (mysql_real_query(mysql, sql, strlen(sql)) != 0 || !(result = mysql_store_result(mysql)))
        return driver_note_fault(b->driver, mysql_errno(mysql), mysql_sqlstate(mysql),
                                 mysql_error(mysql));
    while (*n < max && (row = mysql_fetch_row(result)))
        snprintf(texts[(*n)++], sizeof(*texts), "%s", row[0] ? row[0] : "");
    mysql_free_result(result);
    return DRIVER_OK;
}

static bool find_columns(struct binlog *b, char (*names)[GTID_TEXT_MAX + 1], size_t n)
{
    b->n_columns = n;
    for (size_t i = 0; i < b->config.n; i++) {
        size_t k = 0;
        while (k < n && strcmp(names[k], b->config.columns[i]) != 0)
            k++;
        if (k == n)
            return false;
        b->columns[i] = k;
    }
    return true;
}

/* ST-like: DRIVER_OK with a why is a server that does not keep what is needed. */
static enum driver_fault look(struct binlog *b)
{
    char texts[ROW_COLUMNS_MAX][GTID_TEXT_MAX + 1], sql[256];
    enum driver_fault fault;
    size_t n;

    fault = ask(b, SQL_KEPT, texts, 1, &n);
    if (fault != DRIVER_OK)
        return fault;
    if (n == 1 && texts[0][0]) {
        say(b, texts[0]);
        return DRIVER_OK;
    }
    snprintf(sql, sizeof(sql), SQL_COLUMNS, b->config.table);
    fault = ask(b, sql, texts, ROW_COLUMNS_MAX, &n);
    if (fault == DRIVER_OK && !find_columns(b, texts, n))
        say(b, "the table lacks a column that is wanted");
    return fault;
}

static enum driver_fault find_end(struct binlog *b)
{
    char text[1][GTID_TEXT_MAX + 1];
    enum driver_fault fault = driver_query(b->driver, SQL_SNAPSHOT);
    size_t n = 0;

    if (fault == DRIVER_OK)
        fault = ask(b, SQL_END, text, 1, &n);
    if (fault == DRIVER_OK)
        fault = driver_query(b->driver, "COMMIT");
    if (fault == DRIVER_OK && (n != 1 || !gtid_read(text[0], &b->position)))
        say(b, "the server does not say where its log ends");
    return fault;
}

/* A server takes a position of which it knows nothing, and gives what it has. */
static enum driver_fault find(struct binlog *b, const struct gtid_position *from)
{
    char text[1][GTID_TEXT_MAX + 1];
    struct gtid_position end;
    enum driver_fault fault = ask(b, "SELECT @@global.gtid_binlog_pos", text, 1, &(size_t){0});

    b->position = *from;
    if (fault == DRIVER_OK && (!gtid_read(text[0], &end) || !gtid_covers(&end, from)))
        say(b, "the server's is another log than the one that was read: it has not come so far");
    return fault;
}

static enum driver_fault begin(struct binlog *b)
{
    char sql[sizeof(SQL_REPLICA) + GTID_TEXT_MAX], position[GTID_TEXT_MAX + 1];
    enum driver_fault fault;

    snprintf(sql, sizeof(sql), SQL_REPLICA, gtid_text(&b->position, position));
    fault = driver_query(b->driver, sql);
    if (fault != DRIVER_OK)
        return fault;
    b->rpl = mariadb_rpl_init(b->driver->mysql);
    if (!b->rpl) {
        say(b, "the client library's replication API is another");
        return DRIVER_OK;
    }
    mariadb_rpl_optionsv(b->rpl, MARIADB_RPL_SERVER_ID, b->config.server_id);
    mariadb_rpl_optionsv(b->rpl, MARIADB_RPL_START, 4UL);
    mariadb_rpl_optionsv(b->rpl, MARIADB_RPL_FLAGS, 0U);
    if (mariadb_rpl_open(b->rpl) != 0)
        return driver_note_fault(b->driver, mysql_errno(b->driver->mysql), "HY000",
                                 mysql_error(b->driver->mysql));
    return DRIVER_OK;
}

struct binlog *dbc_binlog_open(const struct binlog_config *config, const struct gtid_position *from,
                               bool *lost, char why[DBC_WHY_MAX + 1])
{
    struct binlog *b = MEM_NEW(struct binlog);
    enum driver_fault fault;

    b->config = *config;
    b->driver = driver_open(dbc_pool_config(config->pool), true, &fault, why);
    *lost = !b->driver;
    if (!b->driver)
        goto fail;
    fault = look(b);
    if (fault == DRIVER_OK && !b->why[0])
        fault = from ? find(b, from) : find_end(b);
    if (fault == DRIVER_OK && !b->why[0])
        fault = begin(b);
    if (fault == DRIVER_OK && !b->why[0])
        return b;
    *lost = fault != DRIVER_OK;
    snprintf(why, DBC_WHY_MAX + 1, "%s", b->why[0] ? b->why : driver_message(b->driver));
fail:
    dbc_binlog_close(b);
    return NULL;
}

void dbc_binlog_close(struct binlog *b)
{
    if (!b)
        return;
    mariadb_free_rpl_event(b->event);
    mariadb_rpl_close(b->rpl);
    driver_close(b->driver);
    free(b);
}

/* ---- what comes ---- */

/* Both are asked: a position that is not in the log any more is an error of the connection only. */
static enum binlog_event on_end(struct binlog *b)
{
    MYSQL *mysql = b->driver->mysql;
    unsigned error = mysql_errno(mysql);
    const char *text = mysql_error(mysql);

    if (error == 0) {
        error = mariadb_rpl_errno(b->rpl);
        text = mariadb_rpl_error(b->rpl);
    }
    if (error == 0) /* the server says that there is no more: it stops */
        text = "the server has ended the connection";
    snprintf(b->why, sizeof(b->why), "%u: %s", error, text);
    if (error == 0 || driver_note_fault(b->driver, error, "HY000", text) == DRIVER_LOST)
        return BINLOG_LOST;
    return BINLOG_UNABLE;
}

static bool is_text(const MARIADB_STRING *s, const char *text)
{
    return s->length == strlen(text) && memcmp(s->str, text, s->length) == 0;
}

static enum binlog_event unable(struct binlog *b, const char *why)
{
    say(b, why);
    return BINLOG_UNABLE;
}

static enum binlog_event on_table(struct binlog *b)
{
    const struct st_mariadb_rpl_table_map_event *map = &b->event->event.table_map;

    if (!is_text(&map->table, b->config.table) ||
        !is_text(&map->database, dbc_pool_config(b->config.pool)->schema)) {
        b->mapped &= map->table_id != b->table_id;
        return BINLOG_QUIET;
    }
    if (map->column_count != b->n_columns)
        return unable(b, "the table has changed");
    b->mapped = row_layout_read(&b->layout, (const uint8_t *)map->column_types.str,
                                map->column_types.length, (const uint8_t *)map->metadata.str,
                                map->metadata.length);
    b->table_id = map->table_id;
    return b->mapped ? BINLOG_QUIET : unable(b, "the table has columns that are not read here");
}

static enum binlog_event on_rows(struct binlog *b, enum binlog_change change)
{
    const struct st_mariadb_rpl_rows_event *rows = &b->event->event.rows;

    if (!b->mapped || rows->table_id != b->table_id)
        return BINLOG_QUIET;
    if (rows->column_count != b->layout.n || rows->column_count != b->n_columns)
        return unable(b, "the table has changed");
    b->at = rows->row_data;
    b->end = b->at + rows->row_data_size;
    b->change = change;
    return BINLOG_ROWS;
}

static enum binlog_event on_transaction_end(struct binlog *b, enum binlog_event event)
{
    b->mapped = false;
    if (!gtid_advance(&b->position, b->group))
        return unable(b, "the log has too many domains");
    return event;
}

static bool names_table(const struct binlog *b, const MARIADB_STRING *statement)
{
    return memmem(statement->str, statement->length, b->config.table, strlen(b->config.table));
}

/* Of a table without transactions COMMIT is a statement; of a definition it is its own. */
static enum binlog_event on_statement(struct binlog *b)
{
    const MARIADB_STRING *statement = &b->event->event.query.statement;

    if (is_text(statement, "COMMIT"))
        return on_transaction_end(b, BINLOG_COMMITTED);
    if (is_text(statement, "ROLLBACK"))
        return on_transaction_end(b, BINLOG_UNDONE);
    if (!b->standalone)
        return BINLOG_QUIET;
    if (names_table(b, statement))
        return unable(b, "the table is defined anew, or emptied");
    return on_transaction_end(b, BINLOG_COMMITTED);
}

static enum binlog_event on_event(struct binlog *b)
{
    /* Numbers that differ between versions of the header are compared as numbers. */
    switch ((int)b->event->event_type) {
    case GTID_EVENT:
        b->group = (struct gtid){b->event->event.gtid.domain_id, b->event->server_id,
                                 b->event->event.gtid.sequence_nr};
        b->standalone = b->event->event.gtid.flags & FL_STANDALONE;
        return BINLOG_QUIET;
    case HEARTBEAT_LOG_EVENT:
        return BINLOG_IDLE;
    case XA_PREPARE_LOG_EVENT: /* nobody writes our table so */
        return on_transaction_end(b, BINLOG_UNDONE);
    case TABLE_MAP_EVENT:
        return on_table(b);
    case WRITE_ROWS_EVENT_V1:
        return on_rows(b, BINLOG_INSERT);
    case UPDATE_ROWS_EVENT_V1:
        return on_rows(b, BINLOG_UPDATE);
    case DELETE_ROWS_EVENT_V1:
        return on_rows(b, BINLOG_DELETE);
    case QUERY_EVENT:
        return on_statement(b);
    case XID_EVENT:
        return on_transaction_end(b, BINLOG_COMMITTED);
    default:
        return BINLOG_QUIET;
    }
}

enum binlog_event dbc_binlog_next(struct binlog *b)
{
    if (b->unreadable)
        return unable(b, "a row of the log is malformed");
    mariadb_free_rpl_event(b->event);
    b->event = mariadb_rpl_fetch(b->rpl, NULL);
    return b->event ? on_event(b) : on_end(b);
}

bool dbc_binlog_row(struct binlog *b, enum binlog_change *change, struct row_value values[])
{
    struct row_value all[ROW_COLUMNS_MAX];
    int images = b->change == BINLOG_UPDATE ? 2 : 1;

    if (b->at == b->end)
        return false;
    for (; images > 0; images--) {
        if (!row_image_read(&b->layout, &b->at, b->end, all)) {
            b->unreadable = true;
            return false;
        }
    }
    for (size_t i = 0; i < b->config.n; i++)
        values[i] = all[b->columns[i]];
    *change = b->change;
    return true;
}

const struct gtid_position *dbc_binlog_position(const struct binlog *b)
{
    return &b->position;
}

const char *dbc_binlog_why(const struct binlog *b)
{
    return b->why;
}

#endif
