#!/usr/bin/env python3
"""The catalog service through the gateway of a real stack: products, lists of them, what is in stock."""
import concurrent.futures
import datetime
import json
import random
import sys
import uuid

from ctl import ctl
from shop import Shop
from stack import run_cases
from tap import case, equal, eventually

PRICES = {"KRW": 12900, "JPY": 1200, "USD": 1250, "KWD": 3750}


def visitor(stack):
    """(user id, the Authorization header) of somebody new."""
    person = stack.person()
    equal(stack.signup(person).status, 201)
    return stack.token_of(person)


def owner(stack):
    """(the id of a new store, the Authorization header of who owns it)."""
    user_id, header = visitor(stack)
    store = str(uuid.uuid4())
    stack.sql("insert into hanok_catalog.store_open (store_id, owner_id, open, version) values "
              f"(x'{store.replace('-', '')}', x'{user_id.replace('-', '')}', 1, 1)")
    return store, header


def item(stack, store, header, on_hand=10, **more):
    body = {"storeId": store, "sku": "SKU-" + uuid.uuid4().hex[:8], "name": "Rice", "onHand": on_hand, **more}
    made = stack.request("POST", "/items", body, header)
    equal(made.status, 201, repr(made))
    equal(made.json(), {"itemId": made.json()["itemId"], "onHand": on_hand, "available": on_hand})
    return made.json()["itemId"]


def product(stack, store, header, parts, name="Bibimbap", amount=12900, currency="KRW", **more):
    body = {"storeId": store, "name": name, "price": {"amount": amount, "currency": currency},
            "items": [{"itemId": i, "quantity": n} for i, n in parts], **more}
    made = stack.request("POST", "/products", body, header)
    equal(made.status, 201, repr(made))
    equal(made.headers["Location"], "/products/" + made.json()["productId"])
    return made.json()


def move(stack, header, item_id, delta, key=None, reason="count"):
    return stack.request("POST", f"/items/{item_id}/stock-movements", {"delta": delta, "reason": reason},
                         {**header, "Idempotency-Key": key or str(uuid.uuid4())})


def listed(stack, **query):
    answer = stack.request("GET", "/products?" + "&".join(f"{k}={v}" for k, v in query.items()))
    equal(answer.status, 200, repr(answer))
    return answer.json()


def walk(stack, **query):
    """All pages of a list, each in turn."""
    page = listed(stack, **query)
    yield page["items"]
    while "nextCursor" in page:
        page = listed(stack, **query, cursor=page["nextCursor"])
        yield page["items"]


def partition(key):
    """FNV-1a, 32 bits."""
    number = 0x811c9dc5
    for byte in key.encode():
        number = (number ^ byte) * 0x01000193 % 2**32
    return number % 16


def order(user_id, version, status, order_id=None):
    """An order as the order service says it."""
    return {"orderId": order_id or str(uuid.uuid4()), "orderNum": "202611290830001234567890", "userId": user_id,
            "storeId": str(uuid.uuid4()), "status": status, "paymentStatus": "NONE", "version": version,
            "lines": [{"productId": str(uuid.uuid4()), "quantity": 2, "unitPrice": {"amount": 3750, "currency": "KWD"}}],
            "total": {"amount": 7500, "currency": "KWD"}}


def say(bus, kind, data):
    """An event as order's relay says it, acknowledged by the stream."""
    time = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")
    key = data["orderId"]
    headers = {"ce-specversion": "1.0", "ce-id": str(uuid.uuid4()), "ce-source": "/hanok/order", "ce-type": kind, "ce-time": time,
               "ce-subject": key, "ce-partitionkey": key, "Content-Type": "application/json", "Nats-Msg-Id": str(uuid.uuid4())}
    said = bus.request(f"event.{kind}.{partition(key):02}", json.dumps(data).encode(), headers)
    equal(said.json().get("stream"), "EVENTS", said.data)


def copied(stack, header, order_id):
    """The catalogue's copy of an order; None as long as there is none."""
    answer = stack.request("GET", f"/catalogue/order/{order_id}", headers=header)
    assert answer.status in (200, 404, 503), answer  # a breaker may refuse for a moment after it was killed
    return answer.json() if answer.status == 200 else None


def code(answer):
    return answer.status, answer.json()["code"]


