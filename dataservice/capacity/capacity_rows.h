/* capacity_rows.h - what is done to slots and to the lines of holds by statements of their own: a
 * slot's counters change by as much as is said, whoever else changes them at the same time.
 * Implemented by mysql/ and memory/. */
#ifndef DATASERVICE_CAPACITY_CAPACITY_ROWS_H
#define DATASERVICE_CAPACITY_CAPACITY_ROWS_H

#include <stddef.h>

#include "model/hold.h"
#include "model/slot.h"
#include "tool/core/transaction.h"

struct capacity_rows {
    const struct capacity_rows_ops *ops;
};

/* Every op joins tx, blocks until call->deadline_ms at most and may be called from any thread. The
 * slots that it changes stay locked until tx ends. Any of them: ST_UNAVAILABLE, ST_INTERNAL. */
struct capacity_rows_ops {
    /** Holds so many units (1 or more) of a slot if it has them: one guarded statement. ST_OK |
     * ST_CONFLICT: it has not, or there is no such slot; *left, below units, says how many it has
     */
    enum status (*take)(const struct capacity_rows *self, struct transaction *tx,
                        const struct call *call, struct uuid slot_id, int64_t units, int64_t *left);
    /** Adds to held and sold, or takes away; together they do not grow. ST_OK | ST_CONFLICT: one of
     * them would be below 0, or there is no such slot */
    enum status (*move)(const struct capacity_rows *self, struct transaction *tx,
                        const struct call *call, struct uuid slot_id, int64_t held, int64_t sold);
    /** Adds lines, each of another slot, to a hold that has none. ST_OK */
    enum status (*add_lines)(const struct capacity_rows *self, struct transaction *tx,
                             const struct call *call, struct uuid hold_id,
                             const struct hold_line lines[], size_t n);
    /** In the order of slot ids, max at most; those of a hold never change. ST_OK: *n says how many
     */
    enum status (*lines)(const struct capacity_rows *self, struct transaction *tx,
                         const struct call *call, struct uuid hold_id, struct hold_line lines[],
                         size_t max, size_t *n);
};

#endif
