/* streams.h - the JetStream streams of the house, for hanok-streams to make and for relays and
 * consumers to name. */
#ifndef PROTOCOL_STREAM_STREAMS_H
#define PROTOCOL_STREAM_STREAMS_H

#include "tool/stream/stream.h"

/** The last has a NULL name. */
extern const struct stream_spec STREAMS[];

#endif
