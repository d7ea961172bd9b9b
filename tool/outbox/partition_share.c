/* partition_share.c - see partition_lease.h. */
#include "tool/outbox/partition_lease.h"

#include <string.h>

/* Shares differ by one at most: the first ones by id have one more. */
static unsigned share_of(const struct partition_claim rows[], size_t n, struct uuid holder,
                         unsigned *holders)
{
    unsigned others = 0, before = 0;

    for (size_t i = 0; i < n; i++) {
        if (rows[i].partition >= 0 || !rows[i].alive || uuid_equal(rows[i].holder, holder))
            continue;
        others++;
        before += memcmp(rows[i].holder.b, holder.b, sizeof(holder.b)) < 0;
    }
    *holders = others + 1;
    return EVENT_PARTITIONS / *holders + (before < EVENT_PARTITIONS % *holders);
}

/* Of bits at most max, the lowest. */
static uint32_t some(uint32_t bits, unsigned max)
{
    uint32_t out = 0;

    for (; bits && max > 0; max--) {
        uint32_t lowest = bits & -bits;
        out |= lowest;
        bits -= lowest;
    }
    return out;
}

struct partition_plan partition_share(const struct partition_claim rows[], size_t n,
                                      struct uuid holder)
{
    struct partition_plan plan = {0};
    unsigned share = share_of(rows, n, holder, &plan.holders);
    uint32_t own = 0, free = OUTBOX_ALL;

    for (size_t i = 0; i < n; i++) {
        uint32_t bit = rows[i].partition < 0 ? 0 : UINT32_C(1) << rows[i].partition;
        if (uuid_equal(rows[i].holder, holder))
            own |= bit;
        if (rows[i].alive || uuid_equal(rows[i].holder, holder))
            free &= ~bit;
    }
    plan.keep = some(own, share);
    plan.give_back = own & ~plan.keep;
    plan.take = some(free, share - (unsigned)__builtin_popcount(plan.keep));
    return plan;
}
