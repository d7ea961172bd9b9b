/* store_check.c - a description against information_schema. */
#include "tool/store/mysql/store_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"

enum { NAME_BYTES = 256, LIST_BYTES = 512, SLIP_MAX = 511 };

static const char SQL_COLUMNS[] =
    "SELECT COLUMN_NAME, DATA_TYPE, CAST(COALESCE(CHARACTER_MAXIMUM_LENGTH, 0) AS SIGNED),"
    " CAST(COALESCE(DATETIME_PRECISION, 0) AS SIGNED), IS_NULLABLE = 'YES',"
    " COALESCE(COLLATION_NAME, ''), IS_NULLABLE = 'YES' OR COLUMN_DEFAULT IS NOT NULL OR"
    " EXTRA <> '' FROM information_schema.COLUMNS"
    " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION";
static const char SQL_KEYS[] =
    "SELECT INDEX_NAME, GROUP_CONCAT(IF(SUB_PART IS NULL, COLUMN_NAME, CONCAT(COLUMN_NAME, '()'))"
    " ORDER BY SEQ_IN_INDEX) FROM information_schema.STATISTICS"
    " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND NON_UNIQUE = 0 GROUP BY INDEX_NAME";

/* A column as the schema has it. */
struct fact {
    char name[NAME_BYTES], type[NAME_BYTES], collation[NAME_BYTES];
    int64_t length, precision, nullable, may_be_left_out;
};

struct check {
    const struct table *table;
    store_slip_fn slip;
    void *arg;
    size_t slips;
    bool seen[TABLE_COLUMNS_MAX];
    bool exists;
};

