/* hold_store.c - see hold_store.h. */
#include "dataservice/capacity/hold_store.h"

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMNS_SHARED(struct hold, id),
    COLUMN(struct hold, owner,      "owner",      COLUMN_ENUM, 0, .names = HOLD_OWNER_NAMES),
    COLUMN(struct hold, owner_id,   "owner_id",   COLUMN_UUID, 0),
    COLUMN(struct hold, state,      "state",      COLUMN_ENUM, 0, .names = HOLD_STATE_NAMES),
    COLUMN(struct hold, expires_us, "expires_at", COLUMN_TIME, 0),
    COLUMN(struct hold, sweep_us,   "sweep_at",   COLUMN_TIME, COLUMN_ASIDE),
};
/* clang-format on */

const struct table HOLD_TABLE = TABLE(struct hold, COLUMNS, "hold");
