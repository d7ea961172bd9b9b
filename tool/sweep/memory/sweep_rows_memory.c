/* sweep_rows_memory.c - see sweep_rows_memory.h. */
#include "tool/sweep/memory/sweep_rows_memory.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"

enum { TERMS_MAX = 4, VALUE_MAX = 63 };

/* column = value, of .open. */
struct term {
    const struct column *column;
    int64_t number; /* of any but a text */
    char text[VALUE_MAX + 1];
};

struct sweep_rows_memory {
    struct sweep_rows base;
    struct memdb *db;
    struct memdb_table *table;
    const struct clock *clock;
    size_t row_size, id, due_us, next_us; /* offsets of a struct uuid and two int64_t */
    struct term terms[TERMS_MAX];
    size_t n_terms;
};

static struct sweep_rows_memory *self_of(struct sweep_rows *base)
{
    return container_of(base, struct sweep_rows_memory, base);
}

static int64_t number_of(const void *row, size_t offset)
{
    int64_t v;

    memcpy(&v, (const char *)row + offset, sizeof(v));
    return v;
}

static bool holds(const struct term *term, const void *row)
{
    const struct column *c = term->column;
    const char *member = (const char *)row + c->offset;
    int64_t wide;
    int narrow;

    if (c->kind == COLUMN_TEXT)
        return strcmp(member, term->text) == 0;
    if (c->kind == COLUMN_BOOL)
        return *(const bool *)(const void *)member == (term->number != 0);
    if (c->size == sizeof(wide)) {
        memcpy(&wide, member, sizeof(wide));
        return wide == term->number;
    }
    memcpy(&narrow, member, sizeof(narrow));
    return narrow == term->number;
}

static bool is_open(const struct sweep_rows_memory *t, const void *row)
{
    for (size_t i = 0; i < t->n_terms; i++)
        if (!holds(&t->terms[i], row))
            return false;
    return true;
}

static struct uuid id_of(const struct sweep_rows_memory *t, const void *row)
{
    struct uuid id;

    memcpy(&id, (const char *)row + t->id, sizeof(id));
    return id;
}

/* Joined. The open row whose turn it is and that waits longest, -1 = none. */
static long find_due(const struct sweep_rows_memory *t, int64_t now_us, int64_t lease_ms)
{
    int64_t ahead_us = now_us + (lease_ms + SWEEP_SLACK_MS) * 1000;
    int64_t best = 0;
    long at = -1;

    for (size_t i = 0; i < memdb_count(t->table); i++) {
        const void *row = memdb_row(t->table, i);
        int64_t next = number_of(row, t->next_us);

        if (!is_open(t, row) || number_of(row, t->due_us) > now_us)
            continue;
        if (next > now_us && next <= ahead_us)
            continue;
        if (at < 0 || next < best) {
            best = next;
            at = (long)i;
        }
    }
    return at;
}

static struct sweep_claim claim_row(const struct sweep_rows_memory *t, size_t at, int64_t token)
{
    char *row = mem_alloc(1, t->row_size);
    struct sweep_claim claim;

    memcpy(row, memdb_row(t->table, at), t->row_size);
    memcpy(row + t->next_us, &token, sizeof(token));
    claim = (struct sweep_claim){.id = id_of(t, row), .token = token};
    memdb_update(t->table, NULL, at, row);
    free(row);
    return claim;
}

static enum status memory_claim(struct sweep_rows *base, const struct call *call, int64_t lease_ms,
                                size_t max, struct sweep_claim *out, size_t *n)
{
    const struct sweep_rows_memory *t = self_of(base);
    int64_t now_us = clock_wall_us(t->clock);
    long at;

    (void)call;
    ASSERT(lease_ms > 0);
    memdb_join(t->db, NULL);
    for (*n = 0; *n < max && (at = find_due(t, now_us, lease_ms)) >= 0; ++*n)
        out[*n] = claim_row(t, (size_t)at, now_us + lease_ms * 1000);
    memdb_leave(t->db, NULL);
    return ST_OK;
}

