/* tallies.h - measures a service's rows of struct tally. */
#ifndef TOOL_SERVICE_TALLIES_H
#define TOOL_SERVICE_TALLIES_H

#include "tool/dbc/pool.h"
#include "tool/metrics/metrics.h"
#include "tool/store/tally.h"

/** Sets a gauge for each kind of each row, 0 where there are none. rows NULL: nothing. Blocks; any
 * thread. ST_OK | the first status that was not, and that row's gauges are as before */
enum status tallies_measure(const struct tally *rows, struct dbc_pool *db, struct metrics *metrics,
                            const struct call *call);

#endif
