/* delivery_row.h - a delivery as people and events are told it. Private to usecase/delivery. */
#ifndef USECASE_DELIVERY_DELIVERY_ROW_H
#define USECASE_DELIVERY_DELIVERY_ROW_H

#include "usecase/delivery/deliveries.h"

/** As it stands, with what the caller may do now. */
struct delivery_summary delivery_summarize(const struct delivery_row *delivery,
                                           const struct call *call);
/** In tx: says that it has become what it is. ST_OK | ST_UNAVAILABLE */
enum status delivery_say(const struct deliveries *d, struct transaction *tx,
                         const struct call *call, const struct event_type *type,
                         const struct delivery_row *delivery);
/** For export: a row of DELIVERY_TABLE as struct delivery_event, as its last event said it. Pure.
 */
void delivery_export(const void *row, void *data);

#endif
