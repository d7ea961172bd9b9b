/* hold_store.c - see hold_store.h. */
#include "dataservice/capacity/hold_store.h"

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct hold, id,         "id",         COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct hold, owner,      "owner",      COLUMN_ENUM, 0, .names = HOLD_OWNER_NAMES),
    COLUMN(struct hold, owner_id,   "owner_id",   COLUMN_UUID, 0),
    COLUMN(struct hold, state,      "state",      COLUMN_ENUM, 0, .names = HOLD_STATE_NAMES),
    COLUMN(struct hold, expires_us, "expires_at", COLUMN_TIME, 0),
    COLUMN(struct hold, sweep_us,   "sweep_at",   COLUMN_TIME, COLUMN_ASIDE),
    COLUMN(struct hold, version,    "version",    COLUMN_INT,  COLUMN_VERSION),
    COLUMN(struct hold, created_us, "created_at", COLUMN_TIME, COLUMN_CREATED),
    COLUMN(struct hold, updated_us, "updated_at", COLUMN_TIME, COLUMN_UPDATED),
};
/* clang-format on */

const struct table HOLD_TABLE = TABLE(struct hold, COLUMNS, "hold");
