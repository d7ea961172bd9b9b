/* http_listener.h - a listening socket, and how to close one without losing who is connecting. */
#ifndef TOOL_HTTP_HTTP_LISTENER_H
#define TOOL_HTTP_HTTP_LISTENER_H

#include <stdbool.h>

enum { HTTP_LISTEN_BACKLOG = 4096 };

/** Has the address, but nobody can connect before http_listener_begin. Non-blocking; -1 when it
 * cannot have it: *why names address and reason, until the next call.
 * shared: other processes of this user may listen there too, if each says so; who connects comes to
 * any of them. */
int http_listener_open(const char *listen_on, bool shared, const char **why);
/** Who connects is let in from now on; one that was passed may listen already. False: *why, as
 * above. */
bool http_listener_begin(int fd, const char *listen_on, const char **why);
/** The socket that a service manager has passed to this process (sd_listen_fds(3)), non-blocking;
 * 0 = none. -1 when it cannot be served: *why. What is said of it is taken out of the environment,
 * so the next call finds none. */
int http_listener_passed(const char **why);
/** "ADDRESS WHAT", until the next call in this thread. */
const char *http_listener_explain(const char *listen_on, const char *what);
/** The port fd listens on. */
int http_listener_port(int fd);
/** Nobody begins to connect any more; who has begun (SYN sent) gets through as before. A client
 * that comes now hears nothing until it tries again, 1 s later (RFC 6298): by then fd is closed,
 * and it is refused, or another process listens there. Best effort. */
void http_listener_refuse_new(int fd);

#endif
