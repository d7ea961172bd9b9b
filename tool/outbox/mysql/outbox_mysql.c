/* outbox_mysql.c - rows of the table outbox: said, and read to be sent. */
#include "tool/outbox/mysql/outbox_private.h"

static const char SQL_APPEND[] =
    "INSERT INTO outbox (id, partition_no, type, `key`, saga_id, saga_status,"
    " payload, traceparent, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NOW(6))";
/* The index gives them in this order. No locks, so that one statement sees one moment, and no lower
 * bound: rows are not committed in the order of seq. */
static const char SQL_PENDING[] =
    "SELECT seq, id, partition_no, type, `key`, saga_id, saga_status, payload, traceparent,"
    " created_at FROM outbox FORCE INDEX (fed)"
    " WHERE partition_no IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " AND stream_seq = 0 ORDER BY partition_no, seq LIMIT ?";

static void bind_id(struct dbc_stmt *s, struct uuid id)
{
    if (uuid_is_nil(id))
        dbc_bind_text(s, NULL);
    else
        dbc_bind_uuid(s, id);
}

static enum status mysql_append(struct outbox *base, struct transaction *tx,
                                const struct call *call, const struct outbox_event *event)
{
    struct outbox_mysql *self = outbox_mysql_of(base);
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), SQL_APPEND);

    dbc_bind_uuid(s, event->id);
    dbc_bind_int(s, event->partition);
    dbc_bind_text(s, event->type);
    dbc_bind_uuid(s, event->key);
    bind_id(s, call->saga_id);
    dbc_bind_text(s, call->saga_state);
    dbc_bind_text(s, event->json);
    dbc_bind_text(s, call->traceparent[0] ? call->traceparent : NULL);
    if (self->committed)
        dbc_tx_committed(tx, self->committed, self->arg);
    return dbc_done(s, dbc_execute(s, call));
}

static void read_row(struct dbc_stmt *s, struct outbox_row *row)
{
    int64_t seq, partition;

    dbc_col_int(s, &seq);
    dbc_col_uuid(s, &row->id);
    dbc_col_int(s, &partition);
    dbc_col_text(s, row->type, sizeof(row->type));
    dbc_col_uuid(s, &row->key);
    dbc_col_uuid(s, &row->saga_id);
    dbc_col_text(s, row->saga_state, sizeof(row->saga_state));
    dbc_col_text(s, row->json, sizeof(row->json));
    dbc_col_text(s, row->traceparent, sizeof(row->traceparent));
    dbc_col_time(s, &row->created_us);
    row->seq = (uint64_t)seq;
    row->partition = (unsigned)partition;
}

/* Those that are not asked for ask for one that is, once more. */
static void bind_partitions(struct dbc_stmt *s, uint32_t partitions)
{
    int any = __builtin_ctz(partitions);

    for (int p = 0; p < EVENT_PARTITIONS; p++)
        dbc_bind_int(s, partitions >> p & 1 ? p : any);
}

static enum status mysql_pending(struct outbox *base, const struct call *call, uint32_t partitions,
                                 size_t max, struct outbox_row *const rows[], size_t *n)
{
    struct dbc_pool *pool = outbox_mysql_of(base)->pool;
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(pool, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    *n = 0;
    s = dbc_prepare(conn, SQL_PENDING);
    bind_partitions(s, partitions);
    dbc_bind_int(s, (int64_t)max);
    st = dbc_execute(s, call);
    while (st == ST_OK && *n < max && dbc_next(s))
        read_row(s, rows[(*n)++]);
    st = dbc_done(s, st);
    dbc_give(pool, conn);
    outbox_mysql_of(base)->seen = dbc_opened(pool);
    return st;
}

static void mysql_destroy(struct outbox *base)
{
    struct outbox_mysql *self = outbox_mysql_of(base);

    self->transactor->ops->destroy(self->transactor);
    free(self);
}

static const struct outbox_ops MYSQL_OPS = {
    .append = mysql_append,
    .pending = mysql_pending,
    .sent = outbox_mysql_sent,
    .last_sent = outbox_mysql_last_sent,
    .send_again = outbox_mysql_send_again,
    .lag = outbox_mysql_lag,
    .purge = outbox_mysql_purge,
    .destroy = mysql_destroy,
};

struct outbox *outbox_mysql_create(struct dbc_pool *pool, const struct entropy *entropy,
                                   void (*committed)(void *arg), void *arg)
{
    struct outbox_mysql *self = MEM_NEW(struct outbox_mysql);

    self->base = (struct outbox){&MYSQL_OPS, entropy};
    self->pool = pool;
    self->transactor = dbc_transactor_create(pool);
    self->committed = committed;
    self->arg = arg;
    return &self->base;
}
