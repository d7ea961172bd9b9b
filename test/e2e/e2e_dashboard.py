#!/usr/bin/env python3
"""How far orders are, as everybody watches it: a view of four services, live, and thrown away and built anew."""
import concurrent.futures
import contextlib
import datetime
import http.client
import json
import selectors
import shutil
import socket
import sys
import threading
import uuid

from ctl import DONE, ctl
from gateway import Gateway
from shop import Shop, plain
from shop_invariants import at_rest
from stack import run_cases
from tap import case, equal, eventually


WAITING = 1000


class Way(Shop):
    """A shop with an owner at its counter and a courier at its door."""

    def __init__(self, stack):
        super().__init__(stack)
        self.owner_id, self.as_owner = self.person()
        self.as_courier = self.customer(role="courier")
        made = self.want(201, "POST", "/stores", {"name": "달빛식당", "ownerId": self.owner_id}, self.as_admin)
        self.store_id = made["storeId"]
        self.want(200, "PUT", f"/stores/{self.store_id}/opening", {"open": True}, self.as_owner)

    def person(self):
        person = self.stack.person()
        equal(self.stack.signup(person).status, 201)
        return self.stack.token_of(person)

    def step(self, order, what):
        """Done as soon as it can be: what others have said may still be on its way."""
        store = f"/stores/{self.store_id}/tickets/{order['orderId']}/{what}"
        courier = what in ("start", "pickup", "complete")
        path, who = (f"/deliveries/{order['orderId']}/{what}", self.as_courier) if courier else (store, self.as_owner)
        body = {"minutes": 20} if what == "accept" else None

        def done():
            reply = self.stack.request("POST", path, body, who)
            assert reply.status in (200, 404, 409), reply
            return reply.status == 200
        eventually(done, 60, f"{what} of {order['orderId']} is not possible")

    def seen(self, who, order, status=None):
        """The row, once it says that."""
        def look():
            reply = self.stack.request("GET", "/dashboards/" + order["orderId"], headers=who)
            assert reply.status in (200, 404), reply
            return reply.status == 200 and status in (None, reply.json()["status"]) and reply
        return eventually(look, 60, f"{order['orderId']} is not {status}")


def digests(stack):
    """Of the dashboard, and of what its owners say."""
    done = ctl(stack, "dashboard", "digest", "-o", "json")
    equal(done.returncode, DONE, done.stderr)
    ours, theirs = json.loads(done.stdout)["items"]
    return (ours["digest"], ours["wrong"]), (theirs["digest"], 0)


def alike(stack):
    eventually(lambda: len(set(digests(stack))) == 1, 60, "the dashboard is not what its owners say")


def rebuilt(stack):
    """Builds it anew, and waits until that is done."""
    begun = ctl(stack, "dashboard", "rebuild", "-o", "json")
    equal(begun.returncode, DONE, begun.stderr)
    before = json.loads(begun.stdout)["done"]
    eventually(lambda: int(stack.sql("select done from hanok_dashboard.rebuild")[0][0]) > before, 120, "it is not built anew")


def day_of(view):
    """The day at the shops on which it was ordered."""
    seoul = datetime.timezone(datetime.timedelta(hours=9))
    return datetime.datetime.fromisoformat(view["orderDt"].replace("Z", "+00:00")).astimezone(seoul).date()


