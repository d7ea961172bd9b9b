"""A shop for tests: goods, customers who order and cancel, and `whole`, what must be true when all is quiet."""
import json
import time
import uuid

import web
from ctl import DONE, ctl
from shop_invariants import CHECKS, at_rest, under_way
from stack import SERVICES
from tap import equal, eventually

ENDS = ("CONFIRMED", "AWAITING_PAYMENT", "REJECTED", "CANCELED", "COMPLETED")
ADDRESS = {"name": "박보배", "phone": "+82 10-9753-8642", "address": "부산 해운대구 달맞이길 62번길 7"}


def plain(some_id):
    """As the tables have it."""
    return some_id.replace("-", "")


def money(amount, currency="KRW"):
    return {"amount": amount, "currency": currency}


class Shop:
    """One store of its own on a stack. as_admin: the headers of who puts goods into it; as_owner: of whose it is. store: more of it."""

    def __init__(self, stack, **store):
        self.stack = stack
        self.persons = {}  # {user id: what each signed up with}
        self.as_admin = self.customer(role="admin")
        self.owner_id, self.as_owner = self.somebody()
        self.store_id = self.store(**store)

    # ---- people

    def somebody(self, role=None):
        """(user id, headers) of somebody new who is logged in."""
        person = self.stack.person()
        self.stack.signed_up(person)
        if role:
            done = ctl(self.stack, "user", "grant", person["loginId"], role)
            equal(done.returncode, DONE, done.stderr)
        user_id, headers = self.stack.token_of(person)
        self.persons[user_id] = person
        return user_id, headers

    def customer(self, role=None):
        return self.somebody(role)[1]

    # ---- goods

    def store(self, **more):
        """The id of a new one of the owner's, once the catalog knows of it."""
        if "store" not in SERVICES:
            return str(uuid.uuid4())
        form = {"name": "국밥 " + uuid.uuid4().hex[:8], "ownerId": self.owner_id, **more}
        store_id = self.want(201, "POST", "/stores", form, self.as_admin)["storeId"]
        known = f"select open from hanok_catalog.store_open where store_id = x'{plain(store_id)}'"
        eventually(lambda: self.stack.sql(known) == [["1"]], why="the catalog knows nothing of the store")
        return store_id

    def item(self, on_hand, store_id=None):
        """Its id."""
        form = {"storeId": store_id or self.store_id, "sku": uuid.uuid4().hex[:20], "name": "김밥 재료", "onHand": on_hand}
        return self.want(201, "POST", "/items", form, self.as_admin)["itemId"]

    def move(self, item_id, delta):
        return self.send("POST", f"/items/{item_id}/stock-movements", {"delta": delta, "reason": "a test"}, self.as_admin)

    def product(self, price=12900, currency="KRW", on_hand=10, items=None, store_id=None, **more):
        """What is answered: items is {item id: quantity}, one of one new item without."""
        items = items or {self.item(on_hand, store_id): 1}
        form = {"storeId": store_id or self.store_id, "name": "김밥 " + uuid.uuid4().hex[:8], "price": money(price, currency),
                "items": [{"itemId": item_id, "quantity": quantity} for item_id, quantity in items.items()], **more}
        return self.want(201, "POST", "/products", form, self.as_admin)

    def available(self, product):
        return self.want(200, "GET", "/products/" + product["productId"])["available"]

    # ---- orders

    def form(self, *products, quantity=1, method="tok_ok", **more):
        """Of products, or of (product, quantity)."""
        lines = [line if isinstance(line, tuple) else (line, quantity) for line in products]
        return {"storeId": lines[0][0]["storeId"], "deliverTo": ADDRESS, "payment": {"method": method},
                "lines": [{"productId": product["productId"], "quantity": n, "unitPrice": product["price"]} for product, n in lines],
                **more}

    def order(self, who, *products, wait=20, key=None, path="/orders", **more):
        """The reply to an order; more: of form()."""
        return self.send("POST", path, self.form(*products, **more), who, wait, key)

    def confirmed(self, who, *products, **more):
        """An order that was confirmed, as it was answered; on a busy machine as it was seen then, or the next one."""
        def placed():
            reply = self.order(who, *products, **more)
            if reply.status in (503, 504):
                return None
            equal(reply.status, 201, str(reply))
            order = reply.json()
            if order["status"] != "CONFIRMED":
                order = {**order, **self.ended(who, order)}
            if order["status"] == "AWAITING_PAYMENT":  # the card company was not heard of in time
                self.pay(who, order, more.get("method", "tok_ok"))
                order = {**order, **self.ended(who, order)}
            return order if order["status"] == "CONFIRMED" else None
        return eventually(placed, why="no order is confirmed")

    def get(self, who, order):
        return self.want(200, "GET", "/orders/" + order["orderId"], None, who)

    def pay(self, who, order, method="tok_ok", wait=20, key=None):
        return self.send("POST", f"/orders/{order['orderId']}/payment", {"method": method}, who, wait, key)

    def cancel(self, who, order, wait=20):
        headers = {**who, **({"Prefer": f"wait={wait}"} if wait else {})}
        return self.stack.request("DELETE", "/orders/" + order["orderId"], headers=headers, timeout=90)

    def ended(self, who, order, *wanted, seconds=60):
        """The order, once it is in one of these states; any that lasts without."""
        got = {}

        def look():
            got.update(self.get(who, order))
            return got if got["status"] in (wanted or ENDS) else None
        return eventually(look, seconds, lambda: f"order {order['orderId']} is {got['status']}, not {wanted or 'at its end'}")

    # ---- asking

    def send(self, method, path, body, who, wait=None, key=None):
        """With an Idempotency-Key of its own, or this one."""
        headers = {**who, "Idempotency-Key": key or uuid.uuid4().hex, **({"Prefer": f"wait={wait}"} if wait else {})}
        return self.stack.request(method, path, body, headers, timeout=90)

    def want(self, status, method, path, body=None, who=None):
        reply = self.send(method, path, body, who or {}) if body is not None else self.stack.request(method, path, None, who)
        equal(reply.status, status, f"{method} {path}: {reply}")
        return reply.json()