@case
def a_product_is_read_by_everybody(stack):
    store, mine = owner(stack)
    rice, egg = item(stack, store, mine, 5), item(stack, store, mine, 7)
    made = product(stack, store, mine, [(rice, 1), (egg, 2)], category="rice")
    equal((made["available"], made["version"], made["status"], made["category"]), (3, 1, "ACTIVE", "rice"))
    equal([(i["itemId"], i["quantity"], i["available"]) for i in made["items"]], [(rice, 1, 5), (egg, 2, 7)])
    where = "/products/" + made["productId"]
    read = stack.request("GET", where)
    equal(read.json(), made)
    tag = read.headers["ETag"]
    equal(stack.request("GET", where, headers={"If-None-Match": tag}).status, 304)
    equal(move(stack, mine, rice, -5).status, 201)
    again = stack.request("GET", where, headers={"If-None-Match": tag})
    equal((again.status, again.json()["available"], again.json()["version"]), (200, 0, 1))
    equal(code(stack.request("GET", f"/products/{uuid.uuid4()}")), (404, "not_found"))
    equal(stack.request("GET", "/products/none").status, 400)


@case
def a_change_is_of_the_version_that_was_read(stack):
    store, mine = owner(stack)
    made = product(stack, store, mine, [(item(stack, store, mine), 1)])
    where = "/products/" + made["productId"]
    tag = stack.request("GET", where).headers["ETag"]
    dearer = {"price": {"amount": 13900, "currency": "KRW"}}
    changed = stack.request("PATCH", where, dearer, {**mine, "If-Match": tag})
    equal((changed.status, changed.json()["version"], changed.json()["price"]["amount"]), (200, 2, 13900))
    equal(code(stack.request("PATCH", where, dearer, {**mine, "If-Match": tag})), (412, "precondition_failed"))
    equal(stack.request("PATCH", where, {"name": "Dolsot"}, {**mine, "If-Match": '"2"'}).json()["name"], "Dolsot")
    key = made["productId"].replace("-", "")
    said = f"select type, payload like '%13900%' from hanok_catalog.outbox where `key` = x'{key}' order by seq"
    equal(stack.sql(said), [["catalog.product_changed", "0"], *[["catalog.product_changed", "1"]] * 2])
    equal(stack.request("PATCH", where, {"status": "GONE"}, mine).status, 200)
    equal(stack.request("GET", where).status, 404)
    equal(listed(stack, storeId=store)["items"], [])


@case
def only_its_owner_and_administrators_change_a_store(stack):
    (store, mine), (_, other) = owner(stack), visitor(stack)
    rice = item(stack, store, mine)
    made = product(stack, store, mine, [(rice, 1)])
    body = {"storeId": store, "name": "Rice", "price": {"amount": 1, "currency": "KRW"},
            "items": [{"itemId": rice, "quantity": 1}]}
    tries = (("POST", "/products", body), ("PATCH", "/products/" + made["productId"], {"name": "Mine"}),
             ("POST", "/items", {"storeId": store, "sku": "MINE", "name": "Mine"}))
    for method, path, asked in tries:
        equal(stack.request(method, path, asked).status, 401)
        equal(code(stack.request(method, path, asked, other)), (403, "forbidden"))
    equal(code(move(stack, other, rice, 1)), (403, "forbidden"))
    admin = stack.person()
    equal(stack.signup(admin).status, 201)
    equal(ctl(stack, "user", "grant", admin["loginId"], "admin").returncode, 0)
    header = stack.token_of(admin)[1]
    nobodys = str(uuid.uuid4())
    product(stack, nobodys, header, [(item(stack, nobodys, header), 1)])
    equal(move(stack, header, rice, 1).json()["onHand"], 11)


