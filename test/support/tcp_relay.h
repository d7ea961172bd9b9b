/* tcp_relay.h - stands between a client and a server of 127.0.0.1, one connection at a time, and
 * keeps back what the server says when it is told to. */
#ifndef TEST_SUPPORT_TCP_RELAY_H
#define TEST_SUPPORT_TCP_RELAY_H

#include <stdbool.h>
#include <stdint.h>

enum { TCP_RELAY_ALL = -1 };

struct tcp_relay;

/** Passes allowed bytes on from the server (TCP_RELAY_ALL = no limit), then keeps back what
 * follows. The client is never kept waiting. */
struct tcp_relay *tcp_relay_start(unsigned server_port, int64_t allowed);
unsigned tcp_relay_port(const struct tcp_relay *relay);
/** From now on so many more, over all connections. */
void tcp_relay_allow(struct tcp_relay *relay, int64_t bytes);
/** Whoever calls from now on gets the server at this port. */
void tcp_relay_lead(struct tcp_relay *relay, unsigned server_port);
/** Turns a bit in the next byte from the server. */
void tcp_relay_spoil(struct tcp_relay *relay);
/** True once the server has said more than it may. */
bool tcp_relay_holds(const struct tcp_relay *relay);
void tcp_relay_stop(struct tcp_relay *relay);

#endif
