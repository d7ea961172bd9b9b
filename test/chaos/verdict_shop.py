"""Checks of the shop: what customers were told is so, and all that must be true of it is."""
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
def the_shop_is_whole(facts):
    """The invariants of docs/shop.md."""
    for name, violations in facts.shop.items():
        yield from (f"{name}: {violation}" for violation in violations)
    return len(facts.shop)
