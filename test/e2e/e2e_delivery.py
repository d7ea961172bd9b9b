#!/usr/bin/env python3
"""The delivery service through the gateway of a real stack: jobs, the courier who comes first, and who is told where an order goes."""
import concurrent.futures
import json
import sys

from ctl import DONE, NOT_SO, USAGE, ctl
from ctl import refused as ctl_refused
from door import Door, tells_where
from shop import ADDRESS, plain, whole
from stack import run_cases
from tap import case, equal, eventually

HERE = {}


def refused(reply, status, code):
    equal((reply.status, reply.code), (status, code), repr(reply))


def place(stack):
    """(a shop, a customer, goods, two couriers), the same in all cases."""
    if not HERE:
        door = Door(stack)
        HERE["place"] = (door, door.customer(), door.product(on_hand=90), door.customer(role="courier"), door.customer(role="courier"))
    return HERE["place"]


def accepted(stack):
    """An order whose delivery waits."""
    door, who, goods, *_ = place(stack)
    order = door.arrived(who, goods)
    door.goes_on(order, "accept")
    door.job(who, order, "WAITING")
    return order


def said(stack, order):
    return stack.sql("select type, json_value(payload, '$.version'), json_value(payload, '$.status') from hanok_delivery.outbox"
                     f" where `key` = x'{plain(order['orderId'])}' order by seq")


def together(*calls):
    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return [asked.result() for asked in [pool.submit(call) for call in calls]]


@case
def what_a_store_accepts_is_brought_to_the_door(stack):
    door, who, _, kim, _ = place(stack)
    order = accepted(stack)
    waiting = door.want(200, "GET", "/deliveries?status=WAITING", None, kim)["items"]
    equal([(job["status"], job["ready"], job["actions"]) for job in waiting if job["orderId"] == order["orderId"]], [("WAITING", False, ["start"])])
    started = door.carry(kim, order, "start")
    equal((started.status, started.json()["status"], started.json()["actions"]), (200, "STARTED", ["give_back"]), repr(started))
    refused(door.carry(kim, order, "pickup"), 409, "not_ready")
    door.goes_on(order, "cook", "ready")
    eventually(lambda: door.job(kim, order).json()["ready"])
    equal(door.carry(kim, order, "pickup").json()["status"], "PICKED_UP")
    done = door.carry(kim, order, "complete")
    equal((done.status, done.json()["status"], done.json()["actions"]), (200, "DELIVERED", []), repr(done))
    assert done.json()["startedAt"] <= done.json()["pickedUpAt"] <= done.json()["deliveredAt"], done
    seen = door.job(who, order)
    equal((seen.headers["ETag"], seen.headers["Cache-Control"], seen.json()["version"]), ('"5"', "no-store", 5))
    eventually(lambda: all(status == "SENT" for status, in stack.sql("select outbox_status from hanok_delivery.outbox")))
    equal(said(stack, order), [["delivery.waiting", "1", "WAITING"], ["delivery.started", "2", "STARTED"], ["delivery.changed", "3", "STARTED"],
                               ["delivery.picked_up", "4", "PICKED_UP"], ["delivery.delivered", "5", "DELIVERED"]])


@case
def the_courier_who_comes_first_has_it(stack):
    door, _, _, kim, lee = place(stack)
    for _ in range(5):
        order = accepted(stack)
        replies = together(*[lambda who=who: door.carry(who, order, "start") for who in (kim, lee) * 3])
        winners = {reply.json()["courierId"] for reply in replies if reply.status == 200}
        equal((sorted(reply.status for reply in replies), len(winners)), ([200] * 3 + [409] * 3, 1), repr(replies))
        equal({reply.code for reply in replies if reply.status == 409}, {"taken"})
        equal(len(said(stack, order)), 2)


