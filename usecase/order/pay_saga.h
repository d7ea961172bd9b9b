/* pay_saga.h - what the steps of paying an order keep between them. Private to usecase/order. */
#ifndef USECASE_ORDER_PAY_SAGA_H
#define USECASE_ORDER_PAY_SAGA_H

#include "usecase/order/orders.h"

/* Kept as JSON in the saga's row until it ends. It is about the order's id. */
struct pay_data {
    struct uuid hold_id; /* of its stock: the saga that placed it */
    struct money total;
};

#endif
