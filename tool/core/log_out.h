/* log_out.h - where log lines go, without ever waiting for whoever reads them.
 *
 * A line is written at once, by whoever logs it, as long as the descriptor takes it without
 * waiting. What it does not take is kept in a ring of LOG_KEPT_BYTES, in order, and a thread that
 * exists only once it was needed writes it when there is room again. When the ring is full, or the
 * descriptor fails (a full disk, a reader that is gone), lines are dropped and counted, and before
 * the first line that gets through again stands how many there were and since when.
 *
 * Why not always by a thread: measured at one line a millisecond, a hand-over costs 25 us of CPU
 * and two context switches a line, of a line written at once 2.5 us in all, the same as a write(2)
 * that would wait. The thread takes all lines only where a write cannot be told not to wait: to a
 * terminal, and to a pipe of a kernel before 6.4.
 *
 * Private to tool/core; log.h is what others see. */
#ifndef TOOL_CORE_LOG_OUT_H
#define TOOL_CORE_LOG_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOG_KEPT_BYTES = 1024 * 1024 };

/** From now on lines go there, -1 = nowhere; what is kept for the old one is forgotten. */
void log_out_set_fd(int fd);
/** -1 = nowhere. */
int log_out_fd(void);
/** Whole lines, LOG_LINE_MAX bytes at most. Any thread; waits for nobody. */
void log_out(const char *lines, size_t len);
/** Waits until nothing is kept any more, max_ms at most; false when something still is. */
bool log_out_drain(int max_ms);
/** In a signal handler, at the end of the process: writes what is kept, waiting max_ms at most;
 * false when some could not be written. */
bool log_out_crash(int max_ms);
/** Lines dropped since the start. */
uint64_t log_out_dropped(void);

#endif
