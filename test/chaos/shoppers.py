"""People who order, look and call off, whatever happens to those who serve them; and what they were told."""
import random
import time
import uuid

from people import PAUSE_S
from shop import Shop

PLENTY, FEW = 1_000_000, 25  # units of an item
METHODS = {"tok_ok": 20, "tok_declined": 2, "tok_no_answer": 1, "tok_flaky_2": 1, "tok_webhook_first": 1, "tok_webhook_twice": 1}
FOR_GOOD = {"REJECTED", "CANCELED", "COMPLETED"}
STATUSES = {"PENDING", "AWAITING_PAYMENT", "PAYING", "CONFIRMED", "CANCEL_PENDING", *FOR_GOOD}


class Bought:
    """An order that was accepted; heard: the states it was said to be in, in their order."""

    def __init__(self, who, told):
        self.who = who
        self.order_id, self.saga_id, self.number = told["orderId"], told["sagaId"], told["orderNum"]
        self.heard = [told["status"]]
        self.called_off = False


class Shoppers:
    """Those of people who can log in. There is a product of plenty, one of which there is little, and one of both."""

    def __init__(self, people):
        self.people, self.stack = people, people.stack
        self.shop = Shop(people.stack)
        plenty, few = self.shop.item(PLENTY), self.shop.item(FEW)
        self.products = [self.shop.product(items=items) for items in ({plenty: 1}, {few: 1}, {plenty: 2, few: 1})]
        self.orders = people.orders

    def somebody(self):
        return self.people.one_of(self.people.readers[-200:])

    def order(self):
        if not (who := self.somebody()):
            return time.sleep(PAUSE_S)
        product = random.choices(self.products, (8, 1, 1))[0]
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
        """A 201; before is the one that the same key got earlier."""
        with self.people.lock:
            if not before:
                before = Bought(who, told)
                self.orders.append(before)
            elif (told["orderId"], told["sagaId"]) != (before.order_id, before.saga_id):
                self.people.strange.append(f"one key has two orders: {told} after {vars(before)}")
            self.hear(before, told)
        return before

    def hear(self, bought, told):
        if told["status"] in STATUSES:
            bought.heard.append(told["status"])
        else:
            self.people.strange.append(f"order: {told}")

    def look(self):
        if not (bought := self.people.one_of(self.orders[-100:])):
            return time.sleep(PAUSE_S)
        path = "/orders/" + bought.order_id
        if reply := self.people.ask("look at an order", lambda: self.stack.request("GET", path, headers=bought.who.bearer), (), bought.who):
            with self.people.lock:
                self.hear(bought, reply.json())
        return None

    def watch(self):
        """As a page does: what the dashboard shows, and what it shows next."""
        if not (bought := self.people.one_of(self.orders[-100:])):
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
        bought = self.people.one_of([one for one in self.orders[-100:] if not one.called_off])
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
