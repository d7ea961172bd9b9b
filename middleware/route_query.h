/* route_query.h - what stands in a URL as members of a message: those of a path and of a query,
 * each typed by its row of the request's descriptor. Pure; any thread. */
#ifndef MIDDLEWARE_ROUTE_QUERY_H
#define MIDDLEWARE_ROUTE_QUERY_H

#include "tool/encoder/descriptor.h"
#include "tool/encoder/json_check.h"

enum { ROUTE_QUERY_MAX = 16 }; /* members that a request may declare as FIELD_IN_QUERY */

struct route_query {
    size_t n;
    struct json_member members[ROUTE_QUERY_MAX]; /* all that are declared; value NULL = not sent */
    char *text;                                  /* what the values point into */
};

/** raw: behind the '?', application/x-www-form-urlencoded; NULL = none. request NULL declares no
 * member. ST_INVALID names every member that is not declared, there twice, not UTF-8, or of the
 * wrong kind. To be given to route_query_fini in either case. */
enum status route_query_read(struct route_query *query, const struct descriptor *request,
                             const char *raw, struct problem *problem);
void route_query_fini(struct route_query *query);

/** Types a value that stands in a path; request NULL or without such a member leaves it a text.
 * value is borrowed. ST_OK | ST_INVALID */
enum status route_param_read(struct json_member *member, const struct descriptor *request,
                             const char *name, const char *value, struct problem *problem);

#endif
