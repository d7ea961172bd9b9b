#!/usr/bin/env python3
"""The audit service through the gateway and NATS of a real stack."""
import sys

from stack import run_cases
from tap import case, equal

PATH = "/entrys"


def visitor(stack):
    """The Authorization header of somebody new."""
    person = stack.person()
    equal(stack.signup(person).status, 201)
    return stack.token_of(person)[1]


@case
def what_is_made_is_read_by_its_owner_only(stack):
    me, other = visitor(stack), visitor(stack)
    made = stack.request("POST", PATH, {"title": "One"}, {**me, "Idempotency-Key": "1"})
    equal(made.status, 201, repr(made))
    where = made.headers["Location"]
    equal(where, f"{PATH}/{made.json()['entryId']}")
    equal(stack.request("GET", where, headers=me).json(), made.json())
    for headers, status in ((other, 404), (None, 401)):
        equal(stack.request("GET", where, headers=headers).status, status)


@case
def a_repeated_request_gets_the_same_answer(stack):
    me = visitor(stack)
    first, again, other = (stack.request("POST", PATH, {"title": title}, {**me, "Idempotency-Key": "1"})
                           for title in ("One", "One", "Two"))
    equal((first.status, again.status, other.status), (201, 201, 422), repr(other))
    equal(again.json(), first.json())
    equal(other.json()["code"], "idempotency_key_reused")
    equal(stack.request("POST", PATH, {"title": "One"}, {**me, "Idempotency-Key": "2"}).json()["code"], "title_taken")


@case
def it_is_discovered_and_described(stack):
    with stack.bus() as bus:
        equal(bus.request("$SRV.PING.audit", b"").json()["name"], "audit")
    document = stack.request("GET", "/openapi.json").json()
    assert "post" in document["paths"][PATH] and "get" in document["paths"][PATH + "/{entryId}"]


if __name__ == "__main__":
    sys.exit(run_cases())
