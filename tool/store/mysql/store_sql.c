/* store_sql.c - from a table's description to its statements. */
#include "tool/store/mysql/store_sql.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { TYPED_MAX = 32 };

struct text {
    char *buf; /* size + 1 */
    size_t len, size;
};

static void add(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void add(struct text *t, const char *fmt, ...)
{
    va_list args;
    int n;

    va_start(args, fmt);
    n = vsnprintf(t->buf + t->len, t->size + 1 - t->len, fmt, args);
    va_end(args);
    ASSERT(n >= 0 && t->len + (size_t)n <= t->size); /* TABLE_COLUMNS_MAX names of 64 fit */
    t->len += (size_t)n;
}

static bool is_read(const struct column *c)
{
    return !c->form;
}
static bool is_any(const struct column *c)
{
    (void)c;
    return true;
}
static bool is_changed(const struct column *c)
{
    return !(c->flags & (COLUMN_KEY | COLUMN_CREATED));
}

/* "`a`, `b`", each followed by `after`. */
static void add_columns(struct text *to, const struct table *t,
                        bool (*which)(const struct column *), const char *after)
{
    const char *comma = "";

    for (size_t i = 0; i < t->n_columns; i++) {
        if (!which(&t->columns[i]))
            continue;
        add(to, "%s`%s`%s", comma, t->columns[i].name, after);
        comma = ", ";
    }
}

static void add_marks(struct text *to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add(to, i == 0 ? "?" : ", ?");
}

static void add_join(struct text *to, const struct table *t, const struct table_with *with)
{
    add(to, " STRAIGHT_JOIN `%s` ON `%s`.`%s` = `%s`.`%s`", with->table->name, with->table->name,
        table_unique(with->table, NULL)->name, t->name, with->by);
}

static void add_those(struct text *to, const struct table *t, const struct table_least *least)
{
    add(to, " FROM `%s`", least->table->name);
    if (least->with)
        add_join(to, least->table, least->with);
    add(to, " WHERE `%s`.`%s` = `%s`.`%s`", least->table->name, least->by, t->name,
        table_unique(t, NULL)->name);
}

static void add_least(struct text *to, const struct table *t, const struct table_least *least)
{
    add(to, "(SELECT COALESCE(LEAST(%lld, MIN(%s)), 0)", (long long)least->most, least->sql);
    add_those(to, t, least);
    add(to, ")");
}

/* A column, as where and ORDER BY name it. */
static void add_name(struct text *to, const struct table *t, const char *name)
{
    const struct table_read *read = table_read_of(t, name);

    if (t->n_reads == 0)
        add(to, "`%s`", name);
    else if (!read)
        add(to, "`%s`.`%s`", t->name, name);
    else if (read->with)
        add(to, "`%s`.`%s`", read->with->table->name, name);
    else
        add_least(to, t, read->least);
}

static bool is_joined_before(const struct table *t, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (t->reads[k].with == t->reads[i].with)
            return true;
    return false;
}

static char *select_all(const struct table *t)
{
    char buf[SQL_MAX + 1];
    struct text text = {buf, 0, SQL_MAX};
    const char *comma = "";

    add(&text, "SELECT ");
    for (size_t i = 0; i < t->n_columns; i++) {
        if (!is_read(&t->columns[i]))
            continue;
        add(&text, "%s", comma);
        add_name(&text, t, t->columns[i].name);
        comma = ", ";
    }
    for (size_t i = 0; i < t->n_reads; i++) {
        add(&text, "%s", comma);
        add_name(&text, t, t->reads[i].column.name);
    }
    add(&text, " FROM `%s`", t->name);
    for (size_t i = 0; i < t->n_reads; i++)
        if (t->reads[i].with && !is_joined_before(t, i))
            add_join(&text, t, t->reads[i].with);
    return mem_strdup(buf);
}

static char *select_by(const struct sql *sql, const struct table *t, const struct column *c,
                       size_t n)
{
    char buf[SQL_MAX + 1];
    struct text text = {buf, 0, SQL_MAX};

    add(&text, "%s WHERE ", sql->select);
    add_name(&text, t, c->name);
    if (n == 0) {
        add(&text, " = ?");
    } else {
        add(&text, " IN (");
        add_marks(&text, n);
        add(&text, ")");
    }
    return mem_strdup(buf);
}

static void init_by(struct sql *sql, const struct table *t)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        const struct column *c = &t->columns[i];
        if (!(c->flags & (COLUMN_KEY | COLUMN_UNIQUE)))
            continue;
        sql->by[i].find = select_by(sql, t, c, 0);
        for (size_t k = 0; k < SQL_MANY_SIZES; k++)
            sql->by[i].many[k] = select_by(sql, t, c, (size_t)1 << k);
    }
}

