/* capacity.h - holding units of slots, selling them, letting them go: so that never more are held
 * and sold than there are, whatever comes twice, alone, late or at once. Knows nothing of what the
 * slots are. All in the transaction of whoever asks; what is locked: the hold first, then its slots
 * in the order of their ids. */
#ifndef USECASE_CAPACITY_CAPACITY_H
#define USECASE_CAPACITY_CAPACITY_H

#include <stdbool.h>

#include "dataservice/capacity/capacity_rows.h"
#include "dataservice/capacity/hold_store.h"
#include "dataservice/capacity/slot_store.h"

enum { CAPACITY_LINES_MAX = 20, CAPACITY_WANTS_MAX = 400, CAPACITY_UNITS_MAX = 1000000 };

struct capacity {
    struct store *slots, *holds; /* of SLOT_TABLE and HOLD_TABLE; all borrowed */
    const struct capacity_rows *rows;
};

/* What a line of a request wants of a slot; a line may want several, a slot may be wanted by
 * several lines. */
struct capacity_want {
    size_t line; /* below CAPACITY_LINES_MAX: a refusal names "lines[0]" */
    struct uuid slot_id;
    int64_t pieces; /* of what the line is about, 1..CAPACITY_UNITS_MAX */
    int64_t each;   /* units of the slot in one of them, 1..CAPACITY_UNITS_MAX */
};

/** Begins a hold, HELD and of nothing yet, with id, owner, owner_id and expires_us as given. From
 * then on whatever else is about that id waits for tx. *again: it was there, as *hold is now.
 * ST_OK | ST_CONFLICT cancelled (its release came first, or was since) | ST_UNAVAILABLE */
enum status capacity_open(const struct capacity *c, struct transaction *tx, const struct call *call,
                          struct hold *hold, bool *again);
/** All that is wanted, n of 1..CAPACITY_WANTS_MAX, for a hold that was begun in tx; or nothing:
 * then tx must be rolled back. ST_OK | ST_CONFLICT sold_out, with an error "2 left" (pieces) for
 * each line that is short | ST_UNAVAILABLE */
enum status capacity_take(const struct capacity *c, struct transaction *tx, const struct call *call,
                          struct uuid hold_id, const struct capacity_want wants[], size_t n);
/** Whatever there is to do (hold_after), once: what is done already, or does not apply, changes
 * nothing. of: id, and for one that is not there yet owner and owner_id: a release or a return that
 * comes first leaves a hold that is RELEASED, so that the late one is refused. out: as it is then.
 * *changed: units have moved. ST_OK | ST_NOT_FOUND (a commit of what was never held) |
 * ST_INTERNAL (the counters say otherwise than the lines; logged) | ST_UNAVAILABLE */
enum status capacity_move(const struct capacity *c, struct transaction *tx, const struct call *call,
                          enum hold_action action, const struct hold *of, struct hold *out,
                          bool *changed);
/** The last hold of an owner. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
enum status capacity_of_owner(const struct capacity *c, struct transaction *tx,
                              const struct call *call, struct uuid owner_id, struct hold *out);
/** Makes so many more of a slot, or fewer; out: as it is then. ST_OK | ST_NOT_FOUND |
 * ST_CONFLICT units_taken (more than are left are held or sold), or too_many (SLOT_TOTAL_MAX) |
 * ST_UNAVAILABLE */
enum status capacity_add(const struct capacity *c, struct transaction *tx, const struct call *call,
                         struct uuid slot_id, int64_t delta, struct slot *out);

#endif
