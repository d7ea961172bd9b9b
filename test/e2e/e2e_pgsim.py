#!/usr/bin/env python3
# test/run: asan
"""The card company of `make up`: found by its file, kept alive, and its book survives whatever is killed."""
import http.client
import os
import signal
import sys
import threading

import tap
import web
from stack import Stack, sanitizers_are_silent
from tap import case, equal, eventually


def port(stack):
    """Where $RUN_DIR/pgsim.http says it is."""
    with open(f"{stack.dir}/pgsim.http") as f:
        host, _, number = f.read().strip().rpartition(":")
    equal(host, "127.0.0.1")
    return int(number)


def ask(stack, method, path, body=None):
    return web.request(port(stack), method, path, body)


def authorize(stack, key, amount=1000, method="tok_ok"):
    return ask(stack, "POST", "/v1/operations",
               {"key": key, "kind": "AUTHORIZE", "amount": amount, "currency": "KRW", "method": method})


def booked(stack):
    return {item["key"]: item["state"] for item in ask(stack, "GET", "/v1/book").json()["items"]}


@case
def it_is_up_and_listed(stack):
    equal(stack.admin("pgsim", "/readyz").status, 200)
    line = next(line for line in stack.make("status").stdout.splitlines() if line.startswith("pgsim"))
    equal(line.split()[2:4], [str(port(stack)), "ready"])
    equal(ask(stack, "GET", "/v1/book/summary").json(),
          {"operations": 0, "captured": {}, "refunded": {}, "authorizedOpen": {}})


@case
def what_was_answered_survives_kills_whoever_asks_meanwhile(stack):
    answered, stop = set(), threading.Event()

    def shop(name):
        number = 0
        while not stop.is_set():
            number += 1
            try:
                if authorize(stack, f"{name}-{number}").status == 201:
                    answered.add(f"{name}-{number}")
            except (OSError, http.client.HTTPException, ValueError):
                pass  # it was killed: not known
    shops = [threading.Thread(target=shop, args=(f"shop{i}",)) for i in range(4)]
    for thread in shops:
        thread.start()
    for _ in range(3):
        before = len(answered)
        eventually(lambda before=before: len(answered) > before + 20)
        pid = stack.kill("pgsim", signal.SIGKILL)
        eventually(lambda pid=pid: stack.pid("pgsim") not in (None, pid))
    eventually(lambda: stack.admin("pgsim", "/readyz"))
    stop.set()
    for thread in shops:
        thread.join()
    book = booked(stack)
    equal(sorted(answered - book.keys()), [])
    equal(ask(stack, "GET", "/v1/book/summary").json()["authorizedOpen"], {"KRW": 1000 * len(book)})


@case
def the_book_outlives_the_stack(stack):
    before, where = booked(stack), port(stack)
    stack.down()
    assert not os.path.exists(f"{stack.dir}/pgsim.http"), where
    stack.up()
    equal(booked(stack), before)
    key = next(iter(before))
    equal(authorize(stack, key).status, 200)
    equal(authorize(stack, key, amount=1).code, "key_reused")


@case
def a_card_company_that_is_down_says_so(stack):
    equal(ask(stack, "POST", "/v1/control", {"mode": "down"}).status, 200)
    refused = authorize(stack, "late")
    equal((refused.status, refused.code, refused.headers["Retry-After"]), (503, "provider_down", "1"))
    assert "late" not in booked(stack)
    equal(ask(stack, "POST", "/v1/control", {"mode": "up"}).status, 200)
    equal(authorize(stack, "late").status, 201)


if __name__ == "__main__":
    alone = Stack(SERVICES="pgsim")
    alone.up()
    case(sanitizers_are_silent)
    sys.exit(tap.run(alone))
