/* saga_store_mysql.c - saga rows in the table saga. wake_at of an ended saga says when it ended. */
#include "tool/saga/mysql/saga_store_mysql.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/purge.h"
#include "tool/dbc/transactor.h"
#include "tool/saga/mysql/saga_row.h"

/* Begins anew where it cannot rise: a row that says so must not fail the claim of all others. */
#define NEXT_VERSION "(version + 1) & 4294967295"

static const char SQL_INSERT[] =
    "INSERT INTO saga (id, subject, type, state, step, version, attempts, reason, data, done, "
    "wake_at,"
    " deadline_at, started_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, 0, NOW(6) + INTERVAL ? MICROSECOND,"
    " NOW(6) + INTERVAL ? MICROSECOND, NOW(6), NOW(6))";
static const char SQL_UPDATE[] =
    "UPDATE saga SET state = ?, step = ?, version = " NEXT_VERSION ", attempts = ?, reason = ?,"
    " data = ?, done = ?, wake_at = NOW(6) + INTERVAL ? MICROSECOND, updated_at = NOW(6)"
    " WHERE id = ? AND version = ?";
static const char SQL_SET_ASIDE[] =
    "UPDATE saga SET version = " NEXT_VERSION ", wake_at = NOW(6) + INTERVAL ? MICROSECOND"
    " WHERE id = ? AND version = ?";
static const char SQL_WAKE[] = "UPDATE saga SET wake_at ="
                               " LEAST(wake_at, NOW(6) + INTERVAL ? MICROSECOND,"
                               " GREATEST(NOW(6), updated_at + INTERVAL ? MICROSECOND))"
                               " WHERE id = ? AND done = 0";
static const char SQL_FIND[] = "SELECT " SAGA_ROW_COLUMNS " FROM saga WHERE id = ?";
#define SQL_LIST                                                                                   \
    "SELECT " SAGA_ROW_COLUMNS " FROM saga WHERE done = ? AND (? = '' OR state = ?)"               \
    " AND (? = '' OR type = ?) AND started_at <= NOW(6) - INTERVAL ? MICROSECOND ORDER BY wake_at"
static const char SQL_LIST_OPEN[] = SQL_LIST " LIMIT ?";
static const char SQL_LIST_ENDED[] = SQL_LIST " DESC LIMIT ?";
static const char SQL_DUE[] = "SELECT " SAGA_ROW_COLUMNS " FROM saga"
                              " WHERE done = 0 AND wake_at <= NOW(6) ORDER BY wake_at LIMIT ?"
                              " FOR UPDATE SKIP LOCKED";
static const char SQL_AHEAD[] = "SELECT " SAGA_ROW_COLUMNS " FROM saga"
                                " WHERE done = 0 AND wake_at > NOW(6) + INTERVAL ? MICROSECOND"
                                " ORDER BY wake_at LIMIT ? FOR UPDATE SKIP LOCKED";
static const char SQL_LEASE[] = "UPDATE saga SET version = " NEXT_VERSION ","
                                " wake_at = NOW(6) + INTERVAL ? MICROSECOND WHERE id = ?";
/* The key (done, wake_at, state) holds all this one reads. */
static const char SQL_COUNT[] =
    "SELECT state, COUNT(*) FROM saga WHERE done = 0 GROUP BY state UNION ALL"
    " SELECT state, COUNT(*) FROM (SELECT state FROM saga WHERE done = 1"
    " ORDER BY wake_at DESC LIMIT ?) AS latest GROUP BY state";
static const char SQL_OLDEST[] =
    "SELECT GREATEST(COALESCE(TIMESTAMPDIFF(MICROSECOND, MIN(started_at), NOW(6)) DIV 1000, 0), 0)"
    " FROM saga WHERE done = 0";
static const char SQL_PURGE[] =
    "DELETE FROM saga WHERE done = 1 AND wake_at < NOW(6) - INTERVAL ? SECOND"
    " ORDER BY wake_at LIMIT ?";

struct saga_store_mysql {
    struct saga_store base;
    struct dbc_pool *pool;
    struct transactor *transactor; /* of claims */
};

static struct saga_store_mysql *self_of(struct saga_store *base)
{
    return container_of(base, struct saga_store_mysql, base);
}

static bool ended(enum saga_state state)
{
    return state == SAGA_SUCCEEDED || state == SAGA_COMPENSATED;
}

