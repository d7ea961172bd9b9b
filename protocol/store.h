/* store.h - every message of the store service, once. */
#ifndef PROTOCOL_STORE_H
#define PROTOCOL_STORE_H

#include "model/store.h"
#include "model/ticket.h"
#include "tool/encoder/event_type.h"
#include "tool/encoder/operation.h"

/* subject: request struct -> reply struct */

/* store.list: store_filter -> store_page */
extern const struct operation STORE_LIST;
/* store.get: store_query -> store_row */
extern const struct operation STORE_GET;
/* store.create: store_form -> store_row */
extern const struct operation STORE_CREATE;
/* store.opening: store_opening -> store_row */
extern const struct operation STORE_OPENING;
/* store.update: store_patch -> store_row */
extern const struct operation STORE_UPDATE;

/* Of tickets, by who has the store; store_ticket.c */

/* store.ticket.list: ticket_list -> ticket_page */
extern const struct operation STORE_TICKET_LIST;
/* store.ticket.get: ticket_query -> ticket_view */
extern const struct operation STORE_TICKET_GET;
/* store.ticket.accept: ticket_acceptance -> ticket_view */
extern const struct operation STORE_TICKET_ACCEPT;
/* store.ticket.reject: ticket_rejection -> ticket_view */
extern const struct operation STORE_TICKET_REJECT;
/* store.ticket.cook, store.ticket.ready: ticket_query -> ticket_view */
extern const struct operation STORE_TICKET_COOK, STORE_TICKET_READY;
/* store.ticket.cancellation: ticket_cancellation -> ticket_view */
extern const struct operation STORE_TICKET_CANCELLATION;

/* Of other services; store_inner.c */

/* store.ticket.cancel: ticket_cancel -> ticket_canceled */
extern const struct operation STORE_TICKET_CANCEL;
/* store.export: export_query -> export_page, of every type below */
extern const struct operation STORE_EXPORT;

/* event: ticket_event. Each version of a ticket is said by one of them. */

extern const struct event_type STORE_RECEIVED, STORE_ACCEPTED, STORE_COOKING_STARTED, STORE_COOKED,
    STORE_REJECTED, STORE_CANCEL_REFUSED, STORE_CANCELED;
/* What has no name of its own: a cancellation was asked for, the courier has it. */
extern const struct event_type STORE_TICKET_CHANGED;

/* event: store_event. Each version of a store is said by one of them. */

extern const struct event_type STORE_OPENED, STORE_CLOSED;

/* All of both, NULL-terminated. */
extern const struct event_type *const STORE_EVENTS[];

#endif
