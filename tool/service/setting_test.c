#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/service/setting_load.h"

enum { ARGS_MAX = 10 };

struct target {
    char host[16], level[8], password[16];
    int64_t port, wait_ms;
    bool loud, show;
};

static const char *const LEVELS[] = {"low", "high", NULL};

/* clang-format off */
static const struct setting ROWS[] = {
    SETTING(struct target, host, "host", SETTING_TEXT, "localhost", .doc = "where"),
    SETTING(struct target, level, "level", SETTING_TEXT, "low", .choices = LEVELS, .doc = "how"),
    SETTING(struct target, port, "port", SETTING_INT, NULL, .min = 1, .max = 65535, .doc = "which"),
    SETTING(struct target, wait_ms, "wait-ms", SETTING_INT, "100", .unit = "ms", .doc = "how long"),
    SETTING(struct target, loud, "loud", SETTING_SWITCH, "off", .doc = "noise"),
    SETTING(struct target, show, "show", SETTING_FLAG, "off", .doc = "shows something and exits"),
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

static int make_dir(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(conf_path, sizeof(conf_path), "%s/conf", dir);
    snprintf(secret_path, sizeof(secret_path), "%s/secret", dir);
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    free(printed);
    unlink(conf_path);
    unlink(secret_path);
    return rmdir(dir);
}

static void write_file(const char *path, const char *text)
{
    FILE *file;

    unlink(path);
    if (!text)
        return;
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* "@" in an argument or variable stands for the path of the secret's file. */
static char *expand(const char *text)
{
    char buf[256];
    const char *at = strchr(text, '@');

    if (!at)
        return mem_strdup(text);
    snprintf(buf, sizeof(buf), "%.*s%s%s", (int)(at - text), text, secret_path, at + 1);
    return mem_strdup(buf);
}

static enum setting_verdict load(const struct input *input, struct target *target)
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

static void defaults_hold_where_nothing_is_given(void **state)
{
    struct target t;

    (void)state;
    assert_int_equal(load(
                         &(struct input){
                             .args = {"--port", "7"}
    },
                         &t),
                     SETTING_RUN);
    assert_string_equal(t.host, "localhost");
    assert_string_equal(t.level, "low");
    assert_int_equal(t.port, 7);
    assert_int_equal(t.wait_ms, 100);
    assert_false(t.loud);
    assert_string_equal(t.password, "");
    assert_string_equal(printed, "");
}

static void the_stronger_source_wins(void **state)
{
    static const struct {
        const char *why;
        struct input input;
        const char *host;
    } CASES[] = {
        {"file",                          {.conf = "host = f\nport=1"},                          "f"  },
        {"environment over file",
         {.conf = "host = f\nport=1", .environment = {"HANOK_HOST=e"}},
         "e"                                                                                          },
        {"arguments over all",
         {.conf = "host = f\nport=1", .environment = {"HANOK_HOST=e"}, .args = {"--host", "a"}},
         "a"                                                                                          },
        {"the last argument",
         {.environment = {"HANOK_PORT=1"}, .args = {"--host", "a", "--host=b"}},
         "b"                                                                                          },
        {"blanks and comments in a file",
         {.conf = "# c\n\n  host  =  a b \r\n\tport = 1\n"},
         "a b"                                                                                        },
        {"an equals sign in a value",     {.conf = "port=1", .args = {"--host=a=b"}},            "a=b"},
        {"an empty text",                 {.environment = {"HANOK_PORT=1", "HANOK_HOST="}},      ""   },
        {"others' variables",
         {.environment = {"HANOK_PORT=1", "HOST=x", "HANOKHOST=x"}},
         "localhost"                                                                                  },
    };
    struct target t;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        if (load(&CASES[i].input, &t) != SETTING_RUN)
            fail_msg("%s: %s", CASES[i].why, printed);
        if (strcmp(t.host, CASES[i].host) != 0)
            fail_msg("%s: got \"%s\"", CASES[i].why, t.host);
    }
}

static void each_error_names_setting_source_and_what_is_right(void **state)
{
    static const struct {
        struct input input;
        const char *want;
    } CASES[] = {
        {{.args = {NULL}},                                       "port: must be given: --port, HANOK_PORT or a line in /tmp/" },
        {{.args = {"--port", "0"}},                              "--port: must be a whole number from 1 to 65535, not \"0\"\n"},
        {{.environment = {"HANOK_PORT= 7"}},
         "HANOK_PORT: must be a whole number from 1 to 65535, not \" 7\"\n"                                                   },
        {{.args = {"--port", "7x"}},                             "not \"7x\"\n"                                               },
        {{.args = {"--port", "99999999999999999999"}},           "--port: must be"                                            },
        {{.args = {"--port="}},                                  "not \"\"\n"                                                 },
        {{.args = {"--port=1", "--wait-ms", "soon"}},
         "--wait-ms: must be a whole number (ms), not \"soon\"\n"                                                             },
        {{.conf = "port = 1\nloud = yes"},                       "conf:2: loud: must be on or off, not \"yes\"\n"             },
        {{.args = {"--port=1", "--level=mid"}},                  "--level: must be one of low, high, not \"mid\"\n"           },
        {{.args = {"--port=1", "--host", "0123456789abcdef"}},
         "--host: must be a text of at most 15 bytes, not \"0123456789abcdef\"\n"                                             },
        {{.args = {"--port=1", "--hots", "x"}},
         "--hots: there is no setting \"hots\"; did you mean \"host\"?\n"                                                     },
        {{.args = {"--port=1", "--zebra", "x"}},                 "--zebra: there is no setting \"zebra\"\n"                   },
        {{.environment = {"HANOK_PORT=1", "HANOK_PROT=2"}},
         "HANOK_PROT: there is no setting \"prot\"; did you mean \"port\"?\n"                                                 },
        {{.environment = {"HANOK_PORT=1", "HANOK_HOST_FILE=2"}},
         "HANOK_HOST_FILE: there is no setting \"host-file\""                                                                 },
        {{.conf = "port 1"},                                     "conf:1: must be \"name = value\"\n"                         },
        {{.conf = "port = 1\nport = 2"},                         "conf:2: port: already given by /tmp/"                       },
        {{.args = {"--port"}},                                   "--port: needs a value"                                      },
        {{.args = {"--port", "--loud", "on"}},                   "--port: needs a value"                                      },
        {{.args = {"port=1"}},                                   "\"port=1\": must be --name value\n"                         },
        {{.args = {"--"}},                                       "\"--\": must be --name value\n"                             },
        {{.args = {"--port=1", "--config", "/nonexistent/x"}},
         "cannot read \"/nonexistent/x\": No such file or directory\n"                                                        },
        {{.args = {"--port=1", "--config"}},                     "--config: needs the path of a file\n"                       },
    };
    struct target t;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        if (load(&CASES[i].input, &t) != SETTING_EXIT_BAD)
            fail_msg("case %zu was accepted; wanted: %s", i, CASES[i].want);
        if (!strstr(printed, CASES[i].want))
            fail_msg("wanted: %s\ngot: %s", CASES[i].want, printed);
    }
}

