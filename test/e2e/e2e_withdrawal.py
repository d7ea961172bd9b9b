#!/usr/bin/env python3
"""Giving up an account: DELETE /users/{userId}, over HTTP and on the bus."""
import sys
import threading

from stack import run_cases
from tap import case, equal, eventually

NOBODY = "01890000-0000-7000-8000-000000000000"


def plain(text):
    return text.replace("-", "")


class Somebody:
    """Who has signed up and logged in."""

    def __init__(self, stack, **changes):
        self.stack = stack
        self.person = stack.person(**changes)
        reply = stack.signup(self.person)
        equal(reply.status, 201, repr(reply))
        self.log_in()
        self.path = "/users/" + self.user_id

    def log_in(self):
        reply = self.stack.login(self.person)
        equal(reply.status, 200, repr(reply))
        self.user_id, self.refresh = reply.json()["userId"], {"refreshToken": reply.json()["refreshToken"]}
        self.bearer = {"Authorization": "Bearer " + reply.json()["accessToken"]}

    def read(self):
        return self.stack.request("GET", self.path, headers=self.bearer)

    def withdraw(self, wait=None):
        prefer = {} if wait is None else {"Prefer": f"wait={wait}"}
        return self.stack.request("DELETE", self.path, headers={**self.bearer, **prefer})

    def rows(self):
        """How many of it are in both schemas."""
        both = (f"hanok_auth.user where id = x'{plain(self.user_id)}'", f"hanok_user.user_inform where user_id = x'{plain(self.user_id)}'")
        return [int(self.stack.sql("select count(*) from " + one)[0][0]) for one in both]


def refused(reply, status, code):
    equal((reply.status, reply.code), (status, code), repr(reply))


def progress(stack, saga_id):
    reply = stack.request("GET", "/withdrawals/" + saga_id)
    equal(reply.status, 200, repr(reply))
    return reply.json()


@case
def an_account_is_given_up_and_gone(stack):
    kim = Somebody(stack)
    reply = kim.withdraw()
    equal(reply.status, 202, repr(reply))
    equal(sorted(reply.json()), ["sagaId", "status"])
    equal(reply.headers["Location"], "/withdrawals/" + reply.json()["sagaId"])
    saga_id = reply.json()["sagaId"]
    eventually(lambda: progress(stack, saga_id)["state"] == "SUCCEEDED")
    view = progress(stack, saga_id)
    equal((view["sagaId"], view["userId"], view["step"]), (saga_id, kim.user_id, "erase_profile"))
    equal(kim.rows(), [0, 0])
    refused(stack.login(kim.person), 401, "invalid_credentials")
    refused(stack.request("POST", "/refresh", kim.refresh), 401, "invalid_token")
    refused(kim.withdraw(), 401, "invalid_token")
    refused(kim.read(), 404, "not_found")
    refused(stack.request("PATCH", kim.path, {"name": "X"}, kim.bearer), 404, "not_found")


@case
def who_waits_hears_of_the_end(stack):
    kim = Somebody(stack)
    reply = kim.withdraw(wait=10)
    equal((reply.status, reply.json()["status"]), (202, "WITHDRAWN"), repr(reply))
    equal(kim.rows(), [0, 0])


@case
def login_id_and_e_mail_are_free_at_once(stack):
    kim = Somebody(stack)
    for _ in range(3):
        equal(kim.withdraw(wait=10).json()["status"], "WITHDRAWN")
        before = kim.user_id
        reply = stack.signup(kim.person)
        equal((reply.status, reply.json()["status"]), (201, "ACTIVE"), repr(reply))
        kim.log_in()
        kim.path = "/users/" + kim.user_id
        assert kim.user_id != before
        equal(kim.read().json()["email"], kim.person["email"])


@case
def an_account_is_its_owner_s_to_give_up(stack):
    kim, lee = Somebody(stack), Somebody(stack)
    equal(stack.request("DELETE", kim.path).status, 401)
    refused(stack.request("DELETE", kim.path, headers=lee.bearer), 403, "forbidden")
    refused(stack.request("DELETE", "/users/" + NOBODY, headers=lee.bearer), 403, "forbidden")
    with stack.bus() as bus:
        for headers, code in (({}, "401"), ({"Auth-Subject": lee.user_id}, "403"),
                              ({"Auth-Subject": lee.user_id, "Auth-Roles": "admin"}, "403")):
            equal(bus.request("auth.withdraw", {"userId": kim.user_id}, headers).error, code)
        equal(bus.request("auth.withdraw", {"userId": NOBODY}, {"Auth-Subject": NOBODY}).error, "404")
    equal(kim.read().status, 200)
    refused(stack.request("GET", "/withdrawals/" + NOBODY), 404, "not_found")


