/* access_line.h - a request and its answer as a line of an access log. Never the target: an id in a
 * path, and anything in a query, can be a secret; the route's template tells which kind of request
 * it was. What a client says is escaped and cut. Pure; any thread. */
#ifndef MIDDLEWARE_ACCESS_LINE_H
#define MIDDLEWARE_ACCESS_LINE_H

#include "tool/core/call.h"

enum { ACCESS_LINE_MAX = 4096 };

/* All borrowed. */
struct access_entry {
    const struct call *call; /* request id, trace, caller, client, agent */
    const char *method;      /* "" = there was no reading it */
    const char *route;       /* the template; "-" = none */
    const char *referer;     /* NULL = none */
    int status;
    size_t bytes;     /* of the answer's body, as sent */
    int64_t begun_us; /* wall clock */
    int64_t us;       /* until the answer */
};

/** Writes a line and its line break; its length. */
typedef size_t (*access_line_fn)(const struct access_entry *entry, char line[ACCESS_LINE_MAX]);

/** One JSON object. */
size_t access_line_json(const struct access_entry *entry, char line[ACCESS_LINE_MAX]);
/** The combined format of Apache and nginx, times in UTC; the request is "METHOD TEMPLATE
 * HTTP/1.1", and of the referrer what comes before its query is told. */
size_t access_line_combined(const struct access_entry *entry, char line[ACCESS_LINE_MAX]);

#endif
