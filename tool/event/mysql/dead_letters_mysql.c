/* dead_letters_mysql.c - see dead_letters_mysql.h. */
#include "tool/event/mysql/dead_letters_mysql.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/transactor.h"

#define COLUMNS                                                                                    \
    "seq, id, `key`, state, in_order, type, reason, attempts, part, stream_seq, source,"           \
    " traceparent, said_at, created_at"

static const char SQL_HEAD[] = "SELECT " COLUMNS ", payload FROM dead_letter"
                               " WHERE `key` = ? AND in_order = 1 ORDER BY seq LIMIT 1 FOR UPDATE";
/* The keys that are missing are the first one once more. */
static const char SQL_ANY[] =
    "SELECT 1 FROM dead_letter FORCE INDEX (key_seq)"
    " WHERE `key` IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AND in_order = 1 FOR UPDATE";
static const char SQL_FIND[] = "SELECT " COLUMNS ", payload FROM dead_letter WHERE id = ?";
static const char SQL_INSERT[] =
    "INSERT INTO dead_letter (id, `key`, state, in_order, type, reason, attempts, part, stream_seq,"
    " source, traceparent, said_at, payload, created_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NOW(6))";
static const char SQL_UPDATE[] =
    "UPDATE dead_letter SET state = ?, reason = ?, attempts = ? WHERE id = ?";
static const char SQL_REMOVE[] = "DELETE FROM dead_letter WHERE id = ?";
static const char SQL_LIST[] = "SELECT " COLUMNS " FROM dead_letter"
                               " WHERE seq > ? AND (? OR `key` = ?) AND (? OR state = 'DEAD')"
                               " ORDER BY seq LIMIT ?";
static const char SQL_STUCK[] =
    "SELECT id FROM dead_letter AS one WHERE state = 'PARKED' AND NOT EXISTS (SELECT 1"
    " FROM dead_letter AS other WHERE other.`key` = one.`key` AND other.in_order = 1"
    " AND other.seq < one.seq) LIMIT 1";
static const char SQL_CENSUS[] =
    "SELECT state, COUNT(*), TIMESTAMPDIFF(MICROSECOND, MIN(created_at), NOW(6)) DIV 1000"
    " FROM dead_letter GROUP BY state";

struct dead_letters_mysql {
    struct dead_letters base;
    struct dbc_pool *pool;
};

static struct dead_letters_mysql *self_of(struct dead_letters *base)
{
    return container_of(base, struct dead_letters_mysql, base);
}

static void read_state(struct dbc_stmt *s, enum dead_letter_state *state)
{
    char text[4 * 15 + 1];

    dbc_col_text(s, text, sizeof(text));
    *state = DEAD_LETTER_DEAD;
    while (*state < DEAD_LETTER_STATES && strcmp(text, DEAD_LETTER_STATE_NAMES[*state]) != 0)
        (*state)++;
    if (*state < DEAD_LETTER_STATES)
        return;
    dbc_col_fault(s, "is no state of a dead letter");
    *state = DEAD_LETTER_DEAD;
}

static void read_row(struct dbc_stmt *s, struct dead_letter *out)
{
    int64_t in_order;

    memset(out, 0, sizeof(*out));
    dbc_col_int(s, &out->seq);
    dbc_col_uuid(s, &out->id);
    dbc_col_uuid(s, &out->key);
    read_state(s, &out->state);
    dbc_col_int(s, &in_order);
    out->in_order = in_order != 0;
    dbc_col_text(s, out->type, sizeof(out->type));
    dbc_col_text(s, out->reason, sizeof(out->reason));
    dbc_col_int(s, &out->attempts);
    dbc_col_int(s, &out->partition);
    dbc_col_int(s, &out->stream_seq);
    dbc_col_text(s, out->source, sizeof(out->source));
    dbc_col_text(s, out->traceparent, sizeof(out->traceparent));
    dbc_col_time(s, &out->time_us);
    dbc_col_time(s, &out->since_us);
}

static enum status read_one(struct dbc_conn *conn, const struct call *call, const char *sql,
                            struct uuid by, struct dead_letter *out)
{
    struct dbc_stmt *s = dbc_prepare(conn, sql);
    enum status st;

    dbc_bind_uuid(s, by);
    st = dbc_execute(s, call);
    if (st == ST_OK && !dbc_next(s))
        st = ST_NOT_FOUND;
    if (st == ST_OK) {
        read_row(s, out);
        dbc_col_text(s, out->json, sizeof(out->json));
    }
    return dbc_done(s, st);
}

static enum status mysql_head(struct dead_letters *base, struct transaction *tx,
                              const struct call *call, struct uuid key, struct dead_letter *out)
{
    (void)base;
    return read_one(dbc_tx_conn(tx), call, SQL_HEAD, key, out);
}

static enum status mysql_any(struct dead_letters *base, struct transaction *tx,
                             const struct call *call, const struct uuid keys[], size_t n)
{
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), SQL_ANY);
    enum status st;

    (void)base;
    ASSERT(n >= 1 && n <= DEAD_LETTER_KEYS_MAX);
    for (size_t i = 0; i < DEAD_LETTER_KEYS_MAX; i++)
        dbc_bind_uuid(s, keys[i < n ? i : 0]);
    st = dbc_execute(s, call);
    if (st == ST_OK && !dbc_next(s))
        st = ST_NOT_FOUND;
    return dbc_done(s, st);
}