@case
def what_is_given_back_is_for_another(stack):
    door, who, _, kim, lee = place(stack)
    order = accepted(stack)
    equal(door.carry(kim, order, "give-back").json()["status"], "WAITING")  # as it is: it may have been his, and his answer lost
    equal(door.carry(kim, order, "start").status, 200)
    refused(door.carry(lee, order, "give-back"), 409, "taken")
    back = door.carry(kim, order, "give-back").json()
    equal((back["status"], back.get("courierId"), back["actions"]), ("WAITING", None, ["start"]))
    equal(door.carry(lee, order, "start").status, 200)
    mine = [[job["orderId"] for job in door.want(200, "GET", "/deliveries?status=STARTED", None, courier)["items"]] for courier in (kim, lee)]
    equal([order["orderId"] in jobs for jobs in mine], [False, True])
    refused(stack.request("GET", "/deliveries/" + order["orderId"], headers=kim), 404, "not_found")
    equal(door.job(who, order).json()["status"], "STARTED")


@case
def who_never_comes_does_not_keep_it(stack):
    door, who, _, kim, lee = place(stack)
    order = accepted(stack)
    door.goes_on(order, "cook", "ready")
    started = door.carried(kim, order, "start")
    eventually(lambda: door.job(kim, order).json()["ready"])
    by = door.job(kim, order).json()["pickupBy"]
    assert by > started["startedAt"], (by, started)
    stack.sql(f"update hanok_delivery.delivery set pickup_by = now(6) - interval 1 second, look_at = now(6) where order_id = x'{plain(order['orderId'])}'")
    back = door.job(who, order, "WAITING").json()
    equal([name in back for name in ("courierId", "startedAt", "pickupBy")], [False] * 3, repr(back))
    eventually(lambda: stack.request("GET", "/dashboards/" + order["orderId"], headers=who).json()["status"] == "COOKED", 60)
    refused(door.carry(kim, order, "pickup"), 409, "wrong_state")
    assert order["orderId"] in [job["orderId"] for job in door.want(200, "GET", "/deliveries?status=WAITING", None, lee)["items"]], "nobody is offered it"
    door.carried(lee, order, "start", "pickup", "complete")
    equal([kind for kind, *_ in said(stack, order)][-4:], ["delivery.waiting", "delivery.started", "delivery.picked_up", "delivery.delivered"])


@case
def the_address_is_for_who_carries_it(stack):
    door, who, _, kim, lee = place(stack)
    order = accepted(stack)
    assert not tells_where(door.job(kim, order)), "a job that waits tells where"
    equal(door.carry(kim, order, "start").status, 200)
    told = door.job(kim, order).json()["deliverTo"]
    equal((told["name"], told["address"]), (ADDRESS["name"], ADDRESS["address"]))
    for other in (who, door.as_owner, door.as_admin):
        assert not tells_where(door.job(other, order)), "somebody else is told where"
    assert not tells_where(stack.request("GET", "/deliveries?status=STARTED", headers=kim)), "a list tells where"
    door.goes_on(order, "cook", "ready")
    door.carried(kim, order, "pickup", "complete")
    assert tells_where(door.job(kim, order)), "who has just brought it is not told where"
    later = f"update hanok_delivery.delivery set delivered_at = delivered_at %s interval 1 hour where order_id = x'{plain(order['orderId'])}'"
    stack.sql(later % "-")
    assert not tells_where(door.job(kim, order)), "an hour after it is still told where"
    stack.sql(later % "+")  # as it was said


@case
def a_delivery_is_read_while_order_is_down(stack):
    door, who, _, kim, _ = place(stack)
    order = accepted(stack)
    equal(door.carry(kim, order, "start").status, 200)
    stack.control("order", "-d")
    try:
        eventually(lambda: stack.admin("order", "/livez") is None)
        for person, tag in ((kim, '"0"'), (who, '"2"')):
            seen = door.job(person, order)
            equal((seen.json()["status"], seen.headers["ETag"], tells_where(seen)), ("STARTED", tag, False))
    finally:
        stack.control("order", "-u")
    eventually(lambda: stack.ready("order"))
    eventually(lambda: tells_where(door.job(kim, order)))  # its breaker may still be open


