/* tallies.c - see tallies.h. */
#include "tool/service/tallies.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/dbc/column.h"

enum { KIND_MAX = 63, LABELS_MAX = 127, QUERY_MAX = 1023 };

static const char *query_of(const struct tally *row, char sql[QUERY_MAX + 1])
{
    int n = snprintf(sql, QUERY_MAX + 1, "SELECT %s, COUNT(*) FROM %s WHERE %s IN", row->column,
                     row->table, row->column);

    for (size_t i = 0; row->kinds[i]; i++) {
        ASSERT(n <= QUERY_MAX && strlen(row->kinds[i]) <= KIND_MAX);
        n += snprintf(sql + n, (size_t)(QUERY_MAX + 1 - n), "%s'%s'", i ? ", " : " (",
                      row->kinds[i]);
    }
    ASSERT(n <= QUERY_MAX);
    n += snprintf(sql + n, (size_t)(QUERY_MAX + 1 - n), ") GROUP BY %s", row->column);
    ASSERT(n <= QUERY_MAX);
    return sql;
}

static void keep(const struct tally *row, const char *kind, int64_t n,
                 int64_t counts[TALLY_KINDS_MAX])
{
    for (size_t i = 0; i < TALLY_KINDS_MAX && row->kinds[i]; i++)
        if (strcmp(row->kinds[i], kind) == 0)
            counts[i] = n;
}

static enum status count(const struct tally *row, struct dbc_pool *db, const struct call *call,
                         int64_t counts[TALLY_KINDS_MAX])
{
    char sql[QUERY_MAX + 1];
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(db, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, query_of(row, sql));
    st = dbc_execute(s, call);
    while (st == ST_OK && dbc_next(s)) {
        char kind[KIND_MAX + 1];
        int64_t n;

        dbc_col_text(s, kind, sizeof(kind));
        dbc_col_int(s, &n);
        keep(row, kind, n, counts);
    }
    st = dbc_done(s, st);
    dbc_give(db, conn);
    return st;
}

static void set(const struct tally *row, struct metrics *metrics,
                const int64_t counts[TALLY_KINDS_MAX])
{
    for (size_t i = 0; row->kinds[i]; i++) {
        char labels[LABELS_MAX + 1] = "";

        ASSERT(i < TALLY_KINDS_MAX);
        metrics_label(labels, sizeof(labels), row->column, row->kinds[i]);
        metric_set(metrics_gauge(metrics, row->name, row->help, labels), counts[i]);
    }
}

enum status tallies_measure(const struct tally *rows, struct dbc_pool *db, struct metrics *metrics,
                            const struct call *call)
{
    enum status first = ST_OK;

    for (; rows && rows->name; rows++) {
        int64_t counts[TALLY_KINDS_MAX] = {0};
        enum status st = count(rows, db, call, counts);

        if (st == ST_OK)
            set(rows, metrics, counts);
        else if (first == ST_OK)
            first = st;
    }
    return first;
}
