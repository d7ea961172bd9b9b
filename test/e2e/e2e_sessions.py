#!/usr/bin/env python3
"""Logins that last: refresh, logout and the list of one's sessions, over HTTP and over NATS; a thief; auth killed."""
import http.client
import json
import signal
import sys
import threading
import time

from stack import run_cases
from tap import case, equal, eventually

TOKENS = []  # whatever was answered and must be in no log
GRACE_S = 10


class Session:
    """Somebody who has logged in."""
    def __init__(self, stack, person=None):
        self.stack = stack
        if person is None:
            person = stack.person()
            equal(stack.signup(person).status, 201)
        self.person = person
        self.take(stack.login(person))

    def take(self, reply):
        equal(reply.status, 200, repr(reply))
        body = reply.json()
        equal(sorted(body), ["accessToken", "expiresIn", "refreshToken", "tokenType", "userId"])
        TOKENS.append(body["refreshToken"])
        self.user_id, self.token = body["userId"], body["refreshToken"]
        self.headers = {"Authorization": "Bearer " + body["accessToken"]}

    def ask(self, token=None):
        return self.stack.request("POST", "/refresh", {"refreshToken": token or self.token})

    def refresh(self):
        self.take(self.ask())

    def list(self, query=""):
        reply = self.stack.request("GET", f"/users/{self.user_id}/sessions{query}", headers=self.headers)
        equal(reply.status, 200, repr(reply))
        return reply.json()

    def current(self):
        return next(item["sessionId"] for item in self.list()["items"] if item["current"])

    def end(self, session_id, user_id=None):
        return self.stack.request("DELETE", f"/users/{user_id or self.user_id}/sessions/{session_id}", headers=self.headers)


def refused(reply):
    equal((reply.status, reply.code), (401, "invalid_token"), repr(reply))


@case
def a_refresh_token_is_good_once_and_its_successor_after_it(stack):
    session = Session(stack)
    seen = {session.token}
    for _ in range(5):
        session.refresh()
        seen.add(session.token)
        equal(stack.request("GET", "/users/" + session.user_id, headers=session.headers).status, 200)
    equal(len(seen), 6)
    equal(len(session.list()["items"]), 1)


@case
def an_answer_that_was_lost_is_given_once_more(stack):
    session = Session(stack)
    first = session.token
    session.refresh()
    again = session.ask(first)
    equal(again.status, 200, repr(again))
    equal(again.json()["refreshToken"], session.token)
    session.refresh()


