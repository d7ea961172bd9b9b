/* trace_ids.h - X-Request-Id and traceparent: the client's own where they are sound, new ones
 * otherwise. */
#ifndef CMD_GATEWAY_TRACE_IDS_H
#define CMD_GATEWAY_TRACE_IDS_H

#include "tool/core/call.h"
#include "tool/core/uuid.h"

/* Where new ids come from: unique, not secret. */
struct trace_ids {
    uint64_t state;
};

void trace_ids_init(struct trace_ids *self, const struct entropy *entropy);
/** Fills in call->request_id, call->traceparent and call->tracestate; the headers may be NULL. A
 * trace of the client's goes on under a new parent id, and with what others have added to it. */
void trace_ids_give(struct trace_ids *self, const char *request_id, const char *traceparent,
                    const char *tracestate, struct call *call);

#endif
