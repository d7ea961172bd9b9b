/* issuer_option.h - the options of an issuer as rows: reading them, what holds without them, the
 * words about a mistake and the help all follow from these. For the files issuer*.c only. */
#ifndef MIDDLEWARE_ISSUER_OPTION_H
#define MIDDLEWARE_ISSUER_OPTION_H

#include "middleware/issuer.h"

struct issuer_option {
    const char *name;
    const char *form;     /* of its value, for the help: "FILE" */
    const char *right;    /* what would be right, for who has made a mistake */
    const char *fallback; /* its value when it is left out; NULL = nothing, or it must be there */
    bool required, many;  /* many: may come several times */
    const char *doc;
    /** False when value is none. */
    bool (*take)(struct issuer *issuer, const char *value);
};

enum { ISSUER_OPTIONS = 8 };

extern const struct issuer_option ISSUER_OPTION_ROWS[ISSUER_OPTIONS];

/** NULL when there is no such option. */
const struct issuer_option *issuer_option_find(const char *name);

#endif
