/* memdb.c - tables are arrays; a transaction keeps, in an undo log, what it overwrote. */
#include "tool/memdb/memdb.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"

struct memdb_table {
    struct memdb_table *next;
    char *name;
    size_t row_size, count, capacity;
    char *rows;
};

enum undo_kind { UNDO_INSERT, UNDO_UPDATE, UNDO_REMOVE };

struct undo {
    struct undo *older;
    enum undo_kind kind;
    struct memdb_table *table;
    size_t i;
    char row[]; /* as it was; empty for UNDO_INSERT */
};

struct transaction {
    struct memdb *db;
    struct undo *newest;
};

struct memdb {
    pthread_mutex_t lock; /* error checking: an op outside the transaction that holds it is a bug */
    struct memdb_table *tables;
};

struct memdb_transactor {
    struct transactor base;
    struct memdb *db;
};

struct memdb *memdb_create(void)
{
    struct memdb *db = MEM_NEW(struct memdb);
    pthread_mutexattr_t attr;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&db->lock, &attr);
    pthread_mutexattr_destroy(&attr);
    return db;
}

void memdb_destroy(struct memdb *db)
{
    if (!db)
        return;
    while (db->tables) {
        struct memdb_table *t = db->tables;
        db->tables = t->next;
        free(t->rows);
        free(t->name);
        free(t);
    }
    pthread_mutex_destroy(&db->lock);
    free(db);
}

static void lock(struct memdb *db)
{
    int error = pthread_mutex_lock(&db->lock);
    ASSERT(error == 0);
}

static void unlock(struct memdb *db)
{
    int error = pthread_mutex_unlock(&db->lock);
    ASSERT(error == 0);
}

struct memdb_table *memdb_table(struct memdb *db, const char *name, size_t row_size)
{
    struct memdb_table *t;

    lock(db);
    for (t = db->tables; t; t = t->next)
        if (strcmp(t->name, name) == 0)
            break;
    if (!t) {
        t = MEM_NEW(struct memdb_table);
        t->name = mem_strdup(name);
        t->row_size = row_size;
        t->next = db->tables;
        db->tables = t;
    }
    unlock(db);
    ASSERT(t->row_size == row_size);
    return t;
}

void memdb_join(struct memdb *db, struct transaction *tx)
{
    if (tx)
        ASSERT(tx->db == db);
    else
        lock(db);
}

void memdb_leave(struct memdb *db, struct transaction *tx)
{
    if (!tx)
        unlock(db);
}

static void *row_at(const struct memdb_table *t, size_t i)
{
    return t->rows + i * t->row_size;
}

static void insert_at(struct memdb_table *t, size_t i, const void *row)
{
    if (t->count == t->capacity) {
        size_t capacity = t->capacity ? t->capacity * 2 : 8;
        char *rows = mem_alloc(capacity, t->row_size);
        if (t->count > 0)
            memcpy(rows, t->rows, t->count * t->row_size);
        free(t->rows);
        t->rows = rows;
        t->capacity = capacity;
    }
    memmove(row_at(t, i + 1), row_at(t, i), (t->count - i) * t->row_size);
    memcpy(row_at(t, i), row, t->row_size);
    t->count++;
}

static void remove_at(struct memdb_table *t, size_t i)
{
    memmove(row_at(t, i), row_at(t, i + 1), (t->count - i - 1) * t->row_size);
    t->count--;
}

static void note_undo(struct transaction *tx, enum undo_kind kind, struct memdb_table *t, size_t i)
{
    struct undo *undo;
    size_t row_size = kind == UNDO_INSERT ? 0 : t->row_size;

    if (!tx)
        return;
    undo = mem_alloc(1, sizeof(*undo) + row_size);
    undo->kind = kind;
    undo->table = t;
    undo->i = i;
    if (row_size > 0)
        memcpy(undo->row, row_at(t, i), row_size);
    undo->older = tx->newest;
    tx->newest = undo;
}

static void undo_one(const struct undo *undo)
{
    switch (undo->kind) {
    case UNDO_INSERT:
        remove_at(undo->table, undo->i);
        break;
    case UNDO_UPDATE:
        memcpy(row_at(undo->table, undo->i), undo->row, undo->table->row_size);
        break;
    case UNDO_REMOVE:
        insert_at(undo->table, undo->i, undo->row);
        break;
    }
}

/* Newest first, so that each index means what it meant when it was noted. */
static void end_transaction(struct transaction *tx, bool roll_back)
{
    while (tx->newest) {
        struct undo *undo = tx->newest;
        tx->newest = undo->older;
        if (roll_back)
            undo_one(undo);
        free(undo);
    }
}

size_t memdb_count(const struct memdb_table *t)
{
    return t->count;
}

void *memdb_row(struct memdb_table *t, size_t i)
{
    ASSERT(i < t->count);
    return row_at(t, i);
}

long memdb_find(struct memdb_table *t, bool (*match)(const void *row, const void *key),
                const void *key)
{
    for (size_t i = 0; i < t->count; i++)
        if (match(row_at(t, i), key))
            return (long)i;
    return -1;
}

enum status memdb_read(struct memdb *db, struct memdb_table *t, struct transaction *tx,
                       bool (*match)(const void *row, const void *key), const void *key, void *out)
{
    long i;

    memdb_join(db, tx);
    i = memdb_find(t, match, key);
    if (i >= 0)
        memcpy(out, row_at(t, (size_t)i), t->row_size);
    memdb_leave(db, tx);
    return i >= 0 ? ST_OK : ST_NOT_FOUND;
}

void memdb_insert(struct memdb_table *t, struct transaction *tx, const void *row)
{
    insert_at(t, t->count, row);
    note_undo(tx, UNDO_INSERT, t, t->count - 1);
}

void memdb_update(struct memdb_table *t, struct transaction *tx, size_t i, const void *row)
{
    ASSERT(i < t->count);
    note_undo(tx, UNDO_UPDATE, t, i);
    memmove(row_at(t, i), row, t->row_size);
}

void memdb_remove(struct memdb_table *t, struct transaction *tx, size_t i)
{
    ASSERT(i < t->count);
    note_undo(tx, UNDO_REMOVE, t, i);
    remove_at(t, i);
}

size_t memdb_prune(struct memdb *db, struct memdb_table *t,
                   bool (*match)(const void *row, const void *key), const void *key, size_t max)
{
    size_t n = 0;
    long i;

    memdb_join(db, NULL);
    while (n < max && (i = memdb_find(t, match, key)) >= 0) {
        memdb_remove(t, NULL, (size_t)i);
        n++;
    }
    memdb_leave(db, NULL);
    return n;
}

static enum status memdb_run(struct transactor *base, const struct call *call, transaction_fn body,
                             void *arg)
{
    struct memdb_transactor *self = container_of(base, struct memdb_transactor, base);
    struct transaction tx = {.db = self->db};
    enum status st;

    lock(self->db);
    st = body(&tx, call, arg);
    end_transaction(&tx, st != ST_OK);
    unlock(self->db);
    return st;
}

static void memdb_transactor_destroy(struct transactor *base)
{
    if (base)
        free(container_of(base, struct memdb_transactor, base));
}

static const struct transactor_ops MEMDB_OPS = {
    .run = memdb_run,
    .destroy = memdb_transactor_destroy,
};

struct transactor *memdb_transactor_create(struct memdb *db)
{
    struct memdb_transactor *self = MEM_NEW(struct memdb_transactor);

    self->base.ops = &MEMDB_OPS;
    self->db = db;
    return &self->base;
}
