#!/usr/bin/env python3
"""kill -9 of order, catalog and payment between two steps of an order's life: `make chaos PLAN=points`. Who is to die is held
(SIGSTOP) where the point is, so it dies there and nowhere else, however slow the machine. Prints a table; ends with 1 on a violation."""
import argparse
import contextlib
import os
import platform
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from typing import Callable, NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(os.path.dirname(HERE), "e2e")]
sys.dont_write_bytecode = True
from load import outcome  # noqa: E402
from shop import Provider, Shop, plain, whole  # noqa: E402
from stack import Administrator, Stack  # noqa: E402
from tap import eventually  # noqa: E402
from weather import table  # noqa: E402

NOBODY = "0" * 32
END_S = 180  # guards against hanging; docs/architecture.md says 60


class Bench:
    """A shop whose processes can be held."""

    def __init__(self, stack):
        self.stack, self.shop, self.provider = stack, Shop(stack), Provider(stack)
        self.table, self.gate = Administrator(stack), Administrator(stack)
        self.product = self.shop.product(4000, on_hand=9000)
        self.people = {}

    def customer(self, point):
        """(id, headers) of somebody who has orders of this point alone."""
        if point.name not in self.people:
            self.people[point.name] = self.shop.somebody()
        return self.people[point.name]

    @contextlib.contextmanager
    def held(self, name):
        """Stopped meanwhile, unless it is killed."""
        pid = self.stack.kill(name, signal.SIGSTOP)
        try:
            yield
        finally:
            if self.stack.pid(name) == pid:
                self.stack.kill(name, signal.SIGCONT)

    @contextlib.contextmanager
    def no_commit(self):
        """Whoever commits meanwhile waits, and has committed afterwards whatever becomes of him."""
        for stage in ("start", "flush", "block_ddl", "block_commit"):
            self.gate.sql(f"backup stage {stage}")
        try:
            yield
        finally:
            self.gate.sql("backup stage end")

    def commits(self, name):
        waiting = "state = 'Waiting for backup lock' and command <> 'Sleep'"
        return self.table.sql(f"select 1 from information_schema.processlist where user = 'hanok_{name}' and {waiting}") != []

    def kill(self, name):
        self.killed = (name, self.stack.kill(name))

    def back(self):
        """Who was killed has been started again."""
        name, old = self.killed
        eventually(lambda: self.stack.pid(name) not in (None, old) and self.stack.ready(name), 60, f"{name} is not back")


class Trial:
    """One order that somebody is killed for."""

    def __init__(self, bench, point):
        self.bench, self.point, self.key = bench, point, uuid.uuid4().hex
        self.user_id, self.who = bench.customer(point)
        self.before, self.told, self.order_id, self.asking = NOBODY, None, None, None

    def newest(self):
        mine = f"user_id = x'{plain(self.user_id)}' and id > x'{self.before}'"
        rows = self.bench.table.sql(f"select lower(hex(id)) from hanok_order.orders where {mine} order by id desc limit 1")
        return rows[0][0] if rows else None

    def order(self):
        """Its id as the tables have it; None while it is not there."""
        self.order_id = self.order_id or self.newest()
        return self.order_id

    def there(self, query):
        """Whether a row says so of the order."""
        return self.order() is not None and self.bench.table.sql(query.format(order=self.order())) != []

    def is_ours(self, message):
        named = message.json().get("orderId")
        return plain(named) == self.order() if named else message.headers.get("Idempotency-Key") == self.key

    def begin(self):
        """Asks for what the point is in the middle of; returns as soon as the message has come to whom it is for. Who is sent away
        before that asks again: circuit breakers remember who was killed the last time."""
        with self.bench.stack.bus() as bus:
            bus.subscribe(self.point.message)
            bus.flush()
            until = time.monotonic() + END_S
            self.ask()
            while not ((message := bus.next(1)) and self.is_ours(message)):
                assert time.monotonic() < until, f"{self.point.name}: {self.point.message} was not seen, told {self.told!r}"
                if message is None and not self.asking.is_alive() and was_sent_away(self.told):
                    self.ask()

    def ask(self):
        if not self.point.before:  # of another one, then
            self.before, self.order_id = self.newest() or self.before, None
        self.asking = threading.Thread(target=self.is_told, daemon=True)
        self.asking.start()

    def is_told(self):
        self.told = outcome(lambda: self.point.ask(self))

    def found(self):
        """(order, payment, its stock, what the card company booked) as they are now."""
        rows = self.bench.table.sql(
            "select o.status, p.status, h.state from hanok_order.orders o left join hanok_payment.payment p on p.order_id = o.id"
            f" left join hanok_catalog.hold h on h.owner_id = o.id where o.id = x'{self.order()}'")
        return (*rows[0], booked_of(self)) if len(rows) == 1 else (str(rows),)

    def ended(self):
        """How; also when that is not as it should be."""
        self.asking.join()
        with contextlib.suppress(AssertionError):
            eventually(lambda: is_right(self.point, self.found()), END_S)
        return self.found()


