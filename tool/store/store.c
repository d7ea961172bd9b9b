/* store.c - what any store does the same way. */
#include "tool/store/store.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

static const void *key_in(const struct question *asked, size_t key_offset)
{
    return (const char *)asked->in + key_offset;
}

static void answer_each(struct store *s, const char *by, size_t key_offset, struct question *asked,
                        size_t n)
{
    for (size_t i = 0; i < n; i++)
        asked[i].st =
            store_find(s, NULL, asked[i].call, by, key_in(&asked[i], key_offset), asked[i].out);
}

/* A connection that dies takes many along: they are asked for once more. */
static enum status find_all(struct store *s, const struct call *call, const char *by,
                            const void *const keys[], size_t n, void *rows, bool found[])
{
    enum status st = store_find_many(s, NULL, call, by, keys, n, rows, found);

    return st == ST_UNAVAILABLE && !call_expired(call)
               ? store_find_many(s, NULL, call, by, keys, n, rows, found)
               : st;
}

void store_answer(struct store *s, const char *by, size_t key_offset, struct question *asked,
                  size_t n)
{
    const void *keys[QUESTIONS_MAX];
    bool found[QUESTIONS_MAX];
    struct call call = questions_call(asked, n);
    size_t size = s->table->row_size;
    enum status st;
    char *rows;

    ASSERT(n >= 1 && n <= QUESTIONS_MAX);
    if (n == 1) {
        answer_each(s, by, key_offset, asked, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        keys[i] = key_in(&asked[i], key_offset);
    rows = mem_alloc(n, size);
    st = find_all(s, &call, by, keys, n, rows, found);
    for (size_t i = 0; i < n; i++) {
        asked[i].st = st == ST_OK && !found[i] ? ST_NOT_FOUND : st;
        if (asked[i].st == ST_OK)
            memcpy(asked[i].out, rows + i * size, size);
    }
    free(rows);
    if (st == ST_INTERNAL) /* one of the rows, perhaps */
        answer_each(s, by, key_offset, asked, n);
}

struct patch {
    const struct table *table;
    const void *from;
    const size_t *members;
    size_t n;
};

/* Members that several columns come from are copied once a column: the same bytes. */
static size_t copy_columns(const struct patch *patch, size_t offset, char *row)
{
    const char *from = patch->from;
    size_t copied = 0;

    for (size_t i = 0; i < patch->table->n_columns; i++) {
        const struct column *c = &patch->table->columns[i];
        if (c->offset != offset)
            continue;
        memcpy(row + offset, from + offset, c->size);
        if (c->flags & COLUMN_NULLABLE && c->has)
            *(bool *)(row + c->has) = *(const bool *)(from + c->has);
        copied++;
    }
    return copied;
}

static enum status apply(void *row, const struct call *call, void *arg)
{
    const struct patch *patch = arg;

    (void)call;
    for (size_t i = 0; i < patch->n; i++) {
        size_t copied = copy_columns(patch, patch->members[i], row);
        ASSERT(copied > 0);
    }
    return ST_OK;
}

enum status store_patch(struct store *s, struct transaction *tx, const struct call *call,
                        const void *key, int64_t version, const void *from, const size_t members[],
                        size_t n, void *out, const char **taken)
{
    struct patch patch = {s->table, from, members, n};

    return store_change(s, tx, call, key,
                        &(struct store_change){apply, &patch, version, taken, NULL}, out);
}

static bool is(const struct column *c, const void *member, const void *value)
{
    return c->kind == COLUMN_TEXT ? strcmp(member, value) == 0
                                  : memcmp(member, value, c->size) == 0;
}

static enum status turn_column(void *row, const struct call *call, void *arg)
{
    const struct store_turn *turn = arg;
    const struct column *c = turn->column;
    char *member = (char *)row + c->offset;

    (void)call;
    if (!is(c, member, turn->from))
        return is(c, member, turn->to) ? ST_OK : ST_CONFLICT;
    if (c->kind == COLUMN_TEXT && strlen(turn->to) >= c->size)
        return ST_INTERNAL;
    memcpy(member, turn->to, c->kind == COLUMN_TEXT ? strlen(turn->to) + 1 : c->size);
    return ST_OK;
}

enum status store_turn(struct store *s, struct transaction *tx, const struct call *call,
                       const void *key, const char *column, const void *from, const void *to)
{
    struct store_turn turn = {table_find(s->table, column), from, to};

    ASSERT(turn.column && !turn.column->form && !(turn.column->flags & COLUMN_NULLABLE));
    return store_change(s, tx, call, key,
                        &(struct store_change){.fn = turn_column, .arg = &turn, .turn = &turn},
                        NULL);
}
