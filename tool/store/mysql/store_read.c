/* store_read.c - values into parameters, a row of a result into a struct. */
#include <string.h>

#include "tool/store/mysql/store_private.h"
#include "tool/dbc/column.h"

enum { NAME_MAX_BYTES = 64 };

void store_bind(struct dbc_stmt *s, const struct value *v)
{
    switch (v->kind) {
    case VALUE_NULL:
        dbc_bind_text(s, NULL);
        break;
    case VALUE_INT:
        dbc_bind_int(s, v->num);
        break;
    case VALUE_TEXT:
        dbc_bind_text(s, v->text);
        break;
    case VALUE_UUID:
        dbc_bind_uuid(s, v->id);
        break;
    case VALUE_TIME:
        dbc_bind_time(s, v->num);
        break;
    case VALUE_DATE:
        dbc_bind_date(s, (int32_t)v->num);
        break;
    }
}

static void read_name(struct dbc_stmt *s, const struct column *c, char *member)
{
    char name[NAME_MAX_BYTES + 1];

    dbc_col_text(s, name, sizeof(name));
    for (int i = 0; c->names[i]; i++) {
        if (strcmp(c->names[i], name) == 0) {
            memcpy(member, &i, sizeof(i));
            return;
        }
    }
    dbc_col_fault(s, "it is none of the names");
}

static void read_int(struct dbc_stmt *s, const struct column *c, char *member)
{
    int64_t num, limit = c->size < sizeof(num) ? INT64_C(1) << (c->size * 8 - 1) : 0;

    dbc_col_int(s, &num);
    if (c->kind == COLUMN_BOOL) {
        *(bool *)member = num != 0;
        return;
    }
    if (limit && (num < -limit || num >= limit))
        dbc_col_fault(s, "it does not fit its member");
    switch (c->size) {
    case 1:
        *(int8_t *)member = (int8_t)num;
        break;
    case 2:
        memcpy(member, &(int16_t){(int16_t)num}, sizeof(int16_t));
        break;
    case 4:
        memcpy(member, &(int32_t){(int32_t)num}, sizeof(int32_t));
        break;
    default:
        memcpy(member, &num, sizeof(num));
    }
}

void store_read_member(struct dbc_stmt *s, const struct column *c, char *member)
{
    switch (c->kind) {
    case COLUMN_UUID:
        dbc_col_uuid(s, (struct uuid *)member);
        break;
    case COLUMN_TEXT:
        dbc_col_text(s, member, c->size);
        break;
    case COLUMN_INT:
    case COLUMN_BOOL:
        read_int(s, c, member);
        break;
    case COLUMN_TIME:
        dbc_col_time(s, (int64_t *)(void *)member);
        break;
    case COLUMN_DATE:
        dbc_col_date(s, (int32_t *)(void *)member);
        break;
    case COLUMN_ENUM:
        read_name(s, c, member);
        break;
    }
}

void store_read(struct dbc_stmt *s, const struct table *table, void *row)
{
    char *bytes = row;

    memset(row, 0, table->row_size);
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct column *c = &table->columns[i];
        if (c->form)
            continue;
        if (c->flags & COLUMN_NULLABLE) {
            bool null = dbc_col_null(s);
            if (c->has)
                *(bool *)(bytes + c->has) = !null;
            if (null) {
                dbc_col_skip(s);
                continue;
            }
        }
        store_read_member(s, c, bytes + c->offset);
    }
}

void store_read_all(struct dbc_stmt *s, const struct table *table, void *row)
{
    store_read(s, table, row);
    for (size_t i = 0; i < table->n_reads; i++)
        store_read_member(s, &table->reads[i].column, (char *)row + table->reads[i].column.offset);
}