def was_sent_away(told):
    return isinstance(told, str) or told.status in (429, 503, 504)


# ---- how somebody dies: each takes a trial, and ends with the kill

def once_committed(trial):
    """The victim has committed this row, and does not know it: nothing that comes after has been done. What it commits
    before is let through in the same way."""
    bench, victim = trial.bench, trial.point.victim
    with bench.held(victim):
        trial.begin()
        until = time.monotonic() + END_S
        while not trial.there(trial.point.row):
            assert time.monotonic() < until, f"{trial.point.name}: it was never committed"
            with bench.no_commit():
                bench.stack.kill(victim, signal.SIGCONT)
                eventually(lambda: bench.commits(victim), END_S, f"{trial.point.name}: no commit")
                bench.stack.kill(victim, signal.SIGSTOP)
            eventually(lambda: not bench.commits(victim))
        bench.kill(victim)


def once_answered(trial):
    """Who was asked has committed and answers; the victim asked, and reads no answer."""
    bench, point = trial.bench, trial.point
    with bench.held(point.asked):
        trial.begin()
        with bench.held(point.victim):
            bench.stack.kill(point.asked, signal.SIGCONT)
            eventually(lambda: trial.there(point.row), END_S, f"{point.name}: not done")
            bench.kill(point.victim)


def once_asked(trial):
    """The victim has asked; who is asked has done nothing."""
    with trial.bench.held(trial.point.asked):
        trial.begin()
        trial.bench.kill(trial.point.victim)


def once_booked(trial):
    """The card company has booked it, and keeps the answer back."""
    trial.begin()
    eventually(lambda: booked_of(trial), 60, "nothing is booked")
    trial.bench.kill(trial.point.victim)


def booked_of(trial):
    """The kinds of all that the card company has done for the order."""
    keys = trial.bench.table.sql("select lower(hex(o.id)) from hanok_payment.payment_operation o join hanok_payment.payment p"
                                 f" on p.id = o.payment_id where p.order_id = x'{trial.order()}'") if trial.order() else []
    book = [(key, entry) for key, in keys for entry in trial.bench.provider.ask("GET", f"/v1/book?key={uuid.UUID(key)}")["items"]]
    return " ".join(sorted(entry["kind"].lower() for key, entry in book if plain(entry["key"]) == key and entry["state"] == "DONE"))


# ---- what is asked for meanwhile

def place(trial, **more):
    return trial.bench.shop.order(trial.who, trial.bench.product, wait=None, key=trial.key, payLater=False, **more)


def place_late(trial):
    return place(trial, method="tok_late_15s")


def placed(trial):
    """One that is confirmed, once its stock is sold."""
    order = trial.bench.shop.confirmed(trial.who, trial.bench.product)
    eventually(lambda: trial.bench.table.sql(hold_is("COMMITTED").format(order=plain(order["orderId"]))))
    return order


