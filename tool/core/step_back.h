/* step_back.h - a process that computes a lot leaves processors to who needs them for a moment. */
#ifndef TOOL_CORE_STEP_BACK_H
#define TOOL_CORE_STEP_BACK_H

/** A thread's niceness counts among the threads of its session only; between sessions the session's
 * own counts (sched(7), autogroup). Where the session is this process alone, as under a supervisor,
 * it steps back as a whole; else, and on a kernel without, nothing happens. Control groups have
 * weights instead: theirs are the operator's. Not after keep_private(): then only root may. */
void step_back_as_a_session(void);

#endif
