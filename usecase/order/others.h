/* others.h - what orders ask of other services. What sagas ask is idempotent by saga_id. A
 * refusal's code is in call->problem ("sold_out"), which lines are meant in its errors
 * ("lines[1]"). Anything that is not ST_OK or a refusal means: not known whether it happened.
 * Private to usecase/order. */
#ifndef USECASE_ORDER_OTHERS_H
#define USECASE_ORDER_OTHERS_H

#include "protocol/catalog.h"
#include "protocol/payment.h"
#include "protocol/store.h"
#include "tool/remote/remote.h"

/** Holds all of it or nothing; saga_id is the hold's id. ST_OK | ST_CONFLICT (sold_out,
 * price_changed, store_closed, product_gone, cancelled) | ST_UNPROCESSABLE currency_mismatch |
 * ST_UNAVAILABLE ... */
REMOTE(ask_stock_reserve, CATALOG_STOCK_RESERVE, struct stock_reservation, struct stock_reserved);
/** Right also before, without, or twice after reserve. ST_OK | ST_UNAVAILABLE ... */
REMOTE(ask_stock_release, CATALOG_STOCK_RELEASE, struct stock_order, struct stock_held);
/** What is held is sold. ST_OK: out says what it is now | ST_UNAVAILABLE ... */
REMOTE(ask_stock_commit, CATALOG_STOCK_COMMIT, struct stock_order, struct stock_held);

/** Has so much kept on a card. ST_OK | ST_PENDING (whoever knows has not said yet: ask again) |
 * ST_CONFLICT (payment_declined, cancelled) | other refusals | ST_OVERLOADED (this time nobody was
 * asked) | ST_UNAVAILABLE; with provider_unavailable nothing has happened by this saga, nor will
 * unless it asks again | ST_TIMEOUT ... */
REMOTE_IF_ASKED(ask_payment_authorize, PAYMENT_AUTHORIZE, struct payment_authorization,
                struct payment_authorized);
/** Right also before, without, or twice after authorize. ST_OK | ST_UNAVAILABLE ... */
REMOTE(ask_payment_void, PAYMENT_VOID, struct payment_order, struct payment_moved);

/** The ticket of an order that was confirmed, before, without, or twice after it is made. ST_OK (it
 * will not be cooked) | ST_CONFLICT store_consent_needed (its owner is asked), too_late_to_cancel |
 * ST_UNAVAILABLE ... */
REMOTE(ask_ticket_cancel, STORE_TICKET_CANCEL, struct ticket_cancel, struct ticket_canceled);

#endif
