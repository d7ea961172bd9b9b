/* loop.h - the one loop thread of a process: epoll, timers, work handed in by other threads.
 * Only loop_post and loop_stop may be called from other threads. */
#ifndef TOOL_CORE_LOOP_H
#define TOOL_CORE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "tool/core/clock.h"

struct loop;

/** events: EPOLLIN, EPOLLOUT ... as epoll reports them. */
typedef void (*loop_fd_fn)(void *arg, uint32_t events);
typedef void (*loop_fn)(void *arg);

/** A timer lives in its owner's struct, zeroed at first; 10 ms wheel, never early. */
struct loop_timer {
    struct loop_timer *next, **prev; /* private */
    int64_t due_ms;                  /* private */
    loop_fn fn;
    void *arg;
};

/** Work handed to the loop thread; lives in its owner's struct until run. */
struct loop_task {
    struct loop_task *next; /* private */
    loop_fn fn;
    void *arg;
};

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

/** fd stays the caller's. 0, or -1 with errno as epoll_ctl. At most one registration an fd. */
int loop_add_fd(struct loop *loop, int fd, uint32_t events, loop_fd_fn fn, void *arg);
int loop_mod_fd(struct loop *loop, int fd, uint32_t events);
/** No call of fn for this fd after it returns, even when already reported in this turn. */
void loop_del_fd(struct loop *loop, int fd);

/** (Re)arms: fn(arg) once, in delay_ms or a little later. */
void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t delay_ms);
void loop_timer_cancel(struct loop *loop, struct loop_timer *timer);
void loop_add_turn(struct loop *loop, loop_turn_fn fn, void *arg);

/** Any thread: runs task->fn(task->arg) in the loop thread, in order of posting. Wakes the loop
 * only when its queue was empty. */
void loop_post(struct loop *loop, struct loop_task *task);
/** Tasks that are posted together, with one wake-up; starts as {0}. */
struct loop_tasks {
    struct loop_task *newest, *oldest; /* private */
};

void loop_tasks_add(struct loop_tasks *tasks, struct loop_task *task);
/** Any thread: as loop_post, in order of adding; tasks is empty afterwards. */
void loop_post_all(struct loop *loop, struct loop_tasks *tasks);
bool loop_is_current(const struct loop *loop);

#endif
