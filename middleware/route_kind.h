/* route_kind.h - what kinds of values the options of a file of routes have: how each is read, what
 * is said of a wrong one, and how it stands in the help. For the files route*.c only. */
#ifndef MIDDLEWARE_ROUTE_KIND_H
#define MIDDLEWARE_ROUTE_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "tool/core/json_out.h"

enum { ROUTE_OPTION_TEXT_MAX = 511 };

struct route_kind;

struct route_option {
    const char *name;
    const struct route_kind *kind;
    size_t offset, size;  /* of the member, in the struct that the line fills in */
    int min, max;         /* numbers, and the seconds of ROUTE_CACHE */
    const char *unit;     /* numbers: what they count, "ms"; NULL = nothing */
    const char *larger;   /* numbers: the sign of a larger unit, "s"; NULL = none */
    int factor;           /* so many units it is */
    const char *off, *on; /* ROUTE_CHOICE: the words for false and true */
    const char *more;     /* ROUTE_CHOICE: that one is true, and another with it; NULL = none */
    size_t more_offset;   /* of the other */
    const char *word;     /* ROUTE_NAME, ROUTE_WORDS: what one is called in the help, "ROLE" */
    const char *wanted;   /* ROUTE_WORDS: how they are, in words, "roles of letters" */
    /** ROUTE_WORDS: whether a word[0..len) will do; NULL = any. */
    bool (*fits)(const char *word, size_t len);
    const char *fallback;  /* its value when it is left out; NULL = nothing */
    const char *with_body; /* the same, of POST, PUT and PATCH; NULL = fallback */
    const char *doc;       /* what it does */
};

struct route_kind {
    /** Takes value into the member at out; base is the whole struct. False when it is none. */
    bool (*take)(const struct route_option *option, void *base, void *out, const char *value);
    /** What would be right, in words. */
    void (*say_right)(const struct route_option *option, char text[ROUTE_OPTION_TEXT_MAX + 1]);
    /** Its values as the help has them: "none|bearer". */
    void (*say_form)(const struct route_option *option, char text[ROUTE_OPTION_TEXT_MAX + 1]);
    /** Its keywords in a JSON Schema; NULL: it is a text. */
    void (*write_schema)(const struct route_option *option, struct json_out *o);
};

extern const struct route_kind ROUTE_CHOICE; /* bool: off or on */
extern const struct route_kind ROUTE_NUMBER; /* int */
extern const struct route_kind ROUTE_RANGE;  /* struct route_range */
extern const struct route_kind
    ROUTE_NAME; /* char[size]: ROUTE_NAME_MAX letters, digits, '-', '_' */
extern const struct route_kind ROUTE_WORDS;    /* struct word_list: separated by commas */
extern const struct route_kind ROUTE_DEFINED;  /* struct route_defined: the name of such a line */
extern const struct route_kind ROUTE_TEMPLATE; /* struct location */
extern const struct route_kind ROUTE_FILE;     /* char[size]: a path without parameters */
extern const struct route_kind ROUTE_PARTS;    /* struct route_parts */
extern const struct route_kind ROUTE_HEADERS;  /* struct route_headers */
extern const struct route_kind ROUTE_RATE;     /* char[]: the name of a class of rates */
extern const struct route_kind ROUTE_FALLBACK; /* struct route_fallback */
extern const struct route_kind ROUTE_CACHE;    /* struct route_cache */

#endif
