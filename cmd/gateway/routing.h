/* routing.h - the routes of now with what is made from them. Shared by the requests that were
 * matched by it, so that a reload takes nothing away from them. */
#ifndef CMD_GATEWAY_ROUTING_H
#define CMD_GATEWAY_ROUTING_H

#include <stdio.h>

#include "cmd/gateway/document.h"
#include "middleware/route.h"
#include "middleware/site.h"
#include "tool/metrics/by_status.h"
#include "tool/service/service.h"

struct in_flights;

struct route_stats {
    struct metric *seconds;
    struct metrics_by_status *requests;
};

struct routing {
    unsigned refs;
    struct metrics *metrics;
    struct route_table *table;
    struct route_stats *stats; /* one a route, then one for what is no route */
    struct in_flights *in_flights;
    struct document openapi;
    struct site *site; /* NULL = none */
};

/** text: the routes, file is then what they are called; NULL = read from file. site_dir: folder of
 * the site, "" = none. before: those of until now, whose latencies are known; NULL = none. NULL
 * when the file or the folder is wrong: why says where. Holds one reference. */
struct routing *routing_load(const char *file, const char *text, const char *site_dir,
                             struct metrics *metrics, const struct clock *clock,
                             const struct routing *before, char why[ROUTE_WHY_MAX + 1]);
/** Whether the file would do; for --check. NULL, or a thread-local text that says why not. */
const char *routing_check(const void *file);
/** Writes what may stand in such a file. */
void routing_help(FILE *out);
/** Writes the JSON Schema of such a file in JSON. */
void routing_schema(FILE *out);
/** Tells the subject of each route in a file that routing_check finds good. */
void routing_subjects(const char *file, subject_fn say, void *arg);
/** Tells the subjects on which is said that what the routes wait for has changed. */
void routing_listens(const char *file, subject_fn say, void *arg);
struct routing *routing_take(struct routing *routing);
/** NULL is fine. */
void routing_give(struct routing *routing);

/** The template, "-" for no route: as logs and metrics name it. */
const char *routing_label(const struct route *route);
/** Counts one answer. route NULL = no route. */
void routing_count(struct routing *routing, const struct route *route, int status, int64_t us);

#endif
