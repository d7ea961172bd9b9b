#!/usr/bin/env python3
"""From the order to the door, through the gateway of a real stack: tickets, jobs, calling off, and what is said of all of it."""
import base64
import concurrent.futures
import functools
import json
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "chaos"))
from crowd import CHEAP_HASHES  # noqa: E402
from door import Door, tells_where  # noqa: E402
from shop import plain, whole  # noqa: E402
from shop_invariants import at_rest  # noqa: E402
from stack import SERVICES, run_cases  # noqa: E402
from stream import partition  # noqa: E402
from tap import case, equal, eventually  # noqa: E402

RACES, RACERS = 200, 8
SCHEMAS = ("hanok_order", "hanok_payment", "hanok_catalog", "hanok_store", "hanok_delivery")


@functools.cache
def people(stack):
    """(a shop, a customer, a courier), for cases that do not mind others."""
    door = Door(stack)
    return door, door.customer(), door.customer("courier")


def refused(reply, status, code):
    equal((reply.status, reply.code), (status, code), repr(reply))


def said(stack, service, order):
    """The types of what a service said of an order, in their order."""
    return [kind for kind, in stack.sql(f"select type from hanok_{service}.outbox where `key` = x'{plain(order['orderId'])}' order by seq")]


def both(*calls):
    """Their answers; they begin at the same time."""
    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return [asked.result() for asked in [pool.submit(call) for call in calls]]


@case
def delivery_ticket_arrives(stack):
    door, who, _ = people(stack)
    goods = door.product(on_hand=5)
    order = door.arrived(who, goods, quantity=2)
    ticket = door.ticket(order, "RECEIVED")
    equal((ticket["orderNum"], ticket["cancelAsked"], sorted(ticket["actions"])), (order["orderNum"], False, ["accept", "reject"]))
    equal([(line["productId"], line["quantity"]) for line in ticket["lines"]], [(goods["productId"], 2)])
    assert ticket["acceptBy"] and ticket["version"] >= 1, ticket
    listed = door.want(200, "GET", f"/stores/{door.store_id}/tickets?status=RECEIVED", None, door.as_owner)["items"]
    assert order["orderId"] in [one["orderId"] for one in listed], listed
    other = door.customer()
    assert stack.request("GET", door.counter(order), headers=other).status in (403, 404), "somebody else's ticket"
    for somebody in (who, other):
        assert door.do(order, "accept", {}, somebody).status in (403, 404), "somebody else's ticket"
    equal(stack.request("GET", door.counter(order)).status, 401)


@case
def delivery_declined_no_order(stack):
    _, who, _ = people(stack)
    door = Door(stack)
    goods = door.product(on_hand=5)
    refused(door.order(who, goods, method="tok_declined"), 409, "payment_declined")
    door.arrived(who, goods)
    eventually(lambda: at_rest(stack) or None)
    equal(stack.sql(f"select count(*) from hanok_store.ticket where store_id = x'{plain(door.store_id)}'"), [["1"]])


@case
def delivery_cook(stack):
    door, who, _ = people(stack)
    order = door.arrived(who, door.product())
    refused(door.do(order, "cook"), 409, "wrong_state")
    equal(door.goes_on(order, "accept")["status"], "ACCEPTED")
    refused(door.do(order, "ready"), 409, "wrong_state")
    refused(door.do(order, "reject", {"reason": "closing"}), 409, "wrong_state")
    equal(door.goes_on(order, "cook", "ready")["status"], "READY")
    refused(door.do(order, "accept", {}), 409, "wrong_state")
    eventually(lambda: door.get(who, order)["payment"]["status"] == "CAPTURED")
    told = [kind for kind in said(stack, "store", order) if kind != "store.ticket_changed"]
    equal(told, ["store.received", "store.accepted", "store.cooking_started", "store.cooked"])


