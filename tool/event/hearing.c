/* hearing.c - see hearing.h. */
#include "tool/event/hearing.h"

#include <stdio.h>
#include <string.h>

const struct hearing *hearing_find(const struct hearing *rows, size_t n, const char *type)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].type->name, type) == 0)
            return &rows[i];
    return NULL;
}

static const char *row_fault(const struct hearing *row, size_t self_size)
{
    if (!row->fn)
        return "has no .fn";
    if (row->self >= self_size)
        return "has a .self outside the service's struct";
    if (!row->type->data || row->type->key + sizeof(struct uuid) > row->type->data->size)
        return "has a type whose key is outside its data";
    if (row->from && row->kind != HEAR_LATEST)
        return "has a .from, and is not HEAR_LATEST";
    if (row->together && row->kind != HEAR_LATEST)
        return "has a .together, and is not HEAR_LATEST";
    return NULL;
}

const char *hearing_rows_fault(const struct hearing *rows, size_t n, size_t self_size, char *text,
                               size_t size)
{
    for (size_t i = 0; i < n; i++) {
        const char *fault = rows[i].type ? row_fault(&rows[i], self_size) : NULL;

        if (!rows[i].type) {
            snprintf(text, size, "hearing %zu has no .type", i);
            return text;
        }
        if (!fault && hearing_find(rows, i, rows[i].type->name))
            fault = "is there twice";
        if (fault) {
            snprintf(text, size, "hearing %s %s", rows[i].type->name, fault);
            return text;
        }
    }
    return NULL;
}
