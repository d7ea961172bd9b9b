/* command.h - a command line of nouns and verbs as rows: parsing, help and completion follow from
 * them.
 *
 *   PROGRAM [OPTION...] NOUN [VERB] [WORD...]
 */
#ifndef TOOL_CTL_COMMAND_H
#define TOOL_CTL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "tool/ctl/exit_code.h"

enum { COMMAND_WORDS_MAX = 2 };

enum option_kind {
    OPTION_FLAG,     /* bool */
    OPTION_TEXT,     /* char[size] */
    OPTION_CHOICE,   /* int, an index of choices */
    OPTION_NUMBER,   /* int64_t, min..max */
    OPTION_DURATION, /* int64_t milliseconds: 500ms, 30s, 5m, 2h, 7d; a number alone is seconds */
};

struct option_row {
    const char *name; /* "no-headings" */
    char letter;      /* 0 = none */
    enum option_kind kind;
    size_t offset, size;  /* of the member of the struct of options */
    unsigned takes;       /* a bit; only commands whose takes has it know the option; 0 = all do */
    const char *value;    /* "SECONDS"; NULL = as its kind has it */
    const char *fallback; /* as it would be typed; NULL = zero */
    const char *const *choices;
    long long min, max;
    const char *doc;
};

/* clang-format off */
#define OPTION(type, member, name_, letter_, kind_, ...)                                           \
    {.name = (name_), .letter = (letter_), .kind = (kind_), .offset = offsetof(type, member),      \
     .size = sizeof(((type *)0)->member), __VA_ARGS__}
/* clang-format on */

struct session;

struct command {
    const char *noun, *verb; /* verb NULL: there is only one thing to do */
    const char *words;       /* "SAGA_ID", "LOGIN_ID ROLE"; NULL = none. [JSON] may be left out */
    const char *summary;     /* a sentence */
    unsigned takes;
    enum exit_code (*run)(struct session *session);
};

struct command_set {
    const char *program, *summary, *version;
    const struct command *commands;
    size_t n_commands;
    const struct option_row *options;
    size_t n_options;
};

struct command_line {
    void *parser, *rows; /* popt's, which owns the words */
    const struct command *command;
    const char *words[COMMAND_WORDS_MAX]; /* NULL = not there */
};

/** Fills options, a struct of the rows' members. EXIT_DONE: the line is to be run if it has a
 * command, else all was said (--help, --version). Faults are said on err: EXIT_USAGE. line is
 * always to be given to command_line_fini. */
enum exit_code command_parse(const struct command_set *set, int argc, const char *const *argv,
                             void *options, struct command_line *line, FILE *out, FILE *err);
void command_line_fini(struct command_line *line);
/** All commands, or those of a noun. False: there is no such noun. */
bool command_help(const struct command_set *set, const char *noun, FILE *out);
/** False: it is no duration, or longer than ten years. */
bool command_duration(const char *text, long long *ms);

#endif
