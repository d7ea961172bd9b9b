#!/usr/bin/env python3
"""The NATS part of the contract, with a plain client."""
import json
import sys

from stack import SERVICES, run_cases
from tap import case, equal, eventually

ENDPOINTS = {  # what others rely on
    "auth": {"auth.account", "auth.signup", "auth.signup.status", "auth.login", "auth.refresh", "auth.logout", "auth.check", "auth.identity", "auth.password", "auth.sessions",
             "auth.sessions.end", "auth.withdraw", "auth.withdraw.status", "auth.jwks"},
    "audit": {"audit.events"},
    "catalog": {"catalog.product.list", "catalog.product.get", "catalog.product.create", "catalog.product.update", "catalog.item.create",
                "catalog.item.move", "catalog.stock.reserve", "catalog.stock.release", "catalog.stock.commit", "catalog.stock.return",
                "catalog.order.get", "catalog.export"},
    "dashboard": {"dashboard." + what for what in ("get", "list", "summary", "rebuild", "digest")},
    "delivery": {"delivery." + what for what in ("list", "get", "start", "pickup", "complete", "give_back", "end", "export")},
    "order": {"order.create", "order.pay", "order.cancel", "order.get", "order.by_number", "order.list", "order.history", "order.hold.check",
              "order.address", "order.export"},
    "payment": {"payment.authorize", "payment.void", "payment.capture", "payment.refund", "payment.export", "payment.list", "payment.get",
                "payment.refund_create", "payment.webhook", "payment.ledger.accounts", "payment.ledger.entries"},
    "store": {"store.list", "store.get", "store.create", "store.opening", "store.update", "store.ticket.list", "store.ticket.get", "store.ticket.accept",
              "store.ticket.reject", "store.ticket.cook", "store.ticket.ready", "store.ticket.cancellation", "store.ticket.cancel", "store.export"},
    "user": {"user.registry", "user.registry.cancel", "user.get", "user.update", "user.remove", "user.remove.cancel", "user.erase"},
}
ACCOUNTS = {"auth.account_created", "auth.account_activated", "auth.signup_compensated", "auth.account_withdrawn", "auth.session_reused",
            "auth.sessions_revoked", "auth.password_changed", "auth.role_granted", "auth.role_revoked"}
PROFILES = {"user.profile_registered", "user.profile_cancelled", "user.profile_changed", "user.profile_removed"}
PAYMENTS = {"payment." + what for what in ("asked", "authorized", "declined", "captured", "voided", "refunded", "canceled", "expired")}
STOCK = {"catalog." + what for what in ("product_changed", "stock_changed", "stock_reserved", "stock_committed", "stock_released")}
ORDERS = {"order." + what for what in ("created", "confirmed", "payment_deferred", "rejected", "cancel_asked", "canceled", "completed", "changed")}
SETTLED = {"payment." + what for what in ("captured", "refunded", "canceled", "expired")}
STORES = {"store." + what for what in ("opened", "closed")}
TICKETS = {"store." + what for what in ("received", "accepted", "cooking_started", "cooked", "rejected", "cancel_refused", "canceled", "ticket_changed")}
DROPPED = {"store." + what for what in ("rejected", "canceled", "cancel_refused")}
DELIVERIES = {"delivery." + what for what in ("waiting", "started", "picked_up", "delivered", "canceled", "changed")}
EVENTS = {"auth": {"says": ACCOUNTS}, "catalog": {"says": STOCK, "hears": ORDERS | STORES},
          "store": {"says": STORES | TICKETS, "hears": {"order.confirmed", "order.canceled", "delivery.picked_up"}},
          "order": {"says": ORDERS, "hears": SETTLED | DROPPED | {"delivery.delivered", "auth.account_withdrawn"}},
          "payment": {"says": PAYMENTS, "hears": STORES | {"order.canceled", "store.accepted"}},
          "user": {"says": PROFILES}, "audit": {"hears": ACCOUNTS | PROFILES},
          "delivery": {"says": DELIVERIES, "hears": {"store.accepted", "store.cooked", "store.canceled", "order.canceled"}},
          "dashboard": {"hears": ORDERS | PAYMENTS | STORES | TICKETS | DELIVERIES},
          "gateway": {}}
