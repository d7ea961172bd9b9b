/* outbox_feed.c - rows of the table outbox: looking after those that were sent. */
#include "tool/outbox/mysql/outbox_private.h"

static const char SQL_LAST_SENT[] =
    "SELECT seq, id, stream_seq FROM outbox FORCE INDEX (fed)"
    " WHERE partition_no = ? AND stream_seq BETWEEN 1 AND ? ORDER BY stream_seq DESC LIMIT 1";
static const char SQL_SEND_AGAIN[] =
    "UPDATE outbox SET outbox_status = 'PENDING', stream_seq = 0,"
    " sent_at = '1970-01-01 00:00:00'"
    " WHERE partition_no = ? AND stream_seq > ? ORDER BY stream_seq LIMIT ?";
/* The oldest is the first of a partition. */
#define FIRST(p)                                                                                   \
    "(SELECT created_at FROM outbox FORCE INDEX (fed) WHERE partition_no = " #p                    \
    " AND stream_seq = 0 ORDER BY seq LIMIT 1)"
#define OR " UNION ALL "
static const char SQL_LAG[] =
    "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM outbox FORCE INDEX (fed)"
    " WHERE partition_no IN (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) AND stream_seq "
    "= 0"
    " LIMIT ?) o),"
    " (SELECT COALESCE(TIMESTAMPDIFF(MICROSECOND, MIN(created_at), NOW(6)) DIV 1000, 0) FROM "
    "(" FIRST(0) OR FIRST(1) OR FIRST(2) OR FIRST(3) OR FIRST(4) OR FIRST(5) OR FIRST(6) OR FIRST(7)
        OR FIRST(8) OR FIRST(9) OR FIRST(10) OR FIRST(11) OR FIRST(12) OR FIRST(13) OR FIRST(14)
            OR FIRST(15) ") f)";
/* By id, which begins with the time: a range that ends where the rows are too young. */
static const char SQL_PURGE[] = "DELETE FROM outbox WHERE id < ? AND stream_seq > 0"
                                " AND sent_at < NOW(6) - INTERVAL ? SECOND ORDER BY id LIMIT ?";

enum { CLOCKS_DIFFER_S = 3600 };

enum status outbox_mysql_last_sent(struct outbox *base, const struct call *call, unsigned partition,
                                   uint64_t at_most, struct outbox_sent *out)
{
    struct dbc_pool *pool = outbox_mysql_of(base)->pool;
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(pool, call, &conn);
    struct dbc_stmt *s;
    int64_t seq = 0, stream_seq = 0;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_LAST_SENT);
    dbc_bind_int(s, partition);
    dbc_bind_int(s, at_most > INT64_MAX ? INT64_MAX : (int64_t)at_most);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s)) {
        dbc_col_int(s, &seq);
        dbc_col_uuid(s, &out->id);
        dbc_col_int(s, &stream_seq);
        out->seq = (uint64_t)seq;
        out->stream_seq = (uint64_t)stream_seq;
        out->partition = partition;
    } else if (st == ST_OK) {
        st = ST_NOT_FOUND;
    }
    st = dbc_done(s, st);
    dbc_give(pool, conn);
    return st;
}

/* Runs what changes rows by itself; *n: how many. */
static enum status change(struct dbc_conn *conn, struct dbc_stmt *s, const struct call *call,
                          struct dbc_pool *pool, size_t *n)
{
    enum status st = dbc_execute(s, call);

    if (st == ST_OK)
        *n = (size_t)dbc_affected(s);
    st = dbc_done(s, st);
    dbc_give(pool, conn);
    return st;
}

enum status outbox_mysql_send_again(struct outbox *base, const struct call *call,
                                    unsigned partition, uint64_t after, size_t max, size_t *n)
{
    struct dbc_pool *pool = outbox_mysql_of(base)->pool;
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(pool, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_SEND_AGAIN);
    dbc_bind_int(s, partition);
    dbc_bind_int(s, (int64_t)after);
    dbc_bind_int(s, (int64_t)max);
    return change(conn, s, call, pool, n);
}

enum status outbox_mysql_lag(struct outbox *base, const struct call *call, struct outbox_lag *out)
{
    struct dbc_pool *pool = outbox_mysql_of(base)->pool;
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(pool, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_LAG);
    dbc_bind_int(s, OUTBOX_COUNT_MAX);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s)) {
        dbc_col_int(s, &out->pending);
        dbc_col_int(s, &out->oldest_ms);
    }
    st = dbc_done(s, st);
    dbc_give(pool, conn);
    return st;
}

/* The id that a row has of that time, whatever comes after the time in it. */
static struct uuid id_at(int64_t wall_us)
{
    struct uuid id = {{0}};

    for (int i = 0; i < 6; i++)
        id.b[i] = (uint8_t)(wall_us / 1000 >> (40 - 8 * i));
    return id;
}

enum status outbox_mysql_purge(struct outbox *base, const struct call *call, int64_t age_s,
                               size_t max, size_t *n)
{
    struct dbc_pool *pool = outbox_mysql_of(base)->pool;
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(pool, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_PURGE);
    dbc_bind_uuid(s, id_at(clock_wall_us(call->clock) + (CLOCKS_DIFFER_S - age_s) * 1000000));
    dbc_bind_int(s, age_s);
    dbc_bind_int(s, (int64_t)max);
    return change(conn, s, call, pool, n);
}
