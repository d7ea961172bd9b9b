#!/usr/bin/env python3
"""What a front end needs of the gateway: parts asked at once, answers that wait for a change."""
import signal
import sys

from stack import run_cases
from tap import case, equal, eventually


def somebody(stack):
    person = stack.person()
    equal(stack.signup(person).status, 201)
    user_id, bearer = stack.token_of(person)
    return person, user_id, bearer


@case
def me_is_account_profile_and_events_at_once(stack):
    person, user_id, bearer = somebody(stack)
    equal(stack.request("GET", "/me").status, 401)
    eventually(lambda: len(stack.request("GET", "/me", headers=bearer).json()["events"]["items"]) >= 3)
    reply = stack.request("GET", "/me", headers=bearer)
    equal((reply.status, sorted(reply.json())), (200, ["account", "events", "profile"]), repr(reply))
    me = reply.json()
    equal([me["account"][k] for k in ("userId", "loginId", "status", "roles")],
          [user_id, person["loginId"], "ACTIVE", ""])
    equal(me["profile"], stack.request("GET", "/users/" + user_id, headers=bearer).json())
    equal(me["events"], stack.request("GET", f"/users/{user_id}/events", headers=bearer).json())
    equal(stack.request("GET", "/me?limit=1", headers=bearer).status, 400)


@case
def a_part_that_is_frozen_is_null_and_named(stack):
    _, user_id, bearer = somebody(stack)
    stack.kill("user", signal.SIGSTOP)
    try:
        reply = stack.request("GET", "/me", headers=bearer)
    finally:
        stack.kill("user", signal.SIGCONT)
    equal((reply.status, reply.json()["profile"], reply.json()["missing"]), (200, None, ["profile"]), repr(reply))
    equal(reply.json()["account"]["userId"], user_id)
    eventually(lambda: "missing" not in stack.request("GET", "/me", headers=bearer).json())


@case
def ones_account_is_nobody_elses(stack):
    _, user_id, _ = somebody(stack)
    _, other, _ = somebody(stack)
    bus = stack.bus()
    for caller, want in ((user_id, None), (other, "403"), (None, "401")):
        headers = {"Auth-Subject": caller} if caller else {}
        reply = bus.request("auth.account", {"userId": user_id}, headers=headers)
        equal(reply.error, want, reply.headers)


if __name__ == "__main__":
    sys.exit(run_cases())
