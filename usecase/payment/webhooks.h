/* webhooks.h - what a provider tells of itself: kept once by its event, and a nudge to ask; its
 * content changes nothing. */
#ifndef USECASE_PAYMENT_WEBHOOKS_H
#define USECASE_PAYMENT_WEBHOOKS_H

#include "usecase/payment/payment_case.h"

/** A .check, before anything else: in: struct webhook. ST_OK | ST_INVALID bad_signature,
 * invalid_request | ST_NOT_FOUND (no such provider) */
enum status webhook_check(void *self, const struct call *call, const void *in, void *out);
/** in: struct webhook, out: struct webhook_taken. ST_OK (also when it was here before) | ST_INVALID
 * bad_signature, invalid_request | ST_NOT_FOUND (about nothing we know, unless it has paid out: the
 * provider tries again) | ST_UNAVAILABLE
 */
enum status webhook_take(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out);
/** What comes after it: the provider is asked what has become of that operation. ST_OK */
enum status webhook_nudge(void *self, const struct call *call, const void *in, void *out,
                          bool again);

#endif
