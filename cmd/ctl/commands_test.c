/* commands_test.c - what must hold for every command and option. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/ctl/ctl.h"

static void commands_are_unique_and_described(void **state)
{
    (void)state;
    for (size_t i = 0; i < HANOKCTL.n_commands; i++) {
        const struct command *c = &HANOKCTL.commands[i];
        assert_non_null(c->run);
        assert_int_equal(c->summary[strlen(c->summary) - 1], '.');
        for (size_t j = 0; j < i; j++) {
            const struct command *other = &HANOKCTL.commands[j];
            if (strcmp(c->noun, other->noun) != 0)
                continue;
            if (!c->verb || !other->verb || strcmp(c->verb, other->verb) == 0)
                fail_msg("%s %s is there twice", c->noun, c->verb ? c->verb : "");
        }
    }
}

static void options_are_unique_and_have_defaults_that_will_do(void **state)
{
    const char *const argv[] = {"hanokctl", "status", NULL};
    struct options options = {0};
    struct command_line line;

    (void)state;
    for (size_t i = 0; i < HANOKCTL.n_options; i++)
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(HANOKCTL.options[i].name, HANOKCTL.options[j].name);
            assert_true(!HANOKCTL.options[i].letter ||
                        HANOKCTL.options[i].letter != HANOKCTL.options[j].letter);
        }
    assert_int_equal(command_parse(&HANOKCTL, 2, argv, &options, &line, stdout, stderr), EXIT_DONE);
    assert_int_equal(options.timeout_ms, 5000);
    assert_int_equal(options.limit, 100);
    assert_int_equal(options.format, TABLE_NARROW);
    command_line_fini(&line);
}

static void every_option_that_a_command_takes_is_there(void **state)
{
    unsigned known = 0;

    (void)state;
    for (size_t i = 0; i < HANOKCTL.n_options; i++)
        known |= HANOKCTL.options[i].takes;
    for (size_t i = 0; i < HANOKCTL.n_commands; i++)
        assert_int_equal(HANOKCTL.commands[i].takes & ~known, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_unique_and_described),
        cmocka_unit_test(options_are_unique_and_have_defaults_that_will_do),
        cmocka_unit_test(every_option_that_a_command_takes_is_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
