/* route_gather.h - routes that ask several subjects at once: their parts, and what each is asked.
 * Pure; any thread. */
#ifndef MIDDLEWARE_ROUTE_GATHER_H
#define MIDDLEWARE_ROUTE_GATHER_H

#include "middleware/route_message.h"

/** "name:subject,name:subject"; false when it is none, or has more than there is room for. */
bool route_parts_parse(struct route_parts *parts, const char *text);
/** Whether a subject of a route is well-formed. */
bool route_subject_fits(const char *subject);
/** What a part is asked: the parameters of the path that it knows; the id of whose data it is, when
 * no parameter says it, is the caller's. caller: its id as text, "" = nobody. ST_INVALID names each
 * wrong parameter. To be given to route_message_fini either way. */
enum status route_part_message(struct route_message *m, const struct route_match *match,
                               const struct route_part *part, const char *caller,
                               struct problem *problem);
/** The member that a part takes from the caller when no parameter of the path does; NULL = none. */
const struct field *route_part_owner(const struct operation *op);

#endif