void sql_init(struct sql *sql, const struct table *t)
{
    const struct column *key = table_unique(t, NULL), *version = table_flagged(t, COLUMN_VERSION);
    char buf[SQL_MAX + 1];
    struct text text = {buf, 0, SQL_MAX};

    add_columns(&text, t, is_read, "");
    sql->columns = mem_strdup(buf);
    sql->select = select_all(t);
    text.len = 0;
    add(&text, "INSERT INTO `%s` (", t->name);
    add_columns(&text, t, is_any, "");
    add(&text, ") VALUES (");
    add_marks(&text, t->n_columns);
    add(&text, ")");
    sql->insert = mem_strdup(buf);
    text.len = 0;
    add(&text, "UPDATE `%s` SET ", t->name);
    add_columns(&text, t, is_changed, " = ?");
    add(&text, " WHERE `%s` = ?", key->name);
    sql->update = mem_strdup(buf);
    if (version) {
        add(&text, " AND `%s` < ?", version->name);
        sql->keep = mem_strdup(buf);
    }
    text.len = 0;
    add(&text, "DELETE FROM `%s` WHERE `%s` = ?", t->name, key->name);
    sql->remove = mem_strdup(buf);
    text.len = 0;
    add(&text, "SELECT %s FROM `%s` WHERE `%s` = ? FOR UPDATE", sql->columns, t->name, key->name);
    sql->lock = mem_strdup(buf);
    init_by(sql, t);
}

void sql_fini(struct sql *sql)
{
    free(sql->columns);
    free(sql->select);
    free(sql->insert);
    free(sql->lock);
    free(sql->update);
    free(sql->keep);
    free(sql->remove);
    for (size_t i = 0; i < TABLE_COLUMNS_MAX; i++) {
        free(sql->by[i].find);
        for (size_t k = 0; k < SQL_MANY_SIZES; k++)
            free(sql->by[i].many[k]);
    }
}

/* `sort` >= ? first: it is a range of an index (..., sort, key), which OR by itself is not. */
static void add_cursor(struct text *to, const struct table *t, const struct store_list *list,
                       const char *and)
{
    char than = list->descending ? '<' : '>';

    add(to, "%s", and);
    if (list->sort) {
        add_name(to, t, list->sort);
        add(to, " %c= ? AND (", than);
        add_name(to, t, list->sort);
        add(to, " %c ? OR ", than);
    }
    add_name(to, t, table_unique(t, NULL)->name);
    add(to, " %c ?%s", than, list->sort ? ")" : "");
}

void sql_turn(const struct table *t, const struct column *column, char buf[SQL_MAX + 1])
{
    const struct column *version = table_flagged(t, COLUMN_VERSION);
    const struct column *updated = table_flagged(t, COLUMN_UPDATED);
    struct text text = {buf, 0, SQL_MAX};

    add(&text, "UPDATE `%s` SET `%s` = ?", t->name, column->name);
    if (version)
        add(&text, ", `%s` = `%s` + 1", version->name, version->name);
    if (updated)
        add(&text, ", `%s` = GREATEST(`%s`, ?)", updated->name, updated->name);
    add(&text, " WHERE `%s` = ? AND `%s` = ?", table_unique(t, NULL)->name, column->name);
}

/* Unions have the types of what is united, and parameters have none of their own. */
static void add_typed(struct text *to, const struct column *c)
{
    switch (c->kind) {
    case COLUMN_UUID:
        add(to, "CAST(? AS BINARY(16))");
        break;
    case COLUMN_TEXT:
        add(to, "CAST(? AS CHAR(%d))", column_length(c));
        break;
    case COLUMN_ENUM:
        add(to, "CAST(? AS CHAR(64))");
        break;
    case COLUMN_INT:
    case COLUMN_BOOL:
        add(to, "CAST(? AS SIGNED)");
        break;
    case COLUMN_TIME:
        add(to, "CAST(? AS DATETIME(6))");
        break;
    case COLUMN_DATE:
        add(to, "CAST(? AS DATE)");
    }
}

/* The columns of the first one have the names. */
static void add_wanted(struct text *to, const struct table *t, bool first)
{
    add(to, first ? "SELECT " : " UNION ALL SELECT ");
    add_typed(to, table_unique(t, NULL));
    add(to, first ? " AS `wanted key`, " : ", ");
    add_typed(to, table_flagged(t, COLUMN_VERSION));
    if (first)
        add(to, " AS `seen`");
    for (size_t i = 0; i < t->n_columns; i++) {
        if (!is_changed(&t->columns[i]))
            continue;
        add(to, ", ");
        add_typed(to, &t->columns[i]);
        if (first)
            add(to, " AS `%s`", t->columns[i].name);
    }
}

