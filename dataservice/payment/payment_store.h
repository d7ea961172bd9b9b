/* payment_store.h - what the payment service keeps (hanok_payment). */
#ifndef DATASERVICE_PAYMENT_PAYMENT_STORE_H
#define DATASERVICE_PAYMENT_PAYMENT_STORE_H

#include "model/payinfo.h"
#include "tool/store/invariant.h"
#include "tool/store/store.h"

/** Rows of struct payment (found by payment_id or order_id), payment_operation, ledger_entry,
 * webhook_event, book_difference, store_owner. */
extern const struct table PAYMENT_TABLE, OPERATION_TABLE, LEDGER_TABLE, WEBHOOK_TABLE,
    DIFFERENCE_TABLE, STORE_OWNER_TABLE;
/** What must be true of their rows. */
extern const struct invariant PAYMENT_INVARIANTS[];
/** Orders: paid_orders, whose money is held or was taken; charged_orders, whose money is still. */
extern const struct id_set PAYMENT_ID_SETS[];

#endif
