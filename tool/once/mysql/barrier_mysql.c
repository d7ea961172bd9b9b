/* barrier_mysql.c - processed messages in the table processed_message. */
#include "tool/once/mysql/barrier_mysql.h"

#include <stdio.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/purge.h"
#include "tool/dbc/transactor.h"

/* A duplicate is counted, not refused: counting takes the row's exclusive lock at once, where a
 * refused INSERT takes a shared one, on which two deliveries that both go on to record() deadlock.
 * One row affected: the first delivery; two: a further one. */
#define ENTER                                                                                      \
    "INSERT INTO processed_message (consumer, message_key, outcome, deliveries, created_at)"       \
    " VALUES (?, ?, ?, 1, NOW(6))"
#define ONE_MORE ", (?, ?, ?, 1, NOW(6))"
#define OR_COUNT " ON DUPLICATE KEY UPDATE deliveries = deliveries + 1"
static const char SQL_ENTER[] = ENTER OR_COUNT;
static const char SQL_RECORD[] =
    "UPDATE processed_message SET outcome = ? WHERE consumer = ? AND message_key = ?";
static const char SQL_FIND[] =
    "SELECT outcome FROM processed_message WHERE consumer = ? AND message_key = ?";
static const char SQL_COUNT[] = "UPDATE processed_message SET deliveries = deliveries + 1"
                                " WHERE consumer = ? AND message_key = ?";
static const char SQL_FORGET[] =
    "DELETE FROM processed_message WHERE consumer = ? AND message_key = ? AND outcome = ?";
static const char SQL_PURGE[] =
    "DELETE FROM processed_message WHERE created_at < NOW(6) - INTERVAL ? SECOND"
    " ORDER BY created_at LIMIT ?";

struct barrier_mysql {
    struct barrier base;
    struct dbc_pool *pool;
};

static struct barrier_mysql *self_of(struct barrier *base)
{
    return container_of(base, struct barrier_mysql, base);
}

static enum status read_outcome(struct dbc_conn *conn, const struct call *call,
                                const char *consumer, const char *key,
                                char outcome[BARRIER_OUTCOME_MAX + 1])
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_FIND);
    enum status st;

    dbc_bind_text(s, consumer);
    dbc_bind_text(s, key);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_text(s, outcome, BARRIER_OUTCOME_MAX + 1);
    else if (st == ST_OK)
        st = ST_NOT_FOUND;
    return dbc_done(s, st);
}

static enum status mysql_enter(struct barrier *base, struct transaction *tx,
                               const struct call *call, const char *consumer, const char *key,
                               const char *outcome_if_first, char seen[BARRIER_OUTCOME_MAX + 1])
{
    struct dbc_conn *conn = dbc_tx_conn(tx);
    struct dbc_stmt *s = dbc_prepare(conn, SQL_ENTER);
    enum status st;
    bool first;

    (void)base;
    dbc_bind_text(s, consumer);
    dbc_bind_text(s, key);
    dbc_bind_text(s, outcome_if_first);
    st = dbc_execute(s, call);
    first = dbc_affected(s) == 1;
    st = dbc_done(s, st);
    if (st != ST_OK || first)
        return st;
    st = read_outcome(conn, call, consumer, key, seen);
    return st == ST_OK ? ST_CONFLICT : st;
}

static void write_enter_all(char *sql, size_t size, size_t n)
{
    size_t len = (size_t)snprintf(sql, size, "%s", ENTER);

    while (n-- > 1)
        len += (size_t)snprintf(sql + len, size - len, "%s", ONE_MORE);
    snprintf(sql + len, size - len, "%s", OR_COUNT);
}

/* A row that is changed counts twice. */
static enum status mysql_enter_all(struct barrier *base, struct transaction *tx,
                                   const struct call *call, const char *consumer,
                                   const struct barrier_note notes[], size_t n)
{
    char sql[sizeof(ENTER) + sizeof(OR_COUNT) + BARRIER_ALL_MAX * sizeof(ONE_MORE)];
    struct dbc_stmt *s;
    enum status st;

    (void)base;
    ASSERT(n >= 1 && n <= BARRIER_ALL_MAX);
    write_enter_all(sql, sizeof(sql), n);
    s = dbc_prepare(dbc_tx_conn(tx), sql);
    for (size_t i = 0; i < n; i++) {
        dbc_bind_text(s, consumer);
        dbc_bind_text(s, notes[i].key);
        dbc_bind_text(s, notes[i].outcome);
    }
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_affected(s) != (int64_t)n)
        st = ST_CONFLICT;
    return dbc_done(s, st);
}

static enum status mysql_record(struct barrier *base, struct transaction *tx,
                                const struct call *call, const char *consumer, const char *key,
                                const char *outcome)
{
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), SQL_RECORD);
    enum status st;

    (void)base;
    dbc_bind_text(s, outcome);
    dbc_bind_text(s, consumer);
    dbc_bind_text(s, key);
    st = dbc_execute(s, call);
    ASSERT(st != ST_OK || dbc_affected(s) == 1); /* entered in this transaction */
    return dbc_done(s, st);
}

/* The database shows what is committed before its log is synced: were it to die in between, what
 * we have found would never have been. A commit that comes later, here the count's, is answered
 * when the log is synced up to it. */
static enum status count(struct dbc_conn *conn, const struct call *call, const char *consumer,
                         const char *key)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_COUNT);
    enum status st;

    dbc_bind_text(s, consumer);
    dbc_bind_text(s, key);
    st = dbc_done(s, dbc_execute(s, call));
    return st == ST_UNCERTAIN ? ST_UNAVAILABLE : st;
}

static enum status mysql_find(struct barrier *base, const struct call *call, const char *consumer,
                              const char *key, char outcome[BARRIER_OUTCOME_MAX + 1])
{
    struct barrier_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(self->pool, call, &conn);

    if (st == ST_OK)
        st = read_outcome(conn, call, consumer, key, outcome);
    if (st == ST_OK)
        st = count(conn, call, consumer, key);
    dbc_give(self->pool, conn);
    return st;
}

static enum status mysql_forget(struct barrier *base, const struct call *call, const char *consumer,
                                const char *key, const char *outcome)
{
    struct barrier_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(self->pool, call, &conn);

    if (st == ST_OK) {
        struct dbc_stmt *s = dbc_prepare(conn, SQL_FORGET);
        dbc_bind_text(s, consumer);
        dbc_bind_text(s, key);
        dbc_bind_text(s, outcome);
        st = dbc_done(s, dbc_execute(s, call));
    }
    dbc_give(self->pool, conn);
    return st == ST_OK ? ST_OK : ST_UNAVAILABLE;
}

static enum status mysql_purge(struct barrier *base, const struct call *call, int64_t age_s,
                               size_t max, size_t *n)
{
    return dbc_purge(self_of(base)->pool, SQL_PURGE, call, age_s, max, n);
}

static void mysql_destroy(struct barrier *base)
{
    if (base)
        free(self_of(base));
}

static const struct barrier_ops MYSQL_OPS = {
    .enter = mysql_enter,
    .enter_all = mysql_enter_all,
    .record = mysql_record,
    .find = mysql_find,
    .forget = mysql_forget,
    .purge = mysql_purge,
    .destroy = mysql_destroy,
};

struct barrier *barrier_mysql_create(struct dbc_pool *pool)
{
    struct barrier_mysql *self = MEM_NEW(struct barrier_mysql);

    self->base.ops = &MYSQL_OPS;
    self->pool = pool;
    return &self->base;
}
