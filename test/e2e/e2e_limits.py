#!/usr/bin/env python3
"""Whoever guesses passwords is held: over restarts, in every instance, whether there is such an account or not."""
import re
import sys
import threading

from clients import Client, address
from ctl import ctl
from stack import PASSWORD, run_cases
from tap import case, equal, eventually

WRONG = "not-the-password-1"
CHEAP_HASHES = {"HANOK_ARGON2_MEMORY_KIB": 8192, "HANOK_ARGON2_PASSES": 1}


def held(reply):
    """The seconds it is held."""
    equal((reply.status, reply.code), (429, "too_many_attempts"), repr(reply))
    seconds = int(reply.headers["Retry-After"])
    assert seconds > 0, reply
    return seconds


def told(reply):
    """All of an answer but what is the request's own."""
    body = {k: v for k, v in reply.json().items() if k != "requestId"}
    return reply.status, body, sorted(k for k in reply.headers)


def guess(stack, source, login_id, times):
    with Client(stack.port, source) as client:
        for _ in range(times):
            reply = client.login(login_id, WRONG)
            equal((reply.status, reply.code), (401, "invalid_credentials"), repr(reply))


def restart(stack, name):
    old = stack.kill(name)
    eventually(lambda: stack.pid(name) not in (None, old))
    eventually(stack.ready, 120)


@case
def five_wrong_passwords_hold_a_client_also_over_a_restart(stack):
    person = stack.person()
    stack.signup(person)
    for login_id in (person["loginId"], "nobody.there"):
        guess(stack, address(1), login_id, 3)
    restart(stack, "auth")
    for login_id in (person["loginId"], "nobody.there"):
        guess(stack, address(1), login_id, 2)
    with Client(stack.port, address(1)) as client:
        of_person, of_nobody = client.login(person["loginId"], PASSWORD), client.login("nobody.there", PASSWORD)
    first = held(of_person)
    held(of_nobody)
    equal(told(of_person), told(of_nobody))
    restart(stack, "auth")
    with Client(stack.port, address(1)) as client:
        assert held(client.login(person["loginId"].upper(), PASSWORD)) <= first
    equal(stack.login(person).status, 200, "others are not held")


@case
def retry_after_grows(stack):
    guess(stack, address(2), "grow.with.me", 5)
    before = 0
    with Client(stack.port, address(2)) as client:
        for _ in range(3):
            seconds = held(client.login("grow.with.me", WRONG))
            assert seconds > before, (seconds, before)
            before = seconds
            stack.sql("update hanok_auth.attempt set until_at = utc_timestamp(6) where holds > 0")  # it has passed
            equal(client.login("grow.with.me", WRONG).status, 401)


@case
def fifty_from_anywhere_hold_strangers(stack):
    person = stack.person()
    stack.signup(person)
    for login_id in (person["loginId"], "no.such.person"):
        for n in range(50):
            guess(stack, address(100 + n), login_id, 1)
    with Client(stack.port, address(200)) as client:
        of_person, of_nobody = client.login(person["loginId"], PASSWORD), client.login("no.such.person", PASSWORD)
    held(of_person)
    held(of_nobody)
    equal(told(of_person), told(of_nobody))


@case
def of_a_burst_no_more_than_five_are_told(stack):
    for right in (None, 17):
        person = stack.person()
        stack.signup(person)
        replies = [None] * 64

        def be_one(i):
            with Client(stack.port, address(3)) as client:
                line.wait()
                replies[i] = client.login(person["loginId"], PASSWORD if i == right else WRONG)
        line = threading.Barrier(len(replies))
        threads = [threading.Thread(target=be_one, args=(i,)) for i in range(len(replies))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        statuses = [r.status for r in replies]
        assert set(statuses) <= {200, 401, 429, 504}, statuses  # 504: on a busy machine
        passed = statuses.count(200)
        assert statuses.count(401) <= (9 if passed else 5), statuses  # a success forgets those before it
        assert statuses.count(401) + statuses.count(504) >= 5, statuses


@case
def who_races_for_a_login_id_is_not_held_who_looks_many_up_is(stack):
    taken = stack.person()
    stack.signup(taken)
    with Client(stack.port, address(4)) as client:
        for _ in range(100):
            reply = client.post("/signup", stack.person(loginId=taken["loginId"]))
            equal((reply.status, reply.code), (409, "login_id_taken"), repr(reply))
        for person in (stack.person(loginId=taken["loginId"]), stack.person()):
            held(client.post("/signup", person))
    equal(stack.signup(stack.person()).status, 201)


@case
def what_is_counted_names_nobody(stack):
    rows = stack.sql("select hex(id), recent, slot, holds, until_at, over_at from hanok_auth.attempt")
    assert len(rows) > 4, rows
    for row in rows:
        assert re.fullmatch(r"[0-9A-F]{32}", row[0]), row
    refused = stack.metric("auth", "hanok_throttle_refused_total")
    assert refused >= 10, refused
    assert "too many attempts have failed" in stack.logs("auth")


@case
def who_sends_too_much_is_told_when_to_come_again(stack):
    seen = {}
    with Client(stack.port, address(5)) as client:
        for _ in range(2000):
            reply = client.post("/login", {})
            seen.setdefault(reply.status, reply)
            if reply.status == 429:
                break
        equal(set(seen), {400, 429})
        equal((reply.code, reply.headers["RateLimit-Policy"]), ("rate_limited", '"passwords";q=600;w=60'), repr(reply))
        assert re.fullmatch(r'"passwords";r=0;t=[1-9]\d*', reply.headers["RateLimit"]), reply.headers
        assert int(reply.headers["Retry-After"]) > 0, reply.headers
    equal(stack.request("GET", "/welcome").status, 200)
    with Client(stack.port, address(6)) as other:
        equal(other.post("/login", {}).status, 400)
    assert stack.metric("gateway", "hanok_rate_refused_total") > 0


@case
def a_partner_may_ask_more_often_until_he_is_none(stack):
    person = stack.person()
    user_id = stack.signup(person).json()["userId"]

    def policy():
        reply = stack.request("GET", f"/users/{user_id}", headers=stack.token_of(person)[1])
        equal(reply.status, 200, repr(reply))
        return reply.headers["RateLimit-Policy"]

    equal(policy(), '"callers";q=6000;w=60')
    equal(ctl(stack, "user", "grant", person["loginId"], "partner").returncode, 0)
    equal(policy(), '"callers.partner";q=30000;w=60')
    equal(ctl(stack, "user", "revoke", person["loginId"], "partner").returncode, 0)
    equal(policy(), '"callers";q=6000;w=60')


@case
def without_limits_nobody_is_held(stack):
    stack.down()
    stack.settings["RATE_LIMIT"] = "off"
    stack.up()
    guess(stack, address(1), "nobody.there", 60)
    assert "limits are off" in stack.logs("auth")
    assert "limits are off" in stack.logs("gateway")
    refused = stack.make("up", RATE_LIMIT="perhaps")
    assert refused.returncode and "RATE_LIMIT is 'perhaps'" in refused.stdout, refused.stdout


if __name__ == "__main__":
    sys.exit(run_cases(**CHEAP_HASHES))
