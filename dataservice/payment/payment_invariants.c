/* payment_invariants.c - what `hanokctl doctor` looks at; see payment_store.h. */
#include "dataservice/payment/payment_store.h"

/* clang-format off */
const struct invariant PAYMENT_INVARIANTS[] = {
    {"a transaction's entries in the ledger sum to 0",
     "SELECT transaction_id AS id FROM ledger_entry GROUP BY transaction_id HAVING SUM(amount) <> 0 OR MIN(currency) <> MAX(currency)",
     "Somebody else has written into ledger_entry: the operation of this id says what was meant; add the entries that are missing."},
    {"what the provider owes is what was captured and not refunded",
     "SELECT p.id FROM payment p LEFT JOIN (SELECT o.payment_id, SUM(e.amount) AS owed FROM ledger_entry e"
     " JOIN payment_operation o ON o.id = e.transaction_id WHERE e.account = 'receivable:provider' GROUP BY o.payment_id) AS l"
     " ON l.payment_id = p.id WHERE p.captured - p.refunded <> COALESCE(l.owed, 0)",
     "The payment and its entries in the ledger tell different things: GET /payinfos/{orderId} shows its operations, the provider's book what was done."},
    {"an amount is the sum of its operations",
     "SELECT p.id FROM payment p LEFT JOIN (SELECT payment_id, SUM(IF(kind = 'CAPTURE' AND state <> 'DECLINED', amount, 0)) AS capturing,"
     " SUM(IF(kind = 'CAPTURE' AND state = 'SUCCEEDED', amount, 0)) AS captured, SUM(IF(kind = 'REFUND' AND state <> 'DECLINED', amount, 0)) AS refunding,"
     " SUM(IF(kind = 'REFUND' AND state = 'SUCCEEDED', amount, 0)) AS refunded FROM payment_operation GROUP BY payment_id) AS o ON o.payment_id = p.id"
     " WHERE NOT (p.capturing = COALESCE(o.capturing, 0) AND p.captured = COALESCE(o.captured, 0)"
     " AND p.refunding = COALESCE(o.refunding, 0) AND p.refunded = COALESCE(o.refunded, 0))",
     "Rows were changed by hand: the operations are what the provider was asked; mend the payment."},
    {"an operation has its outcome within a minute",
     "SELECT id FROM payment_operation WHERE state = 'REQUESTED' AND created_at < NOW(6) - INTERVAL 60 SECOND",
     "The provider does not say what became of it: is it there, is --provider-url right? It is asked again by itself."},
    {"a payment is undone within a minute",
     "SELECT id FROM payment WHERE status IN ('VOIDING', 'CANCELING') AND updated_at < NOW(6) - INTERVAL 60 SECOND",
     "The provider has declined to void or to refund: its operations say why; settle it with the provider by hand."},
    {"an authorization is used within six days",
     "SELECT id FROM payment WHERE status = 'AUTHORIZED' AND expires_at < NOW(6) + INTERVAL 1 DAY",
     "It ends after seven days, and the money with it: capture it, or cancel the order."},
    {"the provider's book says what we say",
     "SELECT id FROM book_difference",
     "book_difference says what is different; settle it with the provider, then delete the row."},
    {"what was done is in the provider's book",
     "SELECT id FROM payment_operation WHERE state = 'SUCCEEDED' AND booked = 0 AND updated_at < NOW(6) - INTERVAL 60 SECOND",
     "It was told to be done and is in no book of the provider: has the provider lost it, or is its book not to be had?"},
    {NULL, NULL, NULL},
};

const struct id_set PAYMENT_ID_SETS[] = {
    {"paid_orders", "SELECT order_id AS id, CONCAT(IF(captured > 0, captured, amount), ' ', currency) AS value FROM payment"
     " WHERE status IN ('AUTHORIZED', 'CAPTURED', 'PARTLY_REFUNDED', 'REFUNDED')"},
    {"charged_orders", "SELECT order_id AS id FROM payment WHERE status = 'AUTHORIZED' OR captured > refunded"},
    /* As their amounts are, whatever their status says. */
    {"settled_orders",
     "SELECT order_id AS id, CASE WHEN status = 'ORDER_CANCELED' THEN status WHEN refunded = 0 THEN 'CAPTURED' WHEN refunded < captured THEN"
     " 'PARTLY_REFUNDED' ELSE 'REFUNDED' END AS value FROM payment WHERE status IN ('CAPTURED', 'PARTLY_REFUNDED', 'REFUNDED', 'ORDER_CANCELED')"
     " AND updated_at < NOW(6) - INTERVAL 1 MINUTE"},
    {"captured_orders", "SELECT order_id AS id FROM payment WHERE capturing > 0"},
    {NULL, NULL},
};
/* clang-format on */
