/* delivery.h - every message of the delivery service, once. */
#ifndef PROTOCOL_DELIVERY_H
#define PROTOCOL_DELIVERY_H

#include "model/delivery.h"
#include "protocol/state_action.h"
#include "tool/encoder/event_type.h"
#include "tool/encoder/operation.h"
#include "tool/encoder/page.h"

/* subject: request struct -> reply struct */

/* delivery.list: delivery_list -> delivery_page */
extern const struct operation DELIVERY_LIST;
/* delivery.get: delivery_query -> delivery_view */
extern const struct operation DELIVERY_GET;
/* delivery.start .pickup .complete .give_back: delivery_query -> delivery_summary; what is done
 * already by who asks is answered as done */
extern const struct operation DELIVERY_START;
extern const struct operation DELIVERY_PICKUP;
extern const struct operation DELIVERY_COMPLETE;
extern const struct operation DELIVERY_GIVE_BACK;
/* delivery.end: delivery_query -> delivery_summary; by an operator, whoever has it: picked up, if
 * it was not, and delivered */
extern const struct operation DELIVERY_END;
/* delivery.export: export_query -> export_page */
extern const struct operation DELIVERY_EXPORT;

/* event: delivery_event, all of them. Each raises the delivery's version by one, and each version
 * has one. */

extern const struct event_type DELIVERY_WAITING;
extern const struct event_type DELIVERY_STARTED;
extern const struct event_type DELIVERY_PICKED_UP;
extern const struct event_type DELIVERY_DELIVERED;
extern const struct event_type DELIVERY_CANCELED;
/* What has no name of its own: it is ready to be picked up. */
extern const struct event_type DELIVERY_CHANGED;
/* All of them, NULL-terminated. */
extern const struct event_type *const DELIVERY_EVENTS[];

#endif
