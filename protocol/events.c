/* events.c - see events.h. */
#include "protocol/events.h"

#include "protocol/auth.h"
#include "protocol/user.h"
#include "protocol/order.h"
#include "protocol/catalog.h"
#include "protocol/payment.h"
#include "protocol/delivery.h"
#include "protocol/store.h"
#include "tool/core/mem.h"

/* clang-format off */
static const struct event_type *const *const SAID[] = {
    AUTH_EVENTS,
    USER_EVENTS,
    ORDER_EVENTS,
    CATALOG_EVENTS,
    PAYMENT_EVENTS,
    DELIVERY_EVENTS,
    STORE_EVENTS,
};
/* clang-format on */

const struct event_type *event_type_at(size_t i)
{
    for (size_t list = 0; list < ARRAY_LEN(SAID); list++)
        for (size_t k = 0; SAID[list][k]; k++, i--)
            if (i == 0)
                return SAID[list][k];
    return NULL;
}