static void all_errors_are_said_at_once(void **state)
{
    struct target t;
    const struct input input = {
        .conf = "loud = maybe\n?\n",
        .environment = {"HANOK_WAIT_MS=x"},
        .args = { "--level",           "none"}
    };

    (void)state;
    assert_int_equal(load(&input, &t), SETTING_EXIT_BAD);
    assert_non_null(strstr(printed, ": loud: must be on or off"));
    assert_non_null(strstr(printed, "conf:2: must be"));
    assert_non_null(strstr(printed, "HANOK_WAIT_MS: must be"));
    assert_non_null(strstr(printed, "--level: must be"));
    assert_non_null(strstr(printed, "port: must be given"));
    assert_non_null(strstr(printed, "hanok-test: 5 errors; --help lists all settings\n"));
}

static void secrets_come_from_texts_and_files(void **state)
{
    static const struct input INPUTS[] = {
        {.args = {"--port=1", "--password", "s3cret"}},
        {.args = {"--port=1", "--password-file", "@"}, .secret = "s3cret\n"},
        {.args = {"--port=1"},                                            .environment = {"HANOK_PASSWORD=s3cret"}},
        {.args = {"--port=1"},.environment = {"HANOK_PASSWORD_FILE=@"}, .secret = "s3cret\r\n"},
        {.args = {"--port=1"},                         .environment = {"HANOK_PASSWORD_FILE=@"}, .secret = "s3cret"},
        {.conf = "port = 1\npassword = s3cret"                     },
    };
    struct target t;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(INPUTS); i++) {
        if (load(&INPUTS[i], &t) != SETTING_RUN)
            fail_msg("case %zu: %s", i, printed);
        assert_string_equal(t.password, "s3cret");
    }
}

