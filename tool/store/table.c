/* table.c - rows by their description. */
#include "tool/store/table.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/store/table_row.h"
#include "tool/store/value.h"

const struct column *table_find(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (strcmp(t->columns[i].name, name) == 0)
            return &t->columns[i];
    return NULL;
}

const struct table_read *table_read_of(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->n_reads; i++)
        if (strcmp(t->reads[i].column.name, name) == 0)
            return &t->reads[i];
    return NULL;
}

const struct column *table_readable(const struct table *t, const char *name)
{
    const struct table_read *read = table_read_of(t, name);

    return read ? &read->column : table_find(t, name);
}

const struct column *table_flagged(const struct table *t, enum column_flag flag)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->columns[i].flags & flag)
            return &t->columns[i];
    return NULL;
}

const struct column *table_unique(const struct table *t, const char *name)
{
    const struct column *c = name ? table_find(t, name) : table_flagged(t, COLUMN_KEY);

    ASSERT(c && (c->flags & (COLUMN_KEY | COLUMN_UNIQUE)));
    return c;
}

const char *column_key_name(const struct column *c)
{
    return c->flags & COLUMN_KEY ? "PRIMARY" : c->name;
}

int column_length(const struct column *c)
{
    return c->length > 0 ? c->length : (int)c->size - 1;
}

static void copy_member(const struct column *c, const char *row, char *out)
{
    struct value v;

    if (c->form)
        return; /* its member is another column's */
    value_of_row(c, row, &v);
    if (v.kind == VALUE_NULL)
        return;
    if (c->flags & COLUMN_NULLABLE && c->has)
        *(bool *)(out + c->has) = true;
    if (c->kind == COLUMN_TEXT)
        memcpy(out + c->offset, v.text, strlen(v.text) + 1);
    else
        memcpy(out + c->offset, row + c->offset, c->size);
}

void table_copy(const struct table *t, const void *row, void *out)
{
    memset(out, 0, t->row_size);
    for (size_t i = 0; i < t->n_columns; i++)
        copy_member(&t->columns[i], row, out);
}

/* But for columns with one of those flags. */
static bool equal_but(const struct table *t, unsigned flags, const void *a, const void *b)
{
    struct value va, vb;

    for (size_t i = 0; i < t->n_columns; i++) {
        if (t->columns[i].flags & flags)
            continue;
        value_of_row(&t->columns[i], a, &va);
        value_of_row(&t->columns[i], b, &vb);
        if (va.kind != vb.kind)
            return false;
        /* blanks at the end are stored, whether they count in comparisons or not */
        if (va.kind == VALUE_TEXT ? strcmp(va.text, vb.text) != 0 : value_compare(&va, &vb) != 0)
            return false;
    }
    return true;
}

bool table_same_key(const struct table *t, const void *a, const void *b)
{
    const struct column *key = table_unique(t, NULL);
    struct value va, vb;

    value_of_row(key, a, &va);
    value_of_row(key, b, &vb);
    return value_compare(&va, &vb) == 0;
}

static void set_num(const struct column *c, void *row, int64_t num)
{
    if (c)
        memcpy((char *)row + c->offset, &num, sizeof(num));
}

static int64_t num_of(const struct column *c, const void *row)
{
    int64_t num = 0;

    if (c)
        memcpy(&num, (const char *)row + c->offset, sizeof(num));
    return num;
}

void table_stamp_new(const struct table *t, void *row, int64_t wall_us)
{
    set_num(table_flagged(t, COLUMN_VERSION), row, 1);
    set_num(table_flagged(t, COLUMN_CREATED), row, wall_us);
    set_num(table_flagged(t, COLUMN_UPDATED), row, wall_us);
}

void table_stamp_kept(const struct table *t, void *row, int64_t created_us, int64_t wall_us)
{
    set_num(table_flagged(t, COLUMN_CREATED), row, created_us);
    set_num(table_flagged(t, COLUMN_UPDATED), row, wall_us);
}

int64_t table_created_us(const struct table *t, const void *row)
{
    return num_of(table_flagged(t, COLUMN_CREATED), row);
}

/* Clocks of two machines differ; a change is not before what it changed. */
bool table_change(const struct table *t, const void *before, const void *asked, int64_t wall_us,
                  void *row)
{
    const struct column *version = table_flagged(t, COLUMN_VERSION);
    const struct column *created = table_flagged(t, COLUMN_CREATED);
    const struct column *updated = table_flagged(t, COLUMN_UPDATED);
    int64_t then = num_of(updated, before);

    table_copy(t, asked, row);
    set_num(version, row, num_of(version, before));
    set_num(created, row, num_of(created, before));
    set_num(updated, row, then);
    if (equal_but(t, 0, before, row))
        return false;
    if (equal_but(t, COLUMN_ASIDE, before, row))
        return true;
    set_num(version, row, num_of(version, before) + 1);
    set_num(updated, row, wall_us > then ? wall_us : then);
    return true;
}

int64_t table_version(const struct table *t, const void *row)
{
    return num_of(table_flagged(t, COLUMN_VERSION), row);
}
