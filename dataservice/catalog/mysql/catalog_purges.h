/* catalog_purges.h - rows of hanok_catalog that go for good once they are old. */
#ifndef DATASERVICE_CATALOG_MYSQL_CATALOG_PURGES_H
#define DATASERVICE_CATALOG_MYSQL_CATALOG_PURGES_H

#include "tool/dbc/purge.h"

/** Holds that were let go, with their lines and what was promised for them: kept until then, as
 * tombstones, so that a hold that comes late is refused. Those that were committed stay: what is
 * sold of an item is the sum of their lines. */
extern const struct purge_row CATALOG_PURGES[];

#endif
