#!/usr/bin/env python3
"""Orders through the gateway of a real stack: placed, paid, canceled, read, and what is said of them."""
import concurrent.futures
import datetime
import random
import re
import sys
import uuid
import zoneinfo

from shop import Provider, Shop, whole
from stack import run_cases
from tap import case, equal, eventually


def refused(reply, status, code):
    equal((reply.status, reply.code), (status, code), repr(reply))


def all_at_once(number, ask):
    with concurrent.futures.ThreadPoolExecutor(number) as pool:
        return list(pool.map(ask, range(number)))


def plain(some_id):
    return some_id.replace("-", "")


def said(stack, order):
    """(type, version, saga, state of the saga, outbox status) of each event, in the order of saying."""
    return stack.sql("select type, json_value(payload, '$.version'), saga_id is not null, saga_status, outbox_status"
                     f" from hanok_order.outbox where `key` = x'{plain(order['orderId'])}' order by seq")


@case
def delivery_order_and_pay(stack):
    shop = Shop(stack)
    who, goods = shop.customer(), shop.product(on_hand=5)
    reply = shop.order(who, goods, quantity=2)
    equal((reply.status, reply.json()["status"]), (201, "CONFIRMED"), repr(reply))
    order = reply.json()
    equal(reply.headers["Location"], "/orders/" + order["orderId"])
    equal((order["total"], order["actions"]), ({"amount": 25800, "currency": "KRW"}, ["cancel"]))
    equal(shop.available(goods), 3)
    view = shop.get(who, order)
    equal([(line["productId"], line["quantity"], line["name"]) for line in view["lines"]], [(goods["productId"], 2, goods["name"])])
    equal((view["payment"]["status"], view["cancelAsked"], view["version"]), ("AUTHORIZED", False, 2))
    equal([(e["seq"], e["by"], e.get("from"), e["to"]) for e in shop.want(200, "GET", f"/orders/{order['orderId']}/history", None, who)["items"]],
          [(1, "customer", None, "PENDING"), (2, "saga", "PENDING", "CONFIRMED")])


@case
def mall_order_number(stack):
    shop = Shop(stack)
    number = shop.confirmed(shop.customer(), shop.product())["orderNum"]
    assert re.fullmatch("[0-9]{24}", number), number
    made = datetime.datetime.strptime(number[:14], "%Y%m%d%H%M%S").replace(tzinfo=zoneinfo.ZoneInfo("Asia/Seoul"))
    assert abs((datetime.datetime.now(datetime.timezone.utc) - made).total_seconds()) < 300, number


@case
def catalogue_outbox_columns(stack):
    shop = Shop(stack)
    order = shop.confirmed(shop.customer(), shop.product(), path="/order")
    eventually(lambda: all(row[4] == "SENT" for row in said(stack, order)))
    equal(said(stack, order), [["order.created", "1", "1", "STARTED", "SENT"], ["order.confirmed", "2", "1", "PROCESSING", "SENT"]])


@case
def catalogue_order_reaches_catalogue(stack):
    shop = Shop(stack)
    who = shop.customer()
    order = shop.confirmed(who, shop.product())
    copy = eventually(lambda: (lambda r: r.status == 200 and r.json()["version"] == 2 and r.json())(
        stack.request("GET", "/catalogue/order/" + order["orderId"], headers=who)))
    equal((copy["orderNum"], copy["status"], copy["total"]), (order["orderNum"], "CONFIRMED", order["total"]))


@case
def mall_declined_restores_stock(stack):
    shop = Shop(stack)
    who, goods = shop.customer(), shop.product(on_hand=3)
    refused(shop.order(who, goods, quantity=2, method="tok_declined"), 409, "payment_declined")
    equal(shop.available(goods), 3)
    order = shop.want(200, "GET", "/orders", None, who)["items"][0]
    equal((order["status"], order["reason"], order["actions"]), ("REJECTED", "payment_declined", []))
    card = shop.order(who, goods, method="4111-1111-1111-1111")
    equal((card.status, card.fields()), (400, ["payment.method"]), repr(card))
    equal(len(shop.want(200, "GET", "/orders", None, who)["items"]), 1)


@case
def who_wants_more_than_there_is_is_told_of_which_line(stack):
    shop = Shop(stack)
    who, plenty, few = shop.customer(), shop.product(on_hand=50), shop.product(on_hand=2)
    reply = shop.order(who, (plenty, 1), (few, 3))
    refused(reply, 409, "sold_out")
    equal([error["field"] for error in reply.json()["errors"]], ["lines[1]"])
    equal((shop.available(plenty), shop.available(few)), (50, 2))


