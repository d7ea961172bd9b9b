/* setting_load_test.h - rows of every kind, and settings loaded from texts; for tests. */
#ifndef TOOL_SERVICE_SETTING_LOAD_TEST_H
#define TOOL_SERVICE_SETTING_LOAD_TEST_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/service/setting_load.h"

enum { ARGS_MAX = 10 };

struct target {
    char host[16], level[8], password[16];
    int64_t port, wait_ms, rest_us, zone_s;
    bool loud, show, peek;
};

static const char *const LEVELS[] = {"low", "high", NULL};
static const char *const PEEK_NEEDS[] = {"host", NULL};

static const char *loud_fault; /* of any value of loud; NULL = none */

static const char *loud_check(const void *value)
{
    (void)value;
    return loud_fault;
}

/* clang-format off */
static const struct setting ROWS[] = {
    SETTING(struct target, host, "host", SETTING_TEXT, "localhost", .doc = "where"),
    SETTING(struct target, level, "level", SETTING_TEXT, "low", .choices = LEVELS, .doc = "how"),
    SETTING(struct target, port, "port", SETTING_INT, NULL, .min = 1, .max = 65535, .doc = "which"),
    SETTING(struct target, wait_ms, "wait-ms", SETTING_INT, "100", .unit = "ms", .doc = "how long"),
    SETTING(struct target, rest_us, "rest-s", SETTING_INT, "30", .min = 1, .max = 60, .times = 1000000, .doc = "how long"),
    SETTING(struct target, zone_s, "zone", SETTING_ZONE, "+00:01", .doc = "where the sun is"),
    SETTING(struct target, loud, "loud", SETTING_SWITCH, "off", .check = loud_check, .doc = "noise"),
    SETTING(struct target, show, "show", SETTING_FLAG, "off", .doc = "shows something and exits"),
    SETTING(struct target, peek, "peek", SETTING_FLAG, "off", .needs = PEEK_NEEDS, .doc = "looks"),
    SETTING(struct target, password, "password", SETTING_SECRET, "", .doc = "the password"),
};
/* clang-format on */

struct input {
    const char *args[ARGS_MAX], *environment[ARGS_MAX];
    const char *conf, *secret; /* contents; NULL = no such file */
};

static char dir[] = "/tmp/hanok-setting-XXXXXX";
static char conf_path[64], secret_path[64];
static char *printed; /* output and errors of the last load */

static inline int make_dir(void **state)
{
    (void)state;
    ASSERT(mkdtemp(dir));
    snprintf(conf_path, sizeof(conf_path), "%s/conf", dir);
    snprintf(secret_path, sizeof(secret_path), "%s/secret", dir);
    return 0;
}

static inline int remove_dir(void **state)
{
    (void)state;
    free(printed);
    unlink(conf_path);
    unlink(secret_path);
    return rmdir(dir);
}

static inline void write_file(const char *path, const char *text)
{
    FILE *file;

    unlink(path);
    if (!text)
        return;
    file = fopen(path, "w");
    ASSERT(file);
    fputs(text, file);
    fclose(file);
}

/* "@" in an argument or variable stands for the path of the secret's file. */
static inline char *expand(const char *text)
{
    char buf[256];
    const char *at = strchr(text, '@');

    if (!at)
        return mem_strdup(text);
    snprintf(buf, sizeof(buf), "%.*s%s%s", (int)(at - text), text, secret_path, at + 1);
    return mem_strdup(buf);
}

static inline enum setting_verdict load(const struct input *input, struct target *target)
{
    char *argv[ARGS_MAX + 2] = {(char[]){"hanok-test"}}, *environment[ARGS_MAX + 1] = {NULL};
    struct setting_load job = {.service = "test", .version = "1.2.3", .summary = "Tests."};
    struct setting_group group = {.rows = ROWS, .n = ARRAY_LEN(ROWS), .target = target};
    enum setting_verdict verdict;
    int argc = 1, n_environment = 0;
    size_t len;

    write_file(conf_path, input->conf);
    write_file(secret_path, input->secret);
    TEXT_COPY(job.conf, conf_path);
    for (; argc <= ARGS_MAX && input->args[argc - 1]; argc++)
        argv[argc] = expand(input->args[argc - 1]);
    for (; n_environment < ARGS_MAX && input->environment[n_environment]; n_environment++)
        environment[n_environment] = expand(input->environment[n_environment]);
    free(printed);
    job.out = job.err = open_memstream(&printed, &len);
    memset(target, 0, sizeof(*target));
    verdict = setting_load_from(&job, &group, 1, argc, argv, environment);
    fclose(job.out);
    while (argc > 1)
        free(argv[--argc]);
    while (n_environment > 0)
        free(environment[--n_environment]);
    return verdict;
}

#endif
