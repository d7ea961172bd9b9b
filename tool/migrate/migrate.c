/* migrate.c - applies what schema_migration does not list yet. Every DDL statement commits by
 * itself, so a row says STARTED before the first and APPLIED after the last one of a file: what a
 * killed run leaves behind is seen by the next. */
#include "tool/migrate/migrate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/dbc_text.h"

static const char SQL_TABLE[] =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    " number INT UNSIGNED NOT NULL PRIMARY KEY, name VARCHAR(120) NOT NULL,"
    " sha256 CHAR(64) NOT NULL, state VARCHAR(16) NOT NULL COMMENT 'STARTED APPLIED',"
    " started_at DATETIME(6) NOT NULL, applied_at DATETIME(6) NULL)"
    " ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin";
/* Names of locks are the server's, not the schema's. */
static const char SQL_LOCK[] = "SELECT GET_LOCK(CONCAT('migrate.', DATABASE()), ?)";
static const char SQL_UNLOCK[] = "SELECT RELEASE_LOCK(CONCAT('migrate.', DATABASE()))";
static const char SQL_SHA256[] = "SELECT SHA2(?, 256)";
static const char SQL_FIND[] = "SELECT sha256, state FROM schema_migration WHERE number = ?";
static const char SQL_BEYOND[] =
    "SELECT name FROM schema_migration WHERE number > ? ORDER BY number LIMIT 1";
static const char SQL_STARTED[] =
    "REPLACE INTO schema_migration (number, name, sha256, state, started_at)"
    " VALUES (?, ?, ?, 'STARTED', NOW(6))";
static const char SQL_APPLIED[] =
    "UPDATE schema_migration SET state = 'APPLIED', applied_at = NOW(6) WHERE number = ?";
static const char SQL_FORGET[] = "DELETE FROM schema_migration WHERE number = ?";

enum { SHA256_HEX_LEN = 64 };

struct run {
    struct dbc_conn *conn;
    const struct call *call;
    char *why; /* MIGRATION_WHY_MAX + 1 bytes */
};