@case
def thirty_two_at_once_with_one_token_get_one_successor(stack):
    session = Session(stack)
    replies, barrier = [], threading.Barrier(32)

    def ask():
        barrier.wait()
        replies.append(session.ask())

    threads = [threading.Thread(target=ask) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal([reply.status for reply in replies], [200] * 32)
    equal(len({reply.json()["refreshToken"] for reply in replies}), 1)
    equal(stack.sql(f"SELECT generation FROM hanok_auth.session WHERE user_id = UNHEX(REPLACE('{session.user_id}', '-', ''))"),
          [["1"]])
    session.take(replies[0])
    session.refresh()


@case
def a_thief_s_replay_ends_the_session_and_is_told(stack):
    session = Session(stack)
    other = Session(stack, session.person)
    stolen = session.token
    session.refresh()
    time.sleep(GRACE_S + 0.5)  # a token changed is good for so long
    refused(session.ask(stolen))
    refused(session.ask())
    refused(session.ask(stolen))
    other.refresh()

    def told():
        events = stack.request("GET", f"/users/{session.user_id}/events", headers=session.headers).json()["items"]
        return [event["type"] for event in events].count("auth.session_reused")
    eventually(lambda: told() == 1)
    assert any("refresh token used again" in line for line in stack.logs("auth").splitlines())


@case
def what_is_made_up_is_refused_and_ends_nothing(stack):
    session, other = Session(stack), Session(stack)
    session.refresh()
    family, generation, secret = session.token.split(".")
    for token in ("", "garbage", "a.b.c", f"{family}.0.{secret}", f"{family}.9.{secret}",
                  f"{other.token.split('.')[0]}.{generation}.{secret}", f"{family}.{generation}.{'x' * 42}8", session.token + "x"):
        refused(stack.request("POST", "/refresh", {"refreshToken": token}))
    for body in ({}, {"refreshToken": 5}, {"refreshToken": "x" * 5000}, {"refreshToken": session.token, "more": 1}):
        equal(stack.request("POST", "/refresh", body).code, "invalid_request", repr(body))
    session.refresh()
    other.refresh()


@case
def one_s_sessions_are_listed_and_ended(stack):
    phone = Session(stack)
    desk = Session(stack, phone.person)
    stranger = Session(stack)
    listed = desk.list()
    equal([sorted(item) for item in listed["items"]],
          [["client", "createdAt", "current", "lastUsedAt", "sessionId"]] * 2)
    equal([item["current"] for item in listed["items"]], [True, False])
    assert "127.0.0.1" in listed["items"][0]["client"], listed
    first = desk.list("?limit=1")
    second = desk.list("?limit=1&cursor=" + first["nextCursor"])
    equal([first["items"][0], second["items"][0]], listed["items"])
    equal(stranger.end(phone.current(), phone.user_id).status, 403)
    equal(stranger.end(phone.current()).status, 404)
    ended = desk.end(phone.current())
    equal((ended.status, ended.body), (204, b""))
    equal(desk.end(listed["items"][1]["sessionId"]).status, 404)
    refused(phone.ask())
    desk.refresh()
    equal(stack.request("GET", f"/users/{desk.user_id}/sessions").status, 401)
    equal(stack.request("GET", f"/users/{desk.user_id}/sessions", headers=stranger.headers).status, 403)


@case
def who_logs_out_is_out(stack):
    phone = Session(stack)
    desk = Session(stack, phone.person)
    for _ in range(2):
        reply = stack.request("POST", "/logout", headers=phone.headers)
        equal((reply.status, reply.body), (204, b""))
    refused(phone.ask())
    equal(len(desk.list()["items"]), 1)
    desk.refresh()
    equal(stack.request("POST", "/logout").status, 401)


@case
def of_more_logins_than_there_may_be_the_oldest_ends(stack):
    sessions = [Session(stack)]
    sessions += [Session(stack, sessions[0].person) for _ in range(20)]
    refused(sessions[0].ask())
    sessions[1].refresh()
    equal(len(sessions[20].list("?limit=100")["items"]), 20)


class Asking:
    def __init__(self, link):
        self.link = link

    def request(self, subject, body, headers=None):
        return self.link.request(subject, json.dumps(body).encode(), headers)


@case
def it_goes_the_same_over_nats(stack):
    session = Session(stack)
    caller = {"Auth-Subject": session.user_id, "Auth-Session": session.current()}
    with stack.bus() as link:
        bus = Asking(link)
        granted = bus.request("auth.refresh", {"refreshToken": session.token})
        equal(granted.error, None, repr(granted.data))
        session.token = granted.json()["refreshToken"]
        TOKENS.append(session.token)
        equal(bus.request("auth.refresh", {"refreshToken": "garbage"}).error, "401")
        query = {"userId": session.user_id}
        equal(bus.request("auth.sessions", query).error, "401")
        equal([item["current"] for item in bus.request("auth.sessions", query, caller).json()["items"]], [True])
        equal(bus.request("auth.check", {}, caller).json(), {"roles": ""})
        equal(bus.request("auth.logout", {}).error, "401")
        equal(bus.request("auth.logout", {}, caller).error, None)
        equal(bus.request("auth.check", {}, caller).error, "401")
        equal(bus.request("auth.refresh", {"refreshToken": session.token}).error, "401")


@case
def a_restart_of_auth_logs_nobody_out(stack):
    session = Session(stack)
    for number in (signal.SIGTERM, signal.SIGKILL):
        session.refresh()
        old = stack.kill("auth", number)
        eventually(lambda: stack.pid("auth") not in (None, old))
        eventually(lambda: stack.ready(), 120)
        session.refresh()


def keep_refreshing(session, stop, late):
    """Who gets no answer asks again at once, with the same token; who cannot in time for that gives up."""
    while not stop.is_set() and not late:
        asked, answered = time.monotonic(), None
        while not answered:
            try:
                answered = session.ask()
            except (OSError, http.client.HTTPException):
                answered = None
            if not answered or answered.status in (503, 504):
                answered = None
                time.sleep(0.02)
                if stop.is_set() and time.monotonic() - asked > 60:
                    return
        if answered.status == 401 and time.monotonic() - asked > GRACE_S:
            late.append(session)
            return
        session.take(answered)


@case
def auth_is_killed_while_people_refresh_and_nobody_is_logged_out(stack):
    sessions, stop, wrong = [Session(stack) for _ in range(8)], threading.Event(), []
    late = [[] for _ in sessions]

    def go(session, late):
        try:
            keep_refreshing(session, stop, late)
        except Exception as why:  # told below
            wrong.append(why)

    threads = [threading.Thread(target=go, args=both) for both in zip(sessions, late)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        time.sleep(0.5)  # in the middle of something
        old = stack.kill("auth")
        eventually(lambda: stack.pid("auth") not in (None, old))
        eventually(lambda: stack.ready("auth", "gateway"), 120)
    stop.set()
    for thread in threads:
        thread.join()
    equal(wrong, [])
    for session, too_late in zip(sessions, late):
        if not too_late:
            session.refresh()


@case
def no_token_is_in_a_log_or_a_table(stack):
    logs = stack.logs()
    rows = repr(stack.sql("SELECT token_hash, seed, rotations FROM hanok_auth.session"))
    for token in TOKENS:
        secret = token.split(".")[2]
        assert secret not in logs and secret not in rows


if __name__ == "__main__":
    sys.exit(run_cases(RATE_LIMIT="off"))
