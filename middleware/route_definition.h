/* route_definition.h - the lines of a file of routes that are no routes: each gives a name to what
 * routes may then name, "cors NAME key=value ...". As rows. For the files route*.c only. */
#ifndef MIDDLEWARE_ROUTE_DEFINITION_H
#define MIDDLEWARE_ROUTE_DEFINITION_H

#include "middleware/route.h"
#include "middleware/route_option.h"

/* One kind of line; what it fills in stands in an array of the table and begins with its name,
 * char[ROUTE_NAME_MAX + 1]. */
struct route_definition {
    const char *word; /* that begins the line, and the option of routes that names one, if any */
    const struct route_options *options;
    size_t offset, size, max; /* of the array in struct route_table, of one of it, how many */
    size_t n_offset;          /* of their number, a size_t */
    size_t route_offset;      /* of the struct route_defined in struct route; 0 = none is named */
    /** Completes what the line has filled in; false when it does not go together: why says what
     * would be right. NULL = nothing to do. */
    bool (*settle)(void *item, char why[ROUTE_WHY_MAX + 1]);
    const char *doc; /* what it is for */
};

enum { ROUTE_DEFINITIONS = 2 };

extern const struct route_definition ROUTE_DEFINITION_ROWS[ROUTE_DEFINITIONS];

/** NULL when no line begins so. */
const struct route_definition *route_definition_find(const char *word);
/** Another one, to be filled in; NULL when there is no room. */
void *route_definition_add(const struct route_definition *definition, struct route_table *table);
/** The one of that name, counted from 1; 0 = none. */
unsigned route_definition_at(const struct route_definition *definition,
                             const struct route_table *table, const char *name);

#endif
