/* catalog_purges.c - see catalog_purges.h. */
#include "dataservice/catalog/mysql/catalog_purges.h"

/* By the index (state, sweep_at): it is never looked at again, so sweep_at is before updated_at or
 * as long ago as a hold lasts. The three go in one statement: none is left behind. */
static const char HOLDS[] =
    "DELETE h, l, r FROM (SELECT id FROM hold, (SELECT NOW(6) - INTERVAL ? SECOND AS moment) AS "
    "past"
    " WHERE state = 'RELEASED' AND sweep_at < past.moment AND updated_at < past.moment"
    " ORDER BY sweep_at LIMIT ?) AS gone"
    " JOIN hold AS h ON h.id = gone.id"
    " LEFT JOIN hold_line AS l ON l.hold_id = h.id"
    " LEFT JOIN reserved_line AS r ON r.hold_id = h.id";

const struct purge_row CATALOG_PURGES[] = {
    {"hold_purge", HOLDS},
    {NULL,         NULL },
};
