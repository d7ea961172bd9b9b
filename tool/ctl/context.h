/* context.h - where NATS is and as whom: the context files of the nats CLI, so that one serves
 * both.
 *
 *   FOLDER/nats/context/NAME.json   {"url":"nats://127.0.0.1:4222","user":"operator",...}
 *   FOLDER/nats/context.txt         the NAME that is selected
 *
 * A folder is ../config beside the program's own, $XDG_CONFIG_HOME, or ~/.config. */
#ifndef TOOL_CTL_CONTEXT_H
#define TOOL_CTL_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

enum {
    CONTEXT_NAME_MAX = 63,
    CONTEXT_TEXT_MAX = 511,
    CONTEXT_PATH_MAX = 1023,
    CONTEXT_FOLDERS_MAX = 4,
    CONTEXT_WHY_MAX = 1535,
};

struct context {
    char name[CONTEXT_NAME_MAX + 1], path[CONTEXT_PATH_MAX + 1];
    char url[CONTEXT_TEXT_MAX + 1]; /* always there */
    /* "" = none */
    char user[CONTEXT_TEXT_MAX + 1], password[CONTEXT_TEXT_MAX + 1], token[CONTEXT_TEXT_MAX + 1];
    char creds[CONTEXT_TEXT_MAX + 1], ca[CONTEXT_TEXT_MAX + 1], cert[CONTEXT_TEXT_MAX + 1],
        key[CONTEXT_TEXT_MAX + 1];
};

/* Where contexts are looked for, the first that has it counts. */
struct context_folders {
    char paths[CONTEXT_FOLDERS_MAX][CONTEXT_PATH_MAX + 1];
    size_t n;
};

/** Those of this process. */
void context_folders_find(struct context_folders *out);
/** Reads a context's text. Members it does not know are skipped; those that say how to log in and
 * that it cannot use are a fault. False: why says so. */
bool context_parse(const char *json, size_t len, struct context *out,
                   char why[CONTEXT_WHY_MAX + 1]);
/** The context called name; name NULL or "": the selected one, or where there is one called
 * <selected>-operator, that. False: why says what to do. */
bool context_load(const struct context_folders *folders, const char *name, struct context *out,
                  char why[CONTEXT_WHY_MAX + 1]);

#endif
