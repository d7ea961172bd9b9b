/* dead_letters_memory.c - see dead_letters_memory.h. Rows stand in the order of their seq. */
#include "tool/event/memory/dead_letters_memory.h"

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"

struct dead_letters_memory {
    struct dead_letters base;
    struct memdb *db;
    struct memdb_table *table;
    const struct clock *clock;
};

static struct dead_letters_memory *self_of(struct dead_letters *base)
{
    return container_of(base, struct dead_letters_memory, base);
}

static bool has_id(const void *row, const void *id)
{
    return uuid_equal(((const struct dead_letter *)row)->id, *(const struct uuid *)id);
}

static bool is_of_key(const void *row, const void *key)
{
    const struct dead_letter *letter = row;

    return letter->in_order && uuid_equal(letter->key, *(const struct uuid *)key);
}

static enum status memory_head(struct dead_letters *base, struct transaction *tx,
                               const struct call *call, struct uuid key, struct dead_letter *out)
{
    struct dead_letters_memory *self = self_of(base);

    (void)call;
    ASSERT(tx);
    return memdb_read(self->db, self->table, tx, is_of_key, &key, out);
}

static enum status memory_any(struct dead_letters *base, struct transaction *tx,
                              const struct call *call, const struct uuid keys[], size_t n)
{
    struct dead_letter *letter = MEM_NEW(struct dead_letter);
    enum status st = ST_NOT_FOUND;

    for (size_t i = 0; i < n && st == ST_NOT_FOUND; i++)
        st = memory_head(base, tx, call, keys[i], letter);
    free(letter);
    return st;
}

static enum status memory_find(struct dead_letters *base, struct transaction *tx,
                               const struct call *call, struct uuid id, struct dead_letter *out)
{
    struct dead_letters_memory *self = self_of(base);

    (void)call;
    return memdb_read(self->db, self->table, tx, has_id, &id, out);
}

static enum status memory_insert(struct dead_letters *base, struct transaction *tx,
                                 const struct call *call, const struct dead_letter *letter)
{
    struct dead_letters_memory *self = self_of(base);
    struct dead_letter *row;
    enum status st = ST_CONFLICT;
    size_t n;

    (void)call;
    ASSERT(tx);
    memdb_join(self->db, tx);
    n = memdb_count(self->table);
    if (memdb_find(self->table, has_id, &letter->id) < 0) {
        row = MEM_NEW(struct dead_letter);
        *row = *letter;
        row->seq = n > 0 ? ((const struct dead_letter *)memdb_row(self->table, n - 1))->seq + 1 : 1;
        row->since_us = clock_wall_us(self->clock);
        memdb_insert(self->table, tx, row);
        free(row);
        st = ST_OK;
    }
    memdb_leave(self->db, tx);
    return st;
}

static enum status memory_update(struct dead_letters *base, struct transaction *tx,
                                 const struct call *call, const struct dead_letter *letter)
{
    struct dead_letters_memory *self = self_of(base);
    struct dead_letter *row = MEM_NEW(struct dead_letter);
    long at;

    (void)call;
    ASSERT(tx);
    memdb_join(self->db, tx);
    at = memdb_find(self->table, has_id, &letter->id);
    if (at >= 0) {
        *row = *(const struct dead_letter *)memdb_row(self->table, (size_t)at);
        row->state = letter->state;
        row->attempts = letter->attempts;
        TEXT_COPY(row->reason, letter->reason);
        memdb_update(self->table, tx, (size_t)at, row);
    }
    memdb_leave(self->db, tx);
    free(row);
    return at >= 0 ? ST_OK : ST_NOT_FOUND;
}

static enum status memory_remove(struct dead_letters *base, struct transaction *tx,
                                 const struct call *call, struct uuid id)
{
    struct dead_letters_memory *self = self_of(base);
    long at;

    (void)call;
    ASSERT(tx);
    memdb_join(self->db, tx);
    at = memdb_find(self->table, has_id, &id);
    if (at >= 0)
        memdb_remove(self->table, tx, (size_t)at);
    memdb_leave(self->db, tx);
    return at >= 0 ? ST_OK : ST_NOT_FOUND;
}

static bool is_wanted(const struct dead_letter *letter, const struct dead_letter_list *list)
{
    return letter->seq > list->after_seq && (!list->key || uuid_equal(letter->key, *list->key)) &&
           (!list->dead_only || letter->state == DEAD_LETTER_DEAD);
}

static enum status memory_list(struct dead_letters *base, const struct call *call,
                               const struct dead_letter_list *list, size_t max,
                               struct dead_letter *out, size_t *n)
{
    struct dead_letters_memory *self = self_of(base);

    (void)call;
    *n = 0;
    memdb_join(self->db, NULL);
    for (size_t i = 0; i < memdb_count(self->table) && *n < max; i++) {
        const struct dead_letter *row = memdb_row(self->table, i);
        if (!is_wanted(row, list))
            continue;
        out[*n] = *row;
        out[(*n)++].json[0] = '\0';
    }
    memdb_leave(self->db, NULL);
    return ST_OK;
}

static enum status memory_stuck(struct dead_letters *base, const struct call *call, struct uuid *id)
{
    struct dead_letters_memory *self = self_of(base);
    enum status st = ST_NOT_FOUND;

    (void)call;
    memdb_join(self->db, NULL);
    for (size_t i = 0; i < memdb_count(self->table) && st != ST_OK; i++) {
        const struct dead_letter *row = memdb_row(self->table, i);
        if (row->state != DEAD_LETTER_PARKED ||
            memdb_find(self->table, is_of_key, &row->key) != (long)i)
            continue;
        *id = row->id;
        st = ST_OK;
    }
    memdb_leave(self->db, NULL);
    return st;
}

static enum status memory_census(struct dead_letters *base, const struct call *call,
                                 struct dead_letter_census *out)
{
    struct dead_letters_memory *self = self_of(base);
    int64_t oldest_us;

    (void)call;
    *out = (struct dead_letter_census){{0}, 0};
    memdb_join(self->db, NULL);
    oldest_us = clock_wall_us(self->clock);
    for (size_t i = 0; i < memdb_count(self->table); i++) {
        const struct dead_letter *row = memdb_row(self->table, i);
        out->count[row->state]++;
        if (row->since_us < oldest_us)
            oldest_us = row->since_us;
    }
    out->oldest_ms = (clock_wall_us(self->clock) - oldest_us) / 1000;
    memdb_leave(self->db, NULL);
    return ST_OK;
}

static void memory_destroy(struct dead_letters *base)
{
    if (base)
        free(self_of(base));
}

static const struct dead_letters_ops MEMORY_OPS = {
    .head = memory_head,
    .any = memory_any,
    .insert = memory_insert,
    .update = memory_update,
    .remove = memory_remove,
    .find = memory_find,
    .list = memory_list,
    .stuck = memory_stuck,
    .census = memory_census,
    .destroy = memory_destroy,
};

struct dead_letters *dead_letters_memory_create(struct memdb *db, const struct clock *clock)
{
    struct dead_letters_memory *self = MEM_NEW(struct dead_letters_memory);

    self->base.ops = &MEMORY_OPS;
    self->db = db;
    self->table = memdb_table(db, "dead_letter", sizeof(struct dead_letter));
    self->clock = clock;
    return &self->base;
}
