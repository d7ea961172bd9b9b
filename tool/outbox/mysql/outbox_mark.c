/* outbox_mark.c - rows that the stream has are marked as sent, and what was read before is on disk
 * with the same commit. */
#include "tool/outbox/mysql/outbox_private.h"

/* Rows are named by their key, one by one: a list, or a range, may be read as a scan of a table
 * that is nearly empty, which waits for whoever writes into it. The last one is repeated to fill
 * the list. The lease is locked as it is read (an UPDATE of several tables does so), so that nobody
 * takes a partition over before what is written is committed. */
#define LIST(more)                                                                                 \
    "UPDATE (SELECT ? AS seq, ? AS stream_seq" more ") s"                                          \
    " STRAIGHT_JOIN outbox o ON o.seq = s.seq"                                                     \
    " STRAIGHT_JOIN job_lease l ON l.name = CONCAT('outbox.', LPAD(o.partition_no, 2, '0'))"       \
    " AND l.holder = ?"                                                                            \
    " SET o.outbox_status = 'SENT', o.sent_at = NOW(6), o.stream_seq = s.stream_seq"
#define ROW " UNION ALL SELECT ?, ?"
#define ROWS_7 ROW ROW ROW ROW ROW ROW ROW
#define ROWS_8 ROWS_7 ROW
static const struct {
    size_t n;
    const char *sql;
} MARKS[] = {
    {1,  LIST("")                                                     },
    {8,  LIST(ROWS_7)                                                 },
    {64, LIST(ROWS_7 ROWS_8 ROWS_8 ROWS_8 ROWS_8 ROWS_8 ROWS_8 ROWS_8)},
};

/* Its own row: nobody else is in the way. */
static const char SQL_TOUCH[] = "UPDATE outbox SET sent_at = NOW(6) WHERE seq = ?";

struct marking {
    struct outbox_mysql *outbox;
    struct uuid holder;
    const struct outbox_sent *rows;
    size_t n;
    const struct outbox_row *seen; /* NULL = nothing is to be on disk with it */
};

static size_t kind_for(size_t n)
{
    size_t kind = 0;

    while (kind + 1 < ARRAY_LEN(MARKS) && MARKS[kind].n < n)
        kind++;
    return kind;
}

/* *marked: how many, the repeated ones too. */
static enum status mark(struct dbc_conn *conn, const struct call *call, struct uuid holder,
                        const struct outbox_sent *rows, size_t n, int64_t *marked)
{
    size_t kind = kind_for(n);
    struct dbc_stmt *s = dbc_prepare(conn, MARKS[kind].sql);
    enum status st;

    for (size_t i = 0; i < MARKS[kind].n; i++) {
        const struct outbox_sent *row = &rows[i < n ? i : n - 1];
        dbc_bind_int(s, (int64_t)row->seq);
        dbc_bind_int(s, (int64_t)row->stream_seq);
    }
    dbc_bind_uuid(s, holder);
    st = dbc_execute(s, call);
    *marked += st == ST_OK ? dbc_affected(s) : 0;
    return dbc_done(s, st);
}

/* ST_UNAVAILABLE: it is not there, so it never was. */
static enum status touch(struct dbc_conn *conn, const struct call *call, uint64_t seq)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_TOUCH);
    enum status st;

    dbc_bind_int(s, (int64_t)seq);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_affected(s) == 0)
        st = ST_UNAVAILABLE;
    return dbc_done(s, st);
}

/* A commit has on disk what was read before, if something is written. */
static enum status mark_all(struct dbc_conn *conn, const struct call *call, const struct marking *m)
{
    const size_t most = MARKS[ARRAY_LEN(MARKS) - 1].n;
    int64_t marked = 0;
    enum status st = ST_OK;

    if (m->seen && !dbc_was_there(conn, m->outbox->seen))
        return ST_UNAVAILABLE;
    for (size_t done = 0; done < m->n && st == ST_OK; done += most)
        st = mark(conn, call, m->holder, m->rows + done, m->n - done < most ? m->n - done : most,
                  &marked);
    if (st == ST_OK && m->seen && marked == 0)
        st = touch(conn, call, m->seen->seq);
    return st;
}

static enum status mark_in(struct transaction *tx, const struct call *call, void *arg)
{
    return mark_all(dbc_tx_conn(tx), call, arg);
}

/* As a commit of its own, which no others need. */
static bool is_one_statement(const struct marking *m)
{
    return m->n <= MARKS[ARRAY_LEN(MARKS) - 1].n;
}

enum status outbox_mysql_sent(struct outbox *base, const struct call *call, struct uuid holder,
                              const struct outbox_sent rows[], size_t n,
                              const struct outbox_row *seen)
{
    struct outbox_mysql *self = outbox_mysql_of(base);
    struct marking marking = {self, holder, rows, n, seen};
    struct dbc_conn *conn = NULL;
    enum status st;

    if (!is_one_statement(&marking))
        return transactor_run(self->transactor, call, mark_in, &marking);
    st = dbc_take(self->pool, call, &conn);
    if (st == ST_OK)
        st = mark_all(conn, call, &marking);
    dbc_give(self->pool, conn);
    return st;
}
