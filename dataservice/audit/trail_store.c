/* trail_store.c - see trail_store.h. */
#include "dataservice/audit/trail_store.h"

static const struct column COLUMNS[] = {
    COLUMN(struct trail_entry, event_id, "event_id", COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct trail_entry, user_id, "user_id", COLUMN_UUID, 0),
    COLUMN(struct trail_entry, place_us, "place", COLUMN_TIME, 0),
    COLUMN(struct trail_entry, source, "source", COLUMN_TEXT, 0),
    COLUMN(struct trail_entry, type, "type", COLUMN_TEXT, 0),
    COLUMN(struct trail_entry, time_us, "happened_at", COLUMN_TIME, 0),
    COLUMN(struct trail_entry, data, "data", COLUMN_TEXT, 0),
};

const struct table TRAIL_TABLE = TABLE(struct trail_entry, COLUMNS, "trail");