@case
def on_the_bus_it_is_the_same(stack):
    kim = Somebody(stack)
    with stack.bus() as bus:
        reply = bus.request("auth.withdraw", {"userId": kim.user_id}, {"Auth-Subject": kim.user_id, "Prefer": "wait=10"})
        equal((reply.error, reply.json()["status"]), (None, "WITHDRAWN"))
        view = bus.request("auth.withdraw.status", {"sagaId": reply.json()["sagaId"]}).json()
        equal((view["state"], view["userId"]), ("SUCCEEDED", kim.user_id))


@case
def while_the_profile_service_is_away_the_account_is_locked_and_comes_back(stack):
    kim = Somebody(stack)
    before = kim.read()
    stack.control("user", "-d")
    eventually(lambda: stack.admin("user", "/livez") is None)
    try:
        first = kim.withdraw(wait=1)
        equal((first.status, first.json()["status"]), (202, "PENDING"), repr(first))
        again = kim.withdraw()
        equal((again.status, again.json()["sagaId"]), (202, first.json()["sagaId"]), repr(again))
        refused(stack.login(kim.person, password="wrong-lantern-47"), 401, "invalid_credentials")
        locked = stack.login(kim.person)
        refused(locked, 409, "withdrawal_pending")
        assert int(locked.headers["Retry-After"]) > 0, locked.headers
        refused(stack.request("POST", "/refresh", kim.refresh), 409, "withdrawal_pending")
        both = {"currentPassword": kim.person["password"], "newPassword": "another-lantern-48"}
        refused(stack.request("PUT", kim.path + "/password", both, kim.bearer), 409, "withdrawal_pending")
        saga_id = first.json()["sagaId"]
        eventually(lambda: progress(stack, saga_id)["state"] == "COMPENSATING", 90)
    finally:
        stack.control("user", "-u")
    eventually(lambda: progress(stack, saga_id)["state"] == "COMPENSATED", 90)
    equal(progress(stack, saga_id)["reason"], "deadline_exceeded")
    eventually(lambda: kim.read().status == 200)
    equal((kim.read().json(), kim.read().headers["ETag"]), (before.json(), before.headers["ETag"]))
    equal(stack.request("POST", "/refresh", kim.refresh).status, 200)  # the session is as it was
    reply = kim.withdraw(wait=10)
    equal((reply.status, reply.json()["status"]), (202, "WITHDRAWN"), repr(reply))
    assert reply.json()["sagaId"] != saga_id


@case
def of_many_at_once_one_withdrawal_comes(stack):
    kim = Somebody(stack)
    replies = []
    threads = [threading.Thread(target=lambda: replies.append(kim.withdraw())) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {reply.status for reply in replies} <= {202, 401}, repr(replies)  # 401: it was through by then
    equal(len({reply.json()["sagaId"] for reply in replies if reply.status == 202}), 1)
    eventually(lambda: kim.rows() == [0, 0])
    subject = plain(kim.user_id)
    equal(stack.sql(f"select count(*) from hanok_auth.saga where type = 'withdrawal' and subject = x'{subject}'"), [["1"]])
    eventually(lambda: stack.sql(f"select type from hanok_audit.trail where user_id = x'{subject}' order by place") ==
               [["auth.account_created"], ["user.profile_registered"], ["auth.account_activated"], ["auth.sessions_revoked"],
                ["auth.account_withdrawn"], ["user.profile_removed"]])


@case
def who_logs_in_while_it_goes_is_logged_in_to_nothing(stack):
    """However they fall together: no session outlives its account, no login is answered otherwise."""
    for _ in range(4):
        kim = Somebody(stack)
        replies = []
        threads = [threading.Thread(target=lambda: replies.append(stack.login(kim.person))) for _ in range(12)]
        threads.insert(6, threading.Thread(target=lambda: replies.append(kim.withdraw(wait=10))))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        told = {(reply.status, reply.code) for reply in replies}
        assert told <= {(200, None), (202, None), (401, "invalid_credentials"), (409, "withdrawal_pending")}, told
        eventually(lambda: kim.rows() == [0, 0])
        equal(stack.sql(f"select count(*) from hanok_auth.session where user_id = x'{plain(kim.user_id)}'"), [["0"]])
        for reply in replies:
            if reply.status == 200:
                again = stack.request("POST", "/refresh", {"refreshToken": reply.json()["refreshToken"]})
                refused(again, 401, "invalid_token")


@case
def what_is_changed_while_it_goes_is_gone_too(stack):
    kim = Somebody(stack)
    replies = []

    def patch(number):
        replies.append(stack.request("PATCH", kim.path, {"name": f"Kim {number}"}, kim.bearer))
    threads = [threading.Thread(target=patch, args=(number,)) for number in range(12)]
    threads.insert(6, threading.Thread(target=lambda: replies.append(kim.withdraw(wait=10))))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = {(reply.status, reply.code) for reply in replies}
    assert told <= {(200, None), (202, None), (404, "not_found")}, told
    eventually(lambda: kim.rows() == [0, 0])


if __name__ == "__main__":
    sys.exit(run_cases())
