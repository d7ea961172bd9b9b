/* end_limit.h - the end of a process that comes whatever its threads do: a look-up of a name that
 * nobody answers blocks its thread for a minute, and nothing ends it. */
#ifndef TOOL_SERVICE_END_LIMIT_H
#define TOOL_SERVICE_END_LIMIT_H

#include <stdint.h>

struct end_limit;

/** Ends the process with code in ms, unless end_limit_stop comes first. */
struct end_limit *end_limit_start(int64_t ms, int code);
/** In the thread that started it. NULL is fine. */
void end_limit_stop(struct end_limit *limit);
/** Writes what has been logged and ends the process with code. Any thread. What threads that are
 * stuck use cannot be taken apart; nothing is lost: whatever was accepted for good is in the
 * database. */
_Noreturn void end_at_once(int code);

#endif
