/* rule.h - what a text field may hold, as a row: decoding checks it and the JSON Schema is printed
 * from it, so the two cannot differ. */
#ifndef TOOL_CORE_RULE_H
#define TOOL_CORE_RULE_H

#include <stdbool.h>
#include <stddef.h>

enum rule_unit { RULE_CODE_POINTS, RULE_BYTES };

struct rule {
    unsigned min, max; /* length of what the client sent, unless it is measured otherwise */
    enum rule_unit unit;
    /** The length, in that unit, of what is made of a text; NULL = of the text as sent. */
    size_t (*measure)(const char *text);
    const char *pattern; /* anchored; valid both as POSIX ERE and as ECMA-262; NULL = any */
    const char *format;  /* JSON Schema "format"; NULL = none */
    const char
        *reason; /* what the client reads when pattern, check or length refuse: "must be ..." */
    const char *example;  /* one it accepts, for people who read the schema; NULL = none */
    bool control_allowed; /* else C0, DEL and C1 control characters are refused */
    /** A rule a pattern cannot say; NULL = none. Sees the text as sent. */
    bool (*check)(const char *text);
    /** Why a text from outside is refused ("must ..."), NULL = it is not; NULL = no such reasons.
     * Not asked of what other services say or what is stored: an earlier release may have accepted
     * it. */
    const char *(*outside)(const char *text);
    /** Puts an accepted text into its stored form, in place, never longer; NULL = as sent. */
    void (*normalise)(char *text);
};

#endif
