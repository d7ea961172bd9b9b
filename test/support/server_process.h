/* server_process.h - a private server for a test: a child process, found by its port, stopped by
 * its pid, and never outliving the test. */
#ifndef TEST_SUPPORT_SERVER_PROCESS_H
#define TEST_SUPPORT_SERVER_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct server_process;

/** Starts argv[0] (found in PATH) with argv, NULL-terminated; standard output and error go to
 * log_path (appended), standard input is empty. NULL when it cannot be started. The thread that
 * calls this must live as long as the child. */
struct server_process *server_process_start(const char *const argv[], const char *log_path);
/** Until something accepts connections on 127.0.0.1:port, at most timeout_ms; false also when the
 * process has ended. */
bool server_process_wait_port(struct server_process *server, unsigned port, int timeout_ms);
/** The same for a Unix socket. */
bool server_process_wait_socket(struct server_process *server, const char *path, int timeout_ms);
pid_t server_process_pid(const struct server_process *server);
void server_process_signal(const struct server_process *server, int signal);
/** SIGSTOP, and waits until it does stand still. SIGCONT by server_process_signal. */
void server_process_freeze(const struct server_process *server);
/** Sends signal (SIGTERM to ask, SIGKILL to crash it), waits for its end (after 10 s without one:
 * SIGKILL), frees server. NULL is fine. */
void server_process_stop(struct server_process *server, int signal);

/** A TCP port of 127.0.0.1 that was free a moment ago. */
unsigned server_free_port(void);

#endif
