/* outsiders.h - who is asked over HTTP, of a service's rows: made and freed. */
#ifndef TOOL_SERVICE_OUTSIDERS_H
#define TOOL_SERVICE_OUTSIDERS_H

#include "tool/service/service.h"

/** Makes them, in the service's struct, whose settings are filled in. run, borrowed, has breakers
 * and metrics by then. */
void outsiders_create(const struct service *service, void *self, const struct service_run *run);
/** Nobody asks any more. */
void outsiders_destroy(const struct service *service, void *self);
/** What is wrong with the rows, in text; NULL = nothing. */
const char *outsiders_fault(const struct service *service, char *text, size_t size);

#endif
