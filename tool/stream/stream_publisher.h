/* stream_publisher.h - publishes rows of the outbox to a JetStream stream over the process's own
 * link: many at once, each acknowledged by JetStream to an inbox. */
#ifndef TOOL_STREAM_STREAM_PUBLISHER_H
#define TOOL_STREAM_STREAM_PUBLISHER_H

#include "tool/message/client.h"
#include "tool/outbox/publisher.h"
#include "tool/stream/stream.h"

/* Borrowed, but for texts. */
struct stream_publisher_config {
    struct link *link;
    struct loop *loop;
    struct message_client *client;
    const struct clock *clock;
    const struct stream_spec *stream;
    const struct link_config *nats; /* for a connection that makes the stream when it is missing */
    int replicas;                   /* that it has then */
    const char *service;            /* "auth" */
    /** Loop thread: there are outcomes, or the connection has come or gone. */
    void (*changed)(void *arg);
    void *arg;
};

struct stream_publisher;

/** Loop thread, or before the loop runs. */
struct stream_publisher *stream_publisher_create(const struct stream_publisher_config *config);
/** Its ops are the relay's: one thread at a time, never the loop's. */
struct publisher *stream_publisher_base(struct stream_publisher *publisher);
/** What an address of its asks JetStream for: what must be allowed to it; NULL behind the last. */
const char *stream_publisher_asks(size_t i);
/** Nobody uses its ops, the loop no longer runs. What is not collected is forgotten. NULL is fine.
 */
void stream_publisher_destroy(struct stream_publisher *publisher);

#endif