class Provider:
    """The pgsim of a stack."""

    def __init__(self, stack):
        self.stack = stack

    def ask(self, method, path, body=None):
        with open(f"{self.stack.dir}/pgsim.http", encoding="ascii") as f:
            port = int(f.read().rsplit(":", 1)[1])
        reply = web.request(port, method, path, body)
        equal(reply.status // 100, 2, f"pgsim: {method} {path}: {reply}")
        return reply.json() if reply.body else None

    def control(self, mode, **more):
        """up, down or slow."""
        return self.ask("POST", "/v1/control", {"mode": mode, **more})

    def book(self):
        """Every operation, in its order."""
        return self.ask("GET", "/v1/book")["items"]

    def summary(self):
        return self.ask("GET", "/v1/book/summary")


def whole(stack, secrets=()):
    """I1 to I8 and I10, once what is under way has ended. secrets: texts that nobody may find besides those of ADDRESS."""
    began = time.monotonic()
    eventually(lambda: stack.ready(), 120, "not all is ready")
    try:
        eventually(lambda: at_rest(stack), 120)
    except AssertionError as why:
        raise AssertionError(f"it does not come to rest: {'; '.join(under_way(stack))}") from why
    provider = Provider(stack)
    wrong = [f"{name}: {violation}" for name, check in CHECKS for violation in check(stack, provider.book(), (*ADDRESS.values(), *secrets))]
    if wrong:
        shown = "\n".join(wrong[:20])
        raise AssertionError(f"{len(wrong)} violations, {time.monotonic() - began:.0f} s after:\n{shown}\n{json.dumps(provider.summary())}")
