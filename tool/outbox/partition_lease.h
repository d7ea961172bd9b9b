/* partition_lease.h - which process relays which partitions: rows with an end, renewed by who lives
 * and shared evenly among them. Implemented by mysql/ and memory/. */
#ifndef TOOL_OUTBOX_PARTITION_LEASE_H
#define TOOL_OUTBOX_PARTITION_LEASE_H

#include "tool/outbox/outbox.h"

struct partition_lease {
    const struct partition_lease_ops *ops;
};

/* Every op blocks until call->deadline_ms at most. Times are the store's own clock; when
 * it is set back no lease becomes longer than one that begins now. */
struct partition_lease_ops {
    /** Holder lives, and holds on to what is his for lease_ms from now; of what is free he takes up
     * to his share, of what he has he gives back what is more. *held: bits; *holders: how many
     * live, he among them. ST_OK | ST_UNAVAILABLE | ST_UNCERTAIN (he may hold more or less than he
     * knew) */
    enum status (*hold)(struct partition_lease *self, const struct call *call, struct uuid holder,
                        int64_t lease_ms, uint32_t *held, unsigned *holders);
    /** He gives everything back. ST_OK | ST_UNAVAILABLE | ST_UNCERTAIN */
    enum status (*leave)(struct partition_lease *self, const struct call *call, struct uuid holder);
    void (*destroy)(struct partition_lease *self);
};

/* ---- for implementations */

/* A row: of a partition, or of a holder. */
struct partition_claim {
    int partition; /* -1: a holder's */
    struct uuid holder;
    bool alive; /* its end has not come */
};

struct partition_plan {
    uint32_t keep, take, give_back; /* bits */
    unsigned holders;
};

/** What holder is to do about the rows there are; his own row need not be among them. */
struct partition_plan partition_share(const struct partition_claim rows[], size_t n,
                                      struct uuid holder);

#endif
