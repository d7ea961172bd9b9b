#!/usr/bin/env python3
"""Stores through the gateway of a real stack: made, opened and closed, and what they do with the orders that come."""
import concurrent.futures
import sys
import uuid

from shop import Shop, plain
from stack import run_cases
from tap import case, equal, eventually


def refused(reply, status, code):
    equal((reply.status, reply.code), (status, code), repr(reply))


class Door(Shop):
    """A shop, and what its owner does there."""

    def path(self, order, what=""):
        return f"/stores/{self.store_id}/tickets/{order['orderId']}" + (f"/{what}" if what else "")

    def ticket(self, order, *statuses):
        """The ticket, once it is there and so."""
        def look():
            reply = self.stack.request("GET", self.path(order), headers=self.as_owner)
            return reply.json() if reply.status == 200 and (not statuses or reply.json()["status"] in statuses) else None
        return eventually(look, 60, f"no ticket {statuses} of {order['orderId']}")

    def do(self, order, what, body=None, who=None):
        return self.stack.request("POST", self.path(order, what), body, who or self.as_owner)

    def open(self, is_open, who=None):
        return self.stack.request("PUT", f"/stores/{self.store_id}/opening", {"open": is_open}, who or self.as_owner)

    def said(self, key):
        """Types, in the order of saying."""
        return [row[0] for row in self.stack.sql(f"select type from hanok_store.outbox where `key` = x'{plain(key)}' order by seq")]

    def overdue(self, order, deadline):
        self.stack.sql(f"update hanok_store.ticket set {deadline} = now(6) - interval 1 second, look_at = now(6)"
                       f" where order_id = x'{plain(order['orderId'])}'")


def ask_to_cancel(stack, order, saga_id=None):
    """What the order's saga asks."""
    with stack.bus() as bus:
        return bus.request("store.ticket.cancel", {"sagaId": saga_id or str(uuid.uuid4()), "orderId": order["orderId"], "by": "customer"})


@case
def a_store_is_made_by_an_admin_and_read_by_all(stack):
    door, some_id = Door(stack), str(uuid.uuid4())
    form = {"storeId": some_id, "ownerId": door.owner_id, "name": "북촌 국수", "autoAccept": True}
    refused(stack.request("POST", "/stores", form, door.as_owner), 403, "forbidden")
    store = door.want(201, "POST", "/stores", form, door.as_admin)
    equal(store, {**form, "open": True, "approveUnanswered": False, "version": 1})
    reply = stack.request("GET", "/stores/" + some_id)
    equal((reply.status, reply.json(), reply.headers["ETag"]), (200, store, '"1"'))
    refused(stack.request("POST", "/stores", form, door.as_admin), 409, "store_exists")
    refused(stack.request("GET", f"/stores/{uuid.uuid4()}"), 404, "not_found")
    equal({one["storeId"] for one in stack.request("GET", "/stores?ownerId=" + door.owner_id).json()["items"]}, {some_id, door.store_id})
    equal(stack.request("GET", f"/stores?open=false&ownerId={door.owner_id}").json(), {"items": []})


@case
def a_store_is_changed_by_its_owner(stack):
    door = Door(stack)
    who, where = door.customer(), "/stores/" + door.store_id
    tag = stack.request("GET", where).headers["ETag"]
    refused(stack.request("PATCH", where, {"name": "빼앗은 가게"}, who), 403, "forbidden")
    refused(stack.request("PATCH", f"/stores/{uuid.uuid4()}", {"name": "없는 가게"}, door.as_admin), 404, "not_found")
    refused(stack.request("PATCH", where, {"name": None}, door.as_owner), 400, "invalid_request")
    refused(stack.request("PATCH", where, {"open": False}, door.as_owner), 400, "invalid_request")
    changed = stack.request("PATCH", where, {"name": "서촌 국수"}, {**door.as_owner, "If-Match": tag})
    equal((changed.status, changed.json()["name"], changed.json()["autoAccept"], changed.headers["ETag"]), (200, "서촌 국수", False, '"2"'), repr(changed))
    refused(stack.request("PATCH", where, {"autoAccept": True}, {**door.as_owner, "If-Match": tag}), 412, "precondition_failed")
    equal(door.want(200, "PATCH", where, {"autoAccept": True}, door.as_owner)["version"], 3)
    order = door.confirmed(who, door.product())
    door.ticket(order, "ACCEPTED")
    board = eventually(lambda: (seen := stack.request("GET", "/dashboards/" + order["orderId"], headers=who)).status == 200 and seen.json())
    equal(board["storeName"], "서촌 국수")
    equal(door.said(door.store_id), ["store.opened"] * 3)