NOBODY = "01890000-0000-7000-8000-000000000000"


def stats_of(bus, subject):
    service = subject.split(".")[0]
    stats = bus.request(f"$SRV.STATS.{service}", b"").json()
    return next(e for e in stats["endpoints"] if e["subject"] == subject)


@case
def services_are_found(stack):
    with stack.bus() as bus:
        pings = {m.json()["name"]: m.json() for m in bus.request_all("$SRV.PING")}
        equal(set(pings), set(SERVICES))
        for name, ping in pings.items():
            equal(ping["type"], "io.nats.micro.v1.ping_response")
            assert ping["id"] and ping["version"], ping
            info = bus.request(f"$SRV.INFO.{name}.{ping['id']}", b"").json()
            equal(info["type"], "io.nats.micro.v1.info_response")
            equal({key: set(types.split()) for key, types in info["metadata"].items()}, EVENTS[name])
            subjects = {e["subject"] for e in info["endpoints"]}
            equal({subject.split(".")[0] for subject in subjects}, {name})
            for_people = {subject for subject in subjects if subject.startswith(f"{name}.admin.")}
            equal(subjects - for_people, ENDPOINTS.get(name, subjects - for_people))
            for endpoint in info["endpoints"]:
                assert endpoint["queue_group"] or endpoint["subject"] in for_people, endpoint
                json.loads(endpoint["metadata"]["request_schema"])
                json.loads(endpoint["metadata"]["response_schema"])


