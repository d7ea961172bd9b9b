/* site_row.h - the line "site NAME ..." of a file of routes; its options are for the files
 * route*.c.
 */
#ifndef MIDDLEWARE_SITE_ROW_H
#define MIDDLEWARE_SITE_ROW_H

#include "middleware/route.h"
#include "middleware/route_option.h"

/** They fill in a struct site_row. */
extern const struct route_options SITE_OPTIONS;

#endif