@case
def delivery_dashboard_fields(stack):
    way = Way(stack)
    who, goods, more = way.customer(), way.product(price=9000), way.product(price=1000)
    order = way.confirmed(who, (goods, 2), (more, 1))
    reply = way.seen(who, order)
    eventually(lambda: way.seen(who, order).json().get("paymentStatus") == "AUTHORIZED" and way.seen(who, order).json().get("itemName"))
    reply = way.seen(who, order)
    view = reply.json()
    equal({k: view[k] for k in ("orderId", "storeName", "itemName", "itemQty", "price", "status")},
          {"orderId": order["orderId"], "storeName": "달빛식당", "itemName": goods["name"] + " 외 1건", "itemQty": 3,
           "price": {"amount": 19000, "currency": "KRW"}, "status": "ORDERED"})
    equal((view["orderNum"], view["paymentStatus"], view["times"]["ordered"]), (order["orderNum"], "AUTHORIZED", view["orderDt"]))
    equal(view["orderDt"], way.get(who, order)["createdAt"])
    equal(reply.headers["ETag"], f'"{view["version"]}"')
    assert int(reply.headers["X-View-Lag"]) >= 0
    eventually(lambda: stack.request("GET", "/dashboards/" + order["orderId"],  # once all has come to it
                                     headers={**who, "If-None-Match": way.seen(who, order).headers["ETag"]}).status == 304)
    equal(stack.request("GET", "/dashboards/" + str(uuid.uuid4()), headers=who).status, 404)
    equal(stack.request("GET", "/dashboards/" + order["orderId"]).status, 401)


@case
def delivery_dashboard_follows(stack):
    way = Way(stack)
    who = way.customer()
    order = way.confirmed(who, way.product())
    for what, status in (("accept", "ACCEPTED"), ("cook", "COOKING"), ("ready", "COOKED"), ("start", "DELIVERY_STARTED"),
                         ("pickup", "PICKED_UP"), ("complete", "DELIVERED")):
        way.step(order, what)
        way.seen(who, order, status)
    eventually(lambda: way.seen(who, order).json()["times"].get("delivered") and way.seen(who, order).json().get("deliveryStatus") == "DELIVERED")
    times = way.seen(who, order).json()["times"]
    steps = [times[k] for k in ("ordered", "accepted", "cooked", "pickedUp", "delivered")]
    equal(steps, sorted(steps))
    assert stack.metric("dashboard", "hanok_view_seconds_count") >= 6
    canceled = way.confirmed(who, way.product())
    assert way.cancel(who, canceled).status in (200, 202)
    way.seen(who, canceled, "ORDER_CANCELED")  # its ticket says so before the order has ended
    eventually(lambda: way.seen(who, canceled).json()["times"].get("canceled"), 60)
    times = way.seen(who, canceled).json()["times"]
    assert times["canceled"] >= times["ordered"]
    eventually(lambda: way.seen(who, canceled).json()["paymentStatus"] == "ORDER_CANCELED", 60)
    declined = way.order(who, way.product(), method="tok_declined")
    equal(declined.status, 409, repr(declined))
    listed = way.want(200, "GET", "/dashboards?status=ORDER_REJECTED", who=who)["items"]
    eventually(lambda: len(way.want(200, "GET", "/dashboards?status=ORDER_REJECTED", who=who)["items"]) == 1, 60, repr(listed))


@case
def delivery_live(stack):
    way = Way(stack)
    who = way.customer()
    order = way.confirmed(who, way.product())
    path, replies = "/dashboards/" + order["orderId"], []

    def wait():
        """Every version, each as soon as it is there."""
        etag = '"0"'
        while not replies or replies[-1]["status"] != "COOKING":
            reply = stack.request("GET", path, headers={**who, "If-None-Match": etag, "Prefer": "wait=25"}, timeout=90)
            assert reply.status in (200, 304, 404), reply
            if reply.status == 200:
                etag = reply.headers["ETag"]
                replies.append(reply.json())

    way.seen(who, order)
    waiting = threading.Thread(target=wait)
    waiting.start()
    client = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=90)
    client.request("GET", path, headers={**who, "Accept": "text/event-stream"})
    stream = client.getresponse()
    equal((stream.status, stream.getheader("Content-Type")), (200, "text/event-stream"))
    for what in ("accept", "cook"):
        way.step(order, what)
    told = []
    while not told or told[-1]["status"] != "COOKING":
        line = stream.readline().decode()
        assert line, "the stream has ended"
        if line.startswith("data: "):
            told.append(json.loads(line[len("data: "):]))
    client.close()
    waiting.join(120)
    assert not waiting.is_alive(), replies
    for versions in ([reply["version"] for reply in replies], [view["version"] for view in told]):
        equal(versions, sorted(set(versions)))


