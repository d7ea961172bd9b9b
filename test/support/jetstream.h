/* jetstream.h - a private nats-server with JetStream, and an ordinary connection to it for what a
 * test does behind the back of what it tests. */
#ifndef TEST_SUPPORT_JETSTREAM_H
#define TEST_SUPPORT_JETSTREAM_H

#include <nats/nats.h>

#include "test/support/nats_server.h"

struct jetstream {
    struct nats_server server;
    natsConnection *nc; /* NULL while there is none */
    jsCtx *js;
};

/** Starts, and makes the stream EVENTS of "event.>". False when it does not come up. */
bool jetstream_init(struct jetstream *j);
void jetstream_make_stream(struct jetstream *j);
/** SIGKILL; then it starts again, with what it had or on an empty store. */
void jetstream_restart(struct jetstream *j, bool empty);
/** Keeps the messages as they are now; restarts for that. */
void jetstream_keep(struct jetstream *j);
/** A power loss: the messages are those that were kept, and what consumers have seen is not. */
void jetstream_lose(struct jetstream *j);
/** The same, and the consumers are gone but for what they had seen, as when their files were not
 * synced. */
void jetstream_lose_consumers(struct jetstream *j);
/** Publishes, headers (name, value, ... NULL) included, and waits until it is stored. */
void jetstream_publish(struct jetstream *j, const char *subject, const char *const headers[],
                       const char *data);
void jetstream_fini(struct jetstream *j);

#endif
