#!/usr/bin/env python3
# test/run: first asan by-chance
"""Orders end whole, whatever of the shop is killed while they are placed, paid, and canceled: between two steps that are
known, and by chance."""
import functools
import os
import random
import sys
import threading
import time
import uuid

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../chaos"))
from load import Load, outcome  # noqa: E402
from points import Bench, POINTS, booked_of, kill_at, kill_everywhere, violations  # noqa: E402
from shop import Shop, whole  # noqa: E402
from stack import run_cases  # noqa: E402
from tap import case, equal, eventually  # noqa: E402

CLIENTS = 6
CARDS = ("tok_ok", "tok_ok", "tok_ok", "tok_ok", "tok_declined", "tok_no_answer", "tok_flaky_2")


class Customers:
    """People who want more than there is: some with bad cards, some who change their minds. Keeps who got a 201."""

    def __init__(self, stack):
        self.shop = Shop(stack)
        flour = self.shop.item(150)
        self.products = [self.shop.product(4000, on_hand=60), self.shop.product(9000, items={flour: 1}),
                         self.shop.product(15000, items={flour: 2, self.shop.item(80): 1})]
        self.people = [self.shop.customer() for _ in range(CLIENTS)]
        self.lock = threading.Lock()
        self.accepted = []

    def ask(self):
        who, key = random.choice(self.people), uuid.uuid4().hex
        lines = random.sample([(product, random.randint(1, 2)) for product in self.products], random.randint(1, 2))
        def place():
            return outcome(lambda: self.shop.order(who, *lines, wait=random.choice((None, 1, 10)), key=key, method=random.choice(CARDS)))
        reply = place()
        if isinstance(reply, str) or reply.status >= 500:
            time.sleep(0.1)
            return reply if isinstance(reply, str) else reply.status
        if reply.status == 201:
            order = reply.json()
            with self.lock:
                self.accepted.append((who, order))
            if random.random() < 0.3:
                outcome(lambda: self.shop.cancel(who, order, wait=random.choice((None, 2))))
            elif order["status"] == "AWAITING_PAYMENT":
                outcome(lambda: self.shop.pay(who, order, wait=None))
        return reply.status

    def check(self):
        """A 201 is durable, and everything holds."""
        whole(self.shop.stack)
        for who, order in self.accepted:
            self.shop.get(who, order)


def kill_while_ordering(stack, *names):
    customers = Customers(stack)
    with Load(CLIENTS, customers.ask) as load:
        eventually(lambda: len(customers.accepted) >= 5, 60)
        for name in names:
            old = stack.kill(name)
            eventually(lambda name=name, old=old: stack.pid(name) not in (None, old), 60)
            time.sleep(random.uniform(0, 1))  # the next one dies between any two steps
        eventually(lambda: stack.ready(), 120)
        told = load.count(lambda status: status in (201, 409))
        eventually(lambda: load.count(lambda status: status in (201, 409)) >= told + 10, 60, "nobody orders after that")
    customers.check()


bench_of = functools.cache(Bench)


@case
def whoever_is_killed_between_two_steps_an_order_ends_as_it_should(stack):
    equal(list(violations(stack, kill_everywhere(bench_of(stack), 1))), [])


@case
def all_of_them_are_killed_in_any_order(stack):
    kill_while_ordering(stack, *random.choices(("order", "catalog", "payment", "pgsim"), k=4))


def once_forgotten(trial):
    """As if payment asked the card company before it has written that it will: what it had asked for is not there."""
    stack = trial.bench.stack
    trial.begin()
    order = eventually(lambda: booked_of(trial) and trial.order(), 60, "nothing is booked")
    stack.control("payment", "-O")  # it stays dead
    trial.bench.kill("payment")
    mine = f"in (select id from hanok_payment.payment where order_id = x'{order}')"
    stack.sql(f"delete from hanok_payment.payment_operation where payment_id {mine}; delete from hanok_payment.payment where order_id = x'{order}';"
              " delete from hanok_payment.processed_message where consumer = 'payment.authorize'")
    stack.control("payment", "-u")


@case
def a_card_that_is_charged_twice_is_found(stack):  # last: the book of the card company cannot be put back
    trial = kill_at(bench_of(stack), POINTS[2]._replace(dies=once_forgotten))
    trial.ended()
    found = list(violations(stack, {}))
    assert any("in the book, ours is None" in text for text in found), found


if __name__ == "__main__":
    sys.exit(run_cases(RATE_LIMIT="off"))
