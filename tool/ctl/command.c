/* command.c - see command.h. */
#include "tool/ctl/command.h"

#include <popt.h>
#include <stdint.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/ctl/command_private.h"

enum { OPTIONS_MAX = 64, HELP_VALUE = 1001, VERSION_VALUE = 1002 }; /* a bit an option */

static bool has_noun(const struct command_set *set, const char *noun)
{
    for (size_t i = 0; i < set->n_commands; i++)
        if (strcmp(set->commands[i].noun, noun) == 0)
            return true;
    return false;
}

static const struct command *find(const struct command_set *set, const char *noun, const char *verb)
{
    for (size_t i = 0; i < set->n_commands; i++) {
        const struct command *command = &set->commands[i];
        if (strcmp(command->noun, noun) == 0 &&
            (!command->verb || (verb && strcmp(command->verb, verb) == 0)))
            return command;
    }
    return NULL;
}

/* How many words it must have and may have, by "SAGA_ID [JSON]". */
static void count_words(const struct command *command, size_t *least, size_t *most)
{
    *least = *most = 0;
    for (const char *at = command->words; at && *at; at += strspn(at, " ")) {
        *least += *at != '[';
        (*most)++;
        at += strcspn(at, " ");
    }
}

static enum exit_code not_a_command(const struct command_set *set, const char *noun,
                                    const char *verb, FILE *err)
{
    if (!has_noun(set, noun))
        fprintf(err, "%s: there is no %s; %s help lists what there is\n", set->program, noun,
                set->program);
    else if (verb)
        fprintf(err, "%s: %s knows no %s; %s help %s lists what it knows\n", set->program, noun,
                verb, set->program, noun);
    else
        fprintf(err, "%s: %s needs a verb; %s help %s lists them\n", set->program, noun,
                set->program, noun);
    return EXIT_USAGE;
}

static enum exit_code take_words(const struct command_set *set, const char *const *words,
                                 struct command_line *line, FILE *err)
{
    const struct command *command = find(set, words[0], words[1]);
    size_t least, most, n = 0;

    if (!command)
        return not_a_command(set, words[0], words[1], err);
    words += command->verb ? 2 : 1;
    count_words(command, &least, &most);
    for (; n < most && words[n]; n++)
        line->words[n] = words[n];
    if (n < least || words[n]) {
        fprintf(err, "usage: %s %s%s%s%s%s\n", set->program, command->noun,
                command->verb ? " " : "", command->verb ? command->verb : "",
                command->words ? " " : "", command->words ? command->words : "");
        return EXIT_USAGE;
    }
    line->command = command;
    return EXIT_DONE;
}

/* ---- options ---- */

static void make_parser_rows(const struct command_set *set, struct poptOption *rows)
{
    size_t n = set->n_options;

    for (size_t i = 0; i < n; i++)
        rows[i] = (struct poptOption){
            .longName = set->options[i].name,
            .shortName = set->options[i].letter,
            .argInfo = set->options[i].kind == OPTION_FLAG ? POPT_ARG_NONE : POPT_ARG_STRING,
            .val = (int)i + 1,
        };
    rows[n] = (struct poptOption){.longName = "help", .shortName = 'h', .val = HELP_VALUE};
    rows[n + 1] = (struct poptOption){.longName = "version", .val = VERSION_VALUE};
    rows[n + 2] = (struct poptOption)POPT_TABLEEND;
}

static enum exit_code take_option(const struct command_set *set, poptContext parser, size_t i,
                                  void *options, FILE *err)
{
    const struct option_row *row = &set->options[i];
    char *text = row->kind == OPTION_FLAG ? NULL : poptGetOptArg(parser);
    bool good = command_set_value(row, text, options);

    if (!good) {
        fprintf(err, "%s: --%s is '%.64s'; ", set->program, row->name, text);
        command_say_right(row, err);
    }
    free(text);
    return good ? EXIT_DONE : EXIT_USAGE;
}

/* *asked: HELP_VALUE, VERSION_VALUE or 0. *given: the bits of the options that were there. */
static enum exit_code take_options(const struct command_set *set, poptContext parser, void *options,
                                   uint64_t *given, int *asked, FILE *err)
{
    enum exit_code code = EXIT_DONE;
    int value;

    while (code == EXIT_DONE && (value = poptGetNextOpt(parser)) > 0) {
        if (value > OPTIONS_MAX) {
            *asked = value;
            continue;
        }
        *given |= (uint64_t)1 << (value - 1);
        code = take_option(set, parser, (size_t)value - 1, options, err);
    }
    if (code == EXIT_DONE && value < -1) {
        fprintf(err, "%s: %s: %s; %s help lists the options\n", set->program,
                poptBadOption(parser, POPT_BADOPTION_NOALIAS), poptStrerror(value), set->program);
        code = EXIT_USAGE;
    }
    return code;
}

static enum exit_code check_given(const struct command_set *set, const struct command *command,
                                  uint64_t given, FILE *err)
{
    for (size_t i = 0; i < set->n_options; i++) {
        const struct option_row *row = &set->options[i];
        if (!(given & (uint64_t)1 << i) || !row->takes || (row->takes & command->takes))
            continue;
        fprintf(err, "%s: %s%s%s knows no --%s\n", set->program, command->noun,
                command->verb ? " " : "", command->verb ? command->verb : "", row->name);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

static enum exit_code say_asked(const struct command_set *set, const char *noun, int asked,
                                FILE *out, FILE *err)
{
    if (asked == VERSION_VALUE)
        fprintf(out, "%s %s\n", set->program, set->version);
    else if (!command_help(set, noun, out))
        return not_a_command(set, noun, NULL, err);
    return EXIT_DONE;
}

enum exit_code command_parse(const struct command_set *set, int argc, const char *const *argv,
                             void *options, struct command_line *line, FILE *out, FILE *err)
{
    static const char *const NO_WORDS[] = {NULL, NULL};
    const char *const *words;
    uint64_t given = 0;
    enum exit_code code;
    int asked = 0;

    ASSERT(set->n_options <= OPTIONS_MAX);
    *line = (struct command_line){0};
    for (size_t i = 0; i < set->n_options; i++)
        if (set->options[i].fallback)
            command_set_value(&set->options[i], set->options[i].fallback, options);
    line->rows = mem_alloc(set->n_options + 3, sizeof(struct poptOption));
    make_parser_rows(set, line->rows);
    line->parser = poptGetContext(set->program, argc, (const char **)(void *)argv, line->rows, 0);
    code = take_options(set, line->parser, options, &given, &asked, err);
    words = (const char *const *)(void *)poptGetArgs(line->parser);
    if (!words)
        words = NO_WORDS;
    if (words[0] && strcmp(words[0], "help") == 0) {
        asked = HELP_VALUE;
        words++;
    }
    if (code == EXIT_DONE && asked)
        return say_asked(set, words[0], asked, out, err);
    if (code == EXIT_DONE && !words[0]) {
        command_help(set, NULL, err);
        return EXIT_USAGE;
    }
    if (code == EXIT_DONE)
        code = take_words(set, words, line, err);
    if (code == EXIT_DONE)
        code = check_given(set, line->command, given, err);
    return code;
}

void command_line_fini(struct command_line *line)
{
    if (line->parser)
        poptFreeContext(line->parser);
    free(line->rows);
    *line = (struct command_line){0};
}
