/* transactor_group.h - a transactor whose transactions share a commit while many come: the bodies
 * run one after the other in one transaction of another transactor, in the thread of whoever came
 * first. So a burst costs the database, its disk and the caches one turn (group commit: DeWitt et
 * al., Implementation Techniques for Main Memory Database Systems, 1984).
 *
 * While few come, each goes at once, alone. While many do, a group is open as long as they come: it
 * is closed when for three times as long as one lately takes to come nobody has, or when it is
 * known that too few are on the way. Of a group in which one refuses each is run again, by itself:
 * a refusal costs the others time, nothing else. */
#ifndef TOOL_CORE_TRANSACTOR_GROUP_H
#define TOOL_CORE_TRANSACTOR_GROUP_H

#include <stdatomic.h>

#include "tool/core/transaction.h"

enum {
    TRANSACTOR_GROUP_MAX = 16,
    TRANSACTOR_GROUP_COMPANY = 4, /* come within the patience: then it is worth waiting */
};

/* Who is known to come, for all who run a transaction do something else first. */
struct transactor_company {
    atomic_uint under_way; /* of them: from before they do it until their transaction is over */
    unsigned enough; /* of them are still to come: else the first of a group waits no longer */
};

/** inner: borrowed, and not destroyed. patience_ms: the first of a group waits so long at most, and
 * not at all while fewer than TRANSACTOR_GROUP_COMPANY come in that time. company: borrowed; NULL =
 * nobody knows who comes. As any transactor, but: what a group shares, it shares with all of it,
 * locks, ST_UNCERTAIN and the latest deadline. */
struct transactor *transactor_group_create(struct transactor *inner, int64_t patience_ms,
                                           const struct transactor_company *company);

#endif