@case
def a_closed_store_takes_no_orders(stack):
    door = Door(stack)
    who, goods = door.customer(), door.product()
    refused(door.open(False, who), 403, "forbidden")
    equal((door.open(False).json()["open"], door.open(False).json()["version"]), (False, 2))
    eventually(lambda: stack.sql(f"select open from hanok_catalog.store_open where store_id = x'{plain(door.store_id)}'") == [["0"]], 60)
    refused(door.order(who, goods), 409, "store_closed")
    equal(door.open(True).json()["open"], True)
    eventually(lambda: stack.sql(f"select open from hanok_catalog.store_open where store_id = x'{plain(door.store_id)}'") == [["1"]], 60)
    door.confirmed(who, goods)
    equal(door.said(door.store_id), ["store.opened", "store.closed", "store.opened"])
    made = stack.request("POST", "/items", {"storeId": door.store_id, "sku": "RICE", "name": "쌀", "onHand": 3}, door.as_owner)
    equal(made.status, 201, repr(made))  # whose store it is may fill its shelf


@case
def delivery_ticket_arrives(stack):
    door = Door(stack)
    who, goods = door.customer(), door.product()
    order = door.confirmed(who, goods, quantity=2)
    ticket = door.ticket(order)
    equal((ticket["orderNum"], ticket["status"], ticket["actions"], ticket["cancelAsked"], ticket["version"]),
          (order["orderNum"], "RECEIVED", ["accept", "reject"], False, 1))
    equal([(line["productId"], line["quantity"], line["unitPrice"], line["name"]) for line in ticket["lines"]],
          [(goods["productId"], 2, goods["price"], goods["name"])])
    equal(door.want(200, "GET", door.path(order), None, who)["actions"], [])
    refused(stack.request("GET", door.path(order), headers=door.customer()), 403, "forbidden")
    equal(stack.request("GET", door.path(order)).status, 401)
    equal([t["orderId"] for t in door.want(200, "GET", f"/stores/{door.store_id}/tickets?status=RECEIVED", None, door.as_owner)["items"]],
          [order["orderId"]])
    refused(stack.request("GET", f"/stores/{door.store_id}/tickets", headers=who), 403, "forbidden")
    refused(door.do({"orderId": str(uuid.uuid4())}, "cook"), 404, "not_found")


@case
def delivery_cook(stack):
    door = Door(stack)
    order = door.confirmed(door.customer(), door.product())
    door.ticket(order)
    refused(door.do(order, "cook"), 409, "wrong_state")
    accepted = door.do(order, "accept", {"minutes": 20})
    equal((accepted.status, accepted.json()["status"], accepted.json()["minutes"], accepted.json()["actions"]), (200, "ACCEPTED", 20, ["cook"]))
    refused(door.do(order, "accept", {}), 409, "wrong_state")
    refused(door.do(order, "reject", {"reason": "no_rice"}), 409, "wrong_state")
    equal(door.do(order, "cook").json()["status"], "COOKING")
    equal(door.do(order, "ready").json()["status"], "READY")
    equal(door.said(order["orderId"]), ["store.received", "store.accepted", "store.cooking_started", "store.cooked"])
    late = ask_to_cancel(stack, order)
    equal((late.error, late.json()["code"]), ("409", "too_late_to_cancel"))


@case
def a_ticket_can_be_waited_for(stack):
    door = Door(stack)
    order = door.confirmed(door.customer(), door.product())
    door.ticket(order)
    with concurrent.futures.ThreadPoolExecutor(1) as one:
        waiting = one.submit(stack.request, "GET", door.path(order), None, {**door.as_owner, "If-None-Match": '"1"', "Prefer": "wait=25"}, 60)
        equal(door.do(order, "accept", {}).status, 200)
        reply = waiting.result()
    equal((reply.status, reply.json()["status"], reply.headers["ETag"]), (200, "ACCEPTED", '"2"'), repr(reply))


