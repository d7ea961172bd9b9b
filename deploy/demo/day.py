"""Plays a day in the shops: people order and change their minds, shops accept and cook, couriers carry. All of it through the
gateway, as pages do; what is left at the end of a day is done first on the next."""
import concurrent.futures
import http.client
import random
import threading
import time
from collections import Counter

from filling import Gateway, listed, rows

OPENS, CLOSES, ENDS = 10 * 60, 22 * 60, 23 * 60  # minutes of the day
HUNGRY = (1, 3, 5, 3, 1, 1, 1, 3, 6, 5, 3, 1)  # how many order in each hour from OPENS on, one to another
ORDERS_EACH = 1.5
METHODS = {"tok_ok": 40, "tok_declined": 1, "tok_no_answer": 1, "tok_flaky_2": 1}
AT_ONCE = 128  # people who are waiting for something
PATIENCE, PATIENCE_S = 90, 20  # minutes that one looks how far it is; but so many seconds at least
LOOK_S = 0.5  # between two looks, or a minute of the day
AFTER_S = 30  # for what was ordered last
ADDRESS = {"name": "김서연", "phone": "+82 10-1234-5678", "address": "서울 종로구 율곡로 99"}
SAID = {"accept": "accepted", "reject": "rejected", "ready": "cooked", "cancellation": "decided on a cancel"}
OVER = {"DELIVERED", "ORDER_CANCELED", "ORDER_REJECTED"}


class Clock:
    """The day's own: so many seconds from OPENS to ENDS."""

    def __init__(self, seconds):
        self.minute = seconds / (ENDS - OPENS)
        self.began = time.monotonic()
        self.gone = threading.Event()  # the day is over

    def now(self):
        return OPENS + (time.monotonic() - self.began) / self.minute

    def wait(self, minutes):
        """False once the day is over."""
        return not self.gone.wait(max(0, minutes * self.minute))

    def until(self, minute):
        return self.wait(minute - self.now())

    def look(self):
        return not self.gone.wait(max(LOOK_S, self.minute))


class Told:
    """What has happened, counted."""

    def __init__(self):
        self.counts, self.lock = Counter(), threading.Lock()

    def of(self, what):
        with self.lock:
            self.counts[what] += 1

    def shown(self):
        with self.lock:
            return ", ".join(f"{n} {what}" for what, n in sorted(self.counts.items(), key=lambda row: (-row[1], row[0])))