@case
def what_is_called_off_is_brought_by_nobody(stack):
    door, who, _, kim, _ = place(stack)
    order = accepted(stack)
    equal(door.carry(kim, order, "start").status, 200)
    equal(door.cancel(who, order, wait=None).status, 202)
    eventually(lambda: door.ticket(order)["cancelAsked"])
    equal(door.do(order, "cancellation", {"answer": "APPROVE"}).status, 200)
    gone = door.job(kim, order, "CANCELED").json()
    equal((gone["actions"], "deliverTo" in gone), ([], False))
    refused(door.carry(kim, order, "pickup"), 409, "wrong_state")
    equal([kind for kind, *_ in said(stack, order)], ["delivery.waiting", "delivery.started", "delivery.canceled"])


@case
def who_waits_for_his_order_sees_it_move(stack):
    door, who, _, kim, _ = place(stack)
    order = accepted(stack)
    tag = door.job(who, order).headers["ETag"]
    live = {**who, "If-None-Match": tag, "Prefer": "wait=20"}
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        watching = pool.submit(stack.request, "GET", "/deliveries/" + order["orderId"], None, live, 60)
        equal(door.carry(kim, order, "start").status, 200)
        seen = watching.result()
    equal((seen.status, seen.json()["status"]), (200, "STARTED"), repr(seen))


@case
def nobody_but_a_courier_takes_it(stack):
    door, who, *_ = place(stack)
    order = accepted(stack)
    for person in (who, door.as_owner, door.as_admin):
        refused(door.carry(person, order, "start"), 403, "forbidden")
    for person in (who, door.as_owner):
        refused(stack.request("GET", "/deliveries?status=WAITING", headers=person), 403, "forbidden")
    refused(stack.request("GET", "/deliveries/" + order["orderId"], headers=door.customer()), 404, "not_found")
    equal([stack.request("GET", path).status for path in ("/deliveries", "/deliveries/" + order["orderId"])], [401, 401])


def unbrought(stack):
    """What doctor says of orders that nobody brings: how many there are."""
    items = json.loads(ctl(stack, "doctor", "-o", "json").stdout)["items"]
    return [row["count"] for row in items if row["check"] == "an order is brought within a day of being accepted"]


@case
def what_nobody_brings_is_found_and_ended_by_an_operator(stack):
    door, who, _, kim, _ = place(stack)
    order = accepted(stack)
    ctl_refused(stack, NOT_SO, "not cooked", "delivery", "end", order["orderId"], "--yes")
    door.goes_on(order, "cook", "ready")
    eventually(lambda: door.job(kim, order).json()["ready"])
    equal(unbrought(stack), [0])
    mine = f"where order_id = x'{plain(order['orderId'])}'"
    stack.sql(f"update hanok_delivery.delivery set created_at = created_at - interval 1 day {mine}")
    equal(unbrought(stack), [1])
    stack.sql(f"update hanok_delivery.delivery set created_at = created_at + interval 1 day {mine}")
    ctl_refused(stack, USAGE, "needs --yes", "delivery", "end", order["orderId"])
    for _ in range(2):  # again it is the same
        equal(ctl(stack, "delivery", "end", order["orderId"], "--yes").returncode, DONE)
    equal([row[0] for row in said(stack, order)], ["delivery.waiting", "delivery.changed", "delivery.picked_up", "delivery.delivered"])
    door.ended(who, order, "COMPLETED")
    assert '"an operator has ended a delivery"' in stack.logs("delivery")
    for units in ("0", "-- -5", "1.5", "99999999999999999999"):
        ctl_refused(stack, USAGE, "is no number of minor units", "payment", "refund", order["orderId"], "--yes", *units.split())
    equal(ctl(stack, "payment", "refund", order["orderId"], "100", "--yes").returncode, DONE)
    equal(ctl(stack, "payment", "refund", order["orderId"], "--yes").returncode, DONE)
    paid = f"select status, captured - refunded from hanok_payment.payment {mine}"
    eventually(lambda: stack.sql(paid) == [["REFUNDED", "0"]], why="the money is not given back")
    ctl_refused(stack, NOT_SO, "nothing to give back", "payment", "refund", order["orderId"], "--yes")


@case
def all_is_whole_in_the_end(stack):
    whole(stack)


if __name__ == "__main__":
    sys.exit(run_cases())
