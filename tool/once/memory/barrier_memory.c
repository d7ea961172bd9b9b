/* barrier_memory.c - processed messages in a memdb. */
#include "tool/once/memory/barrier_memory.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"

struct message_row {
    char consumer[BARRIER_CONSUMER_MAX + 1];
    char key[BARRIER_KEY_MAX + 1];
    char outcome[BARRIER_OUTCOME_MAX + 1];
    int64_t created_us;
};

struct message_key {
    const char *consumer, *key;
};

struct barrier_memory {
    struct barrier base;
    struct memdb *db;
    struct memdb_table *table;
    const struct clock *clock;
};

static struct barrier_memory *self_of(struct barrier *base)
{
    return container_of(base, struct barrier_memory, base);
}

static bool is_message(const void *row, const void *key)
{
    const struct message_row *message = row;
    const struct message_key *wanted = key;

    return strcmp(message->consumer, wanted->consumer) == 0 &&
           strcmp(message->key, wanted->key) == 0;
}

static struct message_row *find_row(struct barrier_memory *self, const char *consumer,
                                    const char *key, size_t *at)
{
    long i = memdb_find(self->table, is_message, &(struct message_key){consumer, key});

    if (i < 0)
        return NULL;
    *at = (size_t)i;
    return memdb_row(self->table, *at);
}

static enum status memory_enter(struct barrier *base, struct transaction *tx,
                                const struct call *call, const char *consumer, const char *key,
                                const char *outcome_if_first, char seen[BARRIER_OUTCOME_MAX + 1])
{
    struct barrier_memory *self = self_of(base);
    const struct message_row *known;
    enum status st = ST_OK;
    size_t at;

    (void)call;
    ASSERT(tx);
    memdb_join(self->db, tx);
    known = find_row(self, consumer, key, &at);
    if (known) {
        memcpy(seen, known->outcome, sizeof(known->outcome));
        st = ST_CONFLICT;
    } else {
        struct message_row row = {.created_us = clock_wall_us(self->clock)};
        ASSERT(TEXT_COPY(row.consumer, consumer));
        ASSERT(TEXT_COPY(row.key, key));
        ASSERT(TEXT_COPY(row.outcome, outcome_if_first));
        memdb_insert(self->table, tx, &row);
    }
    memdb_leave(self->db, tx);
    return st;
}

static enum status memory_enter_all(struct barrier *base, struct transaction *tx,
                                    const struct call *call, const char *consumer,
                                    const struct barrier_note notes[], size_t n)
{
    char seen[BARRIER_OUTCOME_MAX + 1];
    enum status st = ST_OK;

    for (size_t i = 0; i < n && st == ST_OK; i++)
        st = memory_enter(base, tx, call, consumer, notes[i].key, notes[i].outcome, seen);
    return st;
}

static enum status memory_record(struct barrier *base, struct transaction *tx,
                                 const struct call *call, const char *consumer, const char *key,
                                 const char *outcome)
{
    struct barrier_memory *self = self_of(base);
    const struct message_row *known;
    struct message_row row;
    size_t at;

    (void)call;
    ASSERT(tx);
    memdb_join(self->db, tx);
    known = find_row(self, consumer, key, &at);
    ASSERT(known);
    row = *known;
    ASSERT(TEXT_COPY(row.outcome, outcome));
    memdb_update(self->table, tx, at, &row);
    memdb_leave(self->db, tx);
    return ST_OK;
}

static enum status memory_find(struct barrier *base, const struct call *call, const char *consumer,
                               const char *key, char outcome[BARRIER_OUTCOME_MAX + 1])
{
    struct barrier_memory *self = self_of(base);
    const struct message_row *known;
    size_t at;

    (void)call;
    memdb_join(self->db, NULL);
    known = find_row(self, consumer, key, &at);
    if (known)
        memcpy(outcome, known->outcome, sizeof(known->outcome));
    memdb_leave(self->db, NULL);
    return known ? ST_OK : ST_NOT_FOUND;
}

static bool is_outcome(const void *row, const void *wanted)
{
    const struct message_row *message = row, *other = wanted;

    return strcmp(message->consumer, other->consumer) == 0 &&
           strcmp(message->key, other->key) == 0 && strcmp(message->outcome, other->outcome) == 0;
}

static enum status memory_forget(struct barrier *base, const struct call *call,
                                 const char *consumer, const char *key, const char *outcome)
{
    struct barrier_memory *self = self_of(base);
    struct message_row wanted = {0};

    (void)call;
    ASSERT(TEXT_COPY(wanted.consumer, consumer));
    ASSERT(TEXT_COPY(wanted.key, key));
    ASSERT(TEXT_COPY(wanted.outcome, outcome));
    memdb_prune(self->db, self->table, is_outcome, &wanted, 1);
    return ST_OK;
}

static bool is_older(const void *row, const void *before_us)
{
    return ((const struct message_row *)row)->created_us < *(const int64_t *)before_us;
}

static enum status memory_purge(struct barrier *base, const struct call *call, int64_t age_s,
                                size_t max, size_t *n)
{
    struct barrier_memory *self = self_of(base);
    int64_t before_us = clock_wall_us(self->clock) - age_s * 1000000;

    (void)call;
    *n = memdb_prune(self->db, self->table, is_older, &before_us, max);
    return ST_OK;
}

static void memory_destroy(struct barrier *base)
{
    if (base)
        free(self_of(base));
}

static const struct barrier_ops MEMORY_OPS = {
    .enter = memory_enter,
    .enter_all = memory_enter_all,
    .record = memory_record,
    .find = memory_find,
    .forget = memory_forget,
    .purge = memory_purge,
    .destroy = memory_destroy,
};

struct barrier *barrier_memory_create(struct memdb *db, const struct clock *clock)
{
    struct barrier_memory *self = MEM_NEW(struct barrier_memory);

    self->base.ops = &MEMORY_OPS;
    self->db = db;
    self->table = memdb_table(db, "processed_message", sizeof(struct message_row));
    self->clock = clock;
    return &self->base;
}
