/* pricing.h - what a reservation is about: each product at its price now, and which items it takes.
 * The catalogue decides; what was sent is what the customer has seen. A price that has fallen since
 * is charged as it is now, one that has risen is refused. */
#ifndef USECASE_CATALOG_PRICING_H
#define USECASE_CATALOG_PRICING_H

#include "model/stock.h"
#include "usecase/catalog/catalog.h"

struct priced {
    struct stock_reserved reserved;                 /* as it is charged */
    struct capacity_want wants[CAPACITY_WANTS_MAX]; /* of slots */
    size_t n_wants;
};

/** tx NULL: on its own. out is written with ST_OK only. ST_OK | ST_CONFLICT store_closed,
 * product_gone (errors names the lines), price_changed (errors names the lines and the prices now)
 * | ST_UNPROCESSABLE currency_mismatch | ST_UNAVAILABLE */
enum status catalog_price(const struct catalog *catalog, struct transaction *tx,
                          const struct call *call, const struct stock_reservation *asked,
                          struct priced *out);

#endif