@case
def a_store_of_goods_accepts_at_once(stack):
    door = Door(stack, autoAccept=True)
    order = door.confirmed(door.customer(), door.product())
    equal(door.ticket(order)["status"], "ACCEPTED")
    equal(door.said(order["orderId"]), ["store.received", "store.accepted"])


@case
def a_ticket_that_nobody_answers_is_rejected(stack):
    door = Door(stack)
    order = door.confirmed(door.customer(), door.product())
    door.ticket(order)
    door.overdue(order, "accept_by")
    equal(door.ticket(order, "REJECTED")["reason"], "store_no_answer")
    equal(door.said(order["orderId"]), ["store.received", "store.rejected"])


@case
def what_is_accepted_is_canceled_by_consent(stack):
    for approves, answer, status in ((False, "APPROVE", "CANCELED"), (False, "REFUSE", "ACCEPTED"), (False, None, "ACCEPTED"), (True, None, "CANCELED")):
        door = Door(stack, autoAccept=True, approveUnanswered=approves)
        order = door.confirmed(door.customer(), door.product())
        door.ticket(order, "ACCEPTED")
        asked = ask_to_cancel(stack, order)
        equal((asked.error, asked.json()["code"]), ("409", "store_consent_needed"))
        ticket = door.ticket(order)
        equal((ticket["cancelAsked"], ticket["actions"]), (True, ["cook", "approve", "refuse"]))
        if answer:
            equal(door.do(order, "cancellation", {"answer": answer}).json()["status"], status)
        else:
            door.overdue(order, "answer_by")
        eventually(lambda: not door.ticket(order)["cancelAsked"], 60)
        equal(door.ticket(order)["status"], status)
        equal(door.said(order["orderId"])[-1], "store.canceled" if status == "CANCELED" else "store.cancel_refused")


@case
def accepting_and_canceling_meet_in_one_row(stack):
    door = Door(stack)
    who, goods = door.customer(), door.product(on_hand=99)
    orders = [door.confirmed(who, goods) for _ in range(20)]
    with concurrent.futures.ThreadPoolExecutor(2) as two:
        for order in orders:
            door.ticket(order)
            accepting, canceling = two.submit(door.do, order, "accept", {}), two.submit(ask_to_cancel, stack, order)
            accepted, canceled = accepting.result(), canceling.result()
            ticket = door.ticket(order)
            if canceled.error:
                equal((canceled.json()["code"], accepted.status, ticket["status"]), ("store_consent_needed", 200, "ACCEPTED"))
            else:
                equal((accepted.code, ticket["status"]), ("wrong_state", "CANCELED"))


@case
def delivery_store_killed_orders_go_on(stack):
    door = Door(stack, autoAccept=True)
    who, goods = door.customer(), door.product()
    stack.control("store", "-d")
    eventually(lambda: stack.admin("store", "/livez") is None, 60)
    try:
        orders = [door.confirmed(who, goods) for _ in range(3)]
    finally:
        stack.control("store", "-u")
    for order in orders:
        door.ticket(order, "ACCEPTED")


@case
def what_is_canceled_before_it_comes_never_comes(stack):
    door = Door(stack, autoAccept=True)
    order = {"orderId": str(uuid.uuid4())}
    equal(ask_to_cancel(stack, order).json(), {"status": "CANCELED"})
    refused(stack.request("GET", door.path(order), headers=door.as_owner), 404, "not_found")
    equal(door.said(order["orderId"]), ["store.canceled"])


@case
def all_of_it_can_be_read_again(stack):
    door = Door(stack, autoAccept=True)
    order = door.confirmed(door.customer(), door.product())
    door.ticket(order, "ACCEPTED")
    with stack.bus() as bus:
        for kind, key in (("store.received", order["orderId"]), ("store.closed", door.store_id)):
            before = str(uuid.UUID(int=uuid.UUID(key).int - 1))
            page = bus.request("store.export", {"type": kind, "after": before, "limit": 50}).json()
            items = {item["key"]: item["data"] for item in page["items"]}
            equal(items[key]["version"], 2 if kind == "store.received" else 1)


if __name__ == "__main__":
    sys.exit(run_cases())