@case
def stock_moves_by_differences_each_once(stack):
    store, mine = owner(stack)
    rice = item(stack, store, mine, 0)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        equal({a.status for a in pool.map(lambda n: move(stack, mine, rice, n), [3] * 16 + [2] * 16)}, {201})
    equal(move(stack, mine, rice, -80, "all").json(), {"itemId": rice, "onHand": 0, "available": 0})
    equal(move(stack, mine, rice, -80, "all").json(), {"itemId": rice, "onHand": 0, "available": 0})
    equal(code(move(stack, mine, rice, -79, "all")), (422, "idempotency_key_reused"))
    equal(code(move(stack, mine, rice, -1)), (409, "units_taken"))
    none = stack.request("POST", f"/items/{rice}/stock-movements", {"delta": 1, "reason": "count"}, mine)
    equal(code(none), (400, "idempotency_key_required"))
    equal(move(stack, mine, rice, 0).status, 400)
    key = rice.replace("-", "")
    told = f"select count(*), max(payload like '%\"onHand\":0,\"available\":0%') from hanok_catalog.outbox where `key` = x'{key}'"
    eventually(lambda: stack.sql(f"select on_hand, available from hanok_catalog.item where id = x'{key}'") == [["0", "0"]])
    n, last = stack.sql(told)[0]
    assert int(n) < 34 and last == "1", (n, last)


@case
def lists_are_sorted_and_filtered(stack):
    store, mine = owner(stack)
    rice, none = item(stack, store, mine, 9), item(stack, store, mine, 0)
    for name, amount, part in ("D", 40, rice), ("B", 40, rice), ("A", 30, none), ("C", 10, rice):
        product(stack, store, mine, [(part, 1)], name, amount, category="tea" if name in "AB" else "rice")
    for query, want in (({}, "ABCD"), ({"sort": "price"}, "CADB"), ({"sort": "-price"}, "BDAC"),
                        ({"sort": "-created"}, "CABD"), ({"available": "true"}, "BCD"), ({"minPrice": 30}, "ABD"),
                        ({"maxPrice": 30}, "AC"), ({"category": "tea", "sort": "-created"}, "AB")):
        for limit in 1, 20:
            pages = walk(stack, storeId=store, limit=limit, **query)
            equal("".join(line["name"] for page in pages for line in page), want, f"{query} by {limit}")
    first = listed(stack, storeId=store, limit=1)
    for query in {"sort": "price"}, {"minPrice": 1}, {"storeId": str(uuid.uuid4())}:
        wrong = {"storeId": store, "cursor": first["nextCursor"], **query}
        equal(code(stack.request("GET", "/products?" + "&".join(f"{k}={v}" for k, v in wrong.items()))),
              (400, "cursor_mismatch"))
    forged = first["nextCursor"][:-1] + ("A" if first["nextCursor"][-1] != "A" else "B")
    for query in f"cursor={forged}", "limit=0", "limit=101", "colour=red", "sort=colour":
        equal(stack.request("GET", f"/products?storeId={store}&{query}").status, 400, query)


@case
def amounts_are_minor_units_of_their_currency(stack):
    store, mine = owner(stack)
    part = [(item(stack, store, mine), 1)]
    for currency, amount in PRICES.items():
        made = product(stack, store, mine, part, currency, amount, currency)
        equal(stack.request("GET", "/products/" + made["productId"]).json()["price"], {"amount": amount, "currency": currency})
    equal({line["name"]: line["price"]["amount"] for line in listed(stack, storeId=store)["items"]}, PRICES)
    for amount, currency in ((0, "KRW"), (-1, "KRW"), (12.5, "USD"), (1, "XXY")):
        body = {"storeId": store, "name": "No", "price": {"amount": amount, "currency": currency},
                "items": [{"itemId": part[0][0], "quantity": 1}]}
        equal(stack.request("POST", "/products", body, mine).status, 400, f"{amount} {currency}")


@case
def a_walk_over_500_products_neither_skips_nor_repeats(stack):
    store, mine = owner(stack)
    part, dice = [(item(stack, store, mine), 1)], random.Random(7)
    made = [str(uuid.uuid4()) for _ in range(500)]
    raw = {one: f"x'{one.replace('-', '')}'" for one in (*made, store, part[0][0])}
    stack.sql("insert into hanok_catalog.product values " + ",".join(
        f"({raw[p]},{raw[store]},'{dice.choice('ABCD')}','',{dice.choice((1, 2, 3))},'KRW','ACTIVE',1,'2026-11-29 08:00:0{n % 3}',now())"
        for n, p in enumerate(made)))
    stack.sql("insert into hanok_catalog.product_item values " + ",".join(f"({raw[p]},{raw[p]},0,{raw[part[0][0]]},1)" for p in made))
    going, staying = made[:60], set(made[60:])
    for sort in "name", "price", "-price", "-created":
        seen = []
        for n, page in enumerate(walk(stack, storeId=store, sort=sort, limit=37)):
            seen += [line["productId"] for line in page]
            if going and n % 2:
                equal(stack.request("PATCH", "/products/" + going.pop(), {"status": "GONE"}, mine).status, 200)
                product(stack, store, mine, part, f"{dice.choice('ABCD')}{1000 + n}", dice.choice((1, 2, 3)))
        equal(len(seen), len(set(seen)), f"by {sort}: some came twice")
        equal(staying - set(seen), set(), f"by {sort}: some never came")