@case
def delivery_deliver(stack):
    door, who, one = people(stack)
    other = door.customer("courier")
    order = door.arrived(who, door.product())
    door.goes_on(order, "accept")
    waiting = door.job(one, order, "WAITING")
    listed = door.want(200, "GET", "/deliveries?status=WAITING&limit=100", None, one)["items"]
    assert order["orderId"] in [job["orderId"] for job in listed], listed
    assert not tells_where(waiting), waiting
    equal(door.carry(who, order, "start").status, 403)
    starts = both(lambda: door.carry(one, order, "start"), lambda: door.carry(other, order, "start"))
    equal(sorted(reply.status for reply in starts), [200, 409], repr(starts))
    refused(next(reply for reply in starts if reply.status == 409), 409, "taken")
    mine, late = (one, other) if starts[0].status == 200 else (other, one)
    refused(door.carry(mine, order, "pickup"), 409, "not_ready")
    eventually(lambda: tells_where(stack.request("GET", "/deliveries/" + order["orderId"], headers=mine)), why="who carries it is not told where to")
    for somebody in (late, who, door.as_owner):
        assert not tells_where(stack.request("GET", "/deliveries/" + order["orderId"], headers=somebody)), "an address for everybody"
    door.goes_on(order, "cook", "ready")
    door.carried(mine, order, "pickup", "complete")
    done = door.ended(who, order, "COMPLETED")
    equal((done["actions"], door.job(who, order, "DELIVERED").json()["actions"]), ([], []))
    door.ticket(order, "PICKED_UP")
    refused(door.cancel(who, order), 409, "too_late_to_cancel")
    told = [kind for kind in said(stack, "delivery", order) if kind != "delivery.changed"]
    equal(told, ["delivery.waiting", "delivery.started", "delivery.picked_up", "delivery.delivered"])
    assert "order.completed" in said(stack, "order", order)  # what is said of its payment may come after


@case
def delivery_canceled_event(stack):
    door, who, _ = people(stack)
    order = door.arrived(who, door.product())
    equal(door.cancel(who, order).json()["status"], "CANCELED")
    subject = f"event.order.canceled.{partition(order['orderId']):02}"

    def last():
        with stack.bus() as bus:
            kept = bus.request("$JS.API.STREAM.MSG.GET.EVENTS", {"last_by_subj": subject}).json().get("message")
        data = json.loads(base64.b64decode(kept["data"])) if kept else {}
        return data.get("orderId") == order["orderId"] and data
    equal(eventually(last)["status"], "CANCELED")


@case
def delivery_store_canceled(stack):
    door, who, _ = people(stack)
    goods = door.product(on_hand=3)
    order = door.arrived(who, goods)
    equal(door.cancel(who, order).json()["status"], "CANCELED")
    equal(door.ticket(order, "CANCELED")["actions"], [])
    eventually(lambda: said(stack, "store", order)[-1:] == ["store.canceled"])
    eventually(lambda: "payment.canceled" in said(stack, "payment", order))
    refused(door.do(order, "accept", {}), 409, "wrong_state")
    eventually(lambda: door.available(goods) == 3)


@case
def what_is_accepted_is_called_off_by_consent(stack):
    door, who, courier = people(stack)
    goods = door.product(on_hand=3)
    order = door.arrived(who, goods)
    door.goes_on(order, "accept")
    asked = door.cancel(who, order)
    equal((asked.status, asked.json()["status"], asked.json()["cancelAsked"]), (202, "CONFIRMED", True), repr(asked))
    equal((door.ticket(order)["cancelAsked"], door.get(who, order)["cancelAsked"]), (True, True))
    equal(door.do(order, "cancellation", {"answer": "REFUSE"}).status, 200)
    eventually(lambda: not door.get(who, order)["cancelAsked"])
    equal(door.cancel(who, order).status, 202)
    eventually(lambda: door.ticket(order)["cancelAsked"])
    door.job(courier, order, "WAITING")
    equal(door.do(order, "cancellation", {"answer": "APPROVE"}).status, 200)
    door.ended(who, order, "CANCELED")
    eventually(lambda: door.get(who, order)["payment"]["status"] == "ORDER_CANCELED")
    door.job(who, order, "CANCELED")
    eventually(lambda: door.available(goods) == 3)
    assert "store.cancel_refused" in said(stack, "store", order), said(stack, "store", order)


@case
def what_is_ready_cannot_be_called_off(stack):
    door, who, _ = people(stack)
    order = door.arrived(who, door.product())
    door.goes_on(order, "accept", "cook", "ready")
    refused(door.cancel(who, order), 409, "too_late_to_cancel")
    equal(door.get(who, order)["status"], "CONFIRMED")


@case
def a_shop_that_says_no_or_nothing_gives_the_money_back(stack):
    door, who, _ = people(stack)
    goods = door.product(on_hand=5)
    no, nothing = (door.arrived(who, goods) for _ in range(2))
    equal(door.do(no, "reject", {"reason": "out_of_rice"}).status, 200)
    stack.sql(f"update hanok_store.ticket set accept_by = now(6), look_at = now(6) where order_id = x'{plain(nothing['orderId'])}'")
    for order, reason in ((no, "out_of_rice"), (nothing, "store_no_answer")):
        equal(door.ended(who, order, "CANCELED")["reason"], reason)
        eventually(lambda order=order: door.get(who, order)["payment"]["status"] == "ORDER_CANCELED")
        equal(door.ticket(order)["status"], "REJECTED")
    eventually(lambda: door.available(goods) == 5)


