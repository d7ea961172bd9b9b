/* audit.h - every message of the audit service, once. */
#ifndef PROTOCOL_AUDIT_H
#define PROTOCOL_AUDIT_H

#include "model/trail.h"
#include "tool/encoder/operation.h"

/* subject: request struct -> reply struct */

/* audit.events: trail_query -> trail_page */
extern const struct operation AUDIT_EVENTS;

#endif
