/* main.c - the audit service: what has happened to accounts. Tables and wiring, no logic. */
#include "protocol/audit.h"
#include "protocol/auth.h"
#include "protocol/user.h"
#include "tool/core/mem.h"
#include "tool/service/service.h"
#include "usecase/audit/trail.h"

static const struct service_pool POOLS[] = {
    {"work", 4, 1024},
};

/* clang-format off */
static const struct endpoint ENDPOINTS[] = {
    {ENDPOINT(AUDIT_EVENTS, trail_read, struct trail_query, struct trail_page),
     .pool = "work", .timeout_ms = 2000},
};
/* clang-format on */

static const struct hearing HEARS[] = {
    {.with = AUTH_EVENTS, .fn = trail_note, .kind = HEAR_IN_ORDER},
    {.with = USER_EVENTS, .fn = trail_note, .kind = HEAR_IN_ORDER},
};

static const struct service_store STORES[] = {
    {&TRAIL_TABLE, offsetof(struct trail, entries)},
};

static enum status start(void *self, const struct service_run *run)
{
    struct trail *trail = self;

    trail->cursors = run->cursors;
    return ST_OK;
}

static const struct service AUDIT = {
    .name = "audit",
    .summary = "Hears what happens to accounts, and tells each account's time line.",
    .size = sizeof(struct trail),
    ROWS_OF(pools, POOLS),
    ROWS_OF(endpoints, ENDPOINTS),
    ROWS_OF(hears, HEARS),
    ROWS_OF(stores, STORES),
    .database = true,
    .unnamed_self = IS_FIRST(struct trail, entries),
    .start = start,
};

int main(int argc, char **argv)
{
    return service_main(argc, argv, &AUDIT);
}
