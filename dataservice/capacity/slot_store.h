/* slot_store.h - slots (table slot of whoever owns some): rows of struct slot. */
#ifndef DATASERVICE_CAPACITY_SLOT_STORE_H
#define DATASERVICE_CAPACITY_SLOT_STORE_H

#include "model/slot.h"
#include "tool/store/invariant.h"
#include "tool/store/store.h"

/** Found by its key, id, and by "ref"; listed by "untold". held and sold are changed by
 * capacity_rows.h alone. */
extern const struct table SLOT_TABLE;

/* What must be true of slots and holds: rows for the list of whoever owns them. */
/* clang-format off */
#define CAPACITY_INVARIANTS                                                                        \
    {"no more of a slot is held and sold than there is",                                           \
     "SELECT id FROM slot WHERE held < 0 OR sold < 0 OR held + sold > total",                      \
     "Units were changed by hand: set total to what is really there."},                            \
    {"a slot's counters are the sums of its hold lines",                                           \
     "SELECT s.id AS id FROM slot s LEFT JOIN (SELECT l.slot_id,"                                  \
     " SUM(IF(h.state = 'HELD', l.units, 0)) AS held,"                                             \
     " SUM(IF(h.state = 'COMMITTED', l.units, 0)) AS sold FROM hold_line l"                        \
     " JOIN hold h ON h.id = l.hold_id GROUP BY l.slot_id) AS sums ON sums.slot_id = s.id"         \
     " WHERE s.held <> COALESCE(sums.held, 0) OR s.sold <> COALESCE(sums.sold, 0)",                \
     "Units were changed by hand: the lines say what is held and sold."},                          \
    {"no hold is long overdue",                                                                    \
     "SELECT id FROM hold WHERE state = 'HELD' AND expires_at < NOW(6) - INTERVAL 60 SECOND",      \
     "Its owner does not answer, or wants it still: is his service up, does his saga go on?"}
/* clang-format on */

#endif
