/* assert.h - bugs stop the process, in release builds too. Never for input, network or database. */
#ifndef TOOL_CORE_ASSERT_H
#define TOOL_CORE_ASSERT_H

/** One JSON line on standard error, whatever the log is doing, then SIGABRT. Any thread, also in a
 * signal handler. */
_Noreturn void assert_fail(const char *expr, const char *file, int line);

#define ASSERT(expr) ((expr) ? (void)0 : assert_fail(#expr, __FILE__, __LINE__))

#endif