@case
def mall_price_rise_refused(stack):
    shop = Shop(stack)
    who, goods = shop.customer(), shop.product(price=1000)
    refused(shop.order(who, {**goods, "price": {"amount": 999, "currency": "KRW"}}), 409, "price_changed")
    dear = shop.confirmed(who, {**goods, "price": {"amount": 1200, "currency": "KRW"}})
    equal(dear["total"]["amount"], 1000)
    refused(shop.order(who, {**goods, "price": {"amount": 1000, "currency": "USD"}}), 422, "currency_mismatch")


@case
def a_key_has_one_order(stack):
    shop = Shop(stack)
    who, goods, key = shop.customer(), shop.product(on_hand=9), uuid.uuid4().hex
    refused(stack.request("POST", "/orders", shop.form(goods), who), 400, "idempotency_key_required")
    first, again = (shop.order(who, goods, key=key) for _ in range(2))
    equal((first.status, first.json()), (again.status, again.json()))
    refused(shop.order(who, goods, quantity=2, key=key), 422, "idempotency_key_reused")
    equal(shop.available(goods), 8)


@case
def the_same_order_sent_at_once_is_one(stack):
    shop, provider = Shop(stack), Provider(stack)
    who, goods = shop.customer(), shop.product(on_hand=9)
    booked = len(provider.book())
    keys = [uuid.uuid4().hex for _ in range(3)]
    replies = all_at_once(12, lambda n: shop.order(who, goods, key=keys[n % 3], wait=random.choice((None, 20))))
    for key, mine in zip(keys, (replies[n::3] for n in range(3))):
        equal([reply for reply in mine if reply.status != 201 and reply.code != "in_progress"], [])
        made = shop.order(who, goods, key=key)
        equal({reply.json()["orderId"] for reply in (made, *mine) if reply.status == 201}, {made.json()["orderId"]})
    orders = shop.want(200, "GET", "/orders", None, who)["items"]
    equal([order["status"] for order in orders], ["CONFIRMED"] * 3)
    equal((shop.available(goods), [entry["kind"] for entry in provider.book()[booked:]]), (6, ["AUTHORIZE"] * 3))


@case
def an_order_costs_what_it_says_in_each_currency(stack):
    shop, provider = Shop(stack), Provider(stack)
    who, before = shop.customer(), len(provider.book())
    for price, currency in ((12900, "KRW"), (1200, "JPY"), (1275, "USD"), (3755, "KWD")):
        order = shop.confirmed(who, shop.product(price=price, currency=currency), quantity=3)
        equal(order["total"], {"amount": 3 * price, "currency": currency})
        charged = [entry for entry in provider.book()[before:] if (entry["kind"], entry["currency"]) == ("AUTHORIZE", currency)]
        equal([(entry["amount"], entry["state"]) for entry in charged], [(3 * price, "DONE")])
        equal(shop.cancel(who, order).json()["refund"], order["total"])


@case
def mall_open_api_order(stack):
    shop = Shop(stack)
    who, other = shop.customer(), shop.customer()
    order = shop.confirmed(who, shop.product())
    where = "/open-api/order/" + order["orderNum"]
    def gathered(*missing):
        return eventually(lambda: (lambda got: tuple(got.get("missing", ())) == missing and got)(stack.request("GET", where, headers=who).json()))
    got = gathered("delivery")  # which begins when its store takes it
    equal({got[part]["orderId"] for part in ("order", "payment", "ticket")}, {order["orderId"]})
    equal((got["payment"]["status"], got["ticket"]["status"], got["delivery"]), ("AUTHORIZED", "RECEIVED", None))
    accept = f"/stores/{shop.store_id}/tickets/{order['orderId']}/accept"
    shop.want(200, "POST", accept, {}, shop.as_admin)
    got = gathered()
    equal((got["ticket"]["status"], got["ticket"]["actions"], got["delivery"]["status"]), ("ACCEPTED", [], "WAITING"))
    refused(stack.request("GET", where, headers=other), 404, "not_found")
    equal(stack.request("GET", where).status, 401)


@case
def delivery_cancel_before_accept(stack):
    shop = Shop(stack)
    who, other, goods = shop.customer(), shop.customer(), shop.product(on_hand=4)
    order = shop.confirmed(who, goods)
    refused(shop.cancel(other, order), 404, "not_found")
    first, again = (shop.cancel(who, order) for _ in range(2))
    equal((first.status, first.json()["status"], first.json()["refund"]), (200, "CANCELED", order["total"]), repr(first))
    equal((again.status, again.json()), (first.status, first.json()))
    equal([row[0] for row in said(stack, order)][:4], ["order.created", "order.confirmed", "order.cancel_asked", "order.canceled"])
    eventually(lambda: shop.available(goods) == 4)  # by who has heard it
    eventually(lambda: shop.get(who, order)["payment"]["status"] == "ORDER_CANCELED")  # delivery_payinfo_canceled
    equal(stack.request("GET", "/payinfos/" + order["orderId"], headers=who).json()["status"], "ORDER_CANCELED")
    refused(shop.pay(who, order), 409, "wrong_state")


