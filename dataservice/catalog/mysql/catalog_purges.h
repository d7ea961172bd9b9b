/* catalog_purges.h - rows of hanok_catalog that go for good once they are old. */
#ifndef DATASERVICE_CATALOG_MYSQL_CATALOG_PURGES_H
#define DATASERVICE_CATALOG_MYSQL_CATALOG_PURGES_H

#include "tool/dbc/purge.h"

/** Holds that were let go, with their lines and what was promised for them: kept until then, as
 * tombstones, so that a hold that comes late is refused. And those that were committed for orders
 * that are completed: what was sold by them stays, added up by slot in the lines of one COMMITTED
 * hold whose id and owner are zero, so that the counters are the sums of the lines as before. */
extern const struct purge_row CATALOG_PURGES[];

#endif
