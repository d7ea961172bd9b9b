/* route_gather.h - routes that ask several subjects at once: their parts, and what each is asked.
 * Pure; any thread. */
#ifndef MIDDLEWARE_ROUTE_GATHER_H
#define MIDDLEWARE_ROUTE_GATHER_H

#include "middleware/route_message.h"

/** "name:subject,name:subject@name", an earlier one's name behind the @; false when it is none, or
 * has more than there is room for. */
bool route_parts_parse(struct route_parts *parts, const char *text);
/** Whether a subject of a route is well-formed. */
bool route_subject_fits(const char *subject);
/* What a part is asked in whose name. */
struct route_part_asker {
    const char *caller; /* its id as text, "" = nobody */
    const char *answer; /* of the part it comes after; NULL of one that is asked at once */
    size_t answer_len;
};

/** What a part is asked: the parameters of the path that it knows; what else it must have, from the
 * answer of the part it comes after; the id of whose data it is, when neither says it, is the
 * caller's. ST_INVALID names each wrong parameter | ST_INTERNAL: the answer does not say it. To be
 * given to route_message_fini either way. */
enum status route_part_message(struct route_message *m, const struct route_match *match,
                               const struct route_part *part, const struct route_part_asker *asker,
                               struct problem *problem);
/** The member that a part takes from the caller when no parameter of the path does; NULL = none. */
const struct field *route_part_owner(const struct operation *op);

#endif