@contextlib.contextmanager
def copies(stack, order, number):
    """Their ids: so many rows like that order's, which are of no order."""
    table, ids = "hanok_dashboard.dashboard", [f"018f0000-0000-7000-8000-{n:012}" for n in range(number)]
    names = [row[0] for row in stack.sql(f"show columns from {table}")][1:]  # order_id is the first
    seq = f"hanok_dashboard.seq_0_to_{number - 1}"
    try:
        stack.sql(f"insert into {table} select unhex(concat('{plain(ids[0])[:20]}', lpad(seq, 12, '0'))), {', '.join(names)} from {table}, {seq}"
                  f" where order_id = x'{plain(order['orderId'])}'")
        yield ids
    finally:
        stack.sql(f"delete from {table} where order_id between x'{plain(ids[0])}' and x'{plain(ids[-1])}'")


class Crowd:
    """Long polls through a gateway of their own; whose wait is over, or who is refused, asks again. heard: {order id: what became of it}."""

    def __init__(self, gateway, headers):
        self.gateway, self.selector, self.heard = gateway, selectors.DefaultSelector(), {}
        self.lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    def ask(self, order_id):
        connection = socket.create_connection(("127.0.0.1", self.gateway.port), 60)
        connection.sendall(f"GET /dashboards/{order_id} HTTP/1.1\r\nHost: test\r\n{self.lines}\r\n".encode())
        self.selector.register(connection, selectors.EVENT_READ, order_id)

    def metric(self, name):
        lines = self.gateway.admin("/metrics").body.decode().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"hanok_http_live{name} "))

    def tend(self):
        for key, _ in self.selector.select(0.1):
            answer = key.fileobj.recv(65536)
            self.selector.unregister(key.fileobj)
            key.fileobj.close()
            if answer.startswith(b"HTTP/1.1 200 "):
                self.heard[key.data] = answer
            else:
                self.ask(key.data)

    def come(self, ids):
        for n, order_id in enumerate(ids, 1):
            self.ask(order_id)
            if n % 100 == 0:
                eventually(lambda n=n: self.metric("") == n or self.tend(), 300, f"there are no {n} who wait")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()


@case
def of_a_thousand_who_wait_the_one_hears_whose_order_changes(stack):
    way = Way(stack)
    who = way.customer()
    order = way.confirmed(who, way.product())
    eventually(lambda: stack.request("GET", "/dashboards/" + order["orderId"], headers=way.as_owner).status == 200)  # there is a ticket
    eventually(lambda: at_rest(stack) or None)
    headers = {**who, "If-None-Match": way.seen(who, order).headers["ETag"], "Prefer": "wait=30"}
    with copies(stack, order, WAITING - 1) as ids, Gateway(stack, rate_limit="off", live_beat_ms=600000) as gateway, Crowd(gateway, headers) as crowd:
        crowd.come((*ids, order["orderId"]))
        before = crowd.metric("_woken_total")
        way.step(order, "accept")
        eventually(lambda: crowd.heard or crowd.tend(), 120, "nobody hears of it")
        woken = crowd.metric("_woken_total") - before
    equal(list(crowd.heard), [order["orderId"]])
    assert b'"ORDERED"' not in crowd.heard[order["orderId"]], crowd.heard
    assert 1 <= woken <= 5, f"{woken} were woken for one order"  # each of its changes is one