static enum status explain(const struct run *run, enum status st, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static enum status explain(const struct run *run, enum status st, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(run->why, MIGRATION_WHY_MAX + 1, fmt, args);
    va_end(args);
    return st;
}

/* A statement of ours: what the server said is in the log. */
static enum status done(const struct run *run, struct dbc_stmt *s, enum status st)
{
    st = dbc_done(s, st);
    if (st != ST_OK && st != ST_NOT_FOUND)
        explain(run, st, "the database %s", st == ST_INTERNAL ? "refuses" : "does not answer");
    return st;
}

static enum status select_int(const struct run *run, const char *sql, const int64_t *arg,
                              int64_t *out)
{
    struct dbc_stmt *s = dbc_prepare(run->conn, sql);
    enum status st;

    if (arg)
        dbc_bind_int(s, *arg);
    st = dbc_execute(s, run->call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_int(s, out);
    return done(run, s, st);
}

static enum status sha256_of(const struct run *run, const char *text,
                             char sha256[SHA256_HEX_LEN + 1])
{
    struct dbc_stmt *s = dbc_prepare(run->conn, SQL_SHA256);
    enum status st;

    dbc_bind_text(s, text);
    st = dbc_execute(s, run->call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_text(s, sha256, SHA256_HEX_LEN + 1);
    return done(run, s, st);
}

/* ST_OK | ST_NOT_FOUND: never started. */
static enum status find_row(const struct run *run, unsigned number, char sha256[SHA256_HEX_LEN + 1],
                            char state[32])
{
    struct dbc_stmt *s = dbc_prepare(run->conn, SQL_FIND);
    enum status st;

    dbc_bind_int(s, number);
    st = dbc_execute(s, run->call);
    if (st == ST_OK && dbc_next(s)) {
        dbc_col_text(s, sha256, SHA256_HEX_LEN + 1);
        dbc_col_text(s, state, 32);
    } else if (st == ST_OK) {
        st = ST_NOT_FOUND;
    }
    return done(run, s, st);
}

static enum status mark(const struct run *run, const char *sql, unsigned number)
{
    struct dbc_stmt *s = dbc_prepare(run->conn, sql);

    dbc_bind_int(s, number);
    return done(run, s, dbc_execute(s, run->call));
}

static enum status mark_started(const struct run *run, const struct migration *m,
                                const char *sha256)
{
    struct dbc_stmt *s = dbc_prepare(run->conn, SQL_STARTED);

    dbc_bind_int(s, m->number);
    dbc_bind_text(s, m->name);
    dbc_bind_text(s, sha256);
    return done(run, s, dbc_execute(s, run->call));
}

static enum status run_statements(const struct run *run, const struct migration *m)
{
    char *statement = mem_alloc(strlen(m->text) + 2, 1);
    char reason[MIGRATION_WHY_MAX / 2];
    const char *cursor = m->text;
    enum status st = ST_OK;

    for (int n = 1; st == ST_OK && migration_next_statement(&cursor, statement); n++) {
        st = dbc_run_text(run->conn, statement, reason, sizeof(reason));
        if (st == ST_OK)
            continue;
        explain(run, st, "%s: statement %d failed: %s", m->name, n, reason);
        if (n == 1 && st == ST_INTERNAL)
            (void)mark(&(struct run){run->conn, run->call, (char[MIGRATION_WHY_MAX + 1]){0}},
                       SQL_FORGET, m->number); /* nothing of it was done */
    }
    free(statement);
    return st;
}

static enum status apply(const struct run *run, const struct migration *m, const char *sha256)
{
    enum status st = mark_started(run, m, sha256);

    if (st == ST_OK)
        st = run_statements(run, m);
    return st == ST_OK ? mark(run, SQL_APPLIED, m->number) : st;
}

static enum status bring_up(const struct run *run, const struct migration *m,
                            const struct migrate_listener *listener)
{
    char sha256[SHA256_HEX_LEN + 1] = "", known[SHA256_HEX_LEN + 1] = "", state[32] = "";
    enum status st = sha256_of(run, m->text, sha256);

    if (st == ST_OK)
        st = find_row(run, m->number, known, state);
    if (st == ST_OK && strcmp(state, "APPLIED") == 0)
        return strcmp(sha256, known) == 0
                   ? ST_OK
                   : explain(run, ST_INVALID,
                             "%s was changed after it was applied: restore it, and put the change"
                             " into a migration of its own",
                             m->name);
    if (st == ST_OK && !migration_is_repeatable(m->text))
        return explain(run, ST_CONFLICT,
                       "%s was interrupted, and not all of its statements say IF [NOT] EXISTS:"
                       " compare the schema with it and undo what it did, then DELETE FROM"
                       " schema_migration WHERE number = %u; or complete it by hand, then UPDATE"
                       " schema_migration SET state = 'APPLIED' WHERE number = %u",
                       m->name, m->number, m->number);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    st = apply(run, m, sha256);
    if (st == ST_OK && listener && listener->applied)
        listener->applied(listener->arg, m->name);
    return st;
}

static enum status refuse_unknown(const struct run *run, const struct migration_list *list,
                                  const char *dir)
{
    struct dbc_stmt *s = dbc_prepare(run->conn, SQL_BEYOND);
    char name[MIGRATION_NAME_MAX + 1] = "";
    enum status st;

    dbc_bind_int(s, (int64_t)list->n);
    st = dbc_execute(s, run->call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_text(s, name, sizeof(name));
    st = done(run, s, st);
    if (st == ST_OK && *name)
        st = explain(run, ST_INVALID, "%s was applied but is not in %s: an older release?", name,
                     dir);
    return st;
}

static enum status run_locked(const struct run *run, const struct migration_list *list,
                              const char *dir, const struct migrate_listener *listener)
{
    char reason[MIGRATION_WHY_MAX / 2] = "";
    enum status st = dbc_run_text(run->conn, SQL_TABLE, reason, sizeof(reason));

    if (st != ST_OK)
        return explain(run, st, "table schema_migration: %s", reason);
    st = refuse_unknown(run, list, dir);
    for (size_t i = 0; i < list->n && st == ST_OK; i++)
        st = bring_up(run, &list->items[i], listener);
    return st;
}

static enum status run_list(const struct run *run, const struct migration_list *list,
                            const char *dir, const struct migrate_listener *listener)
{
    int64_t wait_s = MIGRATE_LOCK_WAIT_S, locked = 0, released;
    enum status st = select_int(run, SQL_LOCK, &wait_s, &locked);

    if (st != ST_OK)
        return st;
    if (!locked)
        return explain(run, ST_TIMEOUT, "another migration of this schema is running");
    st = run_locked(run, list, dir, listener);
    if (st == ST_OK)
        st = select_int(run, SQL_UNLOCK, NULL, &released);
    return st; /* else the lock goes with the connection */
}

enum status migrate_run(struct dbc_pool *pool, const struct call *call, const char *dir,
                        const struct migrate_listener *listener, char why[MIGRATION_WHY_MAX + 1])
{
    struct migration_list list;
    struct run run = {.call = call, .why = why};
    enum status st = migration_list_read(dir, &list, why);

    if (st == ST_OK) {
        st = dbc_take(pool, call, &run.conn);
        if (st != ST_OK)
            explain(&run, st, "no connection to the database");
        else
            st = run_list(&run, &list, dir, listener);
        dbc_give(pool, run.conn);
    }
    migration_list_free(&list);
    return st;
}
