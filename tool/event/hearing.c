/* hearing.c - see hearing.h. */
#include "tool/event/hearing.h"

#include <stdio.h>
#include <string.h>

static bool is_own(const struct hearing *row, const char *name)
{
    return row->type && strcmp(row->type->name, name) == 0;
}

static bool is_of_its_data(const struct hearing *row, const struct event_type *type)
{
    return !row->type || type->data == row->type->data;
}

static const struct event_type *listed(const struct hearing *row, const char *name)
{
    const struct event_type *type = row->with ? event_type_among(row->with, name) : NULL;

    return type && is_of_its_data(row, type) ? type : NULL;
}

const struct hearing *hearing_find(const struct hearing *rows, size_t n, const char *name,
                                   const struct event_type **type)
{
    const struct event_type *found = NULL;
    const struct hearing *row = NULL;

    for (size_t i = 0; i < n && !found; i++) {
        found = is_own(&rows[i], name) ? rows[i].type : NULL;
        row = found ? &rows[i] : NULL;
    }
    for (size_t i = 0; i < n && !found; i++) {
        found = listed(&rows[i], name);
        row = found ? &rows[i] : NULL;
    }
    if (found && type)
        *type = found;
    return row;
}

/* NULL behind the last. */
static const struct event_type *type_at(const struct hearing *row, size_t i)
{
    if (row->with)
        return row->with[i];
    return i == 0 ? row->type : NULL;
}

bool hearing_next(struct hearing_walk *walk)
{
    for (; walk->row < walk->n; walk->row++, walk->at = 0) {
        const struct hearing *row = &walk->rows[walk->row];

        for (; type_at(row, walk->at); walk->at++) {
            walk->type = type_at(row, walk->at);
            if (hearing_find(walk->rows, walk->n, walk->type->name, NULL) != row)
                continue;
            walk->at++;
            return true;
        }
    }
    return false;
}

/* ---- slips ---- */

static const char *row_fault(const struct hearing *row, size_t self_size)
{
    if (!row->fn)
        return "has no .fn";
    if (row->self >= self_size)
        return "has a .self outside the service's struct";
    if (row->from && row->kind != HEAR_LATEST)
        return "has a .from, and is not HEAR_LATEST";
    if (row->together && row->kind != HEAR_LATEST)
        return "has a .together, and is not HEAR_LATEST";
    if (row->from && !row->type)
        return "has a .from, and no .type of which it is asked";
    if (row->type && row->with && !event_type_among(row->with, row->type->name))
        return "is not among its .with";
    return NULL;
}

/* Of a row behind others. */
static const char *type_fault(const struct hearing *rows, size_t row, const struct event_type *type)
{
    const struct hearing *before = hearing_find(rows, row, type->name, NULL);

    if (!type->data || type->key + sizeof(struct uuid) > type->data->size)
        return "has a type whose key is outside its data";
    if (before && is_own(before, type->name) == is_own(&rows[row], type->name))
        return "is there twice";
    return NULL;
}

const char *hearing_rows_fault(const struct hearing *rows, size_t n, size_t self_size, char *text,
                               size_t size)
{
    for (size_t i = 0; i < n; i++) {
        const struct hearing *row = &rows[i];
        const struct event_type *type = row->type ? row->type : type_at(row, 0);
        const char *fault = type ? row_fault(row, self_size) : NULL;

        if (!type) {
            snprintf(text, size, "hearing %zu has no .type", i);
            return text;
        }
        for (size_t at = 0; !fault && type_at(row, at); at++) {
            type = type_at(row, at);
            fault = is_of_its_data(row, type) ? type_fault(rows, i, type) : NULL;
        }
        if (fault) {
            snprintf(text, size, "hearing %s %s", type->name, fault);
            return text;
        }
    }
    return NULL;
}
