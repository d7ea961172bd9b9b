/* sim_audit.c - see sim_audit.h. */
#include "test/simulation/sim_audit.h"

#include "protocol/auth.h"
#include "protocol/user.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"
#include "usecase/audit/trail.h"

static enum status start(void *self, const struct service_run *run)
{
    (void)self;
    (void)run;
    return ST_OK;
}

static const struct service_store STORES[] = {
    {&TRAIL_TABLE, offsetof(struct trail, entries)},
};
static const struct hearing HEARS[] = {
    {.with = AUTH_EVENTS, .fn = trail_note},
    {.with = USER_EVENTS, .fn = trail_note},
};
const struct service AUDIT = {
    .name = "audit",
    .size = sizeof(struct trail),
    .stores = STORES,
    .n_stores = ARRAY_LEN(STORES),
    .hears = HEARS,
    .n_hears = ARRAY_LEN(HEARS),
    .start = start,
};

static struct memdb_table *entries_of(struct sim_service *audit)
{
    return memdb_table(audit->db, TRAIL_TABLE.name, TRAIL_TABLE.row_size);
}

static size_t find(struct sim_service *audit, struct uuid event_id, int64_t *at)
{
    size_t n = 0;

    for (size_t i = 0; i < memdb_count(entries_of(audit)); i++) {
        const struct trail_entry *entry = memdb_row(entries_of(audit), i);
        if (!uuid_equal(entry->event_id, event_id))
            continue;
        *at = entry->place_us;
        n++;
    }
    return n;
}

static size_t count(struct sim_service *audit)
{
    return memdb_count(entries_of(audit));
}

const struct sim_memory AUDIT_MEMORY = {find, count};
