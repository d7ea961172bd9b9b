/* saga_aside.c - see saga_aside.h. */
#include "tool/saga/saga_aside.h"

#include <stdlib.h>

#include "tool/core/mem.h"

enum {
    TOLD_FOR_MS = 600000, /* a row is named in the log so often */
    SEEN_LATE_MS = 2000,  /* from when a row is due to when a poll has claimed it */
    ROOM_FIRST = 16,
};

int64_t saga_aside_pause_ms(int64_t age_ms)
{
    return age_ms < SAGA_ASIDE_SHORTEST_MS  ? SAGA_ASIDE_SHORTEST_MS
           : age_ms > SAGA_ASIDE_LONGEST_MS ? SAGA_ASIDE_LONGEST_MS
                                            : age_ms;
}

static struct saga_aside_row *find(const struct saga_aside *aside, struct uuid id)
{
    for (size_t i = 0; i < aside->n; i++)
        if (uuid_equal(aside->rows[i].id, id))
            return &aside->rows[i];
    return NULL;
}

static void forget_old(struct saga_aside *aside, int64_t now_ms)
{
    size_t kept = 0;

    for (size_t i = 0; i < aside->n; i++)
        if (aside->rows[i].until_ms + TOLD_FOR_MS > now_ms)
            aside->rows[kept++] = aside->rows[i];
    aside->n = kept;
}

static struct saga_aside_row *add(struct saga_aside *aside, struct uuid id, int64_t now_ms)
{
    if (aside->n == aside->room)
        forget_old(aside, now_ms);
    if (aside->n == aside->room && aside->room < SAGA_ASIDE_MAX) {
        size_t room = aside->room ? 2 * aside->room : ROOM_FIRST;
        struct saga_aside_row *rows = mem_alloc(room, sizeof(*rows));
        for (size_t i = 0; i < aside->n; i++)
            rows[i] = aside->rows[i];
        free(aside->rows);
        aside->rows = rows;
        aside->room = room;
    }
    if (aside->n == aside->room)
        return NULL;
    aside->rows[aside->n] = (struct saga_aside_row){.id = id, .told_ms = now_ms - TOLD_FOR_MS};
    return &aside->rows[aside->n++];
}

bool saga_aside_note(struct saga_aside *aside, struct uuid id, int64_t until_ms, int64_t now_ms)
{
    struct saga_aside_row *row = find(aside, id);

    if (!row)
        row = add(aside, id, now_ms);
    if (!row)
        return false;
    row->until_ms = until_ms;
    if (now_ms - row->told_ms < TOLD_FOR_MS)
        return false;
    row->told_ms = now_ms;
    return true;
}

size_t saga_aside_count(const struct saga_aside *aside, int64_t now_ms)
{
    size_t n = 0;

    for (size_t i = 0; i < aside->n; i++)
        n += aside->rows[i].until_ms + SEEN_LATE_MS > now_ms;
    return n;
}

void saga_aside_fini(struct saga_aside *aside)
{
    free(aside->rows);
    *aside = (struct saga_aside){0};
}
