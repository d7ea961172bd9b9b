/* sim_diary.c - see sim_diary.h. */
#include "test/simulation/sim_diary.h"

#include <string.h>

#include "protocol/auth.h"
#include "protocol/user.h"
#include "test/simulation/sim_events.h"
#include "tool/core/mem.h"
#include "tool/memdb/memdb_table.h"

/* Its key is its own, so that an event that comes twice is here twice. */
struct note {
    struct uuid id, event_id;
};

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct note, id,       "id",       COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct note, event_id, "event_id", COLUMN_UUID, 0),
};
/* clang-format on */
static const struct table NOTE_TABLE = TABLE(struct note, COLUMNS, "note");

struct diary {
    struct store *notes;
    const struct service_run *run;
};

static const struct sim_house *house_of(const struct diary *diary)
{
    struct sim *sim = container_of(diary->run->entropy, struct sim, entropy);

    return container_of(sim, struct sim_house, sim);
}

/* Written first, so that what it refuses has to be taken back. */
static enum status write_down(void *self, struct transaction *tx, const struct call *call,
                              const struct event *event, const void *data)
{
    const struct diary *diary = self;
    struct note note = {uuid_v7(call->clock, diary->run->entropy), event->id};
    enum status st = store_insert(diary->notes, tx, call, &note, NULL);

    (void)data;
    if (st == ST_OK && sim_events_is_poisoned(house_of(diary), event->id))
        return call_fail(call, ST_UNPROCESSABLE, "poisoned", "It cannot be written down.");
    return st;
}

static enum status start(void *self, const struct service_run *run)
{
    ((struct diary *)self)->run = run;
    return ST_OK;
}

static const struct service_store STORES[] = {
    {&NOTE_TABLE, offsetof(struct diary, notes)},
};
static const struct hearing HEARS[] = {
    {.with = AUTH_EVENTS, .fn = write_down},
    {.with = USER_EVENTS, .fn = write_down},
};
const struct service DIARY = {
    .name = "diary",
    .size = sizeof(struct diary),
    .stores = STORES,
    .n_stores = ARRAY_LEN(STORES),
    .hears = HEARS,
    .n_hears = ARRAY_LEN(HEARS),
    .start = start,
};

static size_t find(struct sim_service *diary, struct uuid event_id, int64_t *at)
{
    struct memdb_table *notes = memdb_table(diary->db, "note", sizeof(struct note));
    size_t n = 0;

    for (size_t i = 0; i < memdb_count(notes); i++) {
        if (!uuid_equal(((const struct note *)memdb_row(notes, i))->event_id, event_id))
            continue;
        *at = (int64_t)i;
        n++;
    }
    return n;
}

size_t sim_diary_notes(struct sim_service *diary)
{
    return memdb_count(memdb_table(diary->db, "note", sizeof(struct note)));
}

const struct sim_memory DIARY_MEMORY = {find, sim_diary_notes};
