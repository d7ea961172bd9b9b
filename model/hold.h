/* hold.h - units of slots that are kept for somebody, until they are sold or let go. Plain values.
 */
#ifndef MODEL_HOLD_H
#define MODEL_HOLD_H

#include <stdint.h>

#include "tool/core/uuid.h"

enum hold_state { HOLD_HELD, HOLD_COMMITTED, HOLD_RELEASED };
/** "HELD", "COMMITTED", "RELEASED"; NULL-terminated. */
extern const char *const HOLD_STATE_NAMES[];

enum hold_owner { HOLD_OF_ORDER, HOLD_OF_BOOKING };
/** "order", "booking"; NULL-terminated. */
extern const char *const HOLD_OWNER_NAMES[];

struct hold {
    struct uuid id; /* of the saga that took it */
    enum hold_owner owner;
    struct uuid owner_id; /* the order, the booking */
    enum hold_state state;
    int64_t expires_us; /* from then on its owner is asked; wall clock */
    int64_t sweep_us;   /* when a sweeper looks at it next */
    int64_t version;    /* 1, 2, 3 ... */
    int64_t created_us, updated_us;
};

/* So many units of a slot, of a hold. */
struct hold_line {
    struct uuid slot_id;
    int64_t units;
};

enum hold_action {
    HOLD_COMMIT,  /* it is sold */
    HOLD_RELEASE, /* it was never sold, and is not going to be */
    HOLD_RETURN,  /* it is given back, sold or not */
};

/** What becomes of a hold. What an action does not apply to stays as it is: a release that comes
 * late takes back nothing that is sold, a commit that comes late sells nothing that was let go. */
enum hold_state hold_after(enum hold_state state, enum hold_action action);

/* What an owner says of a hold whose time is over. */
enum hold_wish {
    HOLD_WANTED, /* it waits, or its commit is on the way */
    HOLD_UNWANTED,
};
/** "WANTED", "UNWANTED"; NULL-terminated. */
extern const char *const HOLD_WISH_NAMES[];

#endif
