/* streams.h - the JetStream streams of the house, for hanok-streams to make and for relays and
 * consumers to name. */
#ifndef TOOL_STREAM_STREAMS_H
#define TOOL_STREAM_STREAMS_H

#include "tool/stream/stream.h"

/** The last has a NULL name. */
extern const struct stream_spec STREAMS[];
/** ASSERTs that there is one of that name. */
const struct stream_spec *stream_find(const char *name);

#endif
