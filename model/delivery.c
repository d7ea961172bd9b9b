/* delivery.c - see delivery.h. */
#include "model/delivery.h"

bool delivery_is_carried_by(const struct delivery_row *delivery, struct uuid courier)
{
    return !uuid_is_nil(delivery->courier_id) && uuid_equal(delivery->courier_id, courier);
}

bool delivery_tells_address(const struct delivery_row *delivery, int64_t now_us)
{
    switch ((enum delivery_status)delivery->status) {
    case DELIVERY_IS_STARTED:
    case DELIVERY_IS_PICKED_UP:
        return true;
    case DELIVERY_IS_DELIVERED:
        return now_us < delivery->delivered_us + DELIVERY_ADDRESS_TOLD_US;
    case DELIVERY_IS_WAITING:
    case DELIVERY_IS_CANCELED:
        break;
    }
    return false;
}

void delivery_set_pickup_by(struct delivery_row *delivery, int64_t now_us, int64_t within_us)
{
    if (delivery->status != DELIVERY_IS_STARTED || !delivery->ready)
        delivery->pickup_by_us = 0;
    else if (delivery->pickup_by_us == 0)
        delivery->pickup_by_us = delivery->look_at_us = now_us + within_us;
}
