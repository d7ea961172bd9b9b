/* connect_limit.h - an end to a blocking call of libnats, which before 3.11 waits without end for a
 * server that falls silent in the handshake of TLS. */
#ifndef TOOL_MESSAGE_CONNECT_LIMIT_H
#define TOOL_MESSAGE_CONNECT_LIMIT_H

#include <stdbool.h>
#include <time.h>

struct connect_limit {
    timer_t timer;
};

/** After ms, and every ms again, whatever blocks in the calling thread is interrupted (EINTR), by
 * SIGALRM. */
void connect_limit_start(struct connect_limit *limit, int ms);
/** By the same thread. True when something may have been interrupted. */
bool connect_limit_stop(struct connect_limit *limit);

#endif
