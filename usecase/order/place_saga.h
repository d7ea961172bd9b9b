/* place_saga.h - what the steps of placing an order keep between them. Private to usecase/order. */
#ifndef USECASE_ORDER_PLACE_SAGA_H
#define USECASE_ORDER_PLACE_SAGA_H

#include "usecase/order/order_row.h"

/* Kept as JSON in the saga's row until it ends: ids and numbers. It is about the order's id. */
struct place_data {
    struct uuid user_id, store_id;
    struct money total; /* as sent, then as charged */
    int64_t expires_us; /* of the hold */
    bool pay_later;     /* may be, when payments cannot be asked */
    bool deferred;      /* is */
    bool unasked;       /* by payments, who were asked */
    /* Not kept. Who has the saga from its start has these in hand; whoever takes it up later has no
     * lines and no method, and reads them. */
    char method[ORDER_METHOD_MAX + 1];
    struct order_lines lines; /* once it is reserved, as it is charged */
};

#endif