@case
def statistics_count_requests_errors_and_the_time_of_the_work(stack):
    person = stack.person()
    equal(stack.signup(person).status, 201)
    stack.token_of(person)  # its signup has ended
    with stack.bus() as bus:
        before = stats_of(bus, "auth.login")
        good = {"loginId": person["loginId"], "password": person["password"]}
        for body in (good, good, {**good, "password": "wrong-password-1"}, {}):
            bus.request("auth.login", body)
        after = eventually(lambda: (s := stats_of(bus, "auth.login"))["num_requests"] >= before["num_requests"] + 4
                           and s)
        equal(after["num_requests"] - before["num_requests"], 4)
        equal(after["num_errors"] - before["num_errors"], 2)
        assert after["last_error"], after
        spent_ms = (after["processing_time"] - before["processing_time"]) / 1e6
        assert spent_ms > 3, f"three Argon2id hashes in {spent_ms} ms"
        equal(after["average_processing_time"], after["processing_time"] // after["num_requests"])


@case
def login_works_without_http(stack):
    person = stack.person()
    user_id = stack.signup(person).json()["userId"]
    with stack.bus() as bus:
        answer = bus.request("auth.login", {"loginId": person["loginId"], "password": person["password"]})
        equal(answer.error, None)
        equal(answer.json()["userId"], user_id)


@case
def an_error_has_its_headers_and_its_problem(stack):
    with stack.bus() as bus:
        answer = bus.request("auth.login", {"loginId": "x"})
        equal(answer.error, "400")
        assert answer.headers["Nats-Service-Error"], answer.headers
        body = answer.json()
        equal((body["status"], body["code"]), (400, "invalid_request"))
        equal(sorted(e["field"] for e in body["errors"]), ["loginId", "password"])
        for data in (b"", b"[]", b"{", b'{"loginId":1,"loginId":2}', b"\xff"):
            equal(bus.request("auth.login", data).error, "400", repr(data))


@case
def the_owner_rule_holds_on_the_bus(stack):
    person = stack.person()
    user_id = stack.signup(person).json()["userId"]
    with stack.bus() as bus:
        asked = {"userId": user_id}
        equal(bus.request("user.get", asked).error, "401", "without Auth-Subject")
        equal(bus.request("user.get", asked, {"Auth-Subject": NOBODY}).error, "403")
        own = bus.request("user.get", asked, {"Auth-Subject": user_id})
        equal((own.error, own.json()["userId"]), (None, user_id))
        admin = {"Auth-Subject": NOBODY, "Auth-Roles": "admin"}
        equal(bus.request("user.get", asked, admin).json()["userId"], user_id)
        equal(bus.request("user.get", {"userId": NOBODY}, admin).error, "404")


@case
def registering_is_idempotent_and_a_cancel_may_overtake(stack):
    saga, user = "01890000-0000-7000-8000-0000000000a1", "01890000-0000-7000-8000-0000000000b1"
    form = {"sagaId": saga, "userId": user, "name": "Bus", "email": "bus@example.org", "phone": "+821012345678"}
    with stack.bus() as bus:
        for _ in range(3):
            answer = bus.request("user.registry", form)
            equal((answer.error, answer.json()), (None, {"userId": user, "status": "REGISTERED"}))
        equal(stack.sql("select count(*) from hanok_user.user_inform where email_key = 'bus@example.org'"), [["1"]])

        taken = {**form, "sagaId": saga[:-1] + "2", "userId": user[:-1] + "2", "email": "BUS@example.org"}
        refused = bus.request("user.registry", taken)
        equal((refused.error, refused.json()["code"]), ("409", "email_taken"))

        cancel = {"sagaId": saga, "userId": user}
        for _ in range(2):
            answer = bus.request("user.registry.cancel", cancel)
            equal((answer.error, answer.json()), (None, {"userId": user, "status": "CANCELLED"}))
        assert bus.request("user.registry", form).error, "a late registry after its cancel"

        early = {"sagaId": saga[:-1] + "3", "userId": user[:-1] + "3"}
        equal(bus.request("user.registry.cancel", early).json()["status"], "CANCELLED")
        assert bus.request("user.registry", {**form, **early}).error, "a registry that was overtaken"
        equal(stack.sql("select count(*) from hanok_user.user_inform where email_key = 'bus@example.org'"), [["0"]])


@case
def what_is_unknown_is_skipped_between_services_and_refused_from_outside(stack):
    saga, user = "01890000-0000-7000-8000-0000000000a8", "01890000-0000-7000-8000-0000000000b8"
    form = {"sagaId": saga, "userId": user, "name": "New", "email": "newer@example.org", "phone": "+821012345678"}
    with stack.bus() as bus:
        equal(bus.request("user.registry", {**form, "nickname": "n"}).json(), {"userId": user, "status": "REGISTERED"})
        refused = bus.request("auth.signup", {**stack.person(), "nickname": "n"})
        equal((refused.error, refused.json()["errors"][0]["field"]), ("400", "nickname"))
        equal(bus.request("user.registry.cancel", {"sagaId": saga, "userId": user, "why": "n"}).error, None)


@case
def work_whose_caller_has_given_up_is_not_started(stack):
    person = stack.person()
    with stack.bus() as bus:
        before = stack.sql("select count(*) from hanok_auth.user")
        expired = stack.metric("auth", "hanok_requests_expired_total")
        answer = bus.request("auth.signup", person, {"Request-Timeout": "0"}, seconds=2)
        assert answer is None or answer.error in ("503", "504"), vars(answer)
        eventually(lambda: stack.metric("auth", "hanok_requests_expired_total") > expired)
        equal(stack.sql("select count(*) from hanok_auth.user"), before)


@case
def headers_travel_from_http_to_every_service(stack):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    reply = stack.signup(stack.person(), X_Request_Id="travels-1", traceparent=trace)
    equal(reply.status, 201)

    def seen(service):
        return "travels-1" in (text := stack.logs(service)) and trace[3:35] in text
    for service in ("gateway", "auth"):
        eventually(lambda service=service: seen(service), why=f"the log of {service} does not have them")


@case
def nobody_there_is_a_503_at_once(stack):
    person = stack.person()
    stack.signup(person)
    user_id, bearer = stack.token_of(person)
    stack.kill("user")
    codes = set()

    def back():
        reply = stack.request("GET", "/users/" + user_id, headers=bearer)
        codes.add(reply.status)
        if reply.status == 503:
            assert reply.headers["Retry-After"], dict(reply.headers)
        return reply.status == 200
    eventually(back)
    assert codes <= {200, 503, 504}, codes


if __name__ == "__main__":
    sys.exit(run_cases())
