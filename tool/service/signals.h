/* signals.h - signals that are no reason to end. Private to tool/service and the programs that do
 * their work and exit. */
#ifndef TOOL_SERVICE_SIGNALS_H
#define TOOL_SERVICE_SIGNALS_H

/** First thing in main: SIGPIPE, SIGUSR1, SIGUSR2 and SIGALRM, which end a process that says
 * nothing of them, do not. */
void signals_ignore(void);
/** Before any thread is started, which all inherit what is blocked here. A signalfd of SIGTERM,
 * SIGINT, SIGHUP, SIGUSR1 and SIGUSR2. */
int signals_take(void);

#endif