static void tell(struct check *check, bool wider, const char *column, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
static void tell(struct check *check, bool wider, const char *column, const char *fmt, ...)
{
    char text[SLIP_MAX + 1];
    int n = snprintf(text, sizeof(text), "%s%s%s ", check->table->name, *column ? "." : "", column);
    va_list args;

    va_start(args, fmt);
    if (n > 0 && (size_t)n < sizeof(text))
        vsnprintf(text + n, sizeof(text) - (size_t)n, fmt, args);
    va_end(args);
    check->slips += !wider;
    check->slip(check->arg, text, wider);
}

#define say(check, ...) tell(check, false, __VA_ARGS__)

static bool is_one_of(const char *type, const char *const *types)
{
    for (; *types; types++)
        if (strcmp(*types, type) == 0)
            return true;
    return false;
}

static bool has_type(enum column_kind kind, const char *type)
{
    static const char *const UUIDS[] = {"binary", NULL}, *const DATES[] = {"date", NULL};
    static const char *const TEXTS[] = {"varchar", "char", "text", "mediumtext", "longtext", NULL};
    static const char *const INTS[] = {"tinyint", "smallint", "mediumint", "int", "bigint", NULL};
    static const char *const TIMES[] = {"datetime", NULL}, *const NAMES[] = {"varchar", "char",
                                                                             NULL};
    static const char *const *const TYPES[] = {
        [COLUMN_UUID] = UUIDS, [COLUMN_TEXT] = TEXTS, [COLUMN_INT] = INTS,  [COLUMN_BOOL] = INTS,
        [COLUMN_TIME] = TIMES, [COLUMN_DATE] = DATES, [COLUMN_ENUM] = NAMES};

    return is_one_of(type, TYPES[kind]);
}

static size_t int_bytes(const char *type)
{
    return strcmp(type, "bigint") == 0     ? 8
           : strcmp(type, "tinyint") == 0  ? 1
           : strcmp(type, "smallint") == 0 ? 2
                                           : 4;
}

static int64_t longest_name(const struct column *c)
{
    size_t longest = 0;

    for (size_t i = 0; c->names[i]; i++)
        if (strlen(c->names[i]) > longest)
            longest = strlen(c->names[i]);
    return (int64_t)longest;
}

static void check_text(struct check *check, const struct column *c, const struct fact *fact)
{
    size_t len = strlen(fact->collation);
    bool whole = strstr(fact->type, "text") != NULL; /* bytes, 65535 and more */

    if (len < 4 || strcmp(fact->collation + len - 4, "_bin") != 0)
        say(check, c->name, "has the collation %s, not a binary one", fact->collation);
    if (c->kind == COLUMN_ENUM && fact->length < longest_name(c))
        say(check, c->name, "holds %lld characters, a name of it has %lld", (long long)fact->length,
            (long long)longest_name(c));
    if (c->kind == COLUMN_TEXT && !whole && fact->length != column_length(c))
        tell(check, fact->length > column_length(c), c->name,
             "holds %lld characters, described are %d", (long long)fact->length, column_length(c));
}

static void check_column(struct check *check, const struct column *c, const struct fact *fact)
{
    bool nullable = c->flags & COLUMN_NULLABLE;

    if (!has_type(c->kind, fact->type)) {
        say(check, c->name, "is of the type %s", fact->type);
        return;
    }
    if (nullable != fact->nullable)
        say(check, c->name, nullable ? "cannot be NULL" : "may be NULL");
    if (c->kind == COLUMN_TEXT || c->kind == COLUMN_ENUM)
        check_text(check, c, fact);
    if (c->kind == COLUMN_UUID && fact->length != (int64_t)sizeof(struct uuid))
        say(check, c->name, "has %lld bytes, not 16", (long long)fact->length);
    if (c->kind == COLUMN_TIME && fact->precision != 6)
        say(check, c->name, "has %lld digits of a second, not 6", (long long)fact->precision);
    if (c->kind == COLUMN_INT && c->size < int_bytes(fact->type))
        tell(check, true, c->name, "is %s, wider than its member", fact->type);
}

static void check_fact(struct check *check, const struct fact *fact)
{
    const struct column *c = table_find(check->table, fact->name);

    check->exists = true;
    if (c) {
        check->seen[c - check->table->columns] = true;
        check_column(check, c, fact);
    } else if (!fact->may_be_left_out) {
        say(check, fact->name, "is not described and has no default");
    }
}

/* "a,b" of the unique key of that name as described; false when there is none. */
static bool described_key(const struct table *t, const char *name, char list[LIST_BYTES])
{
    for (size_t i = 0; i < t->n_columns; i++) {
        const struct column *c = &t->columns[i];
        if (c->flags & (COLUMN_KEY | COLUMN_UNIQUE) && strcmp(column_key_name(c), name) == 0) {
            snprintf(list, LIST_BYTES, "%s", c->name);
            return true;
        }
    }
    for (size_t i = 0; i < t->n_uniques; i++) {
        const char *const *names = t->uniques[i].columns;
        int len = 0;
        if (strcmp(t->uniques[i].name, name) != 0)
            continue;
        for (size_t k = 0; k < UNIQUE_COLUMNS_MAX && names[k]; k++)
            len += snprintf(list + len, LIST_BYTES - (size_t)len, k ? ",%.64s" : "%.64s", names[k]);
        return true;
    }
    return false;
}

/* Columns, then unique keys, in the order of `keys`. */
struct keys {
    bool column[TABLE_COLUMNS_MAX], unique[TABLE_COLUMNS_MAX];
};

static void note_key(const struct table *t, struct keys *keys, const char *name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (strcmp(column_key_name(&t->columns[i]), name) == 0)
            keys->column[i] = true;
    for (size_t i = 0; i < t->n_uniques; i++)
        if (strcmp(t->uniques[i].name, name) == 0)
            keys->unique[i] = true;
}

static void check_key(struct check *check, struct keys *keys, const char *name, const char *has)
{
    char list[LIST_BYTES] = "";

    note_key(check->table, keys, name);
    if (!described_key(check->table, name, list))
        say(check, "", "has a unique key %s (%s) that is not described", name, has);
    else if (strcmp(list, has) != 0)
        say(check, "", "has the unique key %s over (%s), described is (%s)", name, has, list);
}

static void miss_keys(struct check *check, const struct keys *keys)
{
    const struct table *t = check->table;

    for (size_t i = 0; i < t->n_columns; i++)
        if (t->columns[i].flags & (COLUMN_KEY | COLUMN_UNIQUE) && !keys->column[i])
            say(check, t->columns[i].name, "has no unique key %s", column_key_name(&t->columns[i]));
    for (size_t i = 0; i < t->n_uniques; i++)
        if (!keys->unique[i])
            say(check, "", "has no unique key %s", t->uniques[i].name);
}

static enum status check_columns(struct check *check, struct dbc_conn *conn,
                                 const struct call *call)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_COLUMNS);
    enum status st;

    dbc_bind_text(s, check->table->name);
    st = dbc_execute(s, call);
    while (st == ST_OK && dbc_next(s)) {
        struct fact fact;
        dbc_col_text(s, fact.name, sizeof(fact.name));
        dbc_col_text(s, fact.type, sizeof(fact.type));
        dbc_col_int(s, &fact.length);
        dbc_col_int(s, &fact.precision);
        dbc_col_int(s, &fact.nullable);
        dbc_col_text(s, fact.collation, sizeof(fact.collation));
        dbc_col_int(s, &fact.may_be_left_out);
        check_fact(check, &fact);
    }
    return dbc_done(s, st);
}

static enum status check_keys(struct check *check, struct dbc_conn *conn, const struct call *call)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_KEYS);
    struct keys keys = {{false}, {false}};
    enum status st;

    dbc_bind_text(s, check->table->name);
    st = dbc_execute(s, call);
    while (st == ST_OK && dbc_next(s)) {
        char name[NAME_BYTES], list[LIST_BYTES];
        dbc_col_text(s, name, sizeof(name));
        dbc_col_text(s, list, sizeof(list));
        check_key(check, &keys, name, list);
    }
    st = dbc_done(s, st);
    if (st == ST_OK)
        miss_keys(check, &keys);
    return st;
}

enum status store_check(struct dbc_pool *pool, const struct call *call, const struct table *table,
                        store_slip_fn slip, void *arg)
{
    struct check check = {.table = table, .slip = slip, .arg = arg};
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(pool, call, &conn);

    if (st == ST_OK)
        st = check_columns(&check, conn, call);
    if (st == ST_OK && !check.exists)
        say(&check, "", "is no table of this schema");
    for (size_t i = 0; st == ST_OK && check.exists && i < table->n_columns; i++)
        if (!check.seen[i])
            say(&check, table->columns[i].name, "is no column of the table");
    if (st == ST_OK && check.exists)
        st = check_keys(&check, conn, call);
    dbc_give(pool, conn);
    return st == ST_OK && check.slips > 0 ? ST_INVALID : st;
}
