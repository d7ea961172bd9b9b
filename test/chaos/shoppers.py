"""People who order, pay, look, call off and want their money back, whatever happens to those who serve them; and what they were told."""
import random
import time
import uuid

from people import PAUSE_S
from shop import Shop, money

PLENTY, FEW = 1_000_000, 25  # units of an item
METHODS = {"tok_ok": 20, "tok_declined": 2, "tok_no_answer": 1, "tok_flaky_2": 1, "tok_webhook_first": 1, "tok_webhook_twice": 1}
SHELVES = 6  # of goods of which there are plenty
WANTED = (2, 2, 1, *(3,) * SHELVES)  # how often, of the products
FOR_GOOD = {"REJECTED", "CANCELED", "COMPLETED"}
STATUSES = {"PENDING", "AWAITING_PAYMENT", "PAYING", "CONFIRMED", "CANCEL_PENDING", *FOR_GOOD}
UNKNOWN = {404}  # before there is a payment


class Bought:
    """An order that was accepted; heard: the states it was said to be in, in their order."""

    def __init__(self, who, told):
        self.who = who
        self.order_id, self.saga_id, self.number = told["orderId"], told["sagaId"], told["orderNum"]
        self.heard = [told["status"]]
        self.called_off = False


class Shoppers:
    """Those of people who can log in. There is a product of which there is little, one of that and of what there is plenty of, one of a
    store where nobody ever answers, and products of plenty."""

    def __init__(self, people):
        self.people, self.stack = people, people.stack
        self.shop = Shop(people.stack)
        plenty, few = [self.shop.item(PLENTY) for _ in range(SHELVES)], self.shop.item(FEW)
        silent = self.shop.store()
        self.products = [*(self.shop.product(items=items) for items in ({few: 1}, {plenty[0]: 2, few: 1})),
                         self.shop.product(items={self.shop.item(PLENTY, silent): 1}, store_id=silent),
                         *(self.shop.product(items={item: 1}) for item in plenty)]
        self.orders = people.orders

    def somebody(self):
        return self.people.reader()

    def one_of_orders(self, newest, condition=lambda bought: True):
        """Whose customer has a token that is good."""
        return self.people.one_of([bought for bought in self.orders[-newest:] if bought.who.has_token() and condition(bought)])

    def order(self):
        if not (who := self.somebody()):
            return time.sleep(PAUSE_S)
        product = random.choices(self.products, WANTED)[0]
        form = self.shop.form(product, quantity=random.choice((1, 1, 2)), method=random.choices(list(METHODS), METHODS.values())[0])
        key = uuid.uuid4().hex
        bought = None
        for _ in range(random.choice((1, 3, 10))):
            headers = {**who.bearer, "Idempotency-Key": key, **random.choice(({}, {"Prefer": "wait=1"}, {"Prefer": "wait=10"}))}
            if reply := self.people.ask("order", lambda: self.stack.request("POST", "/orders", form, headers), (), who):
                bought = self.keep(bought, who, reply.json())
            if self.people.leaving.is_set() or reply and random.random() < 0.8:
                break
        return None

    def keep(self, before, who, told):
        """A 201; before is the one that the same key got earlier. Another one has its key only if it was undone."""
        with self.people.lock:
            if before and told["orderId"] != before.order_id:
                before.heard.append("REJECTED")
                before = None
            if not before:
                before = Bought(who, told)
                self.orders.append(before)
            if told["sagaId"] != before.saga_id:
                self.people.strange.append(f"one order has two sagas: {told} after {vars(before)}")
            self.hear(before, told)
        return before

    def hear(self, bought, told):
        if told["status"] in STATUSES:
            bought.heard.append(told["status"])
        else:
            self.people.strange.append(f"order: {told}")

    def look(self):
        if not (bought := self.one_of_orders(100)):
            return time.sleep(PAUSE_S)
        path = "/orders/" + bought.order_id
        if reply := self.people.ask("look at an order", lambda: self.stack.request("GET", path, headers=bought.who.bearer), (), bought.who):
            with self.people.lock:
                self.hear(bought, reply.json())
        return None

    def watch(self):
        """As a page does: what the dashboard shows, and what it shows next."""
        if not (bought := self.one_of_orders(100)):
            return time.sleep(PAUSE_S)
        path, tag = "/dashboards/" + bought.order_id, None
        for _ in range(2):
            headers = {**bought.who.bearer, **({"If-None-Match": tag, "Prefer": "wait=1"} if tag else {})}
            reply = self.people.ask("watch an order", lambda headers=headers: self.stack.request("GET", path, headers=headers),
                                    {304} if tag else (), bought.who)
            if not reply or reply.status == 304:
                break
            tag = reply.headers["ETag"]
        return None

    def call_off(self):
        bought = self.one_of_orders(100, lambda bought: not bought.called_off)
        if not bought:
            return time.sleep(PAUSE_S)
        bought.called_off = True
        path = "/orders/" + bought.order_id
        for _ in range(random.choice((1, 5))):
            headers = {**bought.who.bearer, **random.choice(({}, {"Prefer": "wait=5"}))}
            if reply := self.people.ask("call an order off", lambda: self.stack.request("DELETE", path, headers=headers), (), bought.who):
                with self.people.lock:
                    self.hear(bought, reply.json())
                break
            if self.people.leaving.is_set():
                break
        return time.sleep(5 * PAUSE_S)

    def pay(self):
        """What could not be paid at once: with one key until there is an answer."""
        bought = self.one_of_orders(300, lambda bought: bought.heard[-1] == "AWAITING_PAYMENT")
        if not bought:
            return time.sleep(5 * PAUSE_S)
        path, method = f"/orders/{bought.order_id}/payment", random.choices(list(METHODS), METHODS.values())[0]
        headers = {**bought.who.bearer, "Idempotency-Key": uuid.uuid4().hex, **random.choice(({}, {"Prefer": "wait=5"}))}
        for _ in range(random.choice((1, 5))):
            reply = self.people.ask("pay later", lambda: self.stack.request("POST", path, {"method": method}, headers), (), bought.who)
            if reply:
                with self.people.lock:
                    self.hear(bought, reply.json())
            if reply or self.people.leaving.is_set():
                break
        return None

    def want_back(self):
        if not (bought := self.one_of_orders(100)):
            return time.sleep(PAUSE_S)
        form = {"amount": money(100), "reason": "cold"}
        headers = {**bought.who.bearer, "Idempotency-Key": uuid.uuid4().hex}
        path = f"/payinfos/{bought.order_id}/refunds"
        self.people.ask("want money back", lambda: self.stack.request("POST", path, form, headers), UNKNOWN, bought.who)
        return time.sleep(5 * PAUSE_S)
