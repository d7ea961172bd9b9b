/* setting_source.c - where settings come from: file, environment, command line. */
#include "tool/service/setting_source.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "tool/core/mem.h"

enum { CONF_LINE_MAX = 4096 };

/* ---- the file ---- */

static char *trim(char *text)
{
    size_t len;

    text += strspn(text, " \t\r\n");
    len = strlen(text);
    while (len > 0 && strchr(" \t\r\n", text[len - 1]))
        text[--len] = '\0';
    return text;
}

static void read_conf_line(struct setting_load *load, char *line, unsigned number)
{
    char origin[SETTING_ORIGIN_MAX + 1], *name = trim(line), *equals;

    if (*name == '\0' || *name == '#')
        return;
    snprintf(origin, sizeof(origin), "%s:%u", load->conf, number);
    equals = strchr(name, '=');
    if (!equals) {
        setting_error(load, "%s: must be \"name = value\"", origin);
        return;
    }
    *equals = '\0';
    name = trim(name);
    snprintf(origin, sizeof(origin), "%s:%u: %.*s", load->conf, number, SETTING_NAME_MAX, name);
    setting_give(load, SOURCE_CONF, origin, name, trim(equals + 1));
}

void setting_read_conf(struct setting_load *load)
{
    char line[CONF_LINE_MAX];
    FILE *file = fopen(load->conf, "re");

    if (!file) {
        if (errno != ENOENT || load->conf_named)
            setting_error(load, "cannot read \"%s\": %s", load->conf, strerror(errno));
        return;
    }
    for (unsigned number = 1; fgets(line, sizeof(line), file); number++) {
        if (!strchr(line, '\n') && !feof(file)) {
            setting_error(load, "%s:%u: longer than %d bytes", load->conf, number,
                          CONF_LINE_MAX - 2);
            break;
        }
        read_conf_line(load, line, number);
    }
    if (ferror(file))
        setting_error(load, "cannot read \"%s\": %s", load->conf, strerror(errno));
    fclose(file);
    explicit_bzero(line, sizeof(line));
}

/* ---- the environment ---- */

void setting_read_environment(struct setting_load *load, char **environment)
{
    size_t prefix = strlen(SETTING_VARIABLE_PREFIX);

    for (; *environment; environment++) {
        char origin[SETTING_NAME_MAX + 16], name[SETTING_NAME_MAX + 16];
        const char *equals = strchr(*environment, '=');
        size_t len = equals ? (size_t)(equals - *environment) : 0;

        if (len < prefix || memcmp(*environment, SETTING_VARIABLE_PREFIX, prefix) != 0)
            continue;
        snprintf(origin, sizeof(origin), "%.*s", (int)len, *environment);
        snprintf(name, sizeof(name), "%s", origin + prefix);
        for (char *p = name; *p; p++)
            *p = (char)(*p == '_' ? '-' : tolower((unsigned char)*p));
        setting_give(load, SOURCE_ENVIRONMENT, origin, name, equals + 1);
    }
}

/* ---- the command line ---- */

/* A row's flag, known before the other settings are read. Two that are given need what both need:
 * everything. */
static void note_flag(struct setting_load *load, const char *arg)
{
    const struct setting *row = strncmp(arg, "--", 2) == 0 ? setting_find(load, arg + 2) : NULL;

    if (!row || row->kind != SETTING_FLAG)
        return;
    load->needs = load->flagged ? NULL : row->needs;
    load->flagged = true;
}

void setting_read_flags(struct setting_load *load, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        note_flag(load, argv[i]);
        load->help |= strcmp(argv[i], "--help") == 0;
        load->show_version |= strcmp(argv[i], "--version") == 0;
        load->check |= strcmp(argv[i], "--check") == 0;
        if (strcmp(argv[i], "--config") != 0)
            continue;
        load->conf_named = true;
        if (++i == argc)
            setting_error(load, "--config: needs the path of a file");
        else if (!TEXT_COPY(load->conf, argv[i]))
            setting_error(load, "--config: longer than %d bytes", SETTING_PATH_MAX);
    }
}

static bool is_flag(const char *arg)
{
    return strcmp(arg, "--check") == 0 || strcmp(arg, "--help") == 0 ||
           strcmp(arg, "--version") == 0;
}

/* One argument, with the one behind it where it needs a value; returns how many were used. */
static int read_argument(struct setting_load *load, int left, char **argv)
{
    char origin[SETTING_NAME_MAX + 4];
    const char *equals = strchr(argv[0], '=');
    size_t len = equals ? (size_t)(equals - argv[0]) : strlen(argv[0]);
    const struct setting *row;

    if (is_flag(argv[0]))
        return 1;
    if (strcmp(argv[0], "--config") == 0)
        return 2;
    if (strncmp(argv[0], "--", 2) != 0 || len <= 2) {
        setting_error(load, "\"%s\": must be --name value", argv[0]);
        return 1;
    }
    snprintf(origin, sizeof(origin), "%.*s", (int)len, argv[0]);
    row = setting_find(load, origin + 2);
    if (!row) {
        setting_give(load, SOURCE_ARGUMENTS, origin, origin + 2, "");
        return equals || left < 2 || strncmp(argv[1], "--", 2) == 0 ? 1 : 2;
    }
    if (equals || row->kind == SETTING_FLAG) {
        setting_give(load, SOURCE_ARGUMENTS, origin, origin + 2, equals ? equals + 1 : "on");
        return 1;
    }
    if (left < 2 || strncmp(argv[1], "--", 2) == 0) {
        setting_error(load, "%s: needs a value (one that begins with \"--\": %s=VALUE)", origin,
                      origin);
        return 1;
    }
    setting_give(load, SOURCE_ARGUMENTS, origin, origin + 2, argv[1]);
    return 2;
}

void setting_read_arguments(struct setting_load *load, int argc, char **argv)
{
    for (int i = 1; i < argc;)
        i += read_argument(load, argc - i, argv + i);
}
