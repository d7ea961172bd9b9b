/* operations.c - see operations.h. */
#include "protocol/operations.h"

#include <string.h>

#include "protocol/auth.h"
#include "protocol/user.h"
#include "protocol/audit.h"
#include "protocol/order.h"
#include "protocol/catalog.h"
#include "protocol/payment.h"
#include "protocol/dashboard.h"
#include "protocol/delivery.h"
#include "protocol/store.h"

const struct operation *const OPERATIONS[] = {
    &AUTH_SIGNUP,
    &AUTH_SIGNUP_STATUS,
    &AUTH_LOGIN,
    &AUTH_WITHDRAW,
    &AUTH_WITHDRAW_STATUS,
    &AUTH_CHECK,
    &AUTH_REFRESH,
    &AUTH_LOGOUT,
    &AUTH_PASSWORD,
    &AUTH_SESSIONS,
    &AUTH_SESSIONS_END,
    &AUTH_ACCOUNT,
    &AUTH_IDENTITY,
    &AUTH_JWKS,
    &USER_REGISTRY,
    &USER_REGISTRY_CANCEL,
    &USER_REMOVE,
    &USER_REMOVE_CANCEL,
    &USER_ERASE,
    &USER_GET,
    &USER_UPDATE,
    &AUDIT_EVENTS,
    &AUTH_ADMIN_USER_GET,
    &AUTH_ADMIN_USER_GRANT,
    &AUTH_ADMIN_USER_REVOKE,
    &AUTH_ADMIN_USER_LOGOUT,
    &AUTH_ADMIN_KEYS_LIST,
    &AUTH_ADMIN_KEYS_ROTATE,
    &ORDER_CREATE,
    &ORDER_LIST,
    &ORDER_GET,
    &ORDER_HISTORY,
    &ORDER_PAY,
    &ORDER_CANCEL,
    &ORDER_BY_NUMBER,
    &ORDER_HOLD_CHECK,
    &ORDER_ADDRESS,
    &ORDER_EXPORT,
    &CATALOG_PRODUCT_LIST,
    &CATALOG_PRODUCT_GET,
    &CATALOG_PRODUCT_CREATE,
    &CATALOG_PRODUCT_UPDATE,
    &CATALOG_ITEM_CREATE,
    &CATALOG_ITEM_MOVE,
    &CATALOG_STOCK_RESERVE,
    &CATALOG_STOCK_RELEASE,
    &CATALOG_STOCK_COMMIT,
    &CATALOG_STOCK_RETURN,
    &CATALOG_ORDER_GET,
    &CATALOG_EXPORT,
    &PAYMENT_AUTHORIZE,
    &PAYMENT_VOID,
    &PAYMENT_CAPTURE,
    &PAYMENT_REFUND,
    &PAYMENT_EXPORT,
    &PAYMENT_LIST,
    &PAYMENT_GET,
    &PAYMENT_REFUND_CREATE,
    &PAYMENT_LEDGER_ACCOUNTS,
    &PAYMENT_LEDGER_ENTRIES,
    &PAYMENT_WEBHOOK,
    &DELIVERY_LIST,
    &DELIVERY_GET,
    &DELIVERY_START,
    &DELIVERY_PICKUP,
    &DELIVERY_COMPLETE,
    &DELIVERY_GIVE_BACK,
    &DELIVERY_END,
    &DELIVERY_EXPORT,
    &STORE_LIST,
    &STORE_GET,
    &STORE_CREATE,
    &STORE_OPENING,
    &STORE_UPDATE,
    &STORE_TICKET_LIST,
    &STORE_TICKET_GET,
    &STORE_TICKET_ACCEPT,
    &STORE_TICKET_REJECT,
    &STORE_TICKET_COOK,
    &STORE_TICKET_READY,
    &STORE_TICKET_CANCELLATION,
    &STORE_TICKET_CANCEL,
    &STORE_EXPORT,
    &DASHBOARD_GET,
    &DASHBOARD_LIST,
    &DASHBOARD_SUMMARY,
    &DASHBOARD_REBUILD,
    &DASHBOARD_DIGEST,
    NULL,
};

const struct operation *operation_find(const char *subject)
{
    for (size_t i = 0; OPERATIONS[i]; i++)
        if (strcmp(OPERATIONS[i]->subject, subject) == 0)
            return OPERATIONS[i];
    return NULL;
}
