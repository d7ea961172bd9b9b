/* route_option.h - the options of the lines of a file of routes, as rows: reading them, what holds
 * without them, the words about a mistake and the help all follow from these. For the files
 * route*.c only. */
#ifndef MIDDLEWARE_ROUTE_OPTION_H
#define MIDDLEWARE_ROUTE_OPTION_H

#include "middleware/route_kind.h"

/* What may stand in one kind of line. */
struct route_options {
    const struct route_option *rows;
    size_t n; /* ROUTE_OPTIONS_MAX at most */
};

enum { ROUTE_OPTIONS_MAX = 32 };

/** Of a route; they fill in a struct route. */
extern const struct route_options ROUTE_OPTIONS;

/** NULL when there is no such option. */
const struct route_option *route_option_find(const struct route_options *options, const char *name);
/** Takes value into base; false when it is none, right then says what would be right. */
bool route_option_take(const struct route_option *option, void *base, const char *value,
                       char right[ROUTE_OPTION_TEXT_MAX + 1]);
/** Takes every fallback into base; with_body: of a route whose method is POST, PUT or PATCH. */
void route_option_defaults(const struct route_options *options, void *base, bool with_body);
/** "auth, body, ... and wait" */
void route_option_names(const struct route_options *options, char text[ROUTE_OPTION_TEXT_MAX + 1]);
/** Its line of the help: "auth=none|bearer       bearer: ... (none)" */
void route_option_describe(const struct route_option *option, char text[ROUTE_OPTION_TEXT_MAX + 1]);

#endif
