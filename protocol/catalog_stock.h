/* catalog_stock.h - what orders ask of the catalog, and what it says of that; a part of catalog.h.
 */
#ifndef PROTOCOL_CATALOG_STOCK_H
#define PROTOCOL_CATALOG_STOCK_H

#include "model/stock.h"
#include "tool/encoder/event_type.h"
#include "tool/encoder/operation.h"

/* subject: request struct -> reply struct */

/* catalog.stock.reserve: stock_reservation -> stock_reserved */
extern const struct operation CATALOG_STOCK_RESERVE;
/* catalog.stock.release, catalog.stock.commit, catalog.stock.return: stock_order -> stock_held */
extern const struct operation CATALOG_STOCK_RELEASE;
extern const struct operation CATALOG_STOCK_COMMIT;
extern const struct operation CATALOG_STOCK_RETURN;

/* event: struct */

/* catalog.stock_reserved, catalog.stock_committed, catalog.stock_released: stock_event */
extern const struct event_type CATALOG_STOCK_RESERVED;
extern const struct event_type CATALOG_STOCK_COMMITTED;
extern const struct event_type CATALOG_STOCK_RELEASED;

#endif
