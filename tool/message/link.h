/* link.h - the connection to NATS, driven by our loop: one read and one write a turn, no flusher,
 * no dispatcher thread. A lost connection is thrown away and a connector thread builds a new one
 * (the library's own reconnect is unsafe in this mode: it delivered corrupted messages). */
#ifndef TOOL_MESSAGE_LINK_H
#define TOOL_MESSAGE_LINK_H

#include <stdbool.h>

#include "tool/core/loop.h"

struct link;
struct metrics;

struct link_config {
    const char *url;  /* "nats://127.0.0.1:4222", several comma separated; tls:// = with TLS only */
    const char *name; /* connection name: the service. Its inboxes are _INBOX.<name>.> */
    const char *user; /* NULL = no credentials */
    const char *password;
    const char *tls_ca; /* PEM file: with TLS only; NULL = the system's authorities, if TLS it is */
    struct loop *loop;
    struct metrics *metrics; /* NULL = none */
};

/** Starts connecting, and again whenever the connection is lost, for ever. Copies strings. What the
 * hooks of loop_add_turn queue is sent in the same turn when they are added before the loop runs.
 */
struct link *link_create(const struct link_config *config);
/** The loop no longer runs but is not yet destroyed; clients and endpoint servers are. Sends what
 * is queued (half a second at most), then closes. NULL is fine. */
void link_destroy(struct link *link);
/** Connected, and the server has seen our subscriptions. Any thread. */
bool link_is_up(const struct link *link);
/** A subject that the server does not let us hear (its users' permissions), or did not a moment
 * ago; NULL = none. It is asked for again with back-off, up to 8 s. Loop thread; valid there until
 * it returns to the loop. */
const char *link_unheard(const struct link *link);

#endif
