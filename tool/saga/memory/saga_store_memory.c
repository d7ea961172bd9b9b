/* saga_store_memory.c - saga rows in a memdb. */
#include "tool/saga/memory/saga_store_memory.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"

struct saga_row {
    struct saga_record record;
    int64_t wake_us, deadline_us; /* wake_us of an ended saga: when it ended */
    bool spoilt;                  /* by saga_store_memory_spoil() */
};

struct saga_store_memory {
    struct saga_store base;
    struct memdb *db;
    struct memdb_table *table;
    const struct clock *clock;
};

static struct saga_store_memory *self_of(struct saga_store *base)
{
    return container_of(base, struct saga_store_memory, base);
}

static bool ended(enum saga_state state)
{
    return state == SAGA_SUCCEEDED || state == SAGA_COMPENSATED;
}

static bool has_id(const void *row, const void *key)
{
    return uuid_equal(((const struct saga_row *)row)->record.view.id, *(const struct uuid *)key);
}

/* Rows are kept as the database keeps them: what the caller sees of time is worked out anew. */
static void read_row(const struct saga_row *row, int64_t now_us, struct saga_record *out)
{
    *out = row->record;
    out->remaining_ms = (row->deadline_us - now_us) / 1000;
    out->due_ms = (row->wake_us - now_us) / 1000;
    if (row->spoilt) {
        out->view.state = SAGA_PROCESSING;
        out->view.unreadable = true;
        out->data[0] = '\0';
        TEXT_COPY(out->why, "spoilt");
    }
}

static enum status memory_insert(struct saga_store *base, struct transaction *tx,
                                 const struct call *call, struct saga_record *record,
                                 int64_t lease_ms)
{
    struct saga_store_memory *self = self_of(base);
    int64_t now_us = clock_wall_us(self->clock);
    struct saga_row row = {.record = *record,
                           .wake_us = now_us + lease_ms * 1000,
                           .deadline_us = now_us + record->remaining_ms * 1000};
    enum status st = ST_CONFLICT;

    (void)call;
    row.record.version = 1;
    row.record.view.started_us = row.record.view.updated_us = now_us;
    memdb_join(self->db, tx);
    if (memdb_find(self->table, has_id, &record->view.id) < 0) {
        memdb_insert(self->table, tx, &row);
        record->version = 1;
        st = ST_OK;
    }
    memdb_leave(self->db, tx);
    return st;
}

static void write_row(struct saga_row *row, const struct saga_record *record, int64_t now_us,
                      int64_t wake_ms)
{
    bool end = ended(record->view.state);

    row->record.view.state = record->view.state;
    row->record.view.updated_us = now_us;
    TEXT_COPY(row->record.view.step, record->view.step);
    TEXT_COPY(row->record.view.reason, record->view.reason);
    TEXT_COPY(row->record.data, end ? "" : record->data);
    row->record.attempts = record->attempts;
    row->record.version++;
    row->wake_us = end ? now_us : now_us + wake_ms * 1000;
}

static enum status memory_update(struct saga_store *base, struct transaction *tx,
                                 const struct call *call, struct saga_record *record,
                                 int64_t wake_ms)
{
    struct saga_store_memory *self = self_of(base);
    enum status st = ST_STALE;
    long i;

    (void)call;
    memdb_join(self->db, tx);
    i = memdb_find(self->table, has_id, &record->view.id);
    if (i >= 0) {
        struct saga_row row = *(struct saga_row *)memdb_row(self->table, (size_t)i);
        if (row.record.version == record->version) {
            write_row(&row, record, clock_wall_us(self->clock), wake_ms);
            memdb_update(self->table, tx, (size_t)i, &row);
            record->version = row.record.version;
            st = ST_OK;
        }
    }
    memdb_leave(self->db, tx);
    return st;
}

