/* events.h - all types of events of all services, for what is made from them and for tests over
 * rows. */
#ifndef PROTOCOL_EVENTS_H
#define PROTOCOL_EVENTS_H

#include "tool/encoder/event_type.h"

/** NULL-terminated. */
extern const struct event_type *const EVENT_TYPES[];
/** NULL when no service of this source tree says it. */
const struct event_type *event_type_find(const char *name);

#endif
