/* events.h - all types of events of all services, for what is made from them and for tests over
 * rows. */
#ifndef PROTOCOL_EVENTS_H
#define PROTOCOL_EVENTS_H

#include "tool/encoder/event_type.h"

/** One after the other: i from 0 on, NULL behind the last. */
const struct event_type *event_type_at(size_t i);

#endif
