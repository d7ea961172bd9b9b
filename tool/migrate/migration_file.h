/* migration_file.h - a folder of numbered SQL files. Pure; any thread. */
#ifndef TOOL_MIGRATE_MIGRATION_FILE_H
#define TOOL_MIGRATE_MIGRATION_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "tool/core/status.h"

enum {
    MIGRATIONS_MAX = 999,
    MIGRATION_NAME_MAX = 120,
    MIGRATION_SIZE_MAX = 1 << 20,
    MIGRATION_WHY_MAX = 1023
};

struct migration {
    unsigned number;                   /* from 1 */
    char name[MIGRATION_NAME_MAX + 1]; /* of the file, "001_user.sql" */
    char *text;
};

struct migration_list {
    struct migration *items; /* by number: items[i].number is i + 1 */
    size_t n;
};

/** "001_user.sql": three digits, not 000; then [a-z0-9_]. False when it is not so. */
bool migration_name_parse(const char *name, unsigned *number);
/** Reads every *.sql file of dir; others are skipped. ST_OK | ST_INVALID: why says which file is
 * wrong (name, number twice, gap, unreadable, empty, too long), and how. Free the list either way.
 */
enum status migration_list_read(const char *dir, struct migration_list *out,
                                char why[MIGRATION_WHY_MAX + 1]);
void migration_list_free(struct migration_list *list);

/** Copies the next statement, without comment lines ("--" in front) and the closing semicolon, to
 * out, which has room for as much as there is. Statements are divided by lines "-- next". False
 * after the last; an empty statement is "". */
bool migration_next_statement(const char **cursor, char *out);
/** True when each statement says IF EXISTS or IF NOT EXISTS, so that it may be run again. */
bool migration_is_repeatable(const char *text);

#endif
