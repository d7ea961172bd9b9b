/* saga_store.h - where saga rows are kept. Implemented by tool/saga/mysql and tool/saga/memory. */
#ifndef TOOL_SAGA_SAGA_STORE_H
#define TOOL_SAGA_SAGA_STORE_H

#include "tool/saga/saga.h"

enum { SAGA_CENSUS_ENDED_MAX = 10000, SAGA_WHY_MAX = 95 };

/* No lease and no pause is longer than the first. So a row that is due further ahead than the
 * second was written by a clock that has been set back since, or by that of another server: it is
 * due. Between the two is the time that a slow claim may take. */
enum { SAGA_PAUSE_MAX_MS = 25000, SAGA_AHEAD_MAX_MS = 30000 };

/* A row that another release wrote may hold what this one does not know or has no room for. It is
 * unreadable then: id, version and times are right, texts that do not fit are "", a state that is
 * not known is given as SAGA_PROCESSING, data is "". */
struct saga_record {
    struct saga_view view;
    char type[SAGA_NAME_MAX + 1];
    uint32_t version; /* the fence: every write raises it; a writer with an old one gets ST_STALE */
    uint32_t attempts;    /* failed attempts of the present step */
    int64_t remaining_ms; /* until the saga's deadline, by the store's clock; may be negative.
                             Set by insert (in), find, list and claim (out) */
    int64_t due_ms;       /* likewise until it is taken up; negative = it waits for that. Out */
    char data[SAGA_DATA_MAX + 1]; /* JSON; "" = none left */
    char why[SAGA_WHY_MAX + 1];   /* find, list and claim: why it is unreadable; "" = it is not */
};

/* Which sagas, for people. */
struct saga_filter {
    bool ended;                   /* those that have ended, not those that are open */
    const char *state;            /* a text of SAGA_STATE_NAMES; NULL = any */
    char type[SAGA_NAME_MAX + 1]; /* "" = any */
    int64_t older_ms;             /* started at least so long ago */
};

/* Every open saga is counted, of the ended ones at least the SAGA_CENSUS_ENDED_MAX latest: a census
 * costs the same whatever is kept. */
struct saga_census {
    int64_t count[SAGA_STATES];
    int64_t unknown;        /* in a state this release does not know */
    int64_t oldest_open_ms; /* age of the oldest saga that has not ended; 0 = none open */
};

struct saga_store {
    const struct saga_store_ops *ops;
};

/* Every op blocks until call->deadline_ms at most and may be called from any thread. Times are the
 * store's own clock (the database's), so instances need not agree on theirs. */
struct saga_store_ops {
    /** New row in tx: id, about (column subject, BINARY(16)), type, state, step, data and
     * remaining_ms of record; due again in lease_ms, which the caller holds as its lease (0 = due
     * at once). Sets version 1. ST_OK | ST_CONFLICT (id known) | ST_UNAVAILABLE */
    enum status (*insert)(struct saga_store *self, struct transaction *tx, const struct call *call,
                          struct saga_record *record, int64_t lease_ms);
    /** Writes state, step, attempts, reason and data where id and version match; on ST_OK raises
     * record->version. Due again in wake_ms; an ended state is never due and its data is dropped.
     * tx NULL: a transaction of its own. ST_OK | ST_STALE | ST_UNAVAILABLE | ST_UNCERTAIN */
    enum status (*update)(struct saga_store *self, struct transaction *tx, const struct call *call,
                          struct saga_record *record, int64_t wake_ms);
    /** Due again in wake_ms, where id and version match; nothing else of the row changes but its
     * version. ST_OK | ST_STALE | ST_UNAVAILABLE | ST_UNCERTAIN */
    enum status (*set_aside)(struct saga_store *self, const struct call *call,
                             const struct saga_record *record, int64_t wake_ms);
    /** Due at once, or quiet_ms after it was last written, whichever is later; nothing else
     * changes. Ended ones and those due earlier stay as they are. ST_OK (also when there is none) |
     * ST_UNAVAILABLE */
    enum status (*wake)(struct saga_store *self, const struct call *call, struct uuid id,
                        int64_t quiet_ms);
    /** ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
    enum status (*find)(struct saga_store *self, const struct call *call, struct uuid id,
                        struct saga_record *out);
    /** Up to max rows, without their data: open ones with what is due first in front, ended ones
     * with the latest. ST_OK | ST_UNAVAILABLE */
    enum status (*list)(struct saga_store *self, const struct call *call,
                        const struct saga_filter *filter, size_t max, struct saga_record *out,
                        size_t *n);
    /** Takes up to max unended rows that are due, or further ahead than SAGA_AHEAD_MAX_MS, for
     * lease_ms (SKIP LOCKED: no two claimers get the same),
     * raising their version. *n may be 0. Unreadable ones are among them: they are the caller's to
     * set aside. ST_OK | ST_UNAVAILABLE | ST_UNCERTAIN */
    enum status (*claim)(struct saga_store *self, const struct call *call, int64_t lease_ms,
                         size_t max, struct saga_record *out, size_t *n);
    enum status (*census)(struct saga_store *self, const struct call *call,
                          struct saga_census *out);
    /** Deletes up to max rows that ended more than age_s ago. ST_OK | ST_UNAVAILABLE */
    enum status (*purge)(struct saga_store *self, const struct call *call, int64_t age_s,
                         size_t max, size_t *n);
    void (*destroy)(struct saga_store *self);
};

#endif