static void a_wrong_secret_is_refused_and_never_printed(void **state)
{
    static const struct {
        struct input input;
        const char *want;
    } CASES[] = {
        {{.args = {"--port=1", "--password", "s3cret-that-is-too-long"}},
         "--password: must be a text of at most 15 bytes\n"                                                          },
        {{.args = {"--port=1"}, .environment = {"HANOK_PASSWORD="}},                       "HANOK_PASSWORD: is empty"},
        {{.args = {"--port=1"}, .environment = {"HANOK_PASSWORD_FILE=@"}, .secret = "\n"},
         "is empty\n"                                                                                                },
        {{.args = {"--port=1"}, .environment = {"HANOK_PASSWORD_FILE=@"}},
         "No such file or directory\n"                                                                               },
        {{.args = {"--port=1"}, .environment = {"HANOK_PASSWORD_FILE=/"}},                 "Is a directory\n"        },
        {{.args = {"--port=1"},
          .environment = {"HANOK_PASSWORD=s3cret", "HANOK_PASSWORD_FILE=@"},
          .secret = "s3cret"},
         "HANOK_PASSWORD_FILE: already given by HANOK_PASSWORD\n"                                                    },
    };
    struct target t;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        assert_int_equal(load(&CASES[i].input, &t), SETTING_EXIT_BAD);
        if (!strstr(printed, CASES[i].want) || !strstr(printed, "hanok-test: 1 error;"))
            fail_msg("wanted: %s\ngot: %s", CASES[i].want, printed);
        assert_null(strstr(printed, "s3cret"));
    }
}

static void help_version_and_check_end_the_program(void **state)
{
    struct target t;

    (void)state;
    assert_int_equal(load(
                         &(struct input){
                             .args = {"--help", "--nonsense"}
    },
                         &t),
                     SETTING_EXIT_OK);
    assert_non_null(strstr(printed, "hanok-test - Tests."));
    assert_non_null(strstr(printed, "--port NUMBER\n      which\n      a whole number from 1 to "
                                    "65535; must be given\n"));
    assert_non_null(strstr(printed, "a whole number (ms); default 100 ms\n"));
    assert_non_null(strstr(printed, "--password SECRET\n"));
    assert_int_equal(load(&(struct input){.args = {"--version"}}, &t), SETTING_EXIT_OK);
    assert_string_equal(printed, "hanok-test 1.2.3\n");
    assert_int_equal(load(
                         &(struct input){
                             .args = {"--check", "--port", "1"}
    },
                         &t),
                     SETTING_EXIT_OK);
    assert_string_equal(printed, "hanok-test: the settings are good\n");
    assert_int_equal(load(&(struct input){.args = {"--check"}}, &t), SETTING_EXIT_BAD);
}

static void another_file_can_be_named(void **state)
{
    struct target t;
    const struct input input = {
        .args = {"--config", "@"},
          .conf = "port = 1", .secret = "port = 2\nhost = other"
    };

    (void)state;
    assert_int_equal(load(&input, &t), SETTING_RUN);
    assert_int_equal(t.port, 2);
    assert_string_equal(t.host, "other");
}

static void a_flag_asks_for_something_else_than_to_run(void **state)
{
    static const struct {
        struct input input;
        const char *error;
    } WRONG[] = {
        {{.environment = {"HANOK_SHOW=on"}}, "HANOK_SHOW: is a word of the command line only"  },
        {{.conf = "show = on\n"},            "conf:1: show: is a word of the command line only"},
        {{.args = {"--show=1"}},             "--show: must be on or off, not \"1\""            },
    };
    struct target t;

    (void)state;
    assert_int_equal(load(
                         &(struct input){
                             .args = {"--show", "--host", "h"}
    },
                         &t),
                     SETTING_RUN); /* without the port that must be given */
    assert_true(t.show);
    assert_string_equal(t.host, "h");
    for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
        assert_int_equal(load(&WRONG[i].input, &t), SETTING_EXIT_BAD);
        if (!strstr(printed, WRONG[i].error))
            fail_msg("%s: %s", WRONG[i].error, printed);
    }
    load(&(struct input){.args = {"--help"}}, &t);
    assert_non_null(strstr(printed, "  --show\n               shows something and exits\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_hold_where_nothing_is_given),
        cmocka_unit_test(the_stronger_source_wins),
        cmocka_unit_test(each_error_names_setting_source_and_what_is_right),
        cmocka_unit_test(all_errors_are_said_at_once),
        cmocka_unit_test(secrets_come_from_texts_and_files),
        cmocka_unit_test(a_wrong_secret_is_refused_and_never_printed),
        cmocka_unit_test(help_version_and_check_end_the_program),
        cmocka_unit_test(another_file_can_be_named),
        cmocka_unit_test(a_flag_asks_for_something_else_than_to_run),
    };

    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