class Day:
    """customers, couriers: headers of each who is logged in; owner: of whose the shops are."""

    def __init__(self, host, port, seconds, customers, couriers, owner):
        self.host, self.port = host, port
        self.customers, self.couriers, self.owner = customers, couriers, owner
        self.stores = [store["store_id"] for store in rows("stores.csv")]
        self.menus = {}
        self.random = random.Random(20261129)
        self.clock, self.told = Clock(seconds), Told()
        self.connections = threading.local()

    # ---- asking

    def ask(self, who, method, path, body=None, **headers):
        """(status, answer); (0, None) where there is none."""
        if not hasattr(self.connections, "mine"):
            self.connections.mine = Gateway(self.host, self.port)
        try:
            return self.connections.mine.ask(method, path, body, {**who, **{name.replace("_", "-"): value for name, value in headers.items()}})
        except (OSError, http.client.HTTPException):
            self.connections.mine.connection.close()
            return 0, None

    # ---- customers

    def menu(self, store):
        if store not in self.menus:
            self.menus[store] = [one for one in listed(Gateway(self.host, self.port), store).values() if one["available"]]
        return self.menus[store]

    def order(self, who, store, dice):
        menu = self.menu(store)
        if self.clock.gone.is_set():
            return None
        if not menu:
            return self.told.of("found nothing to buy")
        lines = [{"productId": one["productId"], "quantity": dice.choice((1, 1, 2)), "unitPrice": one["price"]}
                 for one in dice.sample(menu, min(len(menu), dice.choice((1, 1, 2, 3))))]
        form = {"storeId": store, "lines": lines, "deliverTo": ADDRESS, "payment": {"method": dice.choices(list(METHODS), METHODS.values())[0]}}
        status, told = self.ask(who, "POST", "/orders", form, Idempotency_Key=f"day {dice.getrandbits(64):x} {time.time_ns():x}", Prefer="wait=20")
        if status != 201:
            return self.told.of(told["code"] if status == 409 else f"answered {status or 'nothing'}")
        self.told.of("ordered")
        return self.follow(who, told, dice.random() < 0.08, dice)

    def follow(self, who, order, changes_mind, dice):
        """Looks how far it is, until it is there; or calls it off meanwhile."""
        where, tag, until = "/dashboards/" + order["orderId"], None, self.clock.now() + max(PATIENCE, PATIENCE_S / self.clock.minute)
        if changes_mind and self.clock.wait(dice.randint(1, 20)):
            status, told = self.ask(who, "DELETE", "/orders/" + order["orderId"], Prefer="wait=10")
            self.told.of("called off" if status == 200 else "asked to call off" if status == 202 else "could not call off")
        while not self.clock.gone.is_set() and self.clock.now() < until:
            waits = {"If_None_Match": tag, "Prefer": "wait=5"} if tag else {}
            status, seen = self.ask(who, "GET", where, **waits)
            if status == 200:
                tag = f'"{seen["version"]}"'
                if seen["status"] in OVER:
                    return self.told.of("looked until the end")
            elif status != 304 and not self.clock.look():
                break
        return None

    # ---- shops

    def keep(self, store):
        """Opens, does what is to be done with each ticket, closes."""
        seen, open_now = {}, True
        while self.clock.look():
            if open_now and self.clock.now() > CLOSES:
                open_now = False
                self.ask(self.owner, "PUT", f"/stores/{store}/opening", {"open": False})
            _, page = self.ask(self.owner, "GET", f"/stores/{store}/tickets?limit=100")
            for ticket in (page or {}).get("items", ()):
                since = seen.setdefault((ticket["orderId"], ticket["status"]), self.clock.now())
                self.serve(store, ticket, self.clock.now() - since)

    def serve(self, store, ticket, minutes):
        """minutes: how long it is what it is."""
        dice, what, body = random.Random(ticket["orderId"]), None, None
        if ticket["cancelAsked"]:
            what, body = "cancellation", {"answer": dice.choice(("APPROVE", "APPROVE", "REFUSE"))}
        elif ticket["status"] == "RECEIVED":
            what, body = ("reject", {"reason": "too_busy"}) if dice.random() < 0.03 else ("accept", {"minutes": dice.randint(15, 40)})
        elif ticket["status"] == "ACCEPTED" and minutes > dice.randint(1, 5):
            what = "cook"
        elif ticket["status"] == "COOKING" and minutes > dice.randint(6, 20):
            what = "ready"
        if what:
            status, _ = self.ask(self.owner, "POST", f"/stores/{store}/tickets/{ticket['orderId']}/{what}", body)
            if status == 200 and what in SAID:
                self.told.of(SAID[what])

    # ---- couriers

    def carry(self, who):
        dice = random.Random(str(who))
        while self.clock.look():
            _, page = self.ask(who, "GET", "/deliveries?status=WAITING&limit=20")
            jobs = (page or {}).get("items")
            if jobs and (order := dice.choice(jobs)["orderId"]) and self.step(who, order, "start") == 200:
                while (status := self.step(who, order, "pickup")) == 409 and self.is_mine(who, order) and self.clock.look():
                    pass
                if status == 200:
                    self.clock.wait(dice.randint(5, 20))
                    if self.step(who, order, "complete") == 200:
                        self.told.of("delivered")

    def step(self, who, order, what):
        return self.ask(who, "POST", f"/deliveries/{order}/{what}")[0]

    def is_mine(self, who, order):
        status, job = self.ask(who, "GET", "/deliveries/" + order)
        return status != 200 or job["status"] == "STARTED"

    # ---- the day

    def hunger(self):
        """(minute, customer, store, dice) of each order, in their order."""
        chosen = []
        for _ in range(round(len(self.customers) * ORDERS_EACH)):
            hour = self.random.choices(range(len(HUNGRY)), HUNGRY)[0]
            chosen.append((OPENS + 60 * hour + self.random.uniform(0, 60), self.random.randrange(len(self.customers)),
                           self.random.choice(self.stores), self.random.getrandbits(64)))
        return sorted(chosen)

    def play(self, say):
        """say: is told the time and what has happened, about every hour."""
        hours = iter(range(OPENS + 60, ENDS + 1, 60))
        hour = next(hours)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as people:
            workers = [threading.Thread(target=self.keep, args=(store,)) for store in self.stores]
            workers += [threading.Thread(target=self.carry, args=(who,)) for who in self.couriers]
            for worker in workers:
                worker.start()
            try:
                orders = []
                for minute, customer, store, seed in self.hunger():
                    while hour and hour < minute:
                        self.clock.until(hour)
                        say(hour, self.told.shown())
                        hour = next(hours, None)
                    self.clock.until(minute)
                    orders.append(people.submit(self.order, self.customers[customer], store, random.Random(seed)))
                concurrent.futures.wait(orders, AFTER_S)
            finally:
                self.clock.gone.set()
                for worker in workers:
                    worker.join()
                for store in self.stores:
                    self.ask(self.owner, "PUT", f"/stores/{store}/opening", {"open": True})
        say(ENDS, self.told.shown())
