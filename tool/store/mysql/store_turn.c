/* store_turn.c - a column that turns from one value into another, without a look at the row first.
 */
#include "tool/dbc/statement.h"
#include "tool/store/mysql/store_private.h"

/* Texts are compared otherwise by the database, which does not count blanks at their end; and what
 * is derived from the column would have to turn with it. */
static bool can_turn(const struct table *t, const struct store_turn *turn)
{
    struct value from, to;

    for (size_t i = 0; i < t->n_columns; i++)
        if (t->columns[i].form && t->columns[i].offset == turn->column->offset)
            return false;
    value_of_key(turn->column, turn->from, &from);
    value_of_key(turn->column, turn->to, &to);
    return turn->column->kind != COLUMN_TEXT && !(turn->column->flags & COLUMN_ASIDE) &&
           value_compare(&from, &to) != 0 && value_fits(turn->column, &to);
}

static void bind_key(struct dbc_stmt *s, const struct column *c, const void *key)
{
    struct value v;

    value_of_key(c, key, &v);
    store_bind(s, &v);
}

enum status store_mysql_turn(struct store_mysql *self, struct dbc_conn *conn,
                             const struct call *call, const void *key,
                             const struct store_turn *turn)
{
    const struct table *t = self->base.table;
    char sql[SQL_MAX + 1];
    struct dbc_stmt *s;
    int64_t matched;
    enum status st;

    if (!can_turn(t, turn))
        return ST_NOT_FOUND;
    sql_turn(t, turn->column, sql);
    s = dbc_prepare(conn, sql);
    bind_key(s, turn->column, turn->to);
    if (table_flagged(t, COLUMN_UPDATED))
        dbc_bind_time(s, clock_wall_us(call->clock));
    bind_key(s, table_unique(t, NULL), key);
    bind_key(s, turn->column, turn->from);
    st = store_run(s, call, t, NULL, &matched);
    return st == ST_OK && matched == 0 ? ST_NOT_FOUND : st;
}
