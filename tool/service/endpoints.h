/* endpoints.h - the rows of a service as NATS endpoints. Loop thread unless said otherwise. */
#ifndef TOOL_SERVICE_ENDPOINTS_H
#define TOOL_SERVICE_ENDPOINTS_H

#include "tool/service/pools.h"

struct endpoints;

/** Borrows all. self is the service's struct. */
struct endpoints *endpoints_create(const struct service *service, void *self,
                                   const struct service_run *run, const struct pools *pools);
/** Takes no more requests, and lets none wait any longer. */
void endpoints_stop(struct endpoints *endpoints);
/** Requests not yet answered. */
unsigned endpoints_open(const struct endpoints *endpoints);
/** None is open. */
void endpoints_destroy(struct endpoints *endpoints);
/** Any thread: a saga has ended that requests may wait for. */
void endpoints_saga_ended(struct endpoints *endpoints, const struct saga_view *end);

#endif
