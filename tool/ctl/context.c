/* context.c - see context.h. */
#include "tool/ctl/context.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/core/mem.h"

enum { FILE_MAX = 64 * 1024, PROGRAM_PARTS = 2 };

/* ---- folders ---- */

static void add_folder(struct context_folders *out, const char *path)
{
    if (path[0] && text_copy(out->paths[out->n], sizeof(out->paths[0]), path))
        out->n++;
}

/* RUN/bin/hanokctl -> RUN/config */
static void add_program_folder(struct context_folders *out)
{
    char path[CONTEXT_PATH_MAX + 1], config[CONTEXT_PATH_MAX + 16];
    ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (n <= 0)
        return;
    path[n] = '\0';
    for (int i = 0; i < PROGRAM_PARTS; i++) {
        char *slash = strrchr(path, '/');
        if (!slash)
            return;
        *slash = '\0';
    }
    snprintf(config, sizeof(config), "%s/config", path);
    add_folder(out, config);
}

void context_folders_find(struct context_folders *out)
{
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    char config[CONTEXT_PATH_MAX + 16];

    out->n = 0;
    add_program_folder(out);
    if (xdg)
        add_folder(out, xdg);
    if (home) {
        snprintf(config, sizeof(config), "%.*s/.config", CONTEXT_PATH_MAX, home);
        add_folder(out, config);
    }
}

/* ---- one context ---- */

struct member {
    const char *name;
    size_t offset; /* of a text of CONTEXT_TEXT_MAX; 0 = it cannot be used */
};

static const struct member MEMBERS[] = {
    {"url",                    offsetof(struct context,     url)},
    {"user",                        offsetof(struct context,                                              user)},
    {"password",                   offsetof(struct context, password)},
    {"token",offsetof(struct context, token)},
    {"creds",                  offsetof(struct context,                                        creds)},
    {"ca",                        offsetof(struct context,                                             ca)},
    {"cert",                  offsetof(struct context,      cert)},
    {"key",offsetof(struct context,key)},
    {"nkey",                   0     },
    {"nsc",                        0                                              },
    {"user_jwt",                    0                                                                                         },
    {"socks_proxy",     0                          },
};

static bool read_member(const struct member *member, const json_t *value, struct context *out,
                        char *why)
{
    const char *text = json_string_value(value);

    if (value && !text && !json_is_null(value)) {
        snprintf(why, CONTEXT_WHY_MAX + 1, "its %s is no text", member->name);
        return false;
    }
    if (!text || !text[0])
        return true;
    if (member->offset == 0) {
        snprintf(why, CONTEXT_WHY_MAX + 1, "it logs in by %s, which is not known here",
                 member->name);
        return false;
    }
    if (!text_copy((char *)out + member->offset, CONTEXT_TEXT_MAX + 1, text)) {
        snprintf(why, CONTEXT_WHY_MAX + 1, "its %s is too long", member->name);
        return false;
    }
    return true;
}

bool context_parse(const char *json, size_t len, struct context *out, char why[CONTEXT_WHY_MAX + 1])
{
    json_error_t error;
    json_t *root = json_loadb(json, len, JSON_REJECT_DUPLICATES, &error);
    bool good = json_is_object(root);

    if (!root)
        snprintf(why, CONTEXT_WHY_MAX + 1, "it is no JSON: %s", error.text);
    else if (!good)
        snprintf(why, CONTEXT_WHY_MAX + 1, "it is no JSON object");
    for (size_t i = 0; good && i < ARRAY_LEN(MEMBERS); i++)
        good = read_member(&MEMBERS[i], json_object_get(root, MEMBERS[i].name), out, why);
    if (good && !out->url[0]) {
        snprintf(why, CONTEXT_WHY_MAX + 1, "it has no url");
        good = false;
    }
    json_decref(root);
    return good;
}

/* ---- files ---- */

/* Its length; -1: there is none that can be read. NUL-terminated. */
static long read_file(const char *path, char *buf, size_t size)
{
    FILE *f = fopen(path, "re");
    size_t n;

    if (!f)
        return -1;
    n = fread(buf, 1, size - 1, f);
    fclose(f);
    buf[n] = '\0';
    return (long)n;
}

/* A name is a file's, and nothing else. */
static bool is_name(const char *name)
{
    return name[0] && name[0] != '.' && !strchr(name, '/') && strlen(name) <= CONTEXT_NAME_MAX;
}

static void path_of(const char *folder, const char *name, char path[CONTEXT_PATH_MAX + 1])
{
    snprintf(path, CONTEXT_PATH_MAX + 1, "%.*s/nats/context/%s.json",
             CONTEXT_PATH_MAX - CONTEXT_NAME_MAX - 32, folder, name);
}

static bool is_there(const char *folder, const char *name)
{
    char path[CONTEXT_PATH_MAX + 1];
    struct stat s;

    path_of(folder, name, path);
    return stat(path, &s) == 0;
}

/* The selected name of a folder; where there is an operator's beside it, that. */
static bool select_name(const char *folder, char name[CONTEXT_NAME_MAX + 1])
{
    char path[CONTEXT_PATH_MAX + 1], text[CONTEXT_NAME_MAX + 2], operators[CONTEXT_NAME_MAX + 16];

    snprintf(path, sizeof(path), "%.*s/nats/context.txt", CONTEXT_PATH_MAX - 32, folder);
    if (read_file(path, text, sizeof(text)) <= 0)
        return false;
    text[strcspn(text, "\r\n ")] = '\0';
    if (!is_name(text))
        return false;
    snprintf(operators, sizeof(operators), "%s-operator", text);
    if (is_name(operators) && is_there(folder, operators))
        return text_copy(name, CONTEXT_NAME_MAX + 1, operators);
    return text_copy(name, CONTEXT_NAME_MAX + 1, text) && is_there(folder, name);
}

static bool load_from(const char *folder, const char *name, struct context *out,
                      char why[CONTEXT_WHY_MAX + 1])
{
    char *text = mem_alloc(1, FILE_MAX), fault[CONTEXT_WHY_MAX + 1] = "it cannot be read";
    long n;
    bool good;

    *out = (struct context){0};
    TEXT_COPY(out->name, name);
    path_of(folder, name, out->path);
    n = read_file(out->path, text, FILE_MAX);
    good = n >= 0 && context_parse(text, (size_t)n, out, fault);
    if (!good)
        snprintf(why, CONTEXT_WHY_MAX + 1, "the context %s will not do: %.200s (%s)", name, fault,
                 out->path);
    explicit_bzero(text, FILE_MAX);
    free(text);
    return good;
}

bool context_load(const struct context_folders *folders, const char *name, struct context *out,
                  char why[CONTEXT_WHY_MAX + 1])
{
    bool asked = name && name[0];
    char selected[CONTEXT_NAME_MAX + 1];

    for (size_t i = 0; i < folders->n; i++) {
        const char *folder = folders->paths[i];
        if (asked && is_name(name) && is_there(folder, name))
            return load_from(folder, name, out, why);
        if (!asked && select_name(folder, selected))
            return load_from(folder, selected, out, why);
    }
    if (asked)
        snprintf(why, CONTEXT_WHY_MAX + 1, "there is no context %.*s; nats context ls lists them",
                 CONTEXT_NAME_MAX, name);
    else
        snprintf(why, CONTEXT_WHY_MAX + 1,
                 "no context is selected; name one by --context, or use the program that make up "
                 "puts into RUN_DIR/bin");
    return false;
}