def unpaid(trial):
    """One that awaits its payment; on a busy machine the next one that does."""
    stack, shop = trial.bench.stack, trial.bench.shop

    def placed_alone():
        stack.control("payment", "-d")
        eventually(lambda: stack.admin("payment", "/livez") is None)
        try:
            reply = shop.order(trial.who, trial.bench.product)
        finally:
            stack.control("payment", "-u")
        eventually(lambda: stack.ready("payment"), 60)
        order = shop.ended(trial.who, reply.json()) if reply.status == 201 else {}
        return order if order.get("status") == "AWAITING_PAYMENT" else None
    return eventually(placed_alone, why="no order awaits its payment")


def accepted(trial):
    order = placed(trial)
    accept(trial, order)
    taken = f"select 1 from hanok_payment.payment where order_id = x'{plain(order['orderId'])}' and status = 'CAPTURED'"
    eventually(lambda: trial.bench.table.sql(taken), 60, "it is not captured")
    equal_code(trial.bench.shop.cancel(trial.who, order), 202)  # its store has to agree
    return order


def tell_store(trial, order, what, body):
    """Once its ticket is there."""
    path = f"/stores/{trial.bench.shop.store_id}/tickets/{order['orderId']}"
    eventually(lambda: trial.bench.stack.request("GET", path, headers=trial.bench.shop.as_owner).status == 200, 60, "it has no ticket")
    return trial.bench.shop.send("POST", f"{path}/{what}", body, trial.bench.shop.as_owner)


def equal_code(reply, status):
    assert reply.status == status, reply


def accept(trial, order):
    equal_code(tell_store(trial, order, "accept", {}), 200)


def of_the_one_before(ask):
    return lambda trial: ask(trial, {"orderId": str(uuid.UUID(trial.order()))})


class Point(NamedTuple):
    name: str
    victim: str
    dies: Callable
    message: str  # its subject: when it is seen the point is near
    ask: Callable
    end: tuple  # as Trial.found()
    before: Callable = None  # makes the order that is asked something of
    asked: str = ""  # who is held
    row: str = ""  # what it is that is committed


def order_is(status):
    return f"select 1 from hanok_order.orders where id = x'{{order}}' and status = '{status}'"


def hold_is(state):
    return f"select 1 from hanok_catalog.hold where owner_id = x'{{order}}' and state = '{state}'"


def asks_for(kind):
    return ("select 1 from hanok_payment.payment_operation o join hanok_payment.payment p on p.id = o.payment_id"
            f" where p.order_id = x'{{order}}' and o.kind = '{kind}' and o.state = 'REQUESTED'")


