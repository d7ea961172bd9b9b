#!/usr/bin/env python3
"""The payment service through NATS and the gateway of a real stack, with the card company of `make up`."""
import sys
import uuid

import web
from ctl import ctl
from shop import Provider, Shop, whole
from stack import run_cases
from tap import case, equal, eventually

PAID, BOOK = {}, "/v1/book"


def pgsim(stack, method, path, body=None):
    with open(f"{stack.dir}/pgsim.http") as f:
        port = int(f.read().strip().rpartition(":")[2])
    return web.request(port, method, path, body)


def joined(stack, role=None):
    """(id, Authorization header) of somebody new."""
    person = stack.person()
    equal(stack.signup(person).status, 201)
    if role:
        equal(ctl(stack, "user", "grant", person["loginId"], role).returncode, 0)
    return stack.token_of(person)


def purchase(user, method="tok_ok", amount=12900, currency="KRW"):
    return {"sagaId": str(uuid.uuid4()), "orderId": str(uuid.uuid4()), "userId": user, "storeId": str(uuid.uuid4()),
            "amount": amount, "currency": currency, "method": method}


def ask(stack, subject, form):
    """(what it was told: None, or the number of an error or of "not yet"; the answer)."""
    with stack.bus() as bus:
        answer = bus.request(subject, form)
        return answer.error, answer.json()


def of(form, **more):
    return {"sagaId": form["sagaId"], "orderId": form["orderId"], **more}


def payinfo(stack, form, headers):
    return stack.request("GET", "/payinfos/" + form["orderId"], headers=headers)


def comes_to(stack, form, headers, status):
    return eventually(lambda: (found := payinfo(stack, form, headers).json())["status"] == status and found,
                      why=f"it did not come to {status}")


def booked(stack, info):
    """What the company's own book says of a payment: (kind, amount, state) of each."""
    keys = {operation["operationId"] for operation in info["operations"]}
    items = pgsim(stack, "GET", BOOK).json()["items"]
    return [(item["kind"], item["amount"], item["state"]) for item in items if item["key"] in keys]


@case
def money_is_held_and_read_by_who_pays_only(stack):
    PAID["user"], PAID["me"] = joined(stack)
    PAID["admin"] = joined(stack, "admin")[1]
    form = PAID["form"] = purchase(PAID["user"])
    for _ in range(2):
        error, told = ask(stack, "payment.authorize", form)
        equal((error, told["status"]), (None, "AUTHORIZED"), repr(told))
    info = payinfo(stack, form, PAID["me"])
    equal((info.status, info.headers["ETag"]), (200, f'"{info.json()["version"]}"'))
    equal([info.json()[name] for name in ("status", "amount", "actions")], ["AUTHORIZED", {"amount": 12900, "currency": "KRW"}, []])
    equal(booked(stack, info.json()), [("AUTHORIZE", 12900, "DONE")])
    equal(payinfo(stack, form, joined(stack)[1]).status, 404)
    equal([item["orderId"] for item in stack.request("GET", "/payinfos?status=AUTHORIZED", headers=PAID["me"]).json()["items"]], [form["orderId"]])


@case
def each_card_comes_to_its_end_and_nothing_is_left_of_what_is_voided(stack):
    def tried(method):
        form = purchase(PAID["user"], method)
        return form, *ask(stack, "payment.authorize", form)
    form, error, told = tried("tok_declined")
    equal((error, told["code"]), ("409", "payment_declined"), repr(told))
    for method in ("tok_no_answer", "tok_webhook_first", "tok_webhook_twice", "tok_webhook_reversed", "tok_black_hole"):
        form, error, told = tried(method)
        equal(error, "202" if method == "tok_black_hole" else None, f"{method}: {told}")
        equal(ask(stack, "payment.void", of(form))[0], None)
        info = comes_to(stack, form, PAID["me"], "VOIDED")
        assert ("VOID", 12900, "DONE") in booked(stack, info), (method, info)
        equal(ask(stack, "payment.authorize", form)[1]["code"], "cancelled")


