/* catalog_purges.c - see catalog_purges.h. */
#include "dataservice/catalog/mysql/catalog_purges.h"

/* By the index (state, sweep_at): it is never looked at again, so sweep_at is before updated_at or
 * as long ago as a hold lasts. The three go in one statement: none is left behind. */
static const char LET_GO[] =
    "DELETE h, l, r FROM (SELECT id FROM hold, (SELECT NOW(6) - INTERVAL ? SECOND AS moment) AS "
    "past"
    " WHERE state = 'RELEASED' AND sweep_at < past.moment AND updated_at < past.moment"
    " ORDER BY sweep_at LIMIT ?) AS gone"
    " JOIN hold AS h ON h.id = gone.id"
    " LEFT JOIN hold_line AS l ON l.hold_id = h.id"
    " LEFT JOIN reserved_line AS r ON r.hold_id = h.id";

/* The same index. Of an order that is completed nothing comes back; of any other it might. */
static const char SOLD[] =
    "SELECT STRAIGHT_JOIN h.id FROM hold AS h JOIN order_copy AS c ON c.order_id = h.owner_id"
    " WHERE h.state = 'COMMITTED' AND h.sweep_at < NOW(6) - INTERVAL ? SECOND"
    " AND c.status = 'COMPLETED' LIMIT ? FOR UPDATE";

/* What is sold of an item is the sum of its lines, so their units stay: in the lines of one hold,
 * which is nobody's. */
#define SUM_ID "REPEAT(CHAR(0), 16)"
static const char SUM_HOLD[] =
    "INSERT INTO hold (id, owner, owner_id, state, expires_at, sweep_at, version, created_at,"
    " updated_at) SELECT " SUM_ID ", owner, " SUM_ID ", state, NOW(6), NOW(6), 1, NOW(6), NOW(6)"
    " FROM hold AS one WHERE id IN (" PURGE_ID_MARKS ") LIMIT 1"
    " ON DUPLICATE KEY UPDATE version = hold.version + 1, updated_at = NOW(6)";
static const char SUM_LINES[] =
    "INSERT INTO hold_line (hold_id, slot_id, units) SELECT " SUM_ID ", sums.slot_id, sums.units"
    " FROM (SELECT slot_id, SUM(units) AS units FROM hold_line WHERE hold_id IN (" PURGE_ID_MARKS
    ") GROUP BY slot_id) AS sums ON DUPLICATE KEY UPDATE units = hold_line.units + sums.units";
static const char FORGET[] = "DELETE h, l, r FROM hold AS h"
                             " LEFT JOIN hold_line AS l ON l.hold_id = h.id"
                             " LEFT JOIN reserved_line AS r ON r.hold_id = h.id"
                             " WHERE h.id IN (" PURGE_ID_MARKS ")";

/* clang-format off */
const struct purge_row CATALOG_PURGES[] = {
    {.name = "hold_purge", .sql = LET_GO},
    {.name = "sold_purge", .find = SOLD, .steps = {SUM_HOLD, SUM_LINES, FORGET}},
    {.name = NULL},
};
/* clang-format on */