static enum status mysql_insert(struct saga_store *base, struct transaction *tx,
                                const struct call *call, struct saga_record *record,
                                int64_t lease_ms)
{
    struct saga_store_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);
    struct dbc_stmt *s;

    ASSERT(!ended(record->view.state));
    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_INSERT);
    dbc_bind_uuid(s, record->view.id);
    dbc_bind_uuid(s, record->view.about);
    dbc_bind_text(s, record->type);
    dbc_bind_text(s, SAGA_STATE_NAMES[record->view.state]);
    dbc_bind_text(s, record->view.step);
    dbc_bind_int(s, record->attempts);
    dbc_bind_text(s, record->view.reason);
    dbc_bind_text(s, record->data);
    dbc_bind_int(s, lease_ms * 1000);
    dbc_bind_int(s, record->remaining_ms * 1000);
    st = dbc_done(s, dbc_execute(s, call));
    if (st == ST_OK)
        record->version = 1;
    dbc_leave(self->pool, tx, conn);
    return st;
}

static enum status mysql_update(struct saga_store *base, struct transaction *tx,
                                const struct call *call, struct saga_record *record,
                                int64_t wake_ms)
{
    struct saga_store_mysql *self = self_of(base);
    bool end = ended(record->view.state);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_UPDATE);
    dbc_bind_text(s, SAGA_STATE_NAMES[record->view.state]);
    dbc_bind_text(s, record->view.step);
    dbc_bind_int(s, record->attempts);
    dbc_bind_text(s, record->view.reason);
    dbc_bind_text(s, end ? NULL : record->data);
    dbc_bind_int(s, end);
    dbc_bind_int(s, end ? 0 : wake_ms * 1000);
    dbc_bind_uuid(s, record->view.id);
    dbc_bind_int(s, record->version);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_affected(s) != 1)
        st = ST_STALE;
    st = dbc_done(s, st);
    if (st == ST_OK)
        record->version++;
    dbc_leave(self->pool, tx, conn);
    return st;
}

static enum status mysql_set_aside(struct saga_store *base, const struct call *call,
                                   const struct saga_record *record, int64_t wake_ms)
{
    struct saga_store_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(self->pool, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_SET_ASIDE);
    dbc_bind_int(s, wake_ms * 1000);
    dbc_bind_uuid(s, record->view.id);
    dbc_bind_int(s, record->version);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_affected(s) != 1)
        st = ST_STALE;
    st = dbc_done(s, st);
    dbc_give(self->pool, conn);
    return st;
}

static enum status mysql_wake(struct saga_store *base, const struct call *call, struct uuid id,
                              int64_t quiet_ms)
{
    struct saga_store_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(self->pool, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_WAKE);
    dbc_bind_int(s, quiet_ms * 1000);
    dbc_bind_int(s, quiet_ms * 1000);
    dbc_bind_uuid(s, id);
    st = dbc_done(s, dbc_execute(s, call));
    dbc_give(self->pool, conn);
    return st;
}

static enum status mysql_find(struct saga_store *base, const struct call *call, struct uuid id,
                              struct saga_record *out)
{
    struct saga_store_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(self->pool, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_FIND);
    dbc_bind_int(s, SAGA_DATA_MAX);
    dbc_bind_uuid(s, id);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s))
        saga_row_read(s, out);
    else if (st == ST_OK)
        st = ST_NOT_FOUND;
    st = dbc_done(s, st);
    dbc_give(self->pool, conn);
    return st;
}

static enum status mysql_list(struct saga_store *base, const struct call *call,
                              const struct saga_filter *filter, size_t max, struct saga_record *out,
                              size_t *n)
{
    struct saga_store_mysql *self = self_of(base);
    const char *state = filter->state ? filter->state : "";
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(self->pool, call, &conn);
    struct dbc_stmt *s;

    *n = 0;
    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, filter->ended ? SQL_LIST_ENDED : SQL_LIST_OPEN);
    dbc_bind_int(s, 0);
    dbc_bind_int(s, filter->ended);
    dbc_bind_text(s, state);
    dbc_bind_text(s, state);
    dbc_bind_text(s, filter->type);
    dbc_bind_text(s, filter->type);
    dbc_bind_int(s, filter->older_ms * 1000);
    dbc_bind_int(s, (int64_t)max);
    st = dbc_execute(s, call);
    while (st == ST_OK && *n < max && dbc_next(s))
        saga_row_read(s, &out[(*n)++]);
    st = dbc_done(s, st);
    dbc_give(self->pool, conn);
    return st;
}

struct claim {
    int64_t lease_ms;
    size_t max, n;
    struct saga_record *out;
};

/* The rows of a prepared SELECT: those that are due, or those too far ahead. */
static enum status select_rows(struct dbc_stmt *s, const struct call *call, struct claim *claim)
{
    enum status st;

