/* command_test.c - command lines, by a table of a tool that nobody has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/ctl/command.h"
#include "tool/ctl/complete.h"

enum { TAKES_COLOUR = 1 };

struct wishes {
    char name[8];
    int colour;
    bool loud;
    int64_t count, patience_ms;
};

static const char *const COLOURS[] = {"red", "green", NULL};

/* clang-format off */
static const struct option_row OPTIONS[] = {
    OPTION(struct wishes, name, "name", 'n', OPTION_TEXT, .value = "WHO", .doc = "Who"),
    OPTION(struct wishes, colour, "colour", 0, OPTION_CHOICE, .takes = TAKES_COLOUR, .choices = COLOURS,
           .fallback = "green", .doc = "Which"),
    OPTION(struct wishes, loud, "loud", 'l', OPTION_FLAG, .doc = "Aloud"),
    OPTION(struct wishes, count, "count", 0, OPTION_NUMBER, .min = 1, .max = 9, .fallback = "3", .doc = "How many"),
    OPTION(struct wishes, patience_ms, "patience", 0, OPTION_DURATION, .fallback = "5s", .doc = "How long"),
};
static const struct command COMMANDS[] = {
    {"bell", "ring", NULL, "Rings.", TAKES_COLOUR, NULL},
    {"bell", "hang", "PLACE [HOOK]", "Hangs it up.", 0, NULL},
    {"say", NULL, "WORD", "Says it.", 0, NULL},
};
/* clang-format on */
static const struct command_set SET = {
    "tool", "does things", "1.2", COMMANDS, ARRAY_LEN(COMMANDS), OPTIONS, ARRAY_LEN(OPTIONS)};

struct parsed {
    struct wishes wishes;
    struct command_line line;
    enum exit_code code;
    char out[4096], err[4096];
};

static struct parsed *parse(const char *const *argv)
{
    struct parsed *p = MEM_NEW(struct parsed);
    FILE *out = fmemopen(p->out, sizeof(p->out), "w"), *err = fmemopen(p->err, sizeof(p->err), "w");
    int argc = 0;

    while (argv[argc])
        argc++;
    p->code = command_parse(&SET, argc, argv, &p->wishes, &p->line, out, err);
    fclose(out);
    fclose(err);
    return p;
}
#define PARSE(...) parse((const char *const[]){"tool", __VA_ARGS__, NULL})

static void drop(struct parsed *p)
{
    command_line_fini(&p->line);
    free(p);
}

static void a_command_its_words_and_its_options_are_found(void **state)
{
    struct parsed *p = PARSE("--loud", "bell", "-n", "kim", "hang", "roof", "--count=4");

    (void)state;
    assert_int_equal(p->code, EXIT_DONE);
    assert_ptr_equal(p->line.command, &COMMANDS[1]);
    assert_string_equal(p->line.words[0], "roof");
    assert_null(p->line.words[1]);
    assert_string_equal(p->wishes.name, "kim");
    assert_true(p->wishes.loud);
    assert_int_equal(p->wishes.count, 4);
    assert_int_equal(p->wishes.colour, 1);
    assert_int_equal(p->wishes.patience_ms, 5000);
    drop(p);
    p = PARSE("bell", "ring", "--colour", "RED", "--patience", "2m");
    assert_int_equal(p->wishes.colour, 0);
    assert_int_equal(p->wishes.patience_ms, 120000);
    drop(p);
}

static void what_makes_no_sense_is_named(void **state)
{
    static const struct {
        const char *argv[6], *why;
    } cases[] = {
        {{"tool"},                                       "Commands:"                   },
        {{"tool", "drum"},                               "there is no drum"            },
        {{"tool", "bell"},                               "bell needs a verb"           },
        {{"tool", "bell", "melt"},                       "bell knows no melt"          },
        {{"tool", "bell", "hang"},                       "usage: tool bell hang PLACE" },
        {{"tool", "say", "a", "b"},                      "usage: tool say WORD"        },
        {{"tool", "say", "a", "--size", "1"},            "--size: unknown option"      },
        {{"tool", "say", "a", "--count", "10"},          "must be a number from 1 to 9"},
        {{"tool", "say", "a", "--count", "1x"},          "must be a number"            },
        {{"tool", "say", "a", "--patience", "soon"},     "must be a time"              },
        {{"tool", "bell", "ring", "--colour", "blue"},   "must be one of red green"    },
        {{"tool", "say", "a", "--colour", "red"},        "say knows no --colour"       },
        {{"tool", "say", "a", "--name", "toolonganame"}, "it is too long"              },
        {{"tool", "say", "a", "--name"},                 "missing argument"            },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct parsed *p = parse(cases[i].argv);
        if (p->code != EXIT_USAGE || !strstr(p->err, cases[i].why))
            fail_msg("%zu: %d %s", i, (int)p->code, p->err);
        drop(p);
    }
}

