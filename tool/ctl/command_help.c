/* command_help.c - what --help says: tool/man.sh makes the manual page of it. */
#include <string.h>

#include "tool/ctl/command_private.h"

static const char *value_of(const struct option_row *row)
{
    static const char *const VALUES[] = {
        [OPTION_FLAG] = "",         [OPTION_TEXT] = "TEXT",     [OPTION_CHOICE] = "WORD",
        [OPTION_NUMBER] = "NUMBER", [OPTION_DURATION] = "TIME",
    };

    return row->value ? row->value : VALUES[row->kind];
}

static void say_option(const struct option_row *row, FILE *out)
{
    const char *value = value_of(row);

    fprintf(out, "  --%s%s%s", row->name, value[0] ? " " : "", value);
    if (row->letter)
        fprintf(out, ", -%c", row->letter);
    fprintf(out, "\n      %s", row->doc);
    if (row->kind == OPTION_CHOICE)
        for (int i = 0; row->choices[i]; i++)
            fprintf(out, "%s%s", i ? ", " : ": ", row->choices[i]);
    if (row->fallback)
        fprintf(out, " (%s)", row->fallback);
    fputc('\n', out);
}

static void say_command(const struct command *command, FILE *out)
{
    fprintf(out, "  %s%s%s%s%s\n      %s\n", command->noun, command->verb ? " " : "",
            command->verb ? command->verb : "", command->words ? " " : "",
            command->words ? command->words : "", command->summary);
}

static void say_options(const struct command_set *set, unsigned takes, FILE *out)
{
    fprintf(out, "\nOptions:\n");
    for (size_t i = 0; i < set->n_options; i++)
        if (!set->options[i].takes || (set->options[i].takes & takes))
            say_option(&set->options[i], out);
    fprintf(out, "  --help, -h\n      Says this.\n  --version\n      Says which one it is.\n");
}

bool command_help(const struct command_set *set, const char *noun, FILE *out)
{
    unsigned takes = 0;
    bool found = false;

    for (size_t i = 0; i < set->n_commands; i++)
        found |= !noun || strcmp(set->commands[i].noun, noun) == 0;
    if (!found)
        return false;
    fprintf(out, "%s - %s\n\nusage: %s [OPTION...] %s [VERB] [WORD...]\n\nCommands:\n",
            set->program, set->summary, set->program, noun ? noun : "NOUN");
    for (size_t i = 0; i < set->n_commands; i++) {
        const struct command *command = &set->commands[i];
        if (noun && strcmp(command->noun, noun) != 0)
            continue;
        say_command(command, out);
        takes |= command->takes;
    }
    say_options(set, takes, out);
    fprintf(out,
            "\nEnds with 0: done. 1: it is not as asked. 2: wrong usage. 3: NATS or a service is "
            "not there. 4: no answer in time.\n5: not permitted.\n");
    return true;
}
