/* loop_task.h - work that other threads hand to a loop. */
#ifndef TOOL_CORE_LOOP_TASK_H
#define TOOL_CORE_LOOP_TASK_H

#include "tool/core/loop.h"

/** Work handed to the loop thread; lives in its owner's struct until run. */
struct loop_task {
    struct loop_task *next; /* private */
    loop_fn fn;
    void *arg;
};

/** Tasks that are posted together, with one wake-up; starts as {0}. */
struct loop_tasks {
    struct loop_task *newest, *oldest; /* private */
};

/** Any thread: runs task->fn(task->arg) in the loop thread, in order of posting. Wakes the loop
 * only when its queue was empty. */
void loop_post(struct loop *loop, struct loop_task *task);
void loop_tasks_add(struct loop_tasks *tasks, struct loop_task *task);
/** Any thread: as loop_post, in order of adding; tasks is empty afterwards. */
void loop_post_all(struct loop *loop, struct loop_tasks *tasks);

#endif
