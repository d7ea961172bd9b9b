/* main.c - hanok-migrate: brings one schema up to date from a folder of numbered SQL files. */
#include <stdio.h>
#include <time.h>

#include "tool/core/keep_private.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/migrate/migrate.h"
#include "tool/service/common_setting.h"
#include "tool/service/signals.h"
#include "tool/service/version.h"

struct migrate_settings {
    struct database_settings database;
    char dir[512];
    int64_t wait_s, statement_timeout_s, timeout_s;
};

/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct migrate_settings, dir, "dir", SETTING_TEXT, NULL,
            .doc = "folder of the schema's migrations, files like 001_user.sql"),
    SETTING(struct migrate_settings, wait_s, "wait-s", SETTING_INT, "0", .min = 0, .max = 3600,
            .unit = "s", .doc = "how long to wait for a database that does not answer yet"),
    SETTING(struct migrate_settings, statement_timeout_s, "statement-timeout-s", SETTING_INT, "3600", .min = 1, .max = 86400,
            .unit = "s", .doc = "how long one statement may take"),
    SETTING(struct migrate_settings, timeout_s, "timeout-s", SETTING_INT, "14400", .min = 1, .max = 604800,
            .unit = "s", .doc = "how long all of them may take"),
};
/* clang-format on */

static struct call call_within_s(int64_t seconds)
{
    return (struct call){.clock = &CLOCK_SYSTEM,
                         .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + seconds * 1000};
}

static enum status wait_for_database(struct dbc_pool *pool, int64_t wait_s, const char **why)
{
    const struct timespec pause = {.tv_nsec = 250000000}; /* longer than the pool fails at once */
    struct call patience = call_within_s(wait_s);
    enum status st;

    for (;;) {
        struct call call = call_within_s(10);
        st = dbc_ping(pool, &call, why);
        if (st == ST_OK || call_expired(&patience))
            return st;
        nanosleep(&pause, NULL); /* lint: allow sleep a program that only waits */
    }
}

static void say_applied(void *arg, const char *name)
{
    const struct migrate_settings *settings = arg;

    printf("%s: applied %s\n", settings->database.schema, name);
    fflush(stdout);
}

static int migrate(struct migrate_settings *settings)
{
    struct migrate_listener listener = {say_applied, settings};
    struct dbc_config config = database_config(&settings->database, NULL);
    struct call call = call_within_s(settings->timeout_s);
    char why[MIGRATION_WHY_MAX + 1] = "";
    const char *away = "";
    struct dbc_pool *pool;
    enum status st;

    config.statement_timeout_s = (int)settings->statement_timeout_s;
    pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    st = wait_for_database(pool, settings->wait_s, &away);
    if (st != ST_OK)
        fprintf(stderr, "%s: the database is away: %s\n", settings->database.schema, away);
    else
        st = migrate_run(pool, &call, settings->dir, &listener, why);
    if (*why)
        fprintf(stderr, "%s: %s\n", settings->database.schema, why);
    dbc_pool_destroy(pool);
    return st == ST_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct migrate_settings settings = {0};
    const struct setting_group groups[] = {
        {SETTINGS, ARRAY_LEN(SETTINGS), &settings},
        database_setting_group(&settings.database),
    };

    keep_private();
    signals_ignore();
    log_init("migrate", LOG_ERROR);
    switch (settings_load("migrate", HANOK_VERSION, "Brings one schema up to date.", groups,
                          ARRAY_LEN(groups), argc, argv)) {
    case SETTING_EXIT_OK:
        return 0;
    case SETTING_EXIT_BAD:
        return 2;
    case SETTING_RUN:
        break;
    }
    return migrate(&settings);
}
