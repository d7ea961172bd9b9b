/* slot_store.c - see slot_store.h. */
#include "dataservice/capacity/slot_store.h"

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct slot, id,      "id",      COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct slot, ref,     "ref",     COLUMN_TEXT, COLUMN_UNIQUE),
    COLUMN(struct slot, total,   "total",   COLUMN_INT,  0),
    COLUMN(struct slot, held,    "held",    COLUMN_INT,  0),
    COLUMN(struct slot, sold,    "sold",    COLUMN_INT,  0),
    COLUMN(struct slot, untold,  "untold",  COLUMN_BOOL, 0),
    COLUMN(struct slot, version, "version", COLUMN_INT,  COLUMN_VERSION),
};
/* clang-format on */

const struct table SLOT_TABLE = TABLE(struct slot, COLUMNS, "slot");