static enum status memory_set_aside(struct saga_store *base, const struct call *call,
                                    const struct saga_record *record, int64_t wake_ms)
{
    struct saga_store_memory *self = self_of(base);
    struct saga_row *row = NULL;
    long i;

    (void)call;
    memdb_join(self->db, NULL);
    i = memdb_find(self->table, has_id, &record->view.id);
    if (i >= 0)
        row = memdb_row(self->table, (size_t)i);
    if (row && row->record.version != record->version)
        row = NULL;
    if (row) {
        row->record.version++;
        row->wake_us = clock_wall_us(self->clock) + wake_ms * 1000;
    }
    memdb_leave(self->db, NULL);
    return row ? ST_OK : ST_STALE;
}

static enum status memory_wake(struct saga_store *base, const struct call *call, struct uuid id,
                               int64_t quiet_ms)
{
    struct saga_store_memory *self = self_of(base);
    int64_t due_us = clock_wall_us(self->clock), quiet_us;
    long i;

    (void)call;
    memdb_join(self->db, NULL);
    i = memdb_find(self->table, has_id, &id);
    if (i >= 0) {
        struct saga_row *row = memdb_row(self->table, (size_t)i);
        quiet_us = row->record.view.updated_us + quiet_ms * 1000;
        if (quiet_us > due_us) /* and not later than that, were it written by a later clock */
            due_us = quiet_us < due_us + quiet_ms * 1000 ? quiet_us : due_us + quiet_ms * 1000;
        if (!ended(row->record.view.state) && row->wake_us > due_us)
            row->wake_us = due_us;
    }
    memdb_leave(self->db, NULL);
    return ST_OK;
}

static enum status memory_find(struct saga_store *base, const struct call *call, struct uuid id,
                               struct saga_record *out)
{
    struct saga_store_memory *self = self_of(base);
    long i;

    (void)call;
    memdb_join(self->db, NULL);
    i = memdb_find(self->table, has_id, &id);
    if (i >= 0)
        read_row(memdb_row(self->table, (size_t)i), clock_wall_us(self->clock), out);
    memdb_leave(self->db, NULL);
    return i >= 0 ? ST_OK : ST_NOT_FOUND;
}

static bool wanted(const struct saga_row *row, const struct saga_filter *filter, int64_t now_us)
{
    const struct saga_view *view = &row->record.view;

    return ended(view->state) == filter->ended &&
           (!filter->state || strcmp(SAGA_STATE_NAMES[view->state], filter->state) == 0) &&
           (!filter->type[0] || strcmp(row->record.type, filter->type) == 0) &&
           view->started_us <= now_us - filter->older_ms * 1000;
}

/* Whether row stands before other. */
static bool stands_before(const struct saga_row *row, const struct saga_row *other, bool is_ended)
{
    return is_ended ? row->wake_us > other->wake_us : row->wake_us < other->wake_us;
}

static enum status memory_list(struct saga_store *base, const struct call *call,
                               const struct saga_filter *filter, size_t max,
                               struct saga_record *out, size_t *n)
{
    struct saga_store_memory *self = self_of(base);
    int64_t now_us = clock_wall_us(self->clock);
    const struct saga_row **rows;
    size_t found = 0;

    (void)call;
    memdb_join(self->db, NULL);
    rows = mem_alloc(memdb_count(self->table) + 1, sizeof(*rows));
    for (size_t i = 0; i < memdb_count(self->table); i++) {
        const struct saga_row *row = memdb_row(self->table, i);
        size_t at = found;
        if (!wanted(row, filter, now_us))
            continue;
        for (; at > 0 && stands_before(row, rows[at - 1], filter->ended); at--)
            rows[at] = rows[at - 1];
        rows[at] = row;
        found++;
    }
    for (*n = 0; *n < max && *n < found; (*n)++) {
        read_row(rows[*n], now_us, &out[*n]);
        out[*n].data[0] = '\0';
    }
    free(rows);
    memdb_leave(self->db, NULL);
    return ST_OK;
}

static bool is_due(const struct saga_row *row, int64_t now_us)
{
    return row->wake_us <= now_us || row->wake_us > now_us + SAGA_AHEAD_MAX_MS * INT64_C(1000);
}

