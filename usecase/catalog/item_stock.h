/* item_stock.h - keeping items, and how many there are: by differences, so that two clerks who
 * count at the same time do not overwrite each other. self of all: struct catalog. */
#ifndef USECASE_CATALOG_ITEM_STOCK_H
#define USECASE_CATALOG_ITEM_STOCK_H

#include "tool/job/job.h"
#include "usecase/catalog/catalog.h"

/** in: struct item_form, out: struct item_stock; says catalog.stock_changed. ST_OK | ST_FORBIDDEN |
 * ST_CONFLICT sku_taken | ST_UNAVAILABLE */
enum status item_create(void *self, struct transaction *tx, const struct call *call, const void *in,
                        void *out);
/** in: struct stock_movement_form, beyond its rules: it is not 0. ST_OK | ST_INVALID */
enum status item_check_movement(void *self, const struct call *call, const void *in, void *out);
/** in: struct stock_movement_form, out: struct item_stock. ST_OK | ST_FORBIDDEN | ST_NOT_FOUND |
 * ST_CONFLICT units_taken, too_many | ST_UNAVAILABLE */
enum status item_move(void *self, struct transaction *tx, const struct call *call, const void *in,
                      void *out);
/* So much later at least an item's stock is told again. */
#define ITEM_TELL_US INT64_C(1000000)

/** A job's function, for all instances: says catalog.stock_changed of items whose stock is another
 * than was told last: of all slots looks at those alone that have changed since. ST_OK | ST_PENDING
 * (another instance does it, too) | ST_UNAVAILABLE ... */
enum status item_tell(void *self, const struct job_run *run);

#endif
