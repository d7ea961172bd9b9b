/* sweeper.h - a job that takes up rows whose time is over, asks whoever owns them whether they are
 * still wanted, and frees those that are not: holds of stock, orders nobody paid, questions nobody
 * answered. The clock alone frees nothing: without an answer a row stays, is asked for again, and
 * is counted.
 *
 *   {"sweep_holds", offsetof(struct catalog, holds), sweeper_run, 2000, 5000, JOB_EVERYWHERE},
 *
 * Any instance may sweep at any time: a claim is a lease, a sweeper that dies between claim and act
 * has done nothing, and its rows come again when the lease is over. */
#ifndef TOOL_SWEEP_SWEEPER_H
#define TOOL_SWEEP_SWEEPER_H

#include "tool/job/job.h"
#include "tool/sweep/sweep_rows.h"

enum { SWEEP_BATCH_MAX = 64 };

enum sweep_answer {
    SWEEP_NO_ANSWER, /* stays; asked again when the lease is over */
    SWEEP_WANTED,    /* likewise, but that is no fault */
    SWEEP_UNWANTED,  /* acted upon */
};

struct sweeper_config {
    const char *name; /* label of the metrics: "hold" */
    struct sweep_rows *rows;
    struct transactor *transactor; /* of the schema the rows are in */
    /** Asks the owner; call's time is ask_ms at most. NULL = the row's own clock decides:
     * SWEEP_UNWANTED. */
    enum sweep_answer (*ask)(void *arg, const struct call *call, struct uuid id);
    /** In a transaction that has the row locked and found it open and still claimed: closes it,
     * with all that belongs to it. ST_OK commits; anything else rolls back, and the row comes
     * again. May be run again after a deadlock. */
    enum status (*act)(void *arg, struct transaction *tx, const struct call *call, struct uuid id);
    void *arg;
    size_t batch;     /* rows a run, 1..SWEEP_BATCH_MAX */
    int64_t lease_ms; /* longer than the job's timeout_ms; so often one row is asked for */
    int64_t ask_ms;
    int64_t grace_ms; /* rows that are due for longer and still there are counted as overdue */
    struct metrics *metrics;
};

/* Embedded in the service's struct; everything in it is private. */
struct sweeper {
    struct sweeper_config config;
    struct metric *overdue, *answers[SWEEP_UNWANTED + 1], *failed;
};

/** Copies config; what it points to is borrowed. */
void sweeper_init(struct sweeper *sweeper, const struct sweeper_config *config);
/** One run, for a row of jobs; self is a struct sweeper. ST_OK | ST_PENDING (a whole batch: there
 * is more) | the first status that was neither ST_OK nor ST_STALE */
enum status sweeper_run(void *self, const struct job_run *run);

#endif