@case
def it_is_of_who_ordered_who_owns_the_store_and_administrators(stack):
    way = Way(stack)
    who, other = way.customer(), way.customer()
    orders = [way.confirmed(who, way.product(price=7000)) for _ in range(3)]
    for order in orders:
        way.seen(who, order)
        eventually(lambda order=order: stack.request("GET", "/dashboards/" + order["orderId"], headers=way.as_owner).status == 200, 60)
        equal(way.seen(way.as_admin, order).status, 200)
        equal(stack.request("GET", "/dashboards/" + order["orderId"], headers=other).status, 404)
    ids = [order["orderId"] for order in reversed(orders)]
    of_store = f"/dashboards?storeId={way.store_id}&limit=2"
    page = way.want(200, "GET", of_store, who=way.as_owner)
    rest = way.want(200, "GET", f"{of_store}&cursor={page['nextCursor']}", who=way.as_owner)
    equal([item["orderId"] for item in page["items"] + rest["items"]], ids)
    equal([item["orderId"] for item in way.want(200, "GET", "/dashboards", who=who)["items"]], ids)
    equal(way.want(200, "GET", of_store, who=other), {"items": []})
    way.step(orders[0], "accept")
    way.seen(who, orders[0], "ACCEPTED")
    way.cancel(who, orders[1])
    way.seen(who, orders[1], "ORDER_CANCELED")
    days = {day_of(way.seen(who, order).json()) for order in orders}
    path = f"/dashboards/summary?storeId={way.store_id}&day="
    equal(stack.request("GET", path + str(min(days)), headers=who).status, 403)
    found = [way.want(200, "GET", path + str(day), who=way.as_owner) for day in days]  # two, just now at midnight
    equal((sum(day["orders"] for day in found), sum(day["canceled"] for day in found)), (3, 1))
    equal({day["cancelRate"] for day in found} if len(days) == 1 else {33}, {33})


@case
def a_dashboard_that_is_thrown_away_is_built_anew(stack):
    way = Way(stack)
    who = way.customer()
    orders = [way.confirmed(who, way.product()) for _ in range(4)]
    way.step(orders[0], "accept")
    way.seen(who, orders[0], "ACCEPTED")
    way.seen(who, orders[3])
    alike(stack)
    stack.sql("update hanok_dashboard.dashboard set status = 'DELIVERED', ticket_status = 'PICKED_UP' where user_id = "
              f"(select user_id from hanok_order.orders where id = x'{orders[1]['orderId'].replace('-', '')}')")
    ours, theirs = digests(stack)
    assert ours != theirs
    done = ctl(stack, "doctor", "-o", "json")
    equal([f["verdict"] for f in json.loads(done.stdout)["items"] if f["check"] == "the dashboard is what its owners say"], ["BROKEN"])
    goods, stop, looks, cooked = way.product(on_hand=99), threading.Event(), [], []

    def read():
        while not stop.wait(0.005):
            looks.append(stack.request("GET", "/dashboards/" + orders[0]["orderId"], headers=who).status)

    def cook():
        while len(cooked) < 90 and not (cooked and stop.is_set()):
            cooked.append(way.confirmed(who, goods))
            for what in ("accept", "cook"):
                way.step(cooked[-1], what)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        at_work = [pool.submit(read), pool.submit(cook)]
        try:
            for _ in range(3):
                rebuilt(stack)
        finally:
            stop.set()
        for one in at_work:
            one.result()
    equal(set(looks), {200})
    way.seen(who, cooked[-1], "COOKING")
    alike(stack)
    equal(way.seen(who, orders[0]).json()["status"], "ACCEPTED")
    equal(way.seen(who, orders[1]).json()["status"], "ORDERED")
    stack.sql("delete from hanok_dashboard.dashboard")
    rebuilt(stack)
    alike(stack)
    way.seen(who, orders[1])


@case
def a_stream_that_is_lost_and_a_dashboard_with_it_are_built_anew(stack):
    way = Way(stack)
    who = way.customer()
    orders = [way.confirmed(who, way.product()) for _ in range(2)]
    way.step(orders[0], "accept")
    way.seen(who, orders[0], "ACCEPTED")
    way.seen(who, orders[1])
    stack.control("nats", "-d")
    eventually(lambda: stack.pid("nats") is None)
    shutil.rmtree(f"{stack.dir}/nats")
    stack.sql("delete from hanok_dashboard.dashboard")
    stack.control("nats", "-u")
    eventually(stack.ready, 120)
    rebuilt(stack)
    alike(stack)
    equal([way.seen(who, order).json()["status"] for order in orders], ["ACCEPTED", "ORDERED"])
    way.step(orders[0], "cook")
    way.seen(who, orders[0], "COOKING")
    way.seen(who, way.confirmed(who, way.product()))
    alike(stack)


if __name__ == "__main__":
    sys.exit(run_cases())
