#!/usr/bin/env python3
"""What the catalogue system and the mall state, a case each: those that have none of their own elsewhere (docs/systems.md)."""
import concurrent.futures
import json
import sys
import time

from shop import Shop, whole
from stack import SERVICES, run_cases
from stream import partition, read_stream
from tap import case, equal, eventually

ORDERS = 8


def plain(some_id):
    return some_id.replace("-", "")


@case
def catalogue_logout(stack):
    person = stack.person()
    equal(stack.signup(person).status, 201)
    login = stack.login(person).json()
    equal(stack.request("POST", "/logout", headers={"Authorization": "Bearer " + login["accessToken"]}).status, 204)
    equal(stack.request("POST", "/refresh", {"refreshToken": login["refreshToken"]}).status, 401)


@case
def catalogue_schema_in_discovery(stack):
    with stack.bus() as bus:
        info = bus.request("$SRV.INFO.order", b"").json()
    said = {endpoint["subject"]: endpoint["metadata"] for endpoint in info["endpoints"]}["order.create"]
    asked, answered = (json.loads(said[name])["properties"] for name in ("request_schema", "response_schema"))
    assert {"storeId", "lines", "payment"} <= set(asked) and {"orderId", "orderNum", "status"} <= set(answered), said


@case
def catalogue_random_ports(stack):
    addresses = set()
    for name in SERVICES:
        equal(stack.admin(name, "/livez").status, 200, name)
        with open(f"{stack.dir}/{name}.admin") as f:
            addresses.add(f.read())
    equal(len(addresses), len(SERVICES))
    old = stack.kill("catalog")
    eventually(lambda: stack.pid("catalog") not in (None, old) and stack.ready("catalog"))
    equal(stack.request("GET", "/products").status, 200)  # nobody was told where it is now


@case
def catalogue_openapi_has_orders(stack):
    paths = stack.request("GET", "/openapi.json").json()["paths"]
    for path, methods in {"/order": ["post"], "/orders": ["get", "post"], "/orders/{orderId}": ["delete", "get"],
                          "/catalogue/order/{orderId}": ["get"], "/open-api/order/{orderNum}": ["get"]}.items():
        equal(sorted(set(paths[path]) & {"get", "post", "put", "patch", "delete"}), methods, path)
    equal(stack.request("GET", "/docs").status, 200)


@case
def catalogue_relay_sends_once(stack):
    shop = Shop(stack)
    order = plain(shop.confirmed(shop.customer(), shop.product())["orderId"])
    rows = f"from hanok_order.outbox where `key` = x'{order}'"

    def in_stream():
        return [kept.id for kept in read_stream(stack) if kept.key == order and kept.type.startswith("order.")]

    def is_sent():
        return stack.sql(f"select count(*) {rows} and outbox_status = 'SENT'") == [["2"]]
    eventually(is_sent)
    said = [row[0] for row in stack.sql(f"select lower(hex(id)) {rows} order by seq")]
    equal(in_stream(), said)
    stack.sql(f"update hanok_order.outbox set outbox_status = 'PENDING', stream_seq = 0 where `key` = x'{order}'")
    eventually(is_sent)  # as one does that was killed before it could note that they are there
    equal(in_stream(), said)


@case
def catalogue_copy_lag(stack):
    shop = Shop(stack)
    who, goods, late = shop.customer(), shop.product(), []
    for _ in range(5):
        order, began = shop.confirmed(who, goods)["orderId"], time.monotonic()
        copy = eventually(lambda order=order: (lambda r: r.status == 200 and r.json()["version"] == 2 and r.json())(
            stack.request("GET", "/catalogue/order/" + order, headers=who)))
        late.append(time.monotonic() - began)
        equal(copy["status"], "CONFIRMED")
    print(f"# a copy is there {sorted(1000 * s for s in late)[2]:.0f} ms after the order; make bench measures it", flush=True)


@case
def mall_subjects(stack):
    shop = Shop(stack)
    with stack.bus() as bus:
        bus.subscribe("event.order.>")
        bus.flush()
        order = shop.confirmed(shop.customer(), shop.product())["orderId"]
        subjects = []
        while len(subjects) < 2:
            message = bus.next(60)
            assert message, subjects
            if message.headers["ce-subject"] == order:
                subjects.append(message.subject)
    equal(subjects, [f"event.order.{what}.{partition(order):02}" for what in ("created", "confirmed")])


@case
def mall_wait_for_confirmed(stack):
    shop = Shop(stack)
    who, goods = shop.customer(), shop.product()
    first = shop.order(who, goods, wait=None)
    equal((first.status, first.json()["status"]), (201, "PENDING"), repr(first))
    second = shop.order(who, goods, wait=20)
    equal((second.status, second.json()["status"]), (201, "CONFIRMED"), repr(second))
    equal(shop.get(who, second.json())["status"], "CONFIRMED")
    equal(shop.ended(who, first.json())["status"], "CONFIRMED")


@case
def mall_events_of_one_order_in_order(stack):
    shop = Shop(stack)
    who, goods = shop.customer(), shop.product(on_hand=100)

    def there_and_back(_):
        order = shop.confirmed(who, goods)
        equal(shop.cancel(who, order).status, 200)
        return plain(order["orderId"])
    with concurrent.futures.ThreadPoolExecutor(ORDERS) as pool:
        orders = list(pool.map(there_and_back, range(ORDERS)))
    said = {order: [row[0] for row in stack.sql("select lower(hex(id)) from hanok_order.outbox"
                                                f" where `key` = x'{order}' order by seq")] for order in orders}
    eventually(lambda: stack.sql("select count(*) from hanok_order.outbox where outbox_status <> 'SENT'") == [["0"]])
    told = {order: [] for order in orders}
    for kept in read_stream(stack):
        if kept.key in told and kept.type.startswith("order."):
            told[kept.key].append(kept)
    for order in orders:
        equal([kept.id for kept in told[order]][:len(said[order])], said[order])  # more may have come meanwhile
        equal([kept.type for kept in told[order]][:2], ["order.created", "order.confirmed"])
        equal({kept.subject.rsplit(".", 1)[1] for kept in told[order]}, {f"{partition(order):02}"})


@case
def mall_open_api_unknown(stack):
    who = Shop(stack).customer()
    for number in ("9" * 24, "20261129083000" + "0" * 10):
        reply = stack.request("GET", "/open-api/order/" + number, headers=who)
        equal((reply.status, reply.json()["code"]), (404, "not_found"), repr(reply))


@case
def mall_store_down_then_up(stack):
    shop = Shop(stack)
    who, goods = shop.customer(), shop.product(on_hand=3)
    order = shop.confirmed(who, goods)
    eventually(lambda: shop.available(goods) == 2)
    stack.control("catalog", "-d")
    eventually(lambda: stack.pid("catalog") is None)
    try:
        equal(shop.cancel(who, order).json()["status"], "CANCELED")
    finally:
        stack.control("catalog", "-u")
    eventually(lambda: stack.ready("catalog"))
    eventually(lambda: shop.available(goods) == 3)  # it is told what it has missed


@case
def all_is_whole_in_the_end(stack):
    whole(stack)


if __name__ == "__main__":
    sys.exit(run_cases())
