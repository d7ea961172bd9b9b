/* account_data_memory.c - accounts in a memdb. */
#include "dataservice/memory/account_data_memory.h"

#include <string.h>

#include "tool/core/mem.h"

struct account_data_memory {
    struct account_data_service base;
    struct memdb *db;
    struct memdb_table *table;
    const struct clock *clock;
};

static struct account_data_memory *self_of(struct account_data_service *base)
{
    return container_of(base, struct account_data_memory, base);
}

static bool has_id(const void *row, const void *key)
{
    return uuid_equal(((const struct account *)row)->id, *(const struct uuid *)key);
}

static bool has_login_id(const void *row, const void *key)
{
    return strcmp(((const struct account *)row)->login_id, key) == 0;
}

static enum status memory_insert(struct account_data_service *base, struct transaction *tx,
                                 const struct call *call, const struct account *account)
{
    struct account_data_memory *self = self_of(base);
    struct account row = *account;
    enum status st = ST_CONFLICT;

    (void)call;
    row.created_us = row.updated_us = clock_wall_us(self->clock);
    memdb_join(self->db, tx);
    if (memdb_find(self->table, has_login_id, account->login_id) < 0 &&
        memdb_find(self->table, has_id, &account->id) < 0) {
        memdb_insert(self->table, tx, &row);
        st = ST_OK;
    }
    memdb_leave(self->db, tx);
    return st;
}

static enum status memory_find_by_login_id(struct account_data_service *base,
                                           struct transaction *tx, const struct call *call,
                                           const char *login_id, struct account *out)
{
    struct account_data_memory *self = self_of(base);

    (void)call;
    return memdb_read(self->db, self->table, tx, has_login_id, login_id, out);
}

static enum status memory_find(struct account_data_service *base, struct transaction *tx,
                               const struct call *call, struct uuid id, struct account *out)
{
    struct account_data_memory *self = self_of(base);

    (void)call;
    return memdb_read(self->db, self->table, tx, has_id, &id, out);
}

static enum status memory_change_status(struct account_data_service *base, struct transaction *tx,
                                        const struct call *call, struct uuid id,
                                        enum account_status from, enum account_status to)
{
    struct account_data_memory *self = self_of(base);
    enum status st = ST_NOT_FOUND;
    long i;

    (void)call;
    memdb_join(self->db, tx);
    i = memdb_find(self->table, has_id, &id);
    if (i >= 0) {
        struct account row = *(struct account *)memdb_row(self->table, (size_t)i);
        st = row.status == from || row.status == to ? ST_OK : ST_CONFLICT;
        if (row.status == from) {
            row.status = to;
            row.updated_us = clock_wall_us(self->clock);
            memdb_update(self->table, tx, (size_t)i, &row);
        }
    }
    memdb_leave(self->db, tx);
    return st;
}

static enum status memory_change_password(struct account_data_service *base, struct transaction *tx,
                                          const struct call *call, struct uuid id,
                                          const char *old_hash, const char *new_hash)
{
    struct account_data_memory *self = self_of(base);
    enum status st = ST_STALE;
    long i;

    (void)call;
    memdb_join(self->db, tx);
    i = memdb_find(self->table, has_id, &id);
    if (i >= 0) {
        struct account row = *(struct account *)memdb_row(self->table, (size_t)i);
        if (strcmp(row.password_hash, old_hash) == 0) {
            TEXT_COPY(row.password_hash, new_hash);
            row.updated_us = clock_wall_us(self->clock);
            memdb_update(self->table, tx, (size_t)i, &row);
            st = ST_OK;
        }
    }
    memdb_leave(self->db, tx);
    return st;
}

static enum status memory_remove(struct account_data_service *base, struct transaction *tx,
                                 const struct call *call, struct uuid id,
                                 enum account_status status)
{
    struct account_data_memory *self = self_of(base);
    enum status st = ST_OK;
    long i;

    (void)call;
    memdb_join(self->db, tx);
    i = memdb_find(self->table, has_id, &id);
    if (i >= 0) {
        const struct account *row = memdb_row(self->table, (size_t)i);
        if (row->status == status)
            memdb_remove(self->table, tx, (size_t)i);
        else
            st = ST_CONFLICT;
    }
    memdb_leave(self->db, tx);
    return st;
}

static void memory_destroy(struct account_data_service *base)
{
    if (base)
        free(self_of(base));
}

static const struct account_data_ops MEMORY_OPS = {
    .insert = memory_insert,
    .find_by_login_id = memory_find_by_login_id,
    .find = memory_find,
    .change_status = memory_change_status,
    .change_password = memory_change_password,
    .remove = memory_remove,
    .destroy = memory_destroy,
};

struct account_data_service *account_data_memory_create(struct memdb *db, const struct clock *clock)
{
    struct account_data_memory *self = MEM_NEW(struct account_data_memory);

    self->base.ops = &MEMORY_OPS;
    self->db = db;
    self->table = memdb_table(db, "user", sizeof(struct account));
    self->clock = clock;
    return &self->base;
}