def reservation(store, made, quantity=1, **more):
    return {"sagaId": str(uuid.uuid4()), "orderId": str(uuid.uuid4()), "storeId": store, "expiresAt": "2099-12-24T12:00:00Z",
            "lines": [{"productId": made["productId"], "quantity": quantity, "unitPrice": made["price"]}], **more}


def ask(stack, what, asked):
    """As the order service does."""
    with stack.bus() as bus:
        return bus.request("catalog.stock." + what, asked)


@case
def of_many_who_want_the_last_one_gets_it(stack):
    store, mine = owner(stack)
    made = product(stack, store, mine, [(item(stack, store, mine, 3), 2)])
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: ask(stack, "reserve", reservation(store, made)), range(16)))
    refusals = [answer.json() for answer in answers if answer.error]
    equal(len(refusals), 15)
    equal({(r["status"], r["code"], r["errors"][0]["field"], r["errors"][0]["reason"]) for r in refusals},
          {(409, "sold_out", "lines[0]", "0 left")})
    equal(listed(stack, storeId=store)["items"][0]["available"], 0)


@case
def what_is_held_is_sold_or_let_go_once_whatever_comes_twice(stack):
    store, mine = owner(stack)
    made = product(stack, store, mine, [(item(stack, store, mine, 5), 1)], name="Jeon")
    where, asked = "/products/" + made["productId"], reservation(store, made, 2)
    order = {"sagaId": asked["sagaId"], "orderId": asked["orderId"]}
    lines = [{**asked["lines"][0], "name": "Jeon"}]
    for _ in range(2):
        equal(ask(stack, "reserve", asked).json(), {"lines": lines, "total": {"amount": 25800, "currency": "KRW"}})
    equal(move(stack, mine, made["items"][0]["itemId"], -4).json()["code"], "units_taken")
    for what, state, left in (("commit", "COMMITTED", 3), ("release", "COMMITTED", 3), ("return", "RELEASED", 5), ("commit", "RELEASED", 5)):
        for _ in range(2):
            equal(ask(stack, what, order).json(), {"state": state})
        equal(stack.request("GET", where).json()["available"], left)
    late = ask(stack, "reserve", asked)
    equal((late.error, late.json()["code"]), ("409", "cancelled"))
    key = asked["orderId"].replace("-", "")
    said = f"select type, outbox_status from hanok_catalog.outbox where `key` = x'{key}' order by seq"
    eventually(lambda: stack.sql(said) == [[f"catalog.stock_{what}", "SENT"] for what in ("reserved", "committed", "released")])


@case
def the_latest_of_what_order_says_is_kept(stack):
    (me, mine), (_, other) = visitor(stack), visitor(stack)
    first = order(me, 1, "PENDING")
    equal(copied(stack, mine, first["orderId"]), None)
    with stack.bus("operator") as bus:
        say(bus, "order.created", first)
        got = eventually(lambda: copied(stack, mine, first["orderId"]))
        as_of = got.pop("asOf")
        equal(got, {k: first[k] for k in ("orderId", "orderNum", "status", "lines", "total", "version")})
        equal(copied(stack, other, first["orderId"]), None)
        equal(stack.request("GET", "/catalogue/order/" + first["orderId"]).status, 401)
        third = {**first, "version": 3, "status": "CONFIRMED"}
        say(bus, "order.confirmed", third)
        say(bus, "order.changed", {**first, "version": 2, "status": "PAYING"})
        last = order(me, 1, "PENDING")
        say(bus, "order.created", last)
    got = eventually(lambda: (c := copied(stack, mine, first["orderId"])) and c["version"] == 3 and c)
    eventually(lambda: copied(stack, mine, last["orderId"]))
    equal((got["status"], got["asOf"] > as_of), ("CONFIRMED", True))
    equal(copied(stack, mine, first["orderId"]), got)


