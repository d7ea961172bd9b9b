/* stores.h - the stores of a service's rows: made, checked against the schema, freed. */
#ifndef TOOL_SERVICE_STORES_H
#define TOOL_SERVICE_STORES_H

#include "tool/service/service.h"

/** Makes them, in the service's struct. */
void stores_create(const struct service *service, void *self, struct dbc_pool *db);
void stores_destroy(const struct service *service, void *self);
/** Compares all tables with the schema; each slip is logged. ST_OK | ST_INVALID (there are slips
 * that are more than wider columns) | ST_UNAVAILABLE ... (not to be known now) */
enum status stores_check(const struct service *service, struct dbc_pool *db,
                         const struct call *call);

#endif
