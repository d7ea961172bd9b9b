/* lease.h - the right to do something that only one process may do at a time (table job_lease): a
 * row a name, taken for a while and by the next when its holder died. Implemented by mysql/ and
 * memory/. */
#ifndef TOOL_JOB_LEASE_H
#define TOOL_JOB_LEASE_H

#include "tool/core/transaction.h"
#include "tool/core/uuid.h"

enum { LEASE_NAME_MAX = 63 };

struct lease {
    const struct lease_ops *ops;
};

/* Every op blocks until call->deadline_ms at most and may be called from any thread. Times are the
 * store's own clock (the database's), so that instances need not agree on theirs; when it is set
 * back no wait becomes longer than it was at first. name: 1 to LEASE_NAME_MAX bytes of ASCII. */
struct lease_ops {
    /** Takes name for holder, lease_ms long. ST_OK: *fence is higher than any before. ST_CONFLICT:
     * another has it, or it is not due yet; *wait_ms says for how long. | ST_UNAVAILABLE |
     * ST_UNCERTAIN (then it is taken by nobody until lease_ms have passed) */
    enum status (*take)(struct lease *self, const struct call *call, const char *name,
                        struct uuid holder, int64_t lease_ms, int64_t *fence, int64_t *wait_ms);
    /** In tx: makes sure that nobody has taken it since fence, until tx ends. A write that must not
     * come late asks first. ST_OK | ST_STALE | ST_UNAVAILABLE */
    enum status (*check)(struct lease *self, struct transaction *tx, const struct call *call,
                         const char *name, int64_t fence);
    /** Gives it back; it may be taken again in next_ms. ST_OK | ST_STALE (another has taken it
     * since) | ST_UNAVAILABLE | ST_UNCERTAIN */
    enum status (*give)(struct lease *self, const struct call *call, const char *name,
                        int64_t fence, int64_t next_ms);
    void (*destroy)(struct lease *self);
};

#endif
