/* table_fault.c - whether a description is one that a store can work by. */
#include <stdio.h>
#include <string.h>

#include "tool/store/table.h"

static const char *kind_fault(const struct column *c)
{
    switch (c->kind) {
    case COLUMN_UUID:
        return c->size == sizeof(struct uuid) ? NULL : "is no struct uuid";
    case COLUMN_TEXT:
        return c->size > 1 ? NULL : "is no array of char";
    case COLUMN_INT:
        return c->size == 1 || c->size == 2 || c->size == 4 || c->size == 8 ? NULL
                                                                            : "is no integer";
    case COLUMN_BOOL:
        return c->size == sizeof(bool) ? NULL : "is no bool";
    case COLUMN_TIME:
        return c->size == sizeof(int64_t) ? NULL : "is no int64_t";
    case COLUMN_DATE:
        return c->size == sizeof(int32_t) ? NULL : "is no int32_t";
    case COLUMN_ENUM:
        return c->size == sizeof(int) && c->names && c->names[0] ? NULL : "is no enum with .names";
    }
    return "has no kind";
}

static const char *flag_fault(const struct column *c)
{
    unsigned times = COLUMN_CREATED | COLUMN_UPDATED;

    if (c->flags & COLUMN_KEY && c->flags & COLUMN_NULLABLE)
        return "is the key and may be NULL";
    if (c->flags & COLUMN_VERSION && (c->kind != COLUMN_INT || c->size != sizeof(int64_t)))
        return "is the version and no int64_t";
    if (c->flags & times && c->kind != COLUMN_TIME)
        return "is set by the store and no time";
    if (c->flags & (COLUMN_VERSION | times) && c->flags & COLUMN_NULLABLE)
        return "is set by the store and may be NULL";
    if (c->flags & COLUMN_ASIDE && c->flags & (COLUMN_KEY | COLUMN_VERSION | times))
        return "is the key or set by the store, and COLUMN_ASIDE";
    if (c->has && !(c->flags & COLUMN_NULLABLE))
        return "has .has but not COLUMN_NULLABLE";
    if (c->form && (c->kind != COLUMN_TEXT || c->size > TABLE_FORM_MAX))
        return "has .form and is no text, or a longer one than TABLE_FORM_MAX";
    if (c->length && (c->kind != COLUMN_TEXT || c->length >= (int)c->size))
        return "has a .length that its member does not hold";
    return NULL;
}

static const char *row_fault(const struct table *t, const struct column *c)
{
    const char *why = kind_fault(c);

    if (!why)
        why = flag_fault(c);
    if (!why && (c->offset + c->size > t->row_size || c->has >= t->row_size))
        why = "is no member of the row";
    if (!why && table_find(t, c->name) != c)
        why = "stands twice";
    return why;
}

static const char *unique_fault(const struct table *t, const struct unique_key *u)
{
    size_t n = 0;

    for (; n < UNIQUE_COLUMNS_MAX && u->columns[n]; n++)
        if (!table_find(t, u->columns[n]))
            return "names a column that there is not";
    return n > 1 ? NULL : "has one column: that is COLUMN_UNIQUE";
}

/* Of a column that is read with the row of another table. */
static const char *with_fault(const struct table *t, const struct table_read *read)
{
    const struct column *by = table_find(t, read->with->by);
    const struct column *there = table_find(read->with->table, read->column.name);
    const struct column *key = table_flagged(read->with->table, COLUMN_KEY);

    if (!by || !key || by->kind != key->kind || by->size != key->size)
        return "is read by a column that is no key of that table";
    if (!there || there->kind != read->column.kind || there->size != read->column.size ||
        there->flags & COLUMN_NULLABLE)
        return "is no such column of the table that it is read from";
    return NULL;
}

static const char *least_fault(const struct table *t, const struct table_read *read)
{
    const struct column *by = table_find(read->least->table, read->least->by);
    const struct column *key = table_flagged(t, COLUMN_KEY);

    if (!by || !key || by->kind != key->kind)
        return "is of rows that do not name this one";
    return read->column.kind == COLUMN_INT && read->column.size == sizeof(int64_t)
               ? NULL
               : "is no int64_t";
}

static const char *read_fault(const struct table *t, const struct table_read *read)
{
    const char *why = kind_fault(&read->column);

    if (!why && read->column.offset + read->column.size > t->row_size)
        why = "is no member of the row";
    if (!why && (table_find(t, read->column.name) || table_read_of(t, read->column.name) != read))
        why = "stands twice";
    if (!why && !read->with == !read->least)
        why = "is read with one row or is the least of many";
    if (why)
        return why;
    return read->with ? with_fault(t, read) : least_fault(t, read);
}

static size_t flagged(const struct table *t, enum column_flag flag)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n_columns; i++)
        n += (t->columns[i].flags & flag) != 0;
    return n;
}

static const char *whole_fault(const struct table *t)
{
    if (t->n_columns == 0 || t->n_columns > TABLE_COLUMNS_MAX)
        return "has no columns, or too many";
    if (t->row_size > TABLE_ROW_MAX)
        return "has rows larger than TABLE_ROW_MAX";
    if (flagged(t, COLUMN_KEY) != 1)
        return "has not one COLUMN_KEY";
    if (flagged(t, COLUMN_VERSION) > 1 || flagged(t, COLUMN_CREATED) > 1 ||
        flagged(t, COLUMN_UPDATED) > 1)
        return "has two versions or times of one sort";
    return NULL;
}

const char *store_table_fault(const struct table *t, char text[TABLE_FAULT_MAX + 1])
{
    const char *why = whole_fault(t), *name = "";

    for (size_t i = 0; !why && i < t->n_columns; i++) {
        why = row_fault(t, &t->columns[i]);
        name = t->columns[i].name;
    }
    for (size_t i = 0; !why && i < t->n_uniques; i++) {
        why = unique_fault(t, &t->uniques[i]);
        name = t->uniques[i].name;
    }
    for (size_t i = 0; !why && i < t->n_reads; i++) {
        why = read_fault(t, &t->reads[i]);
        name = t->reads[i].column.name;
    }
    if (!why)
        return NULL;
    snprintf(text, TABLE_FAULT_MAX + 1, "%s%s%s %s", t->name, *name ? "." : "", name, why);
    return text;
}
