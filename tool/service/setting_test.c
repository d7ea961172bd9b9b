#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/service/setting_load_test.h"

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
    assert_int_equal(t.rest_us, 30000000);
    assert_int_equal(t.zone_s, 60);
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
        {{.args = {"--port=1", "--rest-s", "61"}},
         "--rest-s: must be a whole number from 1 to 60, not \"61\"\n"                                                        },
        {{.args = {"--port=1", "--zone", "Europe/Berlin"}},
         "--zone: must be a zone without summer time by its name, or its "
         "offset (+09:00), not \"Europe/Berlin\"\n"                                                                           },
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
         "HANOK_PASSWORD_FILE: \"@\" is empty\n"                                                                     },
        {{.args = {"--port=1"}, .environment = {"HANOK_PASSWORD_FILE=@"}},
         "HANOK_PASSWORD_FILE: cannot read \"@\": No such file or directory\n"                                       },
        {{.args = {"--port=1"}, .environment = {"HANOK_PASSWORD_FILE=/"}},
         "HANOK_PASSWORD_FILE: cannot read \"/\": Is a directory\n"                                                  },
        {{.args = {"--port=1"}, .environment = {"HANOK_PASSWORD_FILE="}},
         "HANOK_PASSWORD_FILE: cannot read \"\": No such file or directory\n"                                        },
        {{.args = {"--port=1"}, .environment = {"HANOK_PASSWORD_FILE=/dev/zero"}},
         "HANOK_PASSWORD_FILE: \"/dev/zero\" holds no text of at most 4096 bytes\n"                                  },
        {{.args = {"--port=1"},
          .environment = {"HANOK_PASSWORD=s3cret", "HANOK_PASSWORD_FILE=@"},
          .secret = "s3cret"},
         "HANOK_PASSWORD_FILE: already given by HANOK_PASSWORD\n"                                                    },
    };
    struct target t;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        char *want = expand(CASES[i].want);

        assert_int_equal(load(&CASES[i].input, &t), SETTING_EXIT_BAD);
        if (!strstr(printed, want) || !strstr(printed, "hanok-test: 1 error;"))
            fail_msg("wanted: %s\ngot: %s", want, printed);
        assert_null(strstr(printed, "s3cret"));
        free(want);
    }
}

static void a_secret_that_may_not_be_read_is_refused(void **state)
{
    enum { NOBODY = 65534 };
    bool root = geteuid() == 0;
    struct target t;
    enum setting_verdict verdict;

    (void)state;
    if (root)
        assert_int_equal(seteuid(NOBODY), 0);
    verdict = load(
        &(struct input){
            .args = {"--port=1", "--password-file=/etc/shadow"}
    },
        &t);
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(verdict, SETTING_EXIT_BAD);
    assert_non_null(
        strstr(printed, "--password-file: cannot read \"/etc/shadow\": Permission denied\n"));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_hold_where_nothing_is_given),
        cmocka_unit_test(the_stronger_source_wins),
        cmocka_unit_test(each_error_names_setting_source_and_what_is_right),
        cmocka_unit_test(all_errors_are_said_at_once),
        cmocka_unit_test(secrets_come_from_texts_and_files),
        cmocka_unit_test(a_wrong_secret_is_refused_and_never_printed),
        cmocka_unit_test(a_secret_that_may_not_be_read_is_refused),
        cmocka_unit_test(help_version_and_check_end_the_program),
        cmocka_unit_test(another_file_can_be_named),
    };

    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