@case
def delivery_live(stack):
    shop = Shop(stack)
    who = shop.customer()
    order = shop.order(who, shop.product(), wait=None).json()
    path, seen = "/orders/" + order["orderId"], '"1"'
    while shop.get(who, order)["status"] == "PENDING":
        reply = stack.request("GET", path, headers={**who, "If-None-Match": seen, "Prefer": "wait=10"})
        assert reply.status in (200, 304), reply
    equal(shop.ended(who, order)["status"], "CONFIRMED")


@case
def delivery_pay_later(stack):
    shop, provider = Shop(stack), Provider(stack)
    who, goods = shop.customer(), shop.product(on_hand=6)
    stack.control("payment", "-d")
    eventually(lambda: stack.admin("payment", "/livez") is None)
    try:
        reply = shop.order(who, goods)
        equal((reply.status, reply.json()["status"], reply.json()["actions"]), (201, "AWAITING_PAYMENT", ["pay", "cancel"]), repr(reply))
        late = shop.order(who, goods).json()
    finally:
        stack.control("payment", "-u")
    order = reply.json()
    eventually(lambda: stack.ready("payment"), 60)
    refused(shop.pay(who, order, method="tok_declined"), 409, "payment_declined")
    equal(shop.get(who, order)["payment"]["payBy"], order["payBy"])  # no try moves it
    booked = len(provider.book())
    paid, *others = sorted(all_at_once(6, lambda _: shop.pay(who, order)), key=lambda reply: reply.status)
    equal((paid.status, paid.json()["status"]), (200, "CONFIRMED"), repr(paid))
    equal({(reply.status, reply.code) for reply in others}, {(409, "wrong_state")})
    equal([(row["kind"], row["state"]) for row in provider.book()[booked:]], [("AUTHORIZE", "DONE")])
    stack.sql(f"update hanok_order.orders set pay_by = now(6), look_at = now(6) where id = x'{plain(late['orderId'])}'")
    gone = shop.ended(who, late, "CANCELED")
    equal((gone["reason"], gone["actions"]), ("payment_expired", []))
    refused(shop.pay(who, late), 409, "wrong_state")


@case
def what_the_card_company_is_too_busy_for_is_paid_later(stack):
    shop, provider = Shop(stack), Provider(stack)
    who, goods, tried = shop.customer(), shop.product(on_hand=90), []

    def deferred():
        tried.append(shop.order(who, goods, wait=None).json())
        now = [shop.get(who, order) for order in tried]
        return next((order for order in now if order["status"] == "AWAITING_PAYMENT"), None)
    provider.control("down")  # answers, and does nothing
    try:
        late = eventually(deferred, 120, "no order is to be paid later")
        assert stack.metric("payment", "hanok_breaker_state") > 0, "no breaker is open"
    finally:
        provider.control("up")
    equal((late["payment"]["status"], sorted(late["actions"])), ("DEFERRED", ["cancel", "pay"]))
    paid = eventually(lambda: (reply := shop.pay(who, late)).status == 200 and reply, 120, "it cannot be paid")
    equal(paid.json()["status"], "CONFIRMED")
    for order in tried:  # who was asked whether it was done is asked until that is known
        shop.ended(who, order, "CONFIRMED", "AWAITING_PAYMENT", "REJECTED")


def plan_of(stack, table, unique, where):
    """How a page of such rows, newest first, is found among many: (key, what else there is to do)."""
    schema, name = table.split(".")
    return stack.sql(f"""use {schema}; set sql_mode = ''; create temporary table many like {name};
        insert into many (id, {unique}, store_id, status, created_at) select unhex(md5(seq)), left(md5(seq), 16), unhex(md5(seq % 5)),
            if(seq % 100, 'REJECTED', 'CAPTURED'), now(6) - interval seq second from seq_1_to_5000;
        explain select * from many where {where} order by created_at desc, id desc limit 20""")[-1][5:]


@case
def a_list_of_one_status_is_read_in_its_order(stack):
    a_stores = "store_id = unhex(md5(3)) and status = 'CAPTURED'"
    for table, unique, where, key in (("hanok_order.orders", "order_num", "status = 'CAPTURED'", "status_line"),
                                      ("hanok_payment.payment", "order_id", "status = 'CAPTURED'", "status_line"),
                                      ("hanok_payment.payment", "order_id", a_stores, "store_of_status")):
        plan = plan_of(stack, table, unique, where)
        equal((plan[0], "filesort" in plan[-1]), (key, False), f"{table} where {where}: {plan}")


@case
def all_is_whole_in_the_end(stack):
    whole(stack)


if __name__ == "__main__":
    sys.exit(run_cases())
