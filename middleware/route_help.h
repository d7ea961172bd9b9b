/* route_help.h - what stands in a file of routes, for those who write one. */
#ifndef MIDDLEWARE_ROUTE_HELP_H
#define MIDDLEWARE_ROUTE_HELP_H

#include <stdio.h>

/** Writes lines of text. built_in as in route_table_parse. */
void route_help_write(FILE *out, const char *const *built_in);

#endif
