"""Who works in the shop and who carries, whatever happens to what they are served by; and what they were told."""
import random
import time
import uuid

from people import PAUSE_S
from shop import money
from shoppers import UNKNOWN

LOGIN_S = 300  # a login is good for longer
NO_ROOM = "too_busy"  # why a shop says no
STEPS = {"RECEIVED": "accept", "ACCEPTED": "cook", "COOKING": "ready"}
COURIERS = 3
AT_ONCE = 8  # tickets that are looked after in one look
PRICE = 12900
NOTHING_S = 0.5  # until one looks again where there was nothing to do


class Worker:
    """Somebody with a login that is made again in time."""

    def __init__(self, stack, person, headers):
        self.stack, self.person, self.headers = stack, person, headers
        self.since = time.monotonic()
        self.jobs = []  # order ids of what a courier has taken

    def now(self):
        """The headers."""
        if time.monotonic() - self.since > LOGIN_S:
            self.since = time.monotonic()
            try:
                self.headers = self.stack.token_of(self.person)[1]
            except (AssertionError, OSError):
                self.since -= LOGIN_S - 5  # soon
        return self.headers


class Staff:
    """Of one shop."""

    def __init__(self, people, shop):
        self.people, self.stack, self.shop = people, people.stack, shop
        self.owner = Worker(self.stack, shop.persons[shop.owner_id], shop.as_owner)
        admin_id, as_admin = shop.somebody("admin")
        self.admin = Worker(self.stack, shop.persons[admin_id], as_admin)
        hired = [shop.somebody("courier") for _ in range(COURIERS)]
        self.couriers = [Worker(self.stack, shop.persons[user_id], headers) for user_id, headers in hired]

    def ask(self, what, who, method, path, body=None, also=(), **headers):
        return self.people.ask(what, lambda: self.stack.request(method, path, body, {**who.now(), **headers}), also)

    # ---- the counter

    def serve(self):
        """One look at the counter, and what is to be done with some of the tickets there."""
        tickets = f"/stores/{self.shop.store_id}/tickets"
        found = self.ask("look at tickets", self.owner, "GET", f"{tickets}?status={random.choice(list(STEPS))}&limit=50")
        if not found or not found.json()["items"]:
            return time.sleep(NOTHING_S)
        tickets_there = found.json()["items"]
        for ticket in random.sample(tickets_there, min(AT_ONCE, len(tickets_there))):
            if self.people.leaving.is_set() or not self.look_after(ticket):
                break
        return None

    def look_after(self, ticket):
        what, body = STEPS[ticket["status"]], {"minutes": 20} if ticket["status"] == "RECEIVED" else None
        if ticket["cancelAsked"]:
            what, body = "cancellation", {"answer": random.choice(("APPROVE", "REFUSE"))}
        elif ticket["status"] == "RECEIVED" and random.random() < 0.05:
            what, body = "reject", {"reason": NO_ROOM}
        return self.ask("serve", self.owner, "POST", f"/stores/{self.shop.store_id}/tickets/{ticket['orderId']}/{what}", body)

    # ---- the way

    def carry(self):
        """The next step of a courier: of what he has, or another job."""
        courier = random.choice(self.couriers)
        with self.people.lock:
            order_id, step = courier.jobs.pop(0) if len(courier.jobs) > random.randrange(4) else (None, "start")
        if not order_id:
            found = self.ask("look for jobs", courier, "GET", "/deliveries?status=WAITING&limit=50")
            if not found or not found.json()["items"]:
                return time.sleep(NOTHING_S)
            order_id = random.choice(found.json()["items"])["orderId"]
        if step == "pickup" and random.random() < 0.08:
            step = "give-back"
        reply = self.ask("carry", courier, "POST", f"/deliveries/{order_id}/{step}")
        following = {"start": "pickup", "pickup": "complete", "complete": None, "give-back": None}[step]
        with self.people.lock:
            if reply and following:
                courier.jobs.append((order_id, following))
            elif not reply and step != "start" and random.random() < 0.9:  # of what was called off one hears no more one day
                courier.jobs.append((order_id, step))
        return None

    # ---- money

    def refund(self):
        """Some of it, or all, by the admin or by whose store it is; with one key until there is an answer."""
        bought = self.people.one_of([one for one in self.people.orders[-300:] if one.heard[-1] in ("CONFIRMED", "COMPLETED")])
        if not bought:
            return time.sleep(PAUSE_S)
        form = {"amount": money(random.choice((100, 2500, PRICE))), "reason": "cold"}
        who, key, told = random.choice((self.owner, self.admin)), uuid.uuid4().hex, None
        for _ in range(random.choice((1, 3, 10))):
            reply = self.ask("give money back", who, "POST", f"/payinfos/{bought.order_id}/refunds", form, UNKNOWN, **{"Idempotency-Key": key})
            if reply:
                self.promised(told, reply.json())
                told = told or reply.json()
            if self.people.leaving.is_set() or reply and random.random() < 0.8:
                break
        return time.sleep(5 * PAUSE_S)

    def promised(self, before, told):
        """before: what the same key was answered."""
        with self.people.lock:
            if not before:
                self.people.refunds.append(told["operationId"])
            elif told["operationId"] != before["operationId"]:
                self.people.strange.append(f"one key has two refunds: {told} after {before}")
