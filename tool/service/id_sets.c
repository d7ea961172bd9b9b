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

static void read_item(struct dbc_stmt *s, struct id_item *out)
{
    dbc_col_uuid(s, &out->id);
    out->value[0] = '\0';
    if (dbc_col_more(s))
        dbc_col_text(s, out->value, sizeof(out->value));
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
    snprintf(sql, sizeof(sql), "SELECT s.* FROM (%s) AS s WHERE id > ? ORDER BY id LIMIT ?",
             set->query);
    s = dbc_prepare(conn, sql);
    dbc_bind_uuid(s, after);
    dbc_bind_int(s, (int64_t)limit);
    st = dbc_execute(s, call);
    while (st == ST_OK && out->n < ID_LIST_MAX && dbc_next(s))
        read_item(s, &out->ids[out->n++]);
    st = dbc_done(s, st);
    dbc_give(db, conn);
    return st;
}

/* With the value that was asked for: any other is another's word of it. */
static bool as_asked(const struct id_list *ids, size_t from, const struct id_item *found)
{
    const char *asked = "";

    for (size_t i = from; i < ids->n && i < from + ASKED; i++)
        if (uuid_equal(ids->ids[i].id, found->id))
            asked = ids->ids[i].value;
    return !asked[0] || !found->value[0] || strcmp(asked, found->value) == 0;
}

/* The last id again fills up what is not asked for. */
static enum status keep_some(struct dbc_conn *conn, const struct call *call, const char *sql,
                             const struct id_list *ids, size_t from, struct id_list *out)
{
    struct dbc_stmt *s = dbc_prepare(conn, sql);
    struct id_item found;
    enum status st;

    for (size_t i = from; i < from + ASKED; i++)
        dbc_bind_uuid(s, ids->ids[i < ids->n ? i : ids->n - 1].id);
    st = dbc_execute(s, call);
    while (st == ST_OK && out->n < ID_LIST_MAX && dbc_next(s)) {
        read_item(s, &found);
        if (as_asked(ids, from, &found))
            out->ids[out->n++] = found;
    }
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
    snprintf(sql, sizeof(sql), "SELECT s.* FROM (%s) AS s WHERE id IN (%s)", set->query, marks);
    for (size_t from = 0; from < ids->n && st == ST_OK; from += ASKED)
        st = keep_some(conn, call, sql, ids, from, out);
    dbc_give(db, conn);
    return st;
}
