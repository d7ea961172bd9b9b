/* complete.c - see complete.h. */
#include "tool/ctl/complete.h"

#include <string.h>

#include "tool/core/mem.h"

enum { NAME_MAX_LEN = 63 };

/* What is known of a line by the word that is being typed. */
struct place {
    const char *noun, *verb;
    size_t n_words;              /* behind noun and verb */
    const struct option_row *of; /* the word is the value of this option; NULL = it is not */
};

/* Passes on what begins with the word. */
struct filter {
    const struct completion *completion;
    const char *begin;
};

static void say(void *arg, const char *word, const char *doc)
{
    const struct filter *filter = arg;

    if (strncmp(word, filter->begin, strlen(filter->begin)) == 0)
        filter->completion->say(filter->completion->arg, word, doc);
}

/* ---- where we are ---- */

static const struct option_row *option_of(const struct command_set *set, const char *word)
{
    for (size_t i = 0; i < set->n_options; i++) {
        const struct option_row *row = &set->options[i];
        if (word[0] == '-' && word[1] == '-' && strcmp(word + 2, row->name) == 0)
            return row;
        if (row->letter && word[0] == '-' && word[1] == row->letter && word[2] == '\0')
            return row;
    }
    return NULL;
}

static bool has_verbs(const struct command_set *set, const char *noun)
{
    for (size_t i = 0; i < set->n_commands; i++)
        if (strcmp(set->commands[i].noun, noun) == 0)
            return set->commands[i].verb != NULL;
    return false;
}

static void find_place(const struct command_set *set, const char *const *words, size_t n,
                       struct place *place)
{
    *place = (struct place){0};
    for (size_t i = 0; i + 1 < n; i++) {
        const struct option_row *row = option_of(set, words[i]);
        place->of = NULL;
        if (row && row->kind != OPTION_FLAG && i + 2 == n)
            place->of = row;
        else if (row && row->kind != OPTION_FLAG)
            i++;
        else if (words[i][0] == '-')
            continue;
        else if (!place->noun)
            place->noun = words[i];
        else if (!place->verb && has_verbs(set, place->noun))
            place->verb = words[i];
        else
            place->n_words++;
    }
}

static const struct command *command_of(const struct command_set *set, const struct place *place)
{
    for (size_t i = 0; place->noun && i < set->n_commands; i++) {
        const struct command *command = &set->commands[i];
        if (strcmp(command->noun, place->noun) != 0)
            continue;
        if (!command->verb || (place->verb && strcmp(command->verb, place->verb) == 0))
            return command;
    }
    return NULL;
}

/* ---- what could come ---- */

static void say_options(const struct command_set *set, const struct command *command,
                        struct filter *filter)
{
    for (size_t i = 0; i < set->n_options; i++) {
        const struct option_row *row = &set->options[i];
        char word[NAME_MAX_LEN + 3];

        if (row->takes && !(command && (row->takes & command->takes)))
            continue;
        snprintf(word, sizeof(word), "--%.*s", NAME_MAX_LEN, row->name);
        say(filter, word, row->doc);
    }
    say(filter, "--help", "Says what there is");
}

static void say_nouns(const struct command_set *set, struct filter *filter)
{
    const char *last = "";

    for (size_t i = 0; i < set->n_commands; i++) {
        const struct command *command = &set->commands[i];
        if (strcmp(command->noun, last) != 0)
            say(filter, command->noun, command->verb ? NULL : command->summary);
        last = command->noun;
    }
}

static void say_verbs(const struct command_set *set, const char *noun, struct filter *filter)
{
    for (size_t i = 0; i < set->n_commands; i++)
        if (set->commands[i].verb && strcmp(set->commands[i].noun, noun) == 0)
            say(filter, set->commands[i].verb, set->commands[i].summary);
}

/* The name of the nth word: "LOGIN_ID ROLE" has two; one in brackets may be left out. */
static bool word_name(const char *words, size_t nth, char name[NAME_MAX_LEN + 1])
{
    while (words && nth-- > 0) {
        words += strcspn(words, " ");
        words += strspn(words, " ");
    }
    if (!words || !*words)
        return false;
    words += *words == '[';
    snprintf(name, NAME_MAX_LEN + 1, "%.*s", (int)strcspn(words, " ]"), words);
    return true;
}

void complete_words(const struct completion *completion, const char *const *words, size_t n)
{
    const struct command_set *set = completion->set;
    struct filter filter = {completion, words[n - 1]};
    char name[NAME_MAX_LEN + 1];
    struct place place;
    const struct command *command;

    find_place(set, words, n, &place);
    command = command_of(set, &place);
    if (place.of) {
        for (size_t i = 0; place.of->choices && place.of->choices[i]; i++)
            say(&filter, place.of->choices[i], NULL);
        if (!place.of->choices && place.of->value && completion->values)
            completion->values(&filter, place.of->value, say);
    } else if (filter.begin[0] == '-') {
        say_options(set, command, &filter);
    } else if (!place.noun) {
        say_nouns(set, &filter);
    } else if (!command) {
        say_verbs(set, place.noun, &filter);
    } else if (completion->values && word_name(command->words, place.n_words, name)) {
        completion->values(&filter, name, say);
    }
}

/* ---- scripts ---- */

const char *const COMPLETE_SHELLS[] = {"bash", "zsh", "fish", NULL};

/* Each says what is on the line to the program and offers what that answers: a word a line, a tab,
 * what it is. @ stands for the program. */
static const char *const SCRIPTS[] = {
    ("_@() {\n"
     "    local IFS=$'\\n' line\n"
     "    COMPREPLY=()\n"
     "    while read -r line; do COMPREPLY+=(\"${line%%$'\\t'*}\"); done < <(\n"
     "        \"${COMP_WORDS[0]}\" __complete \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n"
     "}\n"
     "complete -F _@ @\n"),
    ("#compdef @\n"
     "_@() {\n"
     "    local -a lines described\n"
     "    local line\n"
     "    lines=(\"${(@f)$(\"${words[1]}\" __complete \"${(@)words[2,CURRENT]}\" 2>/dev/null)}\")\n"
     "    for line in $lines; do described+=(\"${line/$'\\t'/:}\"); done\n"
     "    _describe @ described\n"
     "}\n"
     "compdef _@ @\n"),
    ("complete -c @ -f -a '(set -l words (commandline -opc) (commandline -ct)\n"
     "    $words[1] __complete $words[2..] 2>/dev/null)'\n"),
};

bool complete_script(const char *program, const char *shell, FILE *out)
{
    size_t i = 0;

    while (COMPLETE_SHELLS[i] && strcmp(COMPLETE_SHELLS[i], shell) != 0)
        i++;
    if (!COMPLETE_SHELLS[i])
        return false;
    for (const char *c = SCRIPTS[i]; *c; c++) {
        /* In zsh and bash "[@]" and "(@)" are the shell's own. */
        bool own = c > SCRIPTS[i] && (c[-1] == '[' || c[-1] == '(');
        if (*c == '@' && !own)
            fputs(program, out);
        else
            fputc(*c, out);
    }
    return true;
}
