/* endpoints.h - the rows of a service as NATS endpoints. Loop thread unless said otherwise. */
#ifndef TOOL_SERVICE_ENDPOINTS_H
#define TOOL_SERVICE_ENDPOINTS_H

#include "tool/service/pools.h"

struct endpoints;

/* Rows whose .self are offsets in self. */
struct endpoint_group {
    const struct endpoint *rows;
    size_t n;
    void *self;
};

/** Borrows all but groups. */
struct endpoints *endpoints_create(const struct service *service,
                                   const struct endpoint_group *groups, size_t n_groups,
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
