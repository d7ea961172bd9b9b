/* saga_hand.h - what an engine has in hand: queued, running, or parked until its participant may
 * have decided. Private to tool/saga. */
#ifndef TOOL_SAGA_SAGA_HAND_H
#define TOOL_SAGA_SAGA_HAND_H

#include "tool/saga/saga_job.h"

/** Gives the job to the pool (or the next poll). False when there is no room: still the caller's.
 */
bool saga_hand_over(struct saga_job *job);
/** Keeps a job that was handed over, until resume_ms or until it is woken. SAGA_PARKED | SAGA_GO_ON
 * (it was woken meanwhile) | SAGA_LET_GO (there is no room, or nothing is parked any more) */
enum saga_next saga_hand_park(struct saga_job *job, int64_t resume_ms);
/** From now on a nudge is for the attempt that now begins. */
void saga_hand_asks(struct saga_job *job);
/** Runs again what is parked and due, or all of it. Returns how many. */
size_t saga_hand_resume(struct saga_engine *engine, bool all);
/** Wakes the saga when it is in hand. */
bool saga_hand_wake(struct saga_engine *engine, struct uuid id);
/** Lets go of what is parked under this id: its row was just claimed anew. */
void saga_hand_drop(struct saga_engine *engine, struct uuid id);
/** Runs what waits for a poll, without a pool. Returns how many. */
size_t saga_hand_run_waiting(struct saga_engine *engine);
/** Until nothing is in hand. */
void saga_hand_empty(struct saga_engine *engine);

#endif
