/* in_flight.h - how many requests of each route are on their way to a service, and whether one more
 * may go. Loop thread only. */
#ifndef CMD_GATEWAY_IN_FLIGHT_H
#define CMD_GATEWAY_IN_FLIGHT_H

#include <stdbool.h>

#include "middleware/route.h"
#include "tool/core/call.h"
#include "tool/message/message.h"
#include "tool/metrics/metrics.h"

/* So many of those that are refused in a second hear it at once, the rest a second later. */
enum { IN_FLIGHT_AT_ONCE = 8 };

struct in_flights; /* of the routes of a table */

/** All borrowed. before: what was learnt of the same routes goes on; NULL = nothing was. */
struct in_flights *in_flights_create(const struct route_table *table, const struct clock *clock,
                                     struct metrics *metrics, const struct in_flights *before);
/** None is on its way. NULL is fine. */
void in_flights_destroy(struct in_flights *all);

/** How many were refused of the route with that path; "*": of all of them together. */
struct metric *in_flight_refusals(struct metrics *metrics, const char *path);

/* One that is on its way, or that was refused and is not told yet; zeroed: neither. */
struct in_flight {
    struct in_flights *all;
    const struct route *route;
    int64_t since_us;
    bool refused, held;
};

/** False: too much is in hand, refuse it. One that is on its way already counts anew. */
bool in_flight_enter(struct in_flights *all, const struct route *route, struct in_flight *one);
/** It is given up, or, where it was refused, will be told later. */
void in_flight_hold(struct in_flight *one);
/** What became of it: as message_reply_fn says, reply NULL unless st is ST_OK. Of one that is not
 * on its way, nothing. */
void in_flight_answered(struct in_flight *one, const struct call *call, enum status st,
                        const struct message *reply);
/** It is given up, or what became of it says nothing, or it is told that it was refused. Likewise.
 */
void in_flight_leave(struct in_flight *one);

#endif