static void help_and_version_are_said_and_nothing_is_done(void **state)
{
    static const struct {
        const char *argv[4], *said, *unsaid;
    } cases[] = {
        {{"tool", "--version"},      "tool 1.2",      "Commands"},
        {{"tool", "help"},           "Says it.",      "zzz"     },
        {{"tool", "-h"},             "--colour WORD", "zzz"     },
        {{"tool", "help", "say"},    "say WORD",      "bell"    },
        {{"tool", "bell", "--help"}, "bell hang",     "Says it" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct parsed *p = parse(cases[i].argv);
        assert_int_equal(p->code, EXIT_DONE);
        assert_null(p->line.command);
        if (!strstr(p->out, cases[i].said) || strstr(p->out, cases[i].unsaid))
            fail_msg("%zu: %s", i, p->out);
        drop(p);
    }
}

static void durations_have_units_and_bounds(void **state)
{
    static const struct {
        const char *text;
        long long ms;
    } cases[] = {
        {"0",                    0        },
        {"7",                    7000     },
        {"500ms",                500      },
        {"30s",                  30000    },
        {"2h",                   7200000  },
        {"7d",                   604800000},
        {"",                     -1       },
        {"s",                    -1       },
        {"-1s",                  -1       },
        {" 1s",                  -1       },
        {"1 s",                  -1       },
        {"1w",                   -1       },
        {"3651d",                -1       },
        {"9223372036854775807",  -1       },
        {"99999999999999999999", -1       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        long long ms = -1;
        if (command_duration(cases[i].text, &ms) != (cases[i].ms >= 0) || ms != cases[i].ms)
            fail_msg("%s: %lld", cases[i].text, ms);
    }
}

/* ---- completion ---- */

static void note(void *arg, const char *word, const char *doc)
{
    char *said = arg;
    size_t len = strlen(said);

    (void)doc;
    snprintf(said + len, 256 - len, "%s ", word);
}

static void offer(void *arg, const char *name, complete_say_fn say)
{
    if (strcmp(name, "PLACE") == 0) {
        say(arg, "roof", NULL);
        say(arg, "door", NULL);
    } else if (strcmp(name, "HOOK") == 0) {
        say(arg, "brass", NULL);
    } else if (strcmp(name, "WHO") == 0) {
        say(arg, "kim", NULL);
    }
}

static void what_could_come_is_offered(void **state)
{
    static const struct {
        const char *words[6], *said;
    } cases[] = {
        {{""},                              "bell say "        },
        {{"b"},                             "bell "            },
        {{"bell", ""},                      "ring hang "       },
        {{"--loud", "bell", "r"},           "ring "            },
        {{"bell", "hang", ""},              "roof door "       },
        {{"bell", "hang", "roof", "b"},     "brass "           },
        {{"bell", "hang", "roof", "a", ""}, ""                 },
        {{"say", ""},                       ""                 },
        {{"-n", ""},                        "kim "             },
        {{"--colour", ""},                  "red green "       },
        {{"say", "--c"},                    "--count "         },
        {{"bell", "ring", "--c"},           "--colour --count "},
        {{"--count", "3", "sa"},            "say "             },
        {{"drum", ""},                      ""                 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char said[256] = "";
        struct completion completion = {&SET, note, offer, said};
        size_t n = 0;
        while (cases[i].words[n])
            n++;
        complete_words(&completion, cases[i].words, n);
        if (strcmp(said, cases[i].said) != 0)
            fail_msg("%zu: %s", i, said);
    }
}

static void each_shell_has_a_script(void **state)
{
    (void)state;
    for (size_t i = 0; COMPLETE_SHELLS[i]; i++) {
        char text[2048] = "";
        FILE *out = fmemopen(text, sizeof(text), "w");
        assert_true(complete_script("tool", COMPLETE_SHELLS[i], out));
        fclose(out);
        assert_non_null(strstr(text, "__complete"));
        assert_non_null(strstr(text, "tool"));
    }
    assert_false(complete_script("tool", "csh", stdout));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_its_words_and_its_options_are_found),
        cmocka_unit_test(what_makes_no_sense_is_named),
        cmocka_unit_test(help_and_version_are_said_and_nothing_is_done),
        cmocka_unit_test(durations_have_units_and_bounds),
        cmocka_unit_test(what_could_come_is_offered),
        cmocka_unit_test(each_shell_has_a_script),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
