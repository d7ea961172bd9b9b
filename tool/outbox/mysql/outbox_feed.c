/* outbox_feed.c - rows of the table outbox: what the stream has of them. */
#include "tool/outbox/mysql/outbox_private.h"

/* Rows are named by their key, one by one: a list, or a range, may be read as a scan of a table
 * that is nearly empty, which waits for whoever writes into it. The last one is repeated to fill
 * the list. */
#define MARK " SET o.outbox_status = 'SENT', o.sent_at = NOW(6), o.stream_seq = s.stream_seq"
#define LIST(more)                                                                                 \
    "UPDATE (SELECT ? AS seq, ? AS stream_seq" more                                                \
    ") s STRAIGHT_JOIN outbox o ON o.seq = s.seq" MARK
#define ROW " UNION ALL SELECT ?, ?"
#define ROWS_7 ROW ROW ROW ROW ROW ROW ROW
#define ROWS_8 ROWS_7 ROW
static const struct {
    size_t n;
    const char *sql;
} MARKS[] = {
    {1,  "UPDATE outbox o JOIN (SELECT ? AS seq, ? AS stream_seq) s ON o.seq = s.seq" MARK},
    {8,  LIST(ROWS_7)                                                                     },
    {64, LIST(ROWS_7 ROWS_8 ROWS_8 ROWS_8 ROWS_8 ROWS_8 ROWS_8 ROWS_8)                    },
};

/* Locked, so that nobody takes one over before what is written is committed. */
static const char SQL_HELD[] =
    "SELECT CAST(SUBSTRING(name, LENGTH('outbox.') + 1) AS UNSIGNED) FROM job_lease"
    " WHERE name BETWEEN 'outbox.' AND 'outbox.99' AND holder = ? LOCK IN SHARE MODE";
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

struct marking {
    struct uuid holder;
    const struct outbox_sent *rows;
    size_t n;
    struct outbox_sent *his; /* of those, the ones of partitions that he holds */
    size_t n_his;
};

static enum status look_held(struct dbc_conn *conn, const struct call *call, struct uuid holder,
                             uint32_t *held)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_HELD);
    enum status st;

    dbc_bind_uuid(s, holder);
    st = dbc_execute(s, call);
    *held = 0;
    while (st == ST_OK && dbc_next(s)) {
        int64_t partition;
        dbc_col_int(s, &partition);
        *held |= UINT32_C(1) << partition;
    }
    return dbc_done(s, st);
}

static enum status mark(struct dbc_conn *conn, const struct call *call,
                        const struct outbox_sent *rows, size_t n, size_t kind)
{
    struct dbc_stmt *s = dbc_prepare(conn, MARKS[kind].sql);

    for (size_t i = 0; i < MARKS[kind].n; i++) {
        const struct outbox_sent *row = &rows[i < n ? i : n - 1];
        dbc_bind_int(s, (int64_t)row->seq);
        dbc_bind_int(s, (int64_t)row->stream_seq);
    }
    return dbc_done(s, dbc_execute(s, call));
}

static void keep_his(struct marking *marking, uint32_t held)
{
    marking->n_his = 0;
    for (size_t i = 0; i < marking->n; i++)
        if (held >> marking->rows[i].partition & 1)
            marking->his[marking->n_his++] = marking->rows[i];
}

static enum status mark_all(struct transaction *tx, const struct call *call, void *arg)
{
    struct marking *marking = arg;
    uint32_t held;
    enum status st = look_held(dbc_tx_conn(tx), call, marking->holder, &held);
    size_t done = 0;

    keep_his(marking, held);
    while (done < marking->n_his && st == ST_OK) {
        size_t left = marking->n_his - done, kind = 0;
        while (kind + 1 < ARRAY_LEN(MARKS) && MARKS[kind].n < left)
            kind++;
        if (left > MARKS[kind].n)
            left = MARKS[kind].n;
        st = mark(dbc_tx_conn(tx), call, marking->his + done, left, kind);
        done += left;
    }
    return st;
}

enum status outbox_mysql_sent(struct outbox *base, const struct call *call, struct uuid holder,
                              const struct outbox_sent rows[], size_t n)
{
    struct marking marking = {.holder = holder, .rows = rows, .n = n};
    enum status st;

    marking.his = mem_alloc(n, sizeof(*marking.his));
    st = transactor_run(outbox_mysql_of(base)->transactor, call, mark_all, &marking);
    free(marking.his);
    return st;
}

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
