/* route_option.h - the options of a route as rows: reading them, what holds without them, the words
 * about a mistake and route_help.h all follow from these. For the files route*.c only. */
#ifndef MIDDLEWARE_ROUTE_OPTION_H
#define MIDDLEWARE_ROUTE_OPTION_H

#include "middleware/route.h"

enum route_option_kind {
    OPTION_CHOICE,   /* bool */
    OPTION_NUMBER,   /* int */
    OPTION_LOCATION, /* struct location */
    OPTION_CACHE,    /* int: seconds, 0 = no-store */
    OPTION_PARTS,    /* struct route_parts */
    OPTION_RATE,     /* name of a class of rates; "" = none */
};

struct route_option {
    const char *name;
    enum route_option_kind kind;
    size_t offset;         /* in struct route */
    int min, max;          /* OPTION_NUMBER, OPTION_CACHE */
    const char *off, *on;  /* OPTION_CHOICE: the words for false and true */
    const char *more;      /* OPTION_CHOICE: that one is true, and another with it; NULL = none */
    size_t more_offset;    /* of the other */
    const char *fallback;  /* its value when it is left out; NULL = nothing */
    const char *with_body; /* the same, of POST, PUT and PATCH; NULL = fallback */
    const char *doc;       /* what it does */
};

enum { ROUTE_OPTIONS = 11, ROUTE_OPTION_TEXT_MAX = 255 };

extern const struct route_option ROUTE_OPTION_ROWS[ROUTE_OPTIONS];

/** NULL when there is no such option. */
const struct route_option *route_option_find(const char *name);
/** Takes value into route; false when it is none, right then says what would be right. */
bool route_option_take(const struct route_option *option, struct route *route, const char *value,
                       char right[ROUTE_OPTION_TEXT_MAX + 1]);
/** Takes every fallback into route; with_body: its method is POST, PUT or PATCH. */
void route_option_defaults(struct route *route, bool with_body);
/** "auth, body, ... and wait" */
void route_option_names(char text[ROUTE_OPTION_TEXT_MAX + 1]);
/** Its line of the help: "auth=none|bearer       bearer: ... (none)" */
void route_option_describe(const struct route_option *option, char text[ROUTE_OPTION_TEXT_MAX + 1]);

#endif