@case
def what_was_never_asked_is_said_so(stack):
    equal(pgsim(stack, "POST", "/v1/control", {"mode": "down"}).status // 100, 2)
    form = purchase(PAID["user"])
    error, told = ask(stack, "payment.authorize", form)
    equal(pgsim(stack, "POST", "/v1/control", {"mode": "up"}).status // 100, 2)
    assert (error, told.get("code")) in (("503", "provider_unavailable"), ("202", None)), (error, told)
    eventually(lambda: ask(stack, "payment.authorize", form)[0] is None)
    equal(len(booked(stack, payinfo(stack, form, PAID["me"]).json())), 1)


@case
def money_is_taken_given_back_and_in_the_ledger(stack):
    form, path = PAID["form"], f"/payinfos/{PAID['form']['orderId']}/refunds"

    def refund(amount, key, headers=PAID["admin"]):
        return stack.request("POST", path, {"amount": {"amount": amount, "currency": "KRW"}, "reason": "came cold"},
                             {**headers, **({"Idempotency-Key": key} if key else {})})
    equal(ask(stack, "payment.capture", of(form, sagaId=str(uuid.uuid4()), amount=12900))[0], None)
    info = comes_to(stack, form, PAID["admin"], "CAPTURED")
    equal(info["actions"], ["refund"])
    equal((refund(100, None).json()["code"], refund(100, "1", PAID["me"]).status), ("idempotency_key_required", 403))
    first, again = refund(900, "1"), refund(900, "1")
    equal((first.status, again.status, first.json()["state"]), (201, 201, "SUCCEEDED"), repr(first))
    equal(first.json(), again.json())
    refused = refund(12001, "2")
    equal((refused.status, refused.json()["code"], refused.json()["errors"]),
          (409, "refund_exceeds_captured", [{"field": "amount", "reason": "12000 KRW left, in minor units"}]))
    info = comes_to(stack, form, PAID["admin"], "PARTLY_REFUNDED")
    equal(booked(stack, info), [("AUTHORIZE", 12900, "DONE"), ("CAPTURE", 12900, "DONE"), ("REFUND", 900, "DONE")])
    accounts = stack.request("GET", "/ledger/accounts", headers=PAID["admin"]).json()
    equal(accounts, {"items": [{"account": "payable:store", "balance": {"amount": -12000, "currency": "KRW"}},
                               {"account": "receivable:provider", "balance": {"amount": 12000, "currency": "KRW"}}], "sum": 0})
    entries = stack.request("GET", "/ledger/entries?account=payable:store", headers=PAID["admin"]).json()["items"]
    equal([entry["amount"]["amount"] for entry in entries], [900, -12900])
    equal(stack.request("GET", "/ledger/accounts", headers=PAID["me"]).status, 403)


@case
def what_the_provider_pays_out_is_in_the_bank(stack):
    key = str(uuid.uuid4())
    paid = {"key": key, "kind": "SETTLE", "amount": 12000, "currency": "KRW"}
    equal(Provider(stack).ask("POST", "/v1/operations", paid)["state"], "DONE")

    def balances():
        return {row["account"]: row["balance"]["amount"] for row in stack.request("GET", "/ledger/accounts", headers=PAID["admin"]).json()["items"]}
    eventually(lambda: balances().get("bank") == 12000, 60)
    equal((balances().get("receivable:provider", 0), balances()["payable:store"]), (0, -12000))
    eventually(lambda: stack.sql(f"select count(*) from hanok_payment.webhook_event where event_id = 'evt_{key}'") == [["1"]], 60)


@case
def delivery_payinfo_canceled(stack):
    shop = Shop(stack)
    order = shop.confirmed(PAID["me"], shop.product())
    equal(payinfo(stack, order, PAID["me"]).json()["status"], "AUTHORIZED")
    equal(shop.cancel(PAID["me"], order).status, 200)
    info = comes_to(stack, order, PAID["me"], "ORDER_CANCELED")
    equal(booked(stack, info), [("AUTHORIZE", 12900, "DONE"), ("VOID", 12900, "DONE")])
    said = f"select type from hanok_payment.outbox where `key` = x'{order['orderId'].replace('-', '')}' order by seq"
    equal([kind for kind, in stack.sql(said)], ["payment.asked", "payment.authorized", "payment.asked", "payment.canceled"])


@case
def nobody_but_the_company_is_believed(stack):
    forged = stack.request("POST", "/webhooks/payments/pgsim", {"id": "evt_1", "key": PAID["form"]["sagaId"]}, {"Webhook-Signature": "t=1,v1=00"})
    equal((forged.status, forged.json()["code"]), (400, "bad_signature"))
    assert int(stack.sql("select count(*) from hanok_payment.webhook_event")[0][0]) > 0


@case
def the_service_cannot_change_its_own_ledger(stack):
    grants = stack.sql("show grants for hanok_payment@localhost")
    equal([line for line, in grants if "`ledger_entry`" in line], [])
    equal([line.split(" ON ")[0] for line, in grants if "`hanok\\\\_payment`.*" in line], ["GRANT SELECT, INSERT"])


@case
def the_company_s_book_and_ours_agree_and_all_is_said(stack):
    ours = "select count(*) from hanok_payment.payment_operation where state = 'SUCCEEDED' and booked = 0"
    eventually(lambda: stack.sql(ours) == [["0"]], why="an operation is in no book")
    equal(stack.sql("select count(*) from hanok_payment.book_difference"), [["0"]])
    said = "select count(*), max(json_value(payload, '$.version')) from hanok_payment.outbox where `key` = x'{}'"
    count, version = stack.sql(said.format(PAID["form"]["orderId"].replace("-", "")))[0]
    equal(count, version)
    whole(stack)


if __name__ == "__main__":
    sys.exit(run_cases())
