/* product_making.h - making and changing products, for whose store it is. self of all: struct
 * catalog. */
#ifndef USECASE_CATALOG_PRODUCT_MAKING_H
#define USECASE_CATALOG_PRODUCT_MAKING_H

#include "usecase/catalog/catalog.h"

/** in: struct product_form, beyond its rules: no item twice. ST_OK | ST_INVALID */
enum status product_check(void *self, const struct call *call, const void *in, void *out);
/** in: struct product_form, out: struct product_view; says catalog.product_changed. ST_OK |
 * ST_FORBIDDEN | ST_UNPROCESSABLE no_such_item | ST_UNAVAILABLE */
enum status product_create(void *self, struct transaction *tx, const struct call *call,
                           const void *in, void *out);
/** in: struct product_patch, out: struct product_view as it is then; says catalog.product_changed
 * if it is another. ST_OK | ST_FORBIDDEN | ST_NOT_FOUND | ST_STALE (call->if_version names another
 * version) | ST_UNAVAILABLE */
enum status product_update(void *self, struct transaction *tx, const struct call *call,
                           const void *in, void *out);

#endif
