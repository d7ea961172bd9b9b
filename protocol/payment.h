/* payment.h - every message of the payment service, once. */
#ifndef PROTOCOL_PAYMENT_H
#define PROTOCOL_PAYMENT_H

#include "model/payinfo.h"
#include "tool/encoder/event_type.h"
#include "tool/encoder/operation.h"

/* subject: request struct -> reply struct */

/* Of sagas; payment.c */

/* payment.authorize: payment_authorization -> payment_authorized */
extern const struct operation PAYMENT_AUTHORIZE;
/* payment.void: payment_order -> payment_moved */
extern const struct operation PAYMENT_VOID;
/* payment.capture, payment.refund: payment_amount -> payment_moved */
extern const struct operation PAYMENT_CAPTURE, PAYMENT_REFUND;
/* payment.export: export_query -> export_page, of every type below */
extern const struct operation PAYMENT_EXPORT;

/* Of people; payinfo.c */

/* payment.list: payinfo_list_query -> payinfo_page */
extern const struct operation PAYMENT_LIST;
/* payment.get: payinfo_query -> payinfo */
extern const struct operation PAYMENT_GET;
/* payment.refund_create: refund_form -> refund_made */
extern const struct operation PAYMENT_REFUND_CREATE;
/* payment.ledger.accounts: nothing -> ledger_balances */
extern const struct operation PAYMENT_LEDGER_ACCOUNTS;
/* payment.ledger.entries: ledger_query -> ledger_page */
extern const struct operation PAYMENT_LEDGER_ENTRIES;

/* Of providers; payment_webhook.c */

/* payment.webhook: webhook -> webhook_taken */
extern const struct operation PAYMENT_WEBHOOK;
/** What is looked at of a webhook's body: struct webhook_notice. */
extern const struct descriptor WEBHOOK_NOTICE;

/* event: struct; all of payment_event. Each version is said by one of them */

/* payment.asked: the provider is asked for something */
extern const struct event_type PAYMENT_ASKED;
extern const struct event_type PAYMENT_AUTHORIZED, PAYMENT_DECLINED, PAYMENT_CAPTURED;
extern const struct event_type PAYMENT_VOIDED, PAYMENT_REFUNDED, PAYMENT_CANCELED, PAYMENT_EXPIRED;
/* All of them, NULL-terminated. */
extern const struct event_type *const PAYMENT_EVENTS[];
/** Of struct payment_event. */
extern const struct descriptor PAYMENT_EVENT;

#endif
