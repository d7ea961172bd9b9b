/* id_sets.c - see id_sets.h. */
#include "tool/service/id_sets.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/dbc/column.h"

/* Ids asked for at a time: always as many, so that it is one statement. */
enum { ASKED = 32, SQL_MAX = 2048 };

const struct id_set *id_set_find(const struct service *service, const char *name)
{
    for (const struct id_set *set = service->id_sets; set && set->name; set++)
        if (strcmp(set->name, name) == 0)
            return set;
    return NULL;
}

static void read_ids(struct dbc_stmt *s, struct id_list *out)
{
    while (out->n < ID_LIST_MAX && dbc_next(s))
        dbc_col_uuid(s, &out->ids[out->n++].id);
}

enum status id_set_page(struct dbc_pool *db, const struct call *call, const struct id_set *set,
                        struct uuid after, size_t limit, struct id_list *out)
{
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(db, call, &conn);
    char sql[SQL_MAX];
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    snprintf(sql, sizeof(sql), "SELECT id FROM (%s) AS s WHERE id > ? ORDER BY id LIMIT ?",
             set->query);
    s = dbc_prepare(conn, sql);
    dbc_bind_uuid(s, after);
    dbc_bind_int(s, (int64_t)limit);
    st = dbc_execute(s, call);
    if (st == ST_OK)
        read_ids(s, out);
    st = dbc_done(s, st);
    dbc_give(db, conn);
    return st;
}

/* The last id again fills up what is not asked for. */
static enum status keep_some(struct dbc_conn *conn, const struct call *call, const char *sql,
                             const struct id_list *ids, size_t from, struct id_list *out)
{
    struct dbc_stmt *s = dbc_prepare(conn, sql);
    enum status st;

    for (size_t i = from; i < from + ASKED; i++)
        dbc_bind_uuid(s, ids->ids[i < ids->n ? i : ids->n - 1].id);
    st = dbc_execute(s, call);
    if (st == ST_OK)
        read_ids(s, out);
    return dbc_done(s, st);
}

enum status id_set_keep(struct dbc_pool *db, const struct call *call, const struct id_set *set,
                        const struct id_list *ids, struct id_list *out)
{
    char sql[SQL_MAX], marks[2 * ASKED];
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(db, call, &conn);

    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < ASKED; i++) {
        marks[2 * i] = '?';
        marks[2 * i + 1] = i + 1 < ASKED ? ',' : '\0';
    }
    snprintf(sql, sizeof(sql), "SELECT id FROM (%s) AS s WHERE id IN (%s)", set->query, marks);
    for (size_t from = 0; from < ids->n && st == ST_OK; from += ASKED)
        st = keep_some(conn, call, sql, ids, from, out);
    dbc_give(db, conn);
    return st;
}
