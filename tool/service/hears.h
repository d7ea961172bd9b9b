/* hears.h - the events that a service hears: a durable consumer a partition, handled in a pool of
 * workers, and its dead letters looked after. Loop thread unless said otherwise. */
#ifndef TOOL_SERVICE_HEARS_H
#define TOOL_SERVICE_HEARS_H

#include "tool/core/loop.h"
#include "tool/core/uuid.h"
#include "tool/core/work_pool.h"
#include "tool/event/hearer.h"
#include "tool/job/lease.h"
#include "tool/message/link.h"
#include "tool/metrics/metrics.h"
#include "tool/proxy/proxy.h"
#include "tool/stream/puller.h"

struct hears_config {
    struct hearer *hearer;
    const char *stream;
    struct link *link;
    struct loop *loop;
    struct work_pool *pool; /* best with a thread a partition: those are handled side by side */
    const struct entropy *entropy;
    struct metrics *metrics;
    struct lease *lease;
    struct proxy *proxy; /* asks for what views are built from; NULL = no row has a .from */
};

struct hears;

/** "audit-07": the durable of a service and a partition. buf is returned. */
char *hears_durable(const char *service, unsigned partition, char buf[PULLER_NAME_MAX + 1]);
/** Starts. Everything borrowed. */
struct hears *hears_create(const struct hears_config *config);
/** Takes no more events. */
void hears_stop(struct hears *hears);
/** Events, and jobs of dead letters, in hand. */
unsigned hears_open(const struct hears *hears);
/** The loop no longer runs and the pool is idle. NULL is fine. */
void hears_destroy(struct hears *hears);

#endif
