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
    const char *url;      /* "nats://127.0.0.1:4222", several comma separated */
    const char *name;     /* connection name: the service */
    const char *user;     /* NULL = no credentials */
    const char *password;
    const char *tls_ca;   /* PEM file; NULL = plain */
    struct loop *loop;
    struct metrics *metrics; /* NULL = none */
};

/** Starts connecting; everything borrowed for the link's life. Copies strings. */
struct link *link_create(const struct link_config *config);
/** Loop thread, or after the loop has ended. Closes at once; unanswered requests are failed first
 * by their client. NULL is fine. */
void link_destroy(struct link *link);
/** Any thread. */
bool link_is_up(const struct link *link);

#endif