static enum status memory_lock(struct sweep_rows *base, struct transaction *tx,
                               const struct call *call, const struct sweep_claim *claim)
{
    const struct sweep_rows_memory *t = self_of(base);
    enum status st = ST_STALE;

    (void)call;
    memdb_join(t->db, tx);
    for (size_t i = 0; i < memdb_count(t->table); i++) {
        const void *row = memdb_row(t->table, i);

        if (uuid_equal(id_of(t, row), claim->id) && is_open(t, row) &&
            number_of(row, t->next_us) == claim->token)
            st = ST_OK;
    }
    memdb_leave(t->db, tx);
    return st;
}

static enum status memory_overdue(struct sweep_rows *base, const struct call *call,
                                  int64_t grace_ms, size_t max, int64_t *n)
{
    const struct sweep_rows_memory *t = self_of(base);
    int64_t before_us = clock_wall_us(t->clock) - grace_ms * 1000;

    (void)call;
    *n = 0;
    memdb_join(t->db, NULL);
    for (size_t i = 0; i < memdb_count(t->table) && *n < (int64_t)max; i++) {
        const void *row = memdb_row(t->table, i);

        *n += is_open(t, row) && number_of(row, t->due_us) < before_us;
    }
    memdb_leave(t->db, NULL);
    return ST_OK;
}

static void memory_destroy(struct sweep_rows *base)
{
    if (base)
        free(self_of(base));
}

static const struct sweep_rows_ops MEMORY_OPS = {
    .claim = memory_claim,
    .lock = memory_lock,
    .overdue = memory_overdue,
    .destroy = memory_destroy,
};

/* Takes len bytes off text, into out. */
static void take(const char **text, size_t len, char out[VALUE_MAX + 1])
{
    ASSERT(len > 0 && len <= VALUE_MAX);
    memcpy(out, *text, len);
    out[len] = '\0';
    *text += len;
}

static void skip(const char **text, const char *what)
{
    ASSERT(strncmp(*text, what, strlen(what)) == 0);
    *text += strlen(what);
}

static int64_t number_in(const struct column *c, const char *value)
{
    char *end;
    int64_t n = 0;

    if (c->kind == COLUMN_ENUM) {
        while (strcmp(c->names[n], value) != 0)
            ASSERT(c->names[++n]);
        return n;
    }
    n = strtoll(value, &end, 10);
    ASSERT(*end == '\0');
    return n;
}

static void read_term(const char **text, const struct table *of, struct term *term)
{
    char name[VALUE_MAX + 1];

    take(text, strspn(*text, "abcdefghijklmnopqrstuvwxyz_"), name);
    term->column = table_find(of, name);
    ASSERT(term->column);
    skip(text, " = ");
    if (**text == '\'') {
        skip(text, "'");
        take(text, strcspn(*text, "'"), term->text);
        skip(text, "'");
    } else {
        take(text, strspn(*text, "0123456789"), term->text);
    }
    if (term->column->kind != COLUMN_TEXT)
        term->number = number_in(term->column, term->text);
}

static void read_terms(struct sweep_rows_memory *self, const struct table *of, const char *open)
{
    for (;;) {
        ASSERT(self->n_terms < TERMS_MAX);
        read_term(&open, of, &self->terms[self->n_terms++]);
        if (!*open)
            return;
        skip(&open, " AND ");
    }
}

struct sweep_rows *sweep_rows_memory_create(struct memdb *db, const struct clock *clock,
                                            const struct table *of, const struct sweep_table *table)
{
    struct sweep_rows_memory *self = MEM_NEW(struct sweep_rows_memory);

    self->base.ops = &MEMORY_OPS;
    self->db = db;
    self->table = memdb_table(db, table->table, of->row_size);
    self->clock = clock;
    self->row_size = of->row_size;
    self->id = table_find(of, table->id)->offset;
    self->due_us = table_find(of, table->due)->offset;
    self->next_us = table_find(of, table->next)->offset;
    read_terms(self, of, table->open);
    return &self->base;
}
