#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/service/setting_load_test.h"

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

static void a_flag_looks_at_no_more_than_it_needs(void **state)
{
    static const struct input FINE[] = {
        {.args = {"--peek", "--host", "h"},                   .environment = {"HANOK_PASSWORD_FILE=@"}},
        {.args = {"--host", "h", "--port", "soon", "--peek"}},
        {.args = {"--host", "h", "--peek", "--password-file=/"}                                                  },
        {.args = {"--peek"},                                                   .conf = "host = h\nloud = on\nport = x"                                        },
    };
    static const struct {
        struct input input;
        const char *error;
    } WRONG[] = {
        {{.args = {"--peek", "--host", "0123456789abcdef"}},  "--host: must be a text"      },
        {{.args = {"--peek", "--hots", "h"}},                 "there is no setting \"hots\""},
        {{.args = {"--peek", "--show", "--password-file=/"}}, "--password-file: cannot read"},
        {{.args = {"--show", "--peek", "--loud", "on"}},      "--loud: nobody may be loud"  },
    };
    struct target t;

    (void)state;
    loud_fault = "nobody may be loud";
    for (size_t i = 0; i < ARRAY_LEN(FINE); i++) {
        if (load(&FINE[i], &t) != SETTING_RUN)
            fail_msg("case %zu: %s", i, printed);
        assert_true(t.peek);
        assert_string_equal(t.host, "h");
    }
    for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
        assert_int_equal(load(&WRONG[i].input, &t), SETTING_EXIT_BAD);
        if (!strstr(printed, WRONG[i].error))
            fail_msg("%s: %s", WRONG[i].error, printed);
    }
    loud_fault = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flag_asks_for_something_else_than_to_run),
        cmocka_unit_test(a_flag_looks_at_no_more_than_it_needs),
    };

    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
