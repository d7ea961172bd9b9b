/* loop.h - the one loop thread of a process: epoll (loop_fd.h), timers (loop_timer.h), work handed
 * in by other threads (loop_task.h). Only loop_post, loop_post_all and loop_stop may be called from
 * other threads. */
#ifndef TOOL_CORE_LOOP_H
#define TOOL_CORE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "tool/core/clock.h"

struct loop;

typedef void (*loop_fn)(void *arg);

/** Called at the end of every turn (after fds, tasks, timers), in the order of adding: where one
 * write sends what a turn queued. Returns the longest the next wait may last in ms, -1 = no limit;
 * 0 = do not wait, run another turn. */
typedef int (*loop_turn_fn)(void *arg);

struct loop *loop_create(const struct clock *clock);
/** The loop is not running; timers and fds still set are forgotten, posted tasks are not run. */
void loop_destroy(struct loop *loop);
/** Runs in the calling thread until loop_stop. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);
/** One turn, waiting max_ms at most (-1 = no limit); for tests. */
void loop_turn(struct loop *loop, int max_ms);
void loop_add_turn(struct loop *loop, loop_turn_fn fn, void *arg);
/** How long ago this turn was done waiting. */
int64_t loop_turn_ms(const struct loop *loop);
bool loop_is_current(const struct loop *loop);

#endif
