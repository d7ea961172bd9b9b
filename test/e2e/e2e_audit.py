#!/usr/bin/env python3
"""The audit service on a real stack: what has happened to an account is told once, in order, to its owner."""
import base64
import datetime
import json
import re
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


ACTIVE = ["auth.account_created", "user.profile_registered", "auth.account_activated"]
UNDONE = ["auth.account_created", "auth.signup_compensated"]


def types(stack, user_id, header):
    return [entry["type"] for entry in line(stack, user_id, header)["items"]]


@case
def what_a_signup_did_is_told_once_and_in_order(stack):
    user_id, header = visitor(stack)
    eventually(lambda: len(types(stack, user_id, header)) >= len(ACTIVE))
    entries = line(stack, user_id, header)["items"]
    equal([entry["type"] for entry in entries], ACTIVE)
    equal([entry["data"] for entry in entries], [{"userId": user_id}] * 3)
    equal([entry["time"] for entry in entries], sorted(entry["time"] for entry in entries))
    equal(len({entry["eventId"] for entry in entries}), 3)


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


def sign_up(stack, n):
    """n people: (what each said of himself, his id, his token)."""
    people = [stack.person() for _ in range(n)]
    for person in people:
        equal(stack.signup(person).status, 201)
    return [(person, *stack.token_of(person)) for person in people]


def check_whole(stack, people):
    """Each has the time line of a signup, each event of it once."""
    for _, user_id, header in people:
        eventually(lambda u=user_id, h=header: types(stack, u, h) == ACTIVE, 60, f"the time line of {user_id}")
    equal(stack.sql("select count(*) from hanok_audit.dead_letter"), [["0"]])


@case
def who_was_refused_leaves_a_line_that_says_so(stack):
    taken, _, _ = sign_up(stack, 1)[0]
    reply = stack.signup(stack.person(email=taken["email"]))
    equal((reply.status, reply.json()["code"]), (409, "email_taken"))
    line_of = """select t.type, t.data like '%"email_taken"%' from hanok_audit.trail t
        join hanok_auth.saga s on s.subject = t.user_id where s.state = 'COMPENSATED' order by t.place"""
    eventually(lambda: stack.sql(line_of) == [[UNDONE[0], "0"], [UNDONE[1], "1"]], why=f"it is {stack.sql(line_of)}")


@case
def audit_is_down_and_catches_up(stack):
    stack.control("audit", "-d")
    eventually(lambda: stack.pid("audit") is None)
    people = sign_up(stack, 10)
    _, user_id, header = people[0]
    equal(stack.request("GET", f"/users/{user_id}/events", headers=header).status, 503)
    stack.control("audit", "-u")
    eventually(lambda: stack.ready())
    # By then a breaker may refuse for a moment more.
    eventually(lambda: stack.request("GET", f"/users/{user_id}/events", headers=header).status == 200)
    check_whole(stack, people)


@case
def audit_is_killed_in_the_middle(stack):
    people = []
    for _ in range(4):
        people += sign_up(stack, 3)
        old = stack.kill("audit")
        eventually(lambda old=old: stack.pid("audit") not in (None, old))
        people += sign_up(stack, 3)
    eventually(lambda: stack.ready())
    check_whole(stack, people)


@case
def nats_is_killed_in_the_middle(stack):
    people = []
    for _ in range(2):
        people += sign_up(stack, 3)
        old = stack.kill("nats")
        eventually(lambda old=old: stack.pid("nats") not in (None, old))
        eventually(lambda: stack.ready())
        people += sign_up(stack, 3)
    check_whole(stack, people)


@case
def a_restart_changes_nothing(stack):
    people = sign_up(stack, 3)
    check_whole(stack, people)
    before = [line(stack, user_id, header) for _, user_id, header in people]
    stack.down()
    stack.up()
    eventually(lambda: stack.ready())
    equal([line(stack, user_id, stack.token_of(person)[1]) for person, user_id, _ in people], before)


@case
def it_may_hear_and_nothing_else(stack):
    others = ("$JS.API.CONSUMER.MSG.NEXT.EVENTS.other-00", "$JS.API.CONSUMER.DURABLE.CREATE.EVENTS.other-00",
              "$JS.ACK.EVENTS.other-00.1.1.1.1.1", "$JS.API.CONSUMER.DELETE.EVENTS.other-00", "$JS.API.STREAM.PURGE.EVENTS",
              "$JS.API.STREAM.DELETE.EVENTS", "event.auth.account_created.00", "event.audit.x", "user.get")
    with stack.bus("audit") as bus:
        for subject in others:
            bus.publish(subject)
            assert f'Publish to "{subject}"' in " ".join(bus.flush()), subject
        bus.publish("$JS.API.CONSUMER.INFO.EVENTS.audit-00")
        equal(bus.flush(), [])


def stream(bus):
    """(subject, headers, data) of every message that is kept."""
    state = bus.request("$JS.API.STREAM.INFO.EVENTS").json()["state"]
    for seq in range(state["first_seq"], state["last_seq"] + 1):
        stored = bus.request("$JS.API.STREAM.MSG.GET.EVENTS", {"seq": seq}).json()
        if "message" in stored:  # else it was removed
            message = stored["message"]
            yield message["subject"], *(base64.b64decode(message.get(part, "")).decode() for part in ("hdrs", "data"))


@case
def nothing_personal_is_in_the_stream(stack):
    person = stack.person(name="Nobody Elses-Name", phone="+82 2-555-0199-12")
    user_id = stack.signup(person).json()["userId"]
    eventually(lambda: types(stack, user_id, stack.token_of(person)[1]) == ACTIVE)
    with stack.bus() as bus:
        kept = [message for message in stream(bus) if user_id in message[2]]
    equal(len(kept), len(ACTIVE))
    digits = re.sub(r"\D", "", person["phone"])
    for subject, headers, data in kept:
        everything = (subject + headers + data).lower()
        for word in ("Nobody Elses-Name", person["email"], person["phone"], digits, person["loginId"], person["password"]):
            assert word.lower() not in everything, f"{word} is in {subject}: {headers}{data}"
        equal(json.loads(data), {"userId": user_id})


if __name__ == "__main__":
    sys.exit(run_cases())
