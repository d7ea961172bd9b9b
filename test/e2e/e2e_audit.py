#!/usr/bin/env python3
"""The audit service on a real stack: what has happened to an account is told once, in order, to its owner."""
import datetime
import json
import sys
import uuid

from stack import run_cases
from tap import case, equal, eventually


def visitor(stack):
    """(user id, the Authorization header) of somebody new."""
    person = stack.person()
    equal(stack.signup(person).status, 201)
    return stack.token_of(person)


def line(stack, user_id, header, **query):
    """A page of the time line."""
    path = f"/users/{user_id}/events" + "?" * bool(query) + "&".join(f"{k}={v}" for k, v in query.items())
    answer = stack.request("GET", path, headers=header)
    equal(answer.status, 200, repr(answer))
    return answer.json()


def partition(key):
    """FNV-1a, 32 bits."""
    number = 0x811c9dc5
    for byte in key.encode():
        number = (number ^ byte) * 0x01000193 % 2**32
    return number % 16


def say(bus, kind, user_id, data=None, event_id=None):
    """An event as a relay says it, acknowledged by the stream. Its id."""
    event_id = event_id or str(uuid.uuid4())
    time = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")
    headers = {"ce-specversion": "1.0", "ce-id": event_id, "ce-source": "/hanok/" + kind.split(".")[0], "ce-type": kind,
               "ce-time": time, "ce-subject": user_id, "ce-partitionkey": user_id, "Content-Type": "application/json",
               "Nats-Msg-Id": str(uuid.uuid4())}
    said = bus.request(f"event.{kind}.{partition(user_id):02}", json.dumps(data or {"userId": user_id}).encode(), headers)
    equal(said.json().get("stream"), "EVENTS", said.data)
    return event_id


@case
def a_time_line_is_its_owners(stack):
    (me, header), (other, _) = visitor(stack), visitor(stack)
    path = f"/users/{me}/events"
    equal(stack.request("GET", path).status, 401)
    for somebody in (other, str(uuid.uuid4())):
        answer = stack.request("GET", f"/users/{somebody}/events", headers=header)
        equal((answer.status, answer.json()["code"]), (403, "forbidden"))
    equal(stack.request("GET", "/users/nobody/events", headers=header).status, 400)
    for query, field in (("limit=0", "limit"), ("limit=101", "limit"), ("after=AAAA", "after"), ("cursor=AAAA", "cursor")):
        answer = stack.request("GET", f"{path}?{query}", headers=header)
        equal((answer.status, [e["field"] for e in answer.json()["errors"]]), (400, [field]))


@case
def what_is_said_of_a_user_is_told_in_order_and_once(stack):
    user_id, header = visitor(stack)
    kinds = ("user.profile_cancelled", "auth.signup_compensated", "auth.account_created")
    with stack.bus("operator") as bus:
        said = [say(bus, kind, user_id, {"userId": user_id, "reason": "email_taken"}) for kind in kinds]
        say(bus, kinds[0], user_id, event_id=said[0])
        say(bus, "auth.something_new", user_id)
        said.append(say(bus, kinds[0], user_id))
    told = eventually(lambda: [e for e in line(stack, user_id, header)["items"] if e["eventId"] in said][3:] and
                      [e for e in line(stack, user_id, header)["items"] if e["eventId"] in said])
    equal([e["eventId"] for e in told], said)
    equal([e["type"] for e in told], [*kinds, kinds[0]])
    equal([e["data"] for e in told], 3 * [{"userId": user_id, "reason": "email_taken"}] + [{"userId": user_id}])
    equal([e["time"] for e in told], sorted(e["time"] for e in told))


@case
def a_long_line_comes_in_pages(stack):
    user_id, header = visitor(stack)
    with stack.bus("operator") as bus:
        said = [say(bus, "auth.account_created", user_id) for _ in range(25)]
    eventually(lambda: {e["eventId"] for e in line(stack, user_id, header, limit=100)["items"]} >= set(said))
    whole, page = [], line(stack, user_id, header, limit=7)
    while "nextCursor" in page:
        whole += page["items"]
        page = line(stack, user_id, header, limit=7, after=page["nextCursor"])
    whole += page["items"]
    equal(whole, line(stack, user_id, header, limit=100)["items"])
    equal(len(line(stack, user_id, header)["items"]), 20)


if __name__ == "__main__":
    sys.exit(run_cases())