@case
def catalogue_catalogue_order_while_order_is_down(stack):
    shop = Shop(stack)
    who = shop.customer()
    made = shop.confirmed(who, shop.product())
    copy = eventually(lambda: (c := copied(stack, who, made["orderId"])) and c["version"] == 2 and c)
    stack.control("order", "-d")
    eventually(lambda: stack.pid("order") is None)
    equal(stack.request("GET", "/orders/" + made["orderId"], headers=who).status, 503)
    equal(copied(stack, who, made["orderId"]), copy)
    stack.control("order", "-u")
    eventually(lambda: stack.ready())


@case
def a_copy_is_built_from_nothing_as_it_was(stack):
    shop = Shop(stack)
    who = shop.customer()
    made = [shop.confirmed(who, shop.product())["orderId"] for _ in range(3)]
    before = [eventually(lambda i=i: (c := copied(stack, who, i)) and c["version"] == 2 and c) for i in made]
    stack.sql("delete from hanok_catalog.order_copy")
    stack.sql("delete from hanok_catalog.processed_message where consumer in ('feed.catalog', 'event.catalog')")
    old = stack.kill("catalog")
    eventually(lambda: stack.pid("catalog") not in (None, old))
    after = [eventually(lambda i=i: copied(stack, who, i)) for i in made]
    equal([{**c, "asOf": 0} for c in after], [{**c, "asOf": 0} for c in before])


@case
def catalogue_consumer_crash_redelivers(stack):
    me, mine = visitor(stack)
    said = []
    with stack.bus("operator") as bus:
        for _ in range(3):
            said += [order(me, 1, "PENDING") for _ in range(10)]
            for one in said[-10:]:
                say(bus, "order.created", one)
            old = stack.kill("catalog")
            eventually(lambda old=old: stack.pid("catalog") not in (None, old))
    eventually(lambda: stack.ready())
    for one in said:
        eventually(lambda one=one: copied(stack, mine, one["orderId"]))
    equal(stack.sql("select count(*) from hanok_catalog.dead_letter"), [["0"]])


@case
def what_no_order_wants_any_more_is_let_go_once_it_is_answered(stack):
    store, mine = owner(stack)
    made = product(stack, store, mine, [(item(stack, store, mine, 5), 1)])
    where, asked = "/products/" + made["productId"], reservation(store, made, expiresAt="2026-01-31T12:00:00Z")

    def left():
        return stack.request("GET", where).json()["available"]
    stack.control("order", "-d")
    eventually(lambda: stack.pid("order") is None)
    equal(ask(stack, "reserve", asked).error, None)
    eventually(lambda: stack.metric("catalog", 'hanok_sweep_answers_total{sweep="hold",answer="none"}') > 0)
    eventually(lambda: stack.metric("catalog", 'hanok_sweep_overdue{sweep="hold"}') == 1)
    equal(left(), 4)
    stack.control("order", "-u")
    eventually(lambda: left() == 5)
    eventually(lambda: stack.metric("catalog", 'hanok_sweep_overdue{sweep="hold"}') == 0)
    state = f"select state from hanok_catalog.hold where id = x'{asked['sagaId'].replace('-', '')}'"
    equal(stack.sql(state), [["RELEASED"]])


@case
def nothing_is_wrong_with_its_rows(stack):
    found = json.loads(ctl(stack, "doctor", "-o", "json").stdout)["items"]
    ours = [row for row in found if row["service"] == "catalog"]  # others believed the orders made up here
    equal([row for row in ours if row["verdict"] != "OK"], [])
    assert [row for row in ours if "slot" in row["check"]], "doctor does not ask the catalog"


@case
def it_is_discovered_and_described(stack):
    with stack.bus() as bus:
        equal(bus.request("$SRV.PING.catalog", b"").json()["name"], "catalog")
    paths = stack.request("GET", "/openapi.json").json()["paths"]
    equal(sorted(paths["/products"]), ["get", "post"])
    equal(sorted(paths["/products/{productId}"]), ["get", "patch"])
    assert "/items/{itemId}/stock-movements" in paths


if __name__ == "__main__":
    sys.exit(run_cases())
