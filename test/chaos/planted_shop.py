"""What breaks each invariant of the shop, in the tables of a stack that is at rest, and what mends it again. {}: the id of an order that
is confirmed and not accepted."""

ORDER, PAID = "hanok_order.orders", "hanok_payment.payment"


def added(table, column, key):
    """One more of it, and one less."""
    return [f"update {table} set {column} = {column} {sign} 1 where {key}" for sign in "+-"]


def turned(table, column, key, one, other):
    return [f"update {table} set {column} = {value} where {key}" for value in (other, one)]


HELD = "id = (select slot_id from hanok_catalog.hold_line l join hanok_catalog.hold h on h.id = l.hold_id where h.owner_id = x'{}' limit 1)"
BREAKS = {
    "i1 the units of an item are those of its holds": [added("hanok_catalog.slot", "sold", HELD)],
    "i2 what the provider has booked is what was asked for": [added("hanok_payment.payment_operation", "amount", "order_id = x'{}'")],
    "i3 what is confirmed is paid by its total": [added(PAID, "amount", "order_id = x'{}'"),
                                                  turned(PAID, "status", "order_id = x'{}'", "'AUTHORIZED'", "'VOIDED'")],
    "i4 what is called off costs and holds nothing": [turned(ORDER, "status", "id = x'{}'", "'CONFIRMED'", "'REJECTED'")],
    "i3 who cooks and who carries knows of what is paid": [
        turned("hanok_store.ticket", "status", "order_id = x'{}'", "'RECEIVED'", f"'{status}'") for status in ("REJECTED", "ACCEPTED")],
    "i5 the ledger sums to nothing": [added(PAID, "captured", "order_id = x'{}'")],
    "i6 what is derived is what it would be made from nothing": [added("hanok_catalog.order_copy", "version", "order_id = x'{}'"),
                                                                 added("hanok_dashboard.dashboard", "order_v", "order_id = x'{}'")],
    "i7 nothing is overdue": [["update hanok_order.saga set done = 0, wake_at = wake_at + interval 9 year where subject = x'{}'",
                               "update hanok_order.saga set done = 1, wake_at = wake_at - interval 9 year where subject = x'{}'"]],
    "i8 each version is told once and in order": [added(ORDER, "version", "id = x'{}'")],
}
SECRETS = {"i10 nobody finds a name a number or an address": ["CONFIRMED"]}  # which is in what is said