/* The longest due, unended row; the first of equals, so that a seed reproduces a run. */
static struct saga_row *next_due(struct memdb_table *table, int64_t now_us)
{
    struct saga_row *due = NULL;

    for (size_t i = 0; i < memdb_count(table); i++) {
        struct saga_row *row = memdb_row(table, i);
        if (!ended(row->record.view.state) && is_due(row, now_us) &&
            (!due || row->wake_us < due->wake_us))
            due = row;
    }
    return due;
}

static enum status memory_claim(struct saga_store *base, const struct call *call, int64_t lease_ms,
                                size_t max, struct saga_record *out, size_t *n)
{
    struct saga_store_memory *self = self_of(base);
    int64_t now_us = clock_wall_us(self->clock);
    struct saga_row *row;

    (void)call;
    ASSERT(lease_ms > 0);
    *n = 0;
    memdb_join(self->db, NULL);
    while (*n < max && (row = next_due(self->table, now_us))) {
        row->record.version++;
        row->wake_us = now_us + lease_ms * 1000;
        read_row(row, now_us, &out[(*n)++]);
    }
    memdb_leave(self->db, NULL);
    return ST_OK;
}

static enum status memory_census(struct saga_store *base, const struct call *call,
                                 struct saga_census *out)
{
    struct saga_store_memory *self = self_of(base);
    int64_t now_us = clock_wall_us(self->clock);

    (void)call;
    memset(out, 0, sizeof(*out));
    memdb_join(self->db, NULL);
    for (size_t i = 0; i < memdb_count(self->table); i++) {
        const struct saga_row *row = memdb_row(self->table, i);
        const struct saga_view *view = &row->record.view;
        int64_t age_ms = (now_us - view->started_us) / 1000;
        (*(row->spoilt ? &out->unknown : &out->count[view->state]))++;
        if (!ended(view->state) && age_ms > out->oldest_open_ms)
            out->oldest_open_ms = age_ms;
    }
    memdb_leave(self->db, NULL);
    return ST_OK;
}

static bool ended_before(const void *item, const void *before_us)
{
    const struct saga_row *row = item;

    return ended(row->record.view.state) && row->wake_us < *(const int64_t *)before_us;
}

static enum status memory_purge(struct saga_store *base, const struct call *call, int64_t age_s,
                                size_t max, size_t *n)
{
    struct saga_store_memory *self = self_of(base);
    int64_t before_us = clock_wall_us(self->clock) - age_s * 1000000;

    (void)call;
    *n = memdb_prune(self->db, self->table, ended_before, &before_us, max);
    return ST_OK;
}

static void memory_destroy(struct saga_store *base)
{
    if (base)
        free(self_of(base));
}

static const struct saga_store_ops MEMORY_OPS = {
    .insert = memory_insert,
    .update = memory_update,
    .set_aside = memory_set_aside,
    .wake = memory_wake,
    .find = memory_find,
    .list = memory_list,
    .claim = memory_claim,
    .census = memory_census,
    .purge = memory_purge,
    .destroy = memory_destroy,
};

struct saga_store *saga_store_memory_create(struct memdb *db, const struct clock *clock)
{
    struct saga_store_memory *self = MEM_NEW(struct saga_store_memory);

    self->base.ops = &MEMORY_OPS;
    self->db = db;
    self->table = memdb_table(db, "saga", sizeof(struct saga_row));
    self->clock = clock;
    return &self->base;
}

void saga_store_memory_spoil(struct saga_store *base, struct uuid id, bool spoilt)
{
    struct saga_store_memory *self = self_of(base);
    long i;

    memdb_join(self->db, NULL);
    i = memdb_find(self->table, has_id, &id);
    ASSERT(i >= 0);
    ((struct saga_row *)memdb_row(self->table, (size_t)i))->spoilt = spoilt;
    memdb_leave(self->db, NULL);
}
