/* capacity_rows_mysql.c - see capacity_rows_mysql.h. */
#include "dataservice/capacity/mysql/capacity_rows_mysql.h"

#include "tool/dbc/column.h"
#include "tool/dbc/statement.h"
#include "tool/dbc/transactor.h"

static const char SQL_TAKE[] = "UPDATE slot SET held = held + ?, untold = 1,"
                               " version = version + 1 WHERE id = ? AND total - held - sold >= ?";
static const char SQL_LEFT[] = "SELECT total - held - sold FROM slot WHERE id = ? FOR UPDATE";
static const char SQL_MOVE[] = "UPDATE slot SET held = held + ?, sold = sold + ?, untold = 1,"
                               " version = version + 1"
                               " WHERE id = ? AND held + ? >= 0 AND sold + ? >= 0";
static const char SQL_ADD[] = "INSERT INTO hold_line (hold_id, slot_id, units) VALUES (?, ?, ?)";
static const char SQL_LINES[] = "SELECT slot_id, units FROM hold_line WHERE hold_id = ?"
                                " ORDER BY slot_id LIMIT ?";

/* Of a slot that has to match. */
static enum status run_update(struct dbc_stmt *s, const struct call *call)
{
    enum status st = dbc_execute(s, call);

    if (st == ST_OK && dbc_affected(s) == 0)
        st = ST_CONFLICT;
    return dbc_done(s, st);
}

static enum status take(struct dbc_conn *conn, const struct call *call, struct uuid slot_id,
                        int64_t units)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_TAKE);

    dbc_bind_int(s, units);
    dbc_bind_uuid(s, slot_id);
    dbc_bind_int(s, units);
    return run_update(s, call);
}

static enum status lock_left(struct dbc_conn *conn, const struct call *call, struct uuid slot_id,
                             int64_t *left)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_LEFT);
    enum status st;

    *left = 0;
    dbc_bind_uuid(s, slot_id);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_int(s, left);
    return dbc_done(s, st);
}

/* What is left is told under a lock, in the same order as what is taken. In between some may have
 * been given back: then it is there to be taken. */
static enum status mysql_take(const struct capacity_rows *self, struct transaction *tx,
                              const struct call *call, struct uuid slot_id, int64_t units,
                              int64_t *left)
{
    struct dbc_conn *conn = dbc_tx_conn(tx);
    enum status st = take(conn, call, slot_id, units);

    (void)self;
    if (st != ST_CONFLICT)
        return st;
    st = lock_left(conn, call, slot_id, left);
    if (st != ST_OK)
        return st;
    return *left >= units ? take(conn, call, slot_id, units) : ST_CONFLICT;
}

static enum status mysql_move(const struct capacity_rows *self, struct transaction *tx,
                              const struct call *call, struct uuid slot_id, int64_t held,
                              int64_t sold)
{
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), SQL_MOVE);

    (void)self;
    dbc_bind_int(s, held);
    dbc_bind_int(s, sold);
    dbc_bind_uuid(s, slot_id);
    dbc_bind_int(s, held);
    dbc_bind_int(s, sold);
    return run_update(s, call);
}

static enum status add_line(struct dbc_conn *conn, const struct call *call, struct uuid hold_id,
                            const struct hold_line *line)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_ADD);

    dbc_bind_uuid(s, hold_id);
    dbc_bind_uuid(s, line->slot_id);
    dbc_bind_int(s, line->units);
    return dbc_done(s, dbc_execute(s, call));
}

static enum status mysql_add_lines(const struct capacity_rows *self, struct transaction *tx,
                                   const struct call *call, struct uuid hold_id,
                                   const struct hold_line lines[], size_t n)
{
    enum status st = ST_OK;

    (void)self;
    for (size_t i = 0; st == ST_OK && i < n; i++)
        st = add_line(dbc_tx_conn(tx), call, hold_id, &lines[i]);
    return st;
}

static enum status mysql_lines(const struct capacity_rows *self, struct transaction *tx,
                               const struct call *call, struct uuid hold_id,
                               struct hold_line lines[], size_t max, size_t *n)
{
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), SQL_LINES);
    enum status st;

    (void)self;
    dbc_bind_uuid(s, hold_id);
    dbc_bind_int(s, (int64_t)max);
    st = dbc_execute(s, call);
    for (*n = 0; st == ST_OK && *n < max && dbc_next(s); ++*n) {
        dbc_col_uuid(s, &lines[*n].slot_id);
        dbc_col_int(s, &lines[*n].units);
    }
    return dbc_done(s, st);
}

static const struct capacity_rows_ops MYSQL_OPS = {
    .take = mysql_take,
    .move = mysql_move,
    .add_lines = mysql_add_lines,
    .lines = mysql_lines,
};

const struct capacity_rows CAPACITY_ROWS_MYSQL = {&MYSQL_OPS};
