/* outbox_binlog.c - see outbox_binlog.h. */
#include "tool/outbox/mysql/outbox_binlog.h"

#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/outbox/mysql/outbox_tail.h"

struct outbox_binlog {
    struct outbox base;
    struct outbox_binlog_config config;
    struct outbox *table;
    struct outbox_mirror *mirror;
    struct outbox_tail *tail;
};

static struct outbox_binlog *self_of(const struct outbox *base)
{
    return container_of(base, struct outbox_binlog, base);
}

/* Where the log ends, or further: it is ahead of what can be seen. */
static enum status log_end(struct outbox_binlog *self, const struct call *call,
                           struct gtid_position *end)
{
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(self->config.db, call, &conn);
    char text[GTID_TEXT_MAX + 1];
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, "SELECT CAST(@@global.gtid_binlog_pos AS CHAR)");
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_text(s, text, sizeof(text));
    st = dbc_done(s, st);
    dbc_give(self->config.db, conn);
    return st == ST_OK && !gtid_read(text, end) ? ST_UNAVAILABLE : st;
}

static enum status binlog_pending(struct outbox *base, const struct call *call, uint32_t partitions,
                                  size_t max, struct outbox_row *const rows[], size_t *n)
{
    struct outbox_binlog *self = self_of(base);
    struct mirror_reading reading = {.partitions = partitions};
    enum status st;

    if (outbox_mirror_pending(self->mirror, partitions, max, rows, n))
        return ST_OK;
    reading.opening = outbox_mirror_opening(self->mirror);
    if (reading.opening != 0 && log_end(self, call, &reading.end) != ST_OK)
        reading.opening = 0;
    st = self->table->ops->pending(self->table, call, partitions, max, rows, n);
    if (st == ST_OK && *n > 0) /* what is mirrored stays */
        st = self->table->ops->sent(self->table, call, (struct uuid){{0}}, NULL, 0, rows[0]);
    reading.complete = st == ST_OK && *n < max;
    if (st == ST_OK && reading.opening != 0)
        outbox_mirror_read(self->mirror, &reading, rows, *n);
    return st;
}

/* Before the log can say so. */
static enum status binlog_sent(struct outbox *base, const struct call *call, struct uuid holder,
                               const struct outbox_sent rows[], size_t n,
                               const struct outbox_row *seen)
{
    struct outbox_binlog *self = self_of(base);

    (void)seen; /* the log tells of what is on disk */
    outbox_mirror_sent(self->mirror, rows, n);
    return self->table->ops->sent(self->table, call, holder, rows, n, NULL);
}

/* A relay asks so about a partition that it has newly, and about all now and then. */
static enum status binlog_last_sent(struct outbox *base, const struct call *call,
                                    unsigned partition, uint64_t at_most, struct outbox_sent *out)
{
    struct outbox_binlog *self = self_of(base);

    outbox_mirror_doubt(self->mirror, partition);
    return self->table->ops->last_sent(self->table, call, partition, at_most, out);
}

static enum status binlog_send_again(struct outbox *base, const struct call *call,
                                     unsigned partition, uint64_t after, size_t max, size_t *n)
{
    struct outbox_binlog *self = self_of(base);
    enum status st = self->table->ops->send_again(self->table, call, partition, after, max, n);

    outbox_mirror_doubt(self->mirror, partition);
    return st;
}

static enum status binlog_append(struct outbox *base, struct transaction *tx,
                                 const struct call *call, const struct outbox_event *event)
{
    struct outbox *table = self_of(base)->table;

    return table->ops->append(table, tx, call, event);
}

static enum status binlog_lag(struct outbox *base, const struct call *call, struct outbox_lag *out)
{
    struct outbox *table = self_of(base)->table;

    return table->ops->lag(table, call, out);
}

static enum status binlog_purge(struct outbox *base, const struct call *call, int64_t age_s,
                                size_t max, size_t *n)
{
    struct outbox *table = self_of(base)->table;

    return table->ops->purge(table, call, age_s, max, n);
}

static void binlog_destroy(struct outbox *base)
{
    struct outbox_binlog *self = self_of(base);

    outbox_tail_destroy(self->tail);
    outbox_mirror_destroy(self->mirror);
    free(self);
}

static const struct outbox_ops BINLOG_OPS = {
    .append = binlog_append,
    .pending = binlog_pending,
    .sent = binlog_sent,
    .last_sent = binlog_last_sent,
    .send_again = binlog_send_again,
    .lag = binlog_lag,
    .purge = binlog_purge,
    .destroy = binlog_destroy,
};

struct outbox *outbox_binlog_create(const struct outbox_binlog_config *config)
{
    struct outbox_binlog *self = MEM_NEW(struct outbox_binlog);

    self->base = (struct outbox){&BINLOG_OPS, config->entropy};
    self->config = *config;
    self->table = config->table;
    self->mirror = outbox_mirror_create(config->rows);
    self->tail = outbox_tail_create(&(struct outbox_tail_config){
        .db = config->db,
        .mirror = self->mirror,
        .entropy = config->entropy,
        .retry_ms = config->retry_ms,
        .changed = config->changed,
        .arg = config->arg,
    });
    return &self->base;
}

bool outbox_binlog_reads(const struct outbox *outbox)
{
    return outbox_tail_reads(self_of(outbox)->tail);
}