/* STRAIGHT_JOIN: from what is wanted to its row, by the key, whatever the database thinks of the
 * size of the table; it would lock what it looks at. */
char *sql_replace(const struct table *t, size_t n)
{
    size_t size = 2 * (size_t)SQL_MAX + n * (t->n_columns + 2) * TYPED_MAX;
    struct text text = {mem_alloc(1, size + 1), 0, size};
    const char *comma = "";

    add(&text, "UPDATE (");
    for (size_t i = 0; i < n; i++)
        add_wanted(&text, t, i == 0);
    add(&text,
        ") AS w STRAIGHT_JOIN `%s` AS t ON t.`%s` = w.`wanted key` AND t.`%s` = w.`seen` SET ",
        t->name, table_unique(t, NULL)->name, table_flagged(t, COLUMN_VERSION)->name);
    for (size_t i = 0; i < t->n_columns; i++) {
        if (!is_changed(&t->columns[i]))
            continue;
        add(&text, "%st.`%s` = w.`%s`", comma, t->columns[i].name, t->columns[i].name);
        comma = ", ";
    }
    return text.buf;
}

char *sql_insert_many(const struct sql *sql, const struct table *t, size_t n)
{
    char marks[3 * TABLE_COLUMNS_MAX + 5];
    struct text row = {marks, 0, sizeof(marks) - 1};
    size_t size = strlen(sql->insert) + n * sizeof(marks);
    struct text text = {mem_alloc(1, size + 1), 0, size};

    add(&row, ", (");
    add_marks(&row, t->n_columns);
    add(&row, ")");
    add(&text, "%s", sql->insert);
    for (size_t i = 1; i < n; i++)
        add(&text, "%s", marks);
    return text.buf;
}

void sql_list_many(const struct sql *sql, const struct table *t, const struct store_many *many,
                   size_t n, char buf[SQL_MAX + 1])
{
    struct text text = {buf, 0, SQL_MAX};

    add(&text, "%s WHERE ", sql->select);
    add_name(&text, t, many->column);
    add(&text, " IN (");
    add_marks(&text, n);
    add(&text, ") ORDER BY ");
    add_name(&text, t, many->column);
    add(&text, ", ");
    add_name(&text, t, many->sort);
}

/* Begins with `and`, which is " AND " then. */
static void add_condition(struct text *to, const struct table *t, const char **and,
                          const char *column, const char *what)
{
    add(to, "%s", *and);
    add_name(to, t, column);
    add(to, "%s", what);
    *and = " AND ";
}

/* Of the least of many: the first of them that is below is enough. */
static void add_lower(struct text *to, const struct table *t, const char **and, const char *column)
{
    const struct table_read *read = table_read_of(t, column);

    if (!read || !read->least) {
        add_condition(to, t, and, column, " >= ?");
        return;
    }
    add(to, "%sNOT EXISTS (SELECT 1", *and);
    add_those(to, t, read->least);
    add(to, " AND %s < ?)", read->least->sql);
    *and = " AND ";
}

void sql_list(const struct sql *sql, const struct table *t, const struct store_list *list,
              char buf[SQL_MAX + 1])
{
    const char *way = list->descending ? " DESC" : "", *and = " WHERE ";
    struct text text = {buf, 0, SQL_MAX};

    add(&text, "%s", sql->select);
    for (size_t i = 0; i < STORE_EQUALS_MAX && list->where[i].column; i++)
        add_condition(&text, t, &and, list->where[i].column,
                      list->where[i].value ? " = ?" : " IS NULL");
    for (size_t i = 0; i < STORE_BOUNDS_MAX && list->bounds[i].column; i++) {
        if (list->bounds[i].least)
            add_lower(&text, t, &and, list->bounds[i].column);
        if (list->bounds[i].most)
            add_condition(&text, t, &and, list->bounds[i].column, " <= ?");
    }
    if (list->after_key)
        add_cursor(&text, t, list, and);
    add(&text, " ORDER BY ");
    if (list->sort) {
        add_name(&text, t, list->sort);
        add(&text, "%s", way);
    }
    /* Of what is unique no two are equal: by the key besides all of it would be sorted, for the
     * server sees no order in the rest of such an index. */
    if (!list->sort || !(table_find(t, list->sort)->flags & COLUMN_UNIQUE)) {
        add(&text, list->sort ? ", " : "");
        add_name(&text, t, table_unique(t, NULL)->name);
        add(&text, "%s", way);
    }
    add(&text, " LIMIT ?");
}
