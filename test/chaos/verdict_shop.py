"""Checks of the shop: what customers were told is so, and all that must be true of it is."""
import shop_invariants
from shop_invariants import OVER
from shoppers import FOR_GOOD
from staff import NO_ROOM
from tables import plain
from verdict import check

LASTS = {"AWAITING_PAYMENT", "CONFIRMED", "COMPLETED", *OVER}
BY_THE_SHOP = {NO_ROOM, "store_no_answer"}


@check
def every_order_that_was_accepted_is_there(facts):
    for bought in facts.orders:
        row = facts.tables.orders.get(plain(bought.order_id))
        if not row:
            yield f"order {bought.order_id} is not there"
        elif row.user_id != plain(bought.who.user_id):
            yield f"order {bought.order_id} is of {row.user_id}, not {bought.who.user_id}"
        elif plain(bought.saga_id) not in facts.tables.sagas:
            yield f"saga {bought.saga_id} of order {bought.order_id} is not there"
    return len(facts.orders)


@check
def no_order_is_on_its_way(facts):
    for name, row in facts.tables.orders.items():
        if row.status not in LASTS:
            yield f"order {name} is {row.status}"
    return len(facts.tables.orders)


@check
def what_was_said_of_an_order_is_so(facts):
    for bought in facts.orders:
        row = facts.tables.orders.get(plain(bought.order_id))
        status = row.status if row else "not there"
        for heard in set(bought.heard) & FOR_GOOD:
            if status != heard:
                yield f"order {bought.order_id} is {status}, and was said to be {heard}"
        called_off = status == "CANCELED" and (bought.called_off or row.reason in BY_THE_SHOP)
        if "CONFIRMED" in bought.heard and status not in ("CONFIRMED", "COMPLETED") and not called_off:
            yield f"order {bought.order_id} is {status}, and was said to be CONFIRMED"
    return len(facts.orders)


@check
def every_promised_refund_was_asked_for_and_decided(facts):
    for operation_id in facts.refunds:
        kind, state = facts.tables.operations.get(plain(operation_id), ("", "not there"))
        if kind != "REFUND" or state not in ("SUCCEEDED", "DECLINED"):
            yield f"refund {operation_id} is {state}, {kind}"
    return len(facts.refunds)


def of_the_shop(name):
    """One of the invariants of docs/shop.md, which were looked at in the running stack."""
    def look(facts):
        line = facts.shop[name]
        yield from line.violations
        return line.looked
    look.__name__ = name.replace(" ", "_")
    check(look)


for invariant, _ in shop_invariants.CHECKS:
    of_the_shop(invariant)
