/* profile_data_memory.c - profiles in a memdb. */
#include "dataservice/memory/profile_data_memory.h"

#include <string.h>

#include "tool/core/mem.h"

struct profile_data_memory {
    struct profile_data_service base;
    struct memdb *db;
    struct memdb_table *table;
    const struct clock *clock;
};

static struct profile_data_memory *self_of(struct profile_data_service *base)
{
    return container_of(base, struct profile_data_memory, base);
}

static bool has_id(const void *row, const void *key)
{
    return uuid_equal(((const struct profile *)row)->user_id, *(const struct uuid *)key);
}

static bool has_email_key(const void *row, const void *key)
{
    char email_key[PROFILE_EMAIL_MAX + 1];

    profile_email_key(((const struct profile *)row)->person.email, email_key);
    return strcmp(email_key, key) == 0;
}

static enum status memory_insert(struct profile_data_service *base, struct transaction *tx,
                                 const struct call *call, const struct profile *profile)
{
    struct profile_data_memory *self = self_of(base);
    char email_key[PROFILE_EMAIL_MAX + 1];
    struct profile row = *profile;
    enum status st = ST_CONFLICT;

    (void)call;
    row.version = 1;
    row.created_us = row.updated_us = clock_wall_us(self->clock);
    profile_email_key(profile->person.email, email_key);
    memdb_join(self->db, tx);
    if (memdb_find(self->table, has_email_key, email_key) < 0 &&
        memdb_find(self->table, has_id, &profile->user_id) < 0) {
        memdb_insert(self->table, tx, &row);
        st = ST_OK;
    }
    memdb_leave(self->db, tx);
    return st;
}

static enum status memory_find(struct profile_data_service *base, struct transaction *tx,
                               const struct call *call, struct uuid user_id, struct profile *out)
{
    struct profile_data_memory *self = self_of(base);

    (void)call;
    return memdb_read(self->db, self->table, tx, has_id, &user_id, out);
}

static enum status memory_remove(struct profile_data_service *base, struct transaction *tx,
                                 const struct call *call, struct uuid user_id)
{
    struct profile_data_memory *self = self_of(base);
    long i;

    (void)call;
    memdb_join(self->db, tx);
    i = memdb_find(self->table, has_id, &user_id);
    if (i >= 0)
        memdb_remove(self->table, tx, (size_t)i);
    memdb_leave(self->db, tx);
    return ST_OK;
}

static void memory_destroy(struct profile_data_service *base)
{
    if (base)
        free(self_of(base));
}

static const struct profile_data_ops MEMORY_OPS = {
    .insert = memory_insert,
    .find = memory_find,
    .remove = memory_remove,
    .destroy = memory_destroy,
};

struct profile_data_service *profile_data_memory_create(struct memdb *db, const struct clock *clock)
{
    struct profile_data_memory *self = MEM_NEW(struct profile_data_memory);

    self->base.ops = &MEMORY_OPS;
    self->db = db;
    self->table = memdb_table(db, "user_inform", sizeof(struct profile));
    self->clock = clock;
    return &self->base;
}
