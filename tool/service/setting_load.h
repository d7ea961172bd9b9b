/* setting_load.h - settings on their way in: sources (setting_source.h) put texts beside rows, then
 * the texts become values (setting_value.h). Private to tool/service. */
#ifndef TOOL_SERVICE_SETTING_LOAD_H
#define TOOL_SERVICE_SETTING_LOAD_H

#include <stdio.h>

#include "tool/service/setting.h"

enum { SETTING_PATH_MAX = 255, SETTING_ORIGIN_MAX = SETTING_PATH_MAX + SETTING_NAME_MAX + 16 };

/* Weakest first. */
enum setting_source {
    SOURCE_NONE, /* not given */
    SOURCE_CONF,
    SOURCE_ENVIRONMENT,
    SOURCE_ARGUMENTS,
};

/* A row and the strongest text found for it so far. */
struct setting_slot {
    const struct setting *row;
    char *target;
    char *text; /* owned; NULL = not given */
    char
        origin[SETTING_ORIGIN_MAX + 1]; /* "--drain-ms", "HANOK_DRAIN_MS", "/etc/...:7: drain-ms" */
    enum setting_source source;
    bool failed; /* what is wrong with it was said already */
};

struct setting_load {
    const char *service, *version, *summary;
    struct setting_slot *slots;
    size_t n_slots;
    char conf[SETTING_PATH_MAX + 1];
    bool conf_named; /* by --config: then it must be there */
    bool help, show_version, check;
    bool flagged;             /* a SETTING_FLAG is given */
    const char *const *needs; /* names of all that it needs; NULL = every setting is looked at */
    FILE *out, *err;
    unsigned n_errors;
};

/** Counts and prints one error: "hanok-auth: ...". */
void setting_error(struct setting_load *load, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/** The row called name, or the secret's whose "-file" it is; NULL = there is none. */
const struct setting *setting_find(struct setting_load *load, const char *name);
/** Is the setting looked at? Not, where a flag that is given does not need it. */
bool setting_is_needed(const struct setting_load *load, const struct setting *row);
/** Remembers text for the setting called name; an unknown name, a second text from the same file or
 * environment, or a secret's file that cannot be read is an error. origin says where it stood. */
void setting_give(struct setting_load *load, enum setting_source source, const char *origin,
                  const char *name, const char *text);

#define SETTING_VARIABLE_PREFIX "HANOK_"
/** "HANOK_MYSQL_HOST" for "mysql-host". */
void setting_variable_name(const char *name, char variable[SETTING_NAME_MAX + 16]);

/** settings_load with everything it touches named; for tests. */
enum setting_verdict setting_load_from(struct setting_load *load,
                                       const struct setting_group *groups, size_t n_groups,
                                       int argc, char **argv, char **environment);

#endif