@case
def a_shop_that_is_closed_sells_nothing(stack):
    _, who, _ = people(stack)
    door = Door(stack)
    goods = door.product()
    door.open(False)
    eventually(lambda: door.order(who, goods).code == "store_closed")
    door.open(True)
    eventually(lambda: door.order(who, goods).status == 201)
    assert door.store_id not in [one["storeId"] for one in door.want(200, "GET", "/stores?open=false&limit=100")["items"]]


@case
def a_shop_of_goods_accepts_by_itself(stack):
    _, who, courier = people(stack)
    door = Door(stack, autoAccept=True)
    order = door.confirmed(who, door.product())
    door.ticket(order, "ACCEPTED")
    door.job(courier, order, "WAITING")


@case
def delivery_store_killed_orders_go_on(stack):
    door, who, _ = people(stack)
    goods = door.product(on_hand=20)
    stack.control("store", "-d")
    eventually(lambda: stack.admin("store", "/livez") is None)
    try:
        orders = [door.confirmed(who, goods) for _ in range(5)]
        called_off = door.cancel(who, orders[0], wait=1)
        equal((called_off.status, called_off.json()["status"]), (202, "CANCEL_PENDING"), repr(called_off))
    finally:
        stack.control("store", "-u")
    eventually(lambda: stack.ready("store"))
    for order in orders[1:]:
        door.ticket(order, "RECEIVED")
    door.ended(who, orders[0], "CANCELED")


@case
def delivery_one_trace(stack):
    """The order's id is the key of all that is said of it, whoever says it; so is the trace, and the saga's id is in what order says."""
    door, who, _ = people(stack)
    trace = "0af7651916cd43dd8448eb211c80319c"
    form = door.form(door.product())
    reply = door.send("POST", "/orders", form, {**who, "traceparent": f"00-{trace}-b7ad6b7169203331-01"}, 20)
    order = reply.json()
    equal((reply.status, order["status"]), (201, "CONFIRMED"), repr(reply))
    door.ticket(order)
    for schema in SCHEMAS[:-1]:
        rows = stack.sql(f"select type, traceparent, lower(hex(saga_id)) from {schema}.outbox where `key` = x'{plain(order['orderId'])}'")
        assert rows, f"{schema} says nothing of the order"
        equal({row[1][3:35] for row in rows}, {trace}, f"{schema}: {rows}")
        if schema == "hanok_order":
            equal({row[2] for row in rows}, {plain(order["sagaId"])})


@case
def delivery_paths(stack):
    door, who, courier = people(stack)
    order = door.delivered(who, courier, door.product())
    paths = [("/orders", who), ("/stores", {}), ("/deliveries", courier), ("/payinfos", who)]
    paths += [("/dashboards", who)] if "dashboard" in SERVICES else []
    for path, somebody in paths:
        assert "items" in door.want(200, "GET", path, None, somebody), path
    for path, somebody in paths:
        one = f"{path}/{door.store_id if path == '/stores' else order['orderId']}"
        eventually(lambda one=one, somebody=somebody: stack.request("GET", one, headers=somebody).status == 200, why=one)
    described = stack.request("GET", "/openapi.json").json()["paths"]
    equal([path for path, _ in paths if path not in described], [])


@case
def accept_and_cancel_meet_in_one_row(stack):
    """One of them wins, 200 times; the other is told so."""
    _, who, _ = people(stack)
    door = Door(stack)
    goods = door.product(on_hand=RACES)
    won = {"accept": 0, "cancel": 0}

    def race(_):
        order = door.arrived(who, goods)
        accept, cancel = both(lambda: door.do(order, "accept", {}), lambda: door.cancel(who, order))
        if accept.status == 200:
            equal((cancel.status, cancel.json().get("cancelAsked")), (202, True), f"{accept} {cancel}")
            equal(door.do(order, "cancellation", {"answer": "REFUSE"}).status, 200)
            return "accept"
        refused(accept, 409, "wrong_state")
        equal((cancel.status, cancel.json().get("status")), (200, "CANCELED"), repr(cancel))
        return "cancel"
    with concurrent.futures.ThreadPoolExecutor(RACERS) as pool:
        for winner in pool.map(race, range(RACES)):
            won[winner] += 1
    equal(sum(won.values()), RACES)
    sold = f"select s.sold from hanok_catalog.slot s join hanok_catalog.item i on i.id = s.id where i.store_id = x'{plain(door.store_id)}'"
    eventually(lambda: stack.sql(sold) == [[str(won["accept"])]], why=str(won))


@case
def all_is_whole_in_the_end(stack):
    whole(stack)


if __name__ == "__main__":
    sys.exit(run_cases(RATE_LIMIT="off", **CHEAP_HASHES))
