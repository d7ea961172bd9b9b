/* saga_run.h - the way forward and the way back. Private to tool/saga.
 *
 * How a saga goes, and what each way costs. [w]: one commit that writes the row; (-): in memory
 * only, the row follows with the next [w], as asking a participant again is harmless.
 *
 *   saga_start: body + row [w]                      claim: lease of a due row [w]
 *          |                                              |
 *          v                                              v
 *     +-> STARTED / PROCESSING, step i ------------> COMPENSATING, step i <--------------+
 *     |    |                        no, deadline (-)   |                                 |
 *     |    |                                           |                                 |
 *     |    | local:  row + act [w]                     | local:  row + undo of it and of |
 *     |    | remote: hold [w], ask,                    |         the local ones before   |
 *     |    |         done: (-), or row + note [w]      |         it [w]                  |
 *     |    |                                           | remote: hold [w], ask, done (-) |
 *     +----+ i + 1                                     +---------------------------- i - 1
 *          | after the last                            | after the first
 *          v                                           v
 *       SUCCEEDED [w, if it was (-)]                COMPENSATED [w, if it was (-)]
 *
 *   hold: writes only when the row does not say this step yet, or its lease is too short.
 *   pending: (-) stays in hand, asked again later or when woken; [w] only to keep the lease.
 *   anything else: attempts + 1 and the time to try again [w]; whoever claims it then goes on. */
#ifndef TOOL_SAGA_SAGA_RUN_H
#define TOOL_SAGA_SAGA_RUN_H

#include "tool/saga/saga_job.h"

/* saga_run.c */

/** Runs the saga until it has ended, waits or is lost; recovery and first run alike. SAGA_LET_GO |
 * SAGA_PARKED */
enum saga_next saga_run(struct saga_job *job);
/** Does only the answer to the present step tell which way to go? */
bool saga_run_in_doubt(const struct saga_job *job);
/** The last step that may have happened; -1: none has. */
int saga_run_last_possible(const struct saga_job *job);

/* saga_undo.c */

/** Turns the saga around: step last and all before it may have happened (-1: none has). */
enum saga_next saga_undo_begin(struct saga_job *job, int last, const char *reason);
/** Where the saga stands once all steps above `last` are undone. */
struct saga_target saga_undo_target(const struct saga_job *job, int last);
/** Undoes the present step, and with a local one all local ones before it. */
enum saga_next saga_undo_step(struct saga_job *job);

#endif
