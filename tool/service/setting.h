/* setting.h - settings as rows: --name value, HANOK_NAME, /etc/hanok/<service>.conf, in that order
 * of strength; secrets also from a file. --help, --check and docs follow from the rows.
 *
 *   command line   --mysql-host db1    --mysql-host=db1    the last one counts
 *   environment    HANOK_MYSQL_HOST=db1
 *   file           mysql-host = db1    a line each; # begins a comment line; --config names another
 * file secrets        HANOK_MYSQL_PASSWORD_FILE=/run/secrets/db, likewise --mysql-password-file and
 *                  mysql-password-file: the file's text without its last line break
 *
 * Every name must be one of this program's: a word on the command line, a line of the file or a
 * HANOK_ variable that is not is an error, because a setting with a slip in its name would
 * otherwise leave the default in force unseen. Programs that share an environment are given their
 * variables one by one (compose "environment:", systemd "Environment="). */
#ifndef TOOL_SERVICE_SETTING_H
#define TOOL_SERVICE_SETTING_H

#include <stdbool.h>
#include <stddef.h>

enum { SETTING_NAME_MAX = 63 };

enum setting_kind {
    SETTING_TEXT,   /* char[size] */
    SETTING_INT,    /* int64_t, min..max */
    SETTING_ZONE,   /* int64_t, seconds east of Greenwich: as zone_read takes it */
    SETTING_SWITCH, /* bool: on, off */
    SETTING_SECRET, /* char[size]; never printed; an empty one is an error */
    SETTING_FLAG,   /* bool: a word of the command line only, without a value. It asks for something
                       else than to run: settings that must be given need not be */
};

struct setting {
    const char *name; /* "mysql-socket": --mysql-socket, HANOK_MYSQL_SOCKET, mysql-socket = ... */
    enum setting_kind kind;
    size_t offset, size;
    const char *fallback; /* default, as text; NULL = must be given */
    long long min, max;   /* SETTING_INT; both 0 = any */
    long long times;      /* SETTING_INT: what is kept is that many times what is given; 0 = once */
    const char *const *choices; /* SETTING_TEXT: NULL-terminated; NULL = any text that fits */
    const char *const *needs;   /* SETTING_FLAG: NULL-terminated names; with it no other setting is
                                   looked at, nor a secret's file read; NULL = all are */
    const char *unit;           /* "ms", "KiB", ...; NULL = none */
    const char *doc;
    /** More than a row can say, asked last, also by --check: why the value (at offset) will not do,
     * as a static or thread-local text, or NULL. NULL = nothing to ask. */
    const char *(*check)(const void *value);
};

/* clang-format off */
#define SETTING(type, member, name_, kind_, fallback_, ...)                                        \
    {.name = (name_), .kind = (kind_), .offset = offsetof(type, member),                           \
     .size = sizeof(((type *)0)->member), .fallback = (fallback_), __VA_ARGS__}
/* clang-format on */

/* One group of rows and the struct they fill. */
struct setting_group {
    const struct setting *rows;
    size_t n;
    void *target;
};

enum setting_verdict { SETTING_RUN, SETTING_EXIT_OK, SETTING_EXIT_BAD };

/** Fills the groups' targets from argv, environment and file. Prints --help, --version and every
 * error (all at once, each naming the setting, where it came from, and what would be right).
 * --check: validates, says so, SETTING_EXIT_OK. The targets are only good after SETTING_RUN. */
enum setting_verdict settings_load(const char *service, const char *version, const char *summary,
                                   const struct setting_group *groups, size_t n_groups, int argc,
                                   char **argv);

#endif
