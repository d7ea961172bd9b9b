/* events.c - see events.h. */
#include "protocol/events.h"

#include <string.h>

#include "protocol/auth.h"
#include "protocol/user.h"
#include "protocol/order.h"
#include "protocol/catalog.h"
#include "protocol/payment.h"
#include "protocol/delivery.h"
#include "protocol/store.h"

/* clang-format off */
const struct event_type *const EVENT_TYPES[] = {
    &AUTH_ACCOUNT_CREATED,
    &AUTH_ACCOUNT_ACTIVATED,
    &AUTH_SIGNUP_COMPENSATED,
    &AUTH_ACCOUNT_WITHDRAWN,
    &AUTH_SESSION_REUSED,
    &AUTH_SESSIONS_REVOKED,
    &AUTH_PASSWORD_CHANGED,
    &AUTH_ROLE_GRANTED,
    &AUTH_ROLE_REVOKED,
    &USER_PROFILE_REGISTERED,
    &USER_PROFILE_CANCELLED,
    &USER_PROFILE_CHANGED,
    &USER_PROFILE_REMOVED,
    &ORDER_CREATED,
    &ORDER_CONFIRMED,
    &ORDER_PAYMENT_DEFERRED,
    &ORDER_REJECTED,
    &ORDER_CANCEL_ASKED,
    &ORDER_CANCELED,
    &ORDER_COMPLETED,
    &ORDER_CHANGED,
    &CATALOG_PRODUCT_CHANGED,
    &CATALOG_STOCK_CHANGED,
    &PAYMENT_ASKED,
    &PAYMENT_AUTHORIZED,
    &PAYMENT_DECLINED,
    &PAYMENT_CAPTURED,
    &PAYMENT_VOIDED,
    &PAYMENT_REFUNDED,
    &PAYMENT_CANCELED,
    &PAYMENT_EXPIRED,
    &CATALOG_STOCK_RESERVED,
    &CATALOG_STOCK_COMMITTED,
    &CATALOG_STOCK_RELEASED,
    &DELIVERY_WAITING,
    &DELIVERY_STARTED,
    &DELIVERY_PICKED_UP,
    &DELIVERY_DELIVERED,
    &DELIVERY_CANCELED,
    &DELIVERY_CHANGED,
    &STORE_RECEIVED,
    &STORE_ACCEPTED,
    &STORE_COOKING_STARTED,
    &STORE_COOKED,
    &STORE_REJECTED,
    &STORE_CANCEL_REFUSED,
    &STORE_CANCELED,
    &STORE_TICKET_CHANGED,
    &STORE_OPENED,
    &STORE_CLOSED,
    NULL,
};
/* clang-format on */

const struct event_type *event_type_find(const char *name)
{
    for (size_t i = 0; EVENT_TYPES[i]; i++)
        if (strcmp(EVENT_TYPES[i]->name, name) == 0)
            return EVENT_TYPES[i];
    return NULL;
}
