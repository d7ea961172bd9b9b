/* stock.h - what orders ask of the stock, each in the skeleton's transaction: to hold what they are
 * about, at which prices; to sell it, to let it go. Right twice, alone and in any order, by the
 * hold's id, which is the saga's (usecase/capacity). self of all: struct catalog. */
#ifndef USECASE_CATALOG_STOCK_H
#define USECASE_CATALOG_STOCK_H

#include "usecase/catalog/catalog.h"

/** in: struct stock_reservation, out: struct stock_reserved, the same whenever it comes again; says
 * catalog.stock_reserved. ST_OK | ST_CONFLICT sold_out, cancelled | as catalog_price |
 * ST_UNAVAILABLE */
enum status stock_reserve(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out);

/* in: struct stock_order, out: struct stock_held: what is so then. Each says what it has changed,
 * catalog.stock_committed or catalog.stock_released. */

/** For the saga that held it: what is not sold. ST_OK | ST_UNAVAILABLE */
enum status stock_release(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out);
/** For any saga of the order. ST_OK | ST_NOT_FOUND (nothing was ever held) | ST_UNAVAILABLE */
enum status stock_commit(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out);
/** For any saga of the order: held or sold. ST_OK | ST_UNAVAILABLE */
enum status stock_return(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out);

/** An order was cancelled: what is held or sold for it is free again, if there is anything. ST_OK |
 * ST_UNAVAILABLE */
enum status stock_take_back(const struct catalog *catalog, struct transaction *tx,
                            const struct call *call, struct uuid order_id);
/** Says what a hold is now, after it has changed. ST_OK | ST_UNAVAILABLE */
enum status stock_say(void *self, struct transaction *tx, const struct call *call,
                      const struct hold *hold);

#endif
