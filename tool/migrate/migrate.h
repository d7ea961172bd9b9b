/* migrate.h - brings a schema up to date from a folder of numbered SQL files: once each, in order,
 * under a lock, forwards only. What was done is in the table schema_migration. */
#ifndef TOOL_MIGRATE_MIGRATE_H
#define TOOL_MIGRATE_MIGRATE_H

#include "tool/dbc/pool.h"
#include "tool/migrate/migration_file.h"

struct migrate_listener {
    /** Told after each migration that was applied now. NULL = nobody. */
    void (*applied)(void *arg, const char *name);
    void *arg;
};

enum { MIGRATE_LOCK_WAIT_S = 60 };

/** Applies what is missing. The pool's user may change the schema, and its statement time-out
 * bounds one statement; call->deadline_ms the whole. Waits for another run to end,
 * MIGRATE_LOCK_WAIT_S at most. why says what is wrong. ST_OK | ST_INVALID (the folder is wrong; an
 * applied file was changed or is missing) | ST_CONFLICT (a migration was interrupted and cannot be
 * repeated by itself: why says what to do) | ST_INTERNAL (the server refuses a statement) |
 * ST_UNAVAILABLE | ST_TIMEOUT (another run holds the lock) */
enum status migrate_run(struct dbc_pool *pool, const struct call *call, const char *dir,
                        const struct migrate_listener *listener, char why[MIGRATION_WHY_MAX + 1]);

#endif
