/* streams.h - the JetStream streams of the house, for hanok-streams to make and for relays and
 * consumers to name. */
#ifndef PROTOCOL_STREAM_STREAMS_H
#define PROTOCOL_STREAM_STREAMS_H

#include "tool/stream/stream.h"

/** What services say has happened: CloudEvents under event.<type>, put there by outbox relays with
 * the outbox id as Nats-Msg-Id, read by durable consumers. */
#define STREAM_EVENTS "EVENTS"

/** The last has a NULL name. */
extern const struct stream_spec STREAMS[];

#endif
