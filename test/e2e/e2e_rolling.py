#!/usr/bin/env python3
"""A rolling restart of everything while people read, write, log in, sign up and order: nobody is told anything but yes."""
import itertools
import signal
import sys
import uuid

from load import Connections, Load, outcome
from reader import Reader
from shop import Shop, whole
from stack import SERVICES, WITH_SCHEMA, run_cases
from tap import case, equal, eventually

CLIENTS = 8
BETWEEN = 60  # answers between two restarts


def roll(stack, name):
    """A twin helps out while it is started again."""
    twin = stack.twin(name)
    old = stack.kill(name, signal.SIGTERM)
    eventually(lambda: stack.pid(name) not in (None, old), why=f"{name} does not end")
    eventually(lambda: stack.ready(name), why=f"{name} does not get ready")
    twin.send_signal(signal.SIGTERM)
    equal(twin.wait(60), 0, f"the twin of {name}")
    stack.twins.remove(twin)


class People:
    """What they do in turn; what they were told, where it was no."""

    def __init__(self, stack):
        self.stack, self.reader = stack, Reader(stack)
        self.connections = Connections(stack.port)
        self.turns = itertools.count()
        self.joined = []
        self.shop, self.ordered = Shop(stack), []
        self.goods = self.shop.product(on_hand=100000)

    def ask(self, method, path, body=None, **headers):
        return self.connections.request(method, path, body, {**self.reader.bearer, **headers})

    def login(self):
        person = self.reader.person
        return self.ask("POST", "/login", {"loginId": person["loginId"], "password": person["password"]})

    def join(self, turn):
        person = self.stack.person(loginId=f"roll{turn}", email=f"roll{turn}@example.org")
        self.joined.append(person)
        return self.ask("POST", "/signup", person, Prefer="wait=10")

    def order(self):
        reply = self.ask("POST", "/orders", self.shop.form(self.goods), **{"Idempotency-Key": uuid.uuid4().hex, "Prefer": "wait=10"})
        if reply.status == 201:
            self.ordered.append(reply.json())
        return reply

    def act(self, turn):
        path = self.reader.path
        if turn % 20 == 0:
            return self.login()
        if turn % 40 == 10:
            return self.join(turn)
        if turn % 10 == 3:
            return self.order()
        if turn % 5 == 1:
            return self.ask("PATCH", path, {"name": f"Kim {turn}"})
        return self.ask("GET", ("/me", path, path + "/events", path + "/sessions")[turn % 4])

    def told(self):
        """None: yes, and all of it."""
        turn = next(self.turns)
        reply = outcome(lambda: self.act(turn))
        good = not isinstance(reply, str) and reply.status in (200, 201) and "missing" not in reply.json()
        return None if good else f"{turn}: {reply!r}"


@case
def all_is_started_again_and_nobody_is_told_no(stack):
    people = stack.people = People(stack)
    before = {name: stack.pid(name) for name in SERVICES}
    with Load(CLIENTS, people.told) as load:
        def go_on():
            asked = load.count()
            eventually(lambda: load.count() >= asked + BETWEEN, 120)
        go_on()
        for name in ("gateway", *WITH_SCHEMA):
            roll(stack, name)
            go_on()
    equal([told for told in load.seen if told], [])
    assert all(before[name] != stack.pid(name) for name in ("gateway", *WITH_SCHEMA)), before
    for person in people.joined:
        eventually(lambda person=person: stack.login(person).status == 200, why=f"{person} is not in")


@case
def delivery_rolling_restart_no_failed_order(stack):
    people = stack.people
    assert people.ordered, "nobody has ordered"
    for order in people.ordered:
        people.shop.ended(people.reader.bearer, order, "CONFIRMED")
    whole(stack)


if __name__ == "__main__":
    sys.exit(run_cases(HANOK_SHARE_PORT="on", RATE_LIMIT="off"))
