#!/usr/bin/env python3
"""Another password: over HTTP and over NATS; what ends with the old one, and who is held."""
import re
import sys
import threading

from clients import Client, address
from stack import PASSWORD, run_cases
from tap import case, equal, eventually

NEW = "willow-ember-harbour-9"
WRONG = "not-the-password-1"
CHEAP_HASHES = {"HANOK_ARGON2_MEMORY_KIB": 8192, "HANOK_ARGON2_PASSES": 1}


def signed_up(stack):
    """A person, and what a login of his answers."""
    person = stack.person()
    equal(stack.signup(person).status, 201)
    return person, logged_in(stack, person)


def logged_in(stack, person, **changes):
    reply = stack.login(person, **changes)
    equal(reply.status, 200, repr(reply))
    return reply.json()


def change(stack, login, current, new, user_id=None):
    return stack.request("PUT", f"/users/{user_id or login['userId']}/password", {"currentPassword": current, "newPassword": new},
                         {"Authorization": "Bearer " + login["accessToken"]})


def refreshed(stack, login):
    return stack.request("POST", "/refresh", {"refreshToken": login["refreshToken"]})


@case
def a_new_password_is_good_and_every_session_is_over(stack):
    person, login = signed_up(stack)
    other = logged_in(stack, person)
    third = logged_in(stack, person)
    third = refreshed(stack, third).json()
    reply = change(stack, login, PASSWORD, NEW)
    equal((reply.status, reply.body), (204, b""), repr(reply))
    for session in (login, other, third):
        refused = refreshed(stack, session)
        equal((refused.status, refused.code), (401, "invalid_token"), repr(refused))
        equal(change(stack, session, NEW, PASSWORD).status, 401, "at once, where the route asks for it")
    equal(stack.login(person).status, 401, "the old one")
    after = logged_in(stack, person, password=NEW)
    equal(refreshed(stack, after).status, 200)
    eventually(lambda: {"auth.password_changed", "auth.sessions_revoked"} <= {e["type"] for e in stack.request(
        "GET", f"/users/{after['userId']}/events", headers={"Authorization": "Bearer " + after["accessToken"]}).json()["items"]})


@case
def what_is_wrong_is_said(stack):
    person, login = signed_up(stack)
    for current, new, status, code, fields in (
            (WRONG, NEW, 401, "invalid_credentials", []), (PASSWORD, "short", 400, "invalid_request", ["newPassword"]),
            (PASSWORD, "password1", 400, "invalid_request", ["newPassword"]),
            (PASSWORD, person["loginId"] + "1", 400, "invalid_request", ["newPassword"]),
            ("x", NEW, 400, "invalid_request", ["currentPassword"]), ("x", 5, 400, "invalid_request", ["currentPassword", "newPassword"])):
        reply = change(stack, login, current, new)
        equal((reply.status, reply.code, reply.fields()), (status, code, fields), repr(reply))
    _, other = signed_up(stack)
    equal(change(stack, login, PASSWORD, NEW, other["userId"]).status, 403)
    equal(change(stack, {"userId": login["userId"], "accessToken": "nonsense"}, PASSWORD, NEW).status, 401)
    equal(refreshed(stack, login).status, 200, "nothing has changed")


@case
def of_two_changes_at_once_one_wins(stack):
    for _ in range(5):
        person, login = signed_up(stack)
        wanted = [f"{NEW}-{i}" for i in range(4)]
        replies = [None] * len(wanted)
        line = threading.Barrier(len(wanted))

        def be_one(i):
            line.wait()
            replies[i] = change(stack, login, PASSWORD, wanted[i])
        threads = [threading.Thread(target=be_one, args=(i,)) for i in range(len(wanted))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        equal(sorted(r.status for r in replies), [204] + [401] * (len(wanted) - 1), repr(replies))
        good = [new for new in wanted if stack.login(person, password=new).status == 200]
        equal(good, [wanted[[r.status for r in replies].index(204)]])


@case
def wrong_current_passwords_hold_the_account_and_nobody_else(stack):
    person, login = signed_up(stack)
    for _ in range(5):
        equal(change(stack, login, WRONG, NEW).status, 401)
    for current in (WRONG, PASSWORD):
        reply = change(stack, login, current, NEW)
        equal((reply.status, reply.code), (429, "too_many_attempts"), repr(reply))
        assert 0 < int(reply.headers["Retry-After"]) <= 30, reply.headers
    equal(stack.login(person).status, 200, "logging in is another count")
    other, login = signed_up(stack)
    equal(change(stack, login, PASSWORD, NEW).status, 204)


@case
def an_owner_is_not_locked_out_by_strangers(stack):
    person = stack.person()
    stack.signup(person)
    with Client(stack.port, address(1)) as mine:
        equal(mine.login(person["loginId"], PASSWORD).status, 200)
    for n in range(50):
        with Client(stack.port, address(100 + n)) as stranger:
            equal(stranger.login(person["loginId"], WRONG).status, 401)
    with Client(stack.port, address(200)) as stranger:
        equal(stranger.login(person["loginId"], PASSWORD).status, 429)
    with Client(stack.port, address(1)) as mine:
        equal(mine.login(person["loginId"], PASSWORD).status, 200, "he has a session from there")


@case
def over_nats_it_is_the_same(stack):
    _, login = signed_up(stack)
    with stack.bus() as bus:
        body = {"userId": login["userId"], "currentPassword": WRONG, "newPassword": NEW}
        equal(bus.request("auth.password", body).error, "401")  # nobody
        equal(bus.request("auth.password", body, {"Auth-Subject": "01890000-0000-7000-8000-000000000000"}).error, "403")
        refused = bus.request("auth.password", body, {"Auth-Subject": login["userId"]})
        equal((refused.error, refused.json()["code"]), ("401", "invalid_credentials"))
        done = bus.request("auth.password", {**body, "currentPassword": PASSWORD}, {"Auth-Subject": login["userId"]})
        equal(done.error, None)


@case
def no_password_is_in_any_log(stack):
    text = stack.logs()
    for secret in (NEW, WRONG, PASSWORD):
        assert not re.search(re.escape(secret), text), secret


if __name__ == "__main__":
    sys.exit(run_cases(**CHEAP_HASHES))
