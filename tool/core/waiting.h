/* waiting.h - waiting for a condition with an end: by the monotonic clock, which nobody sets.
 *
 *   struct timespec until = waiting_until(call_left_ms(call));
 *
 *   while (!job->done && waiting_on(&job->ended, &lock, &until)) {
 *   }
 */
#ifndef TOOL_CORE_WAITING_H
#define TOOL_CORE_WAITING_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/** A condition for waiting_on; pthread_cond_destroy ends it. */
void waiting_init(pthread_cond_t *cond);
/** The instant timeout_ms from now; below 0 counts as 0, above a day as a day. */
struct timespec waiting_until(int64_t timeout_ms);
/** Gives lock up and waits for a signal (or wakes for nothing); false once until is over. */
bool waiting_on(pthread_cond_t *cond, pthread_mutex_t *lock, const struct timespec *until);

#endif
