/* cors_option.h - the line "cors NAME ..." of a file of routes; for the files route*.c only. */
#ifndef MIDDLEWARE_CORS_OPTION_H
#define MIDDLEWARE_CORS_OPTION_H

#include "middleware/route.h"
#include "middleware/route_option.h"

/** They fill in a struct cors. */
extern const struct route_options CORS_OPTIONS;
/** Completes a struct cors, unless it opens more than anyone can want: then why says what is right.
 */
bool cors_settle(void *cors, char why[ROUTE_WHY_MAX + 1]);

#endif