PAID = ("CONFIRMED", "AUTHORIZED", "COMMITTED", "authorize")
OFF = ("CANCELED", "ORDER_CANCELED", "RELEASED", "authorize void")
POINTS = (
    Point("placed: kept, no stock asked for", "order", once_committed, "order.create", place, PAID, row=order_is("PENDING")),
    Point("placed: stock is held, and nobody told so", "catalog", once_committed, "catalog.stock.reserve", place, PAID, row=hold_is("HELD")),
    Point("placed: the card is charged, payment has not heard of it", "payment", once_booked, "payment.authorize", place_late, PAID),
    Point("placed: the card is charged, the answer is not read", "order", once_answered, "payment.authorize", place, PAID, asked="payment",
          row="select 1 from hanok_payment.payment where order_id = x'{order}' and status = 'AUTHORIZED'"),
    Point("paid later: confirmed, its stock is not sold", "order", once_asked, "catalog.stock.commit", of_the_one_before(
        lambda trial, order: trial.bench.shop.pay(trial.who, order, wait=None)), PAID, before=unpaid, asked="catalog"),
    Point("accepted: to be captured, the card company is not asked", "payment", once_committed, "event.store.accepted.*",
          of_the_one_before(accept), ("CONFIRMED", "CAPTURED", "COMMITTED", "authorize capture"), before=placed, row=asks_for("CAPTURE")),
    Point("canceled: its ticket is, the answer is not read", "order", once_answered, "store.ticket.cancel", of_the_one_before(
        lambda trial, order: trial.bench.shop.cancel(trial.who, order, wait=None)), OFF, before=placed, asked="store",
          row="select 1 from hanok_store.ticket where order_id = x'{order}' and status = 'CANCELED'"),
    Point("canceled: its stock is given back, the event not acknowledged", "catalog", once_committed, "event.order.canceled.*", of_the_one_before(
        lambda trial, order: trial.bench.shop.cancel(trial.who, order, wait=None)), OFF, before=placed, row=hold_is("RELEASED")),
    Point("canceled: to be voided, the card company is not asked", "payment", once_committed, "event.order.canceled.*", of_the_one_before(
        lambda trial, order: trial.bench.shop.cancel(trial.who, order, wait=None)), OFF, before=placed, row=asks_for("VOID")),
    Point("canceled by consent: to be refunded, the card company is not asked", "payment", once_committed, "event.order.canceled.*",
          of_the_one_before(lambda trial, order: tell_store(trial, order, "cancellation", {"answer": "APPROVE"})),
          ("CANCELED", "ORDER_CANCELED", "RELEASED", "authorize capture refund"), before=accepted, row=asks_for("REFUND")),
)


def is_right(point, found):
    """On a machine so slow that its 30 s are over before, what was placed is undone: that is an end as well."""
    undone = point.ask in (place, place_late) and found[0] == "REJECTED" and found[2] in ("RELEASED", "NULL") and found[3] in ("", "authorize void")
    return found == point.end or undone


def kill_at(bench, point):
    """Returns the trial, with who was killed back."""
    trial = Trial(bench, point)
    if point.before:
        trial.order_id = plain(point.before(trial)["orderId"])
    point.dies(trial)
    bench.back()
    return trial


def kill_everywhere(bench, rounds, say=lambda text: None):
    """Each point so often; {point: how its orders ended}. The orders of a round end while somebody is killed for others."""
    seen = {point: [] for point in POINTS}
    for number in range(rounds):
        trials = []
        for point in POINTS:
            trials.append(kill_at(bench, point))
            say(f"{number + 1}/{rounds} {point.victim}, {point.name}")
        for trial in trials:
            seen[trial.point].append(trial.ended())
    return seen


def violations(stack, seen):
    """Ends that are no such, and what is not whole."""
    for point, ends in seen.items():
        yield from (f"{point.name}: ended {end}, not {point.end}" for end in ends if not is_right(point, end))
    try:
        whole(stack)
    except AssertionError as wrong:
        yield str(wrong)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--rounds", type=int, default=20, help="how often at each point")
    args = parser.parse_args()
    for name in [name for name in os.environ if name.startswith(("MAKE", "MFLAGS", "HANOK_"))]:
        del os.environ[name]
    stack = Stack(RATE_LIMIT="off")
    stack.up()
    bench, began = Bench(stack), time.monotonic()
    seen = kill_everywhere(bench, args.rounds, lambda text: print(f"chaos: {text}", file=sys.stderr, flush=True))
    wrong = list(violations(stack, seen))
    kills = sum(len(ends) for ends in seen.values())
    print(f"\n`make chaos PLAN=points`, {platform.machine()}, {os.cpu_count()} cores: {kills} kills in {time.monotonic() - began:.0f} s.\n")
    print(table(("where", "killed", "times", "how the order ended", "as it should"), [
        (point.name, point.victim, len(ends), ", ".join(f"{' / '.join(end)} {n}" for end, n in Counter(ends).items()),
         sum(is_right(point, end) for end in ends)) for point, ends in seen.items()]))
    for text in wrong:
        print(f"\nviolation: {text}")
    print(f"\n{kills} kills, {len(wrong)} violations", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
