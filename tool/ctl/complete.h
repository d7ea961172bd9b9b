/* complete.h - what could come next on a command line, for the completion of shells. */
#ifndef TOOL_CTL_COMPLETE_H
#define TOOL_CTL_COMPLETE_H

#include "tool/ctl/command.h"

/** Told a word that could come, and what it is (NULL = nothing to say). */
typedef void (*complete_say_fn)(void *arg, const char *word, const char *doc);

struct completion {
    const struct command_set *set;
    complete_say_fn say;
    /** Says the words that there are for "SAGA_ID" and its like, of a command. NULL = none. */
    void (*values)(void *arg, const char *name, complete_say_fn say);
    void *arg;
};

/** words: what stands on the line behind the program; the last of n (1 or more) is being typed, and
 * may be "". Says only words that begin so. */
void complete_words(const struct completion *completion, const char *const *words, size_t n);
/** Prints the script that makes a shell ask `PROGRAM __complete`. False: no such shell. */
bool complete_script(const char *program, const char *shell, FILE *out);
/** The shells it knows, NULL-terminated. */
extern const char *const COMPLETE_SHELLS[];

#endif
