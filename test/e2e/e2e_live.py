#!/usr/bin/env python3
"""What a front end needs of the gateway: parts asked at once, answers that wait for a change."""
import http.client
import signal
import sys
import threading

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


class Waiting(threading.Thread):
    """A long poll of somebody's profile."""

    def __init__(self, stack, path, bearer, etag, seconds):
        super().__init__()
        self.ask = lambda: stack.request("GET", path, headers={**bearer, "If-None-Match": etag, "Prefer": f"wait={seconds}"},
                                         timeout=60)
        self.reply = None
        self.start()

    def run(self):
        self.reply = self.ask()


@case
def who_knows_the_version_waits_for_the_next(stack):
    _, user_id, bearer = somebody(stack)
    path = "/users/" + user_id
    etag = stack.request("GET", path, headers=bearer).headers["ETag"]
    equal(stack.request("GET", path, headers={**bearer, "If-None-Match": etag, "Prefer": "wait=1"}).status, 304)
    crowd = [Waiting(stack, path, bearer, etag, 30) for _ in range(50)]
    eventually(lambda: stack.metric("gateway", "hanok_http_live ") == 50)
    changed = stack.request("PATCH", path, {"name": "Somebody Else"}, bearer)
    equal(changed.status, 200, repr(changed))
    for waiting in crowd:
        waiting.join()
        equal((waiting.reply.status, waiting.reply.headers["ETag"], waiting.reply.json()),
              (200, changed.headers["ETag"], changed.json()))
    eventually(lambda: stack.metric("gateway", "hanok_http_live ") == 0)


def events(stream):
    """The events of a stream: their lines, comments left out."""
    lines = []
    while line := stream.readline().decode():
        if line.strip() and not line.startswith(":"):
            lines.append(line.strip())
        elif lines:
            yield lines
            lines = []


@case
def a_stream_tells_each_version_until_there_is_none(stack):
    person, user_id, bearer = somebody(stack)
    path = "/users/" + user_id
    client = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=60)
    client.request("GET", path, headers={**bearer, "Accept": "text/event-stream"})
    reply = client.getresponse()
    equal((reply.status, reply.getheader("Content-Type")), (200, "text/event-stream"))
    stream = events(reply)
    now = stack.request("GET", path, headers=bearer)
    equal(next(stream), ["id: " + now.headers["ETag"].strip('"'), "data: " + now.body.decode()])
    for name in ("Anna", "Berta"):
        changed = stack.request("PATCH", path, {"name": name}, bearer)
        equal(next(stream), ["id: " + changed.headers["ETag"].strip('"'), "data: " + changed.body.decode()])
    equal(stack.request("DELETE", path, headers={**bearer, "Prefer": "wait=10"}).status, 202)
    eventually(lambda: stack.request("GET", path, headers=bearer).status == 404)
    equal(next(stream)[0], "event: problem")
    equal(next(stream, None), None)
    client.close()


if __name__ == "__main__":
    sys.exit(run_cases())