static enum status mysql_find(struct dead_letters *base, struct transaction *tx,
                              const struct call *call, struct uuid id, struct dead_letter *out)
{
    struct dead_letters_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);

    if (st != ST_OK)
        return st;
    st = read_one(conn, call, SQL_FIND, id, out);
    dbc_leave(self->pool, tx, conn);
    return st;
}

static enum status mysql_insert(struct dead_letters *base, struct transaction *tx,
                                const struct call *call, const struct dead_letter *letter)
{
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), SQL_INSERT);

    (void)base;
    dbc_bind_uuid(s, letter->id);
    dbc_bind_uuid(s, letter->key);
    dbc_bind_text(s, DEAD_LETTER_STATE_NAMES[letter->state]);
    dbc_bind_int(s, letter->in_order);
    dbc_bind_text(s, letter->type);
    dbc_bind_text(s, letter->reason);
    dbc_bind_int(s, letter->attempts);
    dbc_bind_int(s, letter->partition);
    dbc_bind_int(s, letter->stream_seq);
    dbc_bind_text(s, letter->source);
    dbc_bind_text(s, letter->traceparent);
    dbc_bind_time(s, letter->time_us);
    dbc_bind_text(s, letter->json);
    return dbc_done(s, dbc_execute(s, call));
}

/* Of one row, or there is none. */
static enum status change_one(struct dbc_stmt *s, const struct call *call)
{
    enum status st = dbc_execute(s, call);

    if (st == ST_OK && dbc_affected(s) != 1)
        st = ST_NOT_FOUND;
    return dbc_done(s, st);
}

static enum status mysql_update(struct dead_letters *base, struct transaction *tx,
                                const struct call *call, const struct dead_letter *letter)
{
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), SQL_UPDATE);

    (void)base;
    dbc_bind_text(s, DEAD_LETTER_STATE_NAMES[letter->state]);
    dbc_bind_text(s, letter->reason);
    dbc_bind_int(s, letter->attempts);
    dbc_bind_uuid(s, letter->id);
    return change_one(s, call);
}

static enum status mysql_remove(struct dead_letters *base, struct transaction *tx,
                                const struct call *call, struct uuid id)
{
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), SQL_REMOVE);

    (void)base;
    dbc_bind_uuid(s, id);
    return change_one(s, call);
}

static enum status mysql_list(struct dead_letters *base, const struct call *call,
                              const struct dead_letter_list *list, size_t max,
                              struct dead_letter *out, size_t *n)
{
    static const struct uuid NIL = {{0}};
    struct dead_letters_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(self->pool, call, &conn);
    struct dbc_stmt *s;

    *n = 0;
    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_LIST);
    dbc_bind_int(s, list->after_seq);
    dbc_bind_int(s, !list->key);
    dbc_bind_uuid(s, list->key ? *list->key : NIL);
    dbc_bind_int(s, !list->dead_only);
    dbc_bind_int(s, (int64_t)max);
    st = dbc_execute(s, call);
    while (st == ST_OK && *n < max && dbc_next(s))
        read_row(s, &out[(*n)++]);
    st = dbc_done(s, st);
    dbc_give(self->pool, conn);
    return st;
}

static enum status mysql_stuck(struct dead_letters *base, const struct call *call, struct uuid *id)
{
    struct dead_letters_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(self->pool, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_STUCK);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_uuid(s, id);
    else if (st == ST_OK)
        st = ST_NOT_FOUND;
    st = dbc_done(s, st);
    dbc_give(self->pool, conn);
    return st;
}

static enum status mysql_census(struct dead_letters *base, const struct call *call,
                                struct dead_letter_census *out)
{
    struct dead_letters_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(self->pool, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    *out = (struct dead_letter_census){{0}, 0};
    s = dbc_prepare(conn, SQL_CENSUS);
    st = dbc_execute(s, call);
    while (st == ST_OK && dbc_next(s)) {
        enum dead_letter_state state;
        int64_t age_ms;
        read_state(s, &state);
        dbc_col_int(s, &out->count[state]);
        dbc_col_int(s, &age_ms);
        if (age_ms > out->oldest_ms)
            out->oldest_ms = age_ms;
    }
    st = dbc_done(s, st);
    dbc_give(self->pool, conn);
    return st;
}

static void mysql_destroy(struct dead_letters *base)
{
    if (base)
        free(self_of(base));
}

static const struct dead_letters_ops MYSQL_OPS = {
    .head = mysql_head,
    .any = mysql_any,
    .insert = mysql_insert,
    .update = mysql_update,
    .remove = mysql_remove,
    .find = mysql_find,
    .list = mysql_list,
    .stuck = mysql_stuck,
    .census = mysql_census,
    .destroy = mysql_destroy,
};

struct dead_letters *dead_letters_mysql_create(struct dbc_pool *pool)
{
    struct dead_letters_mysql *self = MEM_NEW(struct dead_letters_mysql);

    self->base.ops = &MYSQL_OPS;
    self->pool = pool;
    return &self->base;
}
