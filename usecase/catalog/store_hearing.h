/* store_hearing.h - what catalog knows of stores, from what they say. */
#ifndef USECASE_CATALOG_STORE_HEARING_H
#define USECASE_CATALOG_STORE_HEARING_H

#include "tool/event/hearing.h"
#include "usecase/catalog/catalog.h"

/** data: struct store_event, any of them, in any order and more than once: the latest is kept. A
 * hear_fn; self: struct catalog. ST_OK | ST_UNAVAILABLE ... */
enum status store_hear(void *self, struct transaction *tx, const struct call *call,
                       const struct event *event, const void *data);

#endif
