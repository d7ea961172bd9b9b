#!/usr/bin/env python3
# test/run: asan
"""What the release before left in the tables: this one goes on with it. And what a later one may say, it takes."""
import os
import sys
import uuid

from signups import check_nothing_is_half
from stack import ROOT, run_cases
from tap import case, equal, eventually

PASSWORD = "lantern-tide-quartz"  # of all who are in the recorded rows
KEYS = {"old0": "k-old-0", "oldtaken2": "k-taken2", "comp1": "k-comp1", "open0": "k-open0", "open1": "k-open1", "open5": "k-open5"}
EMAILS = {"oldtaken2": "OLD1@example.org", "open0": "old0@example.org"}
# loginId: how its signup ends, the answer to who waits for that, and its ids
ENDS = {
    "old0": (201, "ACTIVE", "01a2238b-644a-7ba8-932c-90d8767e04c0", "01a2238b-644a-7f54-abc0-51c26cc4be26"),
    "oldtaken2": (409, "email_taken", "01a2238b-71d8-799e-b325-f9f900a07564", "01a2238b-71d8-7989-979c-8a572da3df84"),
    "comp1": (503, "signup_compensated", "01a2238b-a028-7ab5-b3b4-ff90779249d1", "01a2238b-a028-715d-942d-99040c444ec2"),
    "open0": (409, "email_taken", "01a2238c-24de-75fa-80e4-5703f4a64b24", "01a2238c-24de-7b14-84ed-94872d954186"),
    "open1": (201, "ACTIVE", "01a2238c-25bf-7845-8466-d6deaf5056da", "01a2238c-25bf-7f2b-b0e4-97e5615aa23c"),
    "open5": (201, "ACTIVE", "01a2238c-29dc-726a-bbae-a3e416eea673", "01a2238c-29dc-7ace-90ed-4a9c48ac8f61"),
}


def repeat(stack, login_id, wait, **changes):
    form = {"loginId": login_id, "password": PASSWORD, "name": "N " + login_id,
            "email": EMAILS.get(login_id, login_id + "@example.org"), "phone": "+82 10-1234-5678", **changes}
    return stack.signup(form, wait, Idempotency_Key=KEYS[login_id])


@case
def sagas_that_were_open_end(stack):
    with open(os.path.join(ROOT, "test/corpus/rows.sql")) as f:
        stack.sql(f.read())
    for login_id, (_, end, _, saga_id) in ENDS.items():
        state = "SUCCEEDED" if end == "ACTIVE" else "COMPENSATED"
        eventually(lambda s=saga_id, state=state: stack.request("GET", "/signups/" + s).json()["state"] == state,
                   why=f"{login_id} does not end {state}")
    check_nothing_is_half(stack, [])


@case
def who_is_through_logs_in_and_reads(stack):
    for login_id, (_, end, user_id, _) in ENDS.items():
        reply = stack.login({"loginId": login_id, "password": PASSWORD})
        equal(reply.status, 200 if end == "ACTIVE" else 401, login_id)
        if end == "ACTIVE":
            equal(reply.json()["userId"], user_id)
            bearer = {"Authorization": "Bearer " + reply.json()["accessToken"]}
            profile = stack.request("GET", "/users/" + user_id, headers=bearer)
            equal((profile.status, profile.headers["ETag"]), (200, '"1"'))
            equal(profile.json()["email"], login_id + "@example.org")


@case
def a_key_of_before_gets_the_answer_of_before(stack):
    for login_id, (status, end, user_id, saga_id) in ENDS.items():
        for wait in None, 10:
            reply = repeat(stack, login_id, wait)
            equal((reply.status, reply.code or reply.json()["status"]), (status, end), login_id)
            if status == 201:
                equal((reply.json()["userId"], reply.json()["sagaId"]), (user_id, saga_id), login_id)
        equal(repeat(stack, login_id, None, name="Another").code, "idempotency_key_reused", login_id)
    equal(repeat(stack, "old0", None, password=PASSWORD + "-2").code, "idempotency_key_reused")


@case
def doubles_of_messages_of_before_are_answered_as_then(stack):
    with stack.bus() as bus:
        for login_id, (_, end, user_id, saga_id) in ENDS.items():
            refusal = {"ACTIVE": None, "signup_compensated": "cancelled"}.get(end, end)
            message = {"sagaId": saga_id, "userId": user_id, "name": "N", "email": "n@example.org", "phone": "12345678"}
            reply = bus.request("user.registry", message)
            equal((reply.error, reply.json().get("code")), ("409", refusal) if refusal else (None, None), login_id)
            if not refusal:
                equal(reply.json(), {"userId": user_id, "status": "REGISTERED"})
    check_nothing_is_half(stack, [])


@case
def what_a_later_release_adds_is_skipped(stack):
    later = {"flavour": {"list": [1, "two", None], "deep": {"er": True}}, "note": "\U0001f3e0"}
    ids = {"sagaId": str(uuid.uuid4()), "userId": str(uuid.uuid4())}
    with stack.bus() as bus:
        reply = bus.request("user.registry", {**ids, "name": "N", "email": "later@example.org", "phone": "12345678", **later})
        equal(reply.json(), {"userId": ids["userId"], "status": "REGISTERED"})
        reply = bus.request("user.registry.cancel", {**later, **ids})
        equal(reply.json(), {"userId": ids["userId"], "status": "CANCELLED"})
    check_nothing_is_half(stack, [])


if __name__ == "__main__":
    sys.exit(run_cases())
