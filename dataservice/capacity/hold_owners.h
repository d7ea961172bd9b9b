/* hold_owners.h - who owns holds, as the owner of the slots sees him: the order service, the
 * booking service. By remote/ (NATS) and by tests. */
#ifndef DATASERVICE_CAPACITY_HOLD_OWNERS_H
#define DATASERVICE_CAPACITY_HOLD_OWNERS_H

#include "model/hold.h"
#include "tool/core/call.h"

struct hold_owners {
    const struct hold_owners_ops *ops;
};

struct hold_owners_ops {
    /** Asks whether a hold whose time is over is still wanted. Blocks until call->deadline_ms at
     * most; any thread. ST_OK: *wish says so | anything else: there is no answer */
    enum status (*ask)(struct hold_owners *self, const struct call *call, const struct hold *hold,
                       enum hold_wish *wish);
    /** Frees self; NULL is fine. No other op may be running. */
    void (*destroy)(struct hold_owners *self);
};

#endif