    dbc_bind_int(s, (int64_t)(claim->max - claim->n));
    st = dbc_execute(s, call);
    while (st == ST_OK && claim->n < claim->max && dbc_next(s))
        saga_row_read(s, &claim->out[claim->n++]);
    return dbc_done(s, st);
}

/* Two statements: with an OR between them the index would not give what is due in its order. */
static enum status select_due(struct dbc_conn *conn, const struct call *call, struct claim *claim)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_DUE);
    enum status st;

    claim->n = 0;
    dbc_bind_int(s, SAGA_DATA_MAX);
    st = select_rows(s, call, claim);
    if (st != ST_OK || claim->n == claim->max)
        return st;
    s = dbc_prepare(conn, SQL_AHEAD);
    dbc_bind_int(s, SAGA_DATA_MAX);
    dbc_bind_int(s, SAGA_AHEAD_MAX_MS * INT64_C(1000));
    return select_rows(s, call, claim);
}

/* Row by row: an IN list makes the optimizer scan a nearly empty table and wait for others' rows.
 */
static enum status claim_due(struct transaction *tx, const struct call *call, void *arg)
{
    struct claim *claim = arg;
    struct dbc_conn *conn = dbc_tx_conn(tx);
    enum status st = select_due(conn, call, claim);

    for (size_t i = 0; i < claim->n && st == ST_OK; i++) {
        struct dbc_stmt *s = dbc_prepare(conn, SQL_LEASE);
        dbc_bind_int(s, claim->lease_ms * 1000);
        dbc_bind_uuid(s, claim->out[i].view.id);
        st = dbc_done(s, dbc_execute(s, call));
        claim->out[i].version++;
    }
    return st;
}

static enum status mysql_claim(struct saga_store *base, const struct call *call, int64_t lease_ms,
                               size_t max, struct saga_record *out, size_t *n)
{
    struct saga_store_mysql *self = self_of(base);
    struct claim claim = {.lease_ms = lease_ms, .max = max, .out = out};
    enum status st = transactor_run(self->transactor, call, claim_due, &claim);

    ASSERT(lease_ms > 0);
    *n = st == ST_OK ? claim.n : 0;
    return st;
}

static enum status count_states(struct dbc_conn *conn, const struct call *call,
                                struct saga_census *out)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_COUNT);
    enum status st;

    dbc_bind_int(s, SAGA_CENSUS_ENDED_MAX);
    st = dbc_execute(s, call);
    while (st == ST_OK && dbc_next(s)) {
        char text[4 * SAGA_NAME_MAX + 1];
        enum saga_state state;
        int64_t count;
        dbc_col_text(s, text, sizeof(text));
        dbc_col_int(s, &count);
        if (saga_row_state(text, &state))
            out->count[state] += count;
        else
            out->unknown += count;
    }
    return dbc_done(s, st);
}

static enum status mysql_census(struct saga_store *base, const struct call *call,
                                struct saga_census *out)
{
    struct saga_store_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(self->pool, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    memset(out, 0, sizeof(*out));
    st = count_states(conn, call, out);
    if (st == ST_OK) {
        s = dbc_prepare(conn, SQL_OLDEST);
        st = dbc_execute(s, call);
        if (st == ST_OK && dbc_next(s))
            dbc_col_int(s, &out->oldest_open_ms);
        st = dbc_done(s, st);
    }
    dbc_give(self->pool, conn);
    return st;
}

static enum status mysql_purge(struct saga_store *base, const struct call *call, int64_t age_s,
                               size_t max, size_t *n)
{
    return dbc_purge(self_of(base)->pool, SQL_PURGE, call, age_s, max, n);
}

static void mysql_destroy(struct saga_store *base)
{
    if (!base)
        return;
    self_of(base)->transactor->ops->destroy(self_of(base)->transactor);
    free(self_of(base));
}

static const struct saga_store_ops MYSQL_OPS = {
    .insert = mysql_insert,
    .update = mysql_update,
    .set_aside = mysql_set_aside,
    .wake = mysql_wake,
    .find = mysql_find,
    .list = mysql_list,
    .claim = mysql_claim,
    .census = mysql_census,
    .purge = mysql_purge,
    .destroy = mysql_destroy,
};

struct saga_store *saga_store_mysql_create(struct dbc_pool *pool)
{
    struct saga_store_mysql *self = MEM_NEW(struct saga_store_mysql);

    self->base.ops = &MYSQL_OPS;
    self->pool = pool;
    self->transactor = dbc_transactor_create(pool);
    return &self->base;
}
