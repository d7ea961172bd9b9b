#!/usr/bin/env python3
"""Changing one's profile: PATCH /users/{userId}, over HTTP and on the bus."""
import json
import sys
import threading

from stack import run_cases
from tap import case, equal, eventually


class Somebody:
    """Who has signed up and logged in."""

    def __init__(self, stack, **changes):
        self.stack = stack
        self.person = stack.person(**changes)
        equal(stack.signup(self.person).status, 201)
        self.user_id, self.bearer = stack.token_of(self.person)
        self.path = "/users/" + self.user_id

    def read(self):
        return self.stack.request("GET", self.path, headers=self.bearer)

    def patch(self, body, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.stack.request("PATCH", self.path, body, {**self.bearer, **headers})

    def said(self):
        reply = self.stack.request("GET", self.path + "/events?limit=100", headers=self.bearer)
        return [entry["data"] for entry in reply.json()["items"] if entry["type"] == "user.profile_changed"]


def refused(reply, status, code):
    equal((reply.status, reply.code), (status, code), repr(reply))


@case
def a_patch_is_the_profile_from_then_on(stack):
    kim = Somebody(stack)
    before = kim.read()
    reply = kim.patch({"name": "김 서윤", "phone": "+82 10 9999-8888"})
    equal(reply.status, 200, repr(reply))
    after = reply.json()
    equal(after, {**before.json(), "name": "김 서윤", "phone": "+821099998888", "updatedAt": after["updatedAt"]})
    assert after["updatedAt"] > before.json()["updatedAt"], after
    assert reply.headers["ETag"] != before.headers["ETag"], reply.headers
    again = kim.read()
    equal((again.json(), again.headers["ETag"]), (after, reply.headers["ETag"]))
    eventually(lambda: kim.said() == [{"userId": kim.user_id, "members": "name phone"}])


@case
def what_changes_nothing_is_no_new_version_and_says_nothing(stack):
    kim = Somebody(stack)
    before = kim.read()
    for body in ({}, {"name": kim.person["name"]}, {"phone": kim.person["phone"]}):
        reply = kim.patch(body)
        equal((reply.status, reply.json(), reply.headers["ETag"]), (200, before.json(), before.headers["ETag"]))
    equal(kim.patch({"name": "Somebody Else"}).status, 200)
    eventually(lambda: kim.said() == [{"userId": kim.user_id, "members": "name"}])


@case
def both_media_types_of_a_patch_are_taken(stack):
    kim = Somebody(stack)
    for number, kind in enumerate(("application/json", "application/merge-patch+json", "application/json; charset=utf-8")):
        equal(kim.patch(json.dumps({"name": f"Kim {number}"}), Content_Type=kind).status, 200, kind)
        equal(kim.read().json()["name"], f"Kim {number}")
    for kind in ("text/plain", "application/json-patch+json"):
        equal(kim.patch("{}", Content_Type=kind).status, 415, kind)


@case
def what_a_person_must_have_cannot_be_taken_away(stack):
    kim = Somebody(stack)
    before = kim.read()
    reply = kim.patch({"name": None, "email": None, "phone": None, "loginId": "other"})
    refused(reply, 400, "invalid_request")
    equal(reply.fields(), ["email", "loginId", "name", "phone"])
    for body in ({"name": ""}, {"email": "nowhere"}, {"phone": "x"}, {"name": 5}, {"userId": kim.user_id}):
        refused(kim.patch(body), 400, "invalid_request")
    for body in ("", "[]", "null", '{"name":"a","name":"b"}'):
        refused(kim.patch(body, Content_Type="application/json"), 400, "invalid_request")
    equal(kim.read().json(), before.json())


@case
def if_match_guards_against_what_one_has_not_seen(stack):
    kim = Somebody(stack)
    first = kim.read().headers["ETag"]
    equal(kim.patch({"name": "Two"}, If_Match=first).status, 200)
    for tag in (first, '"never"', "W/" + kim.read().headers["ETag"]):
        refused(kim.patch({"name": "Three"}, If_Match=tag), 412, "precondition_failed")
    equal(kim.read().json()["name"], "Two")
    equal(kim.patch({"name": "Four"}, If_Match="*").status, 200)


@case
def an_e_mail_belongs_to_one_profile(stack):
    kim, lee = Somebody(stack), Somebody(stack)
    refused(lee.patch({"name": "Lee", "email": kim.person["email"].upper()}), 409, "email_taken")
    equal((lee.read().json()["email"], lee.read().json()["name"]), (lee.person["email"], lee.person["name"]))
    equal(kim.patch({"email": "moved." + kim.person["email"]}).status, 200)
    equal(lee.patch({"email": kim.person["email"]}).status, 200)


@case
def a_profile_is_its_owner_s_and_an_admin_s(stack):
    kim, lee = Somebody(stack), Somebody(stack)
    equal(stack.request("PATCH", kim.path, {"name": "X"}).status, 401)
    refused(stack.request("PATCH", kim.path, {"name": "X"}, lee.bearer), 403, "forbidden")
    refused(stack.request("PATCH", "/users/01890000-0000-7000-8000-000000000000", {"name": "X"}, lee.bearer), 403, "forbidden")
    with stack.bus() as bus:
        for headers, code in (({}, "401"), ({"Auth-Subject": lee.user_id}, "403"),
                              ({"Auth-Subject": lee.user_id, "Auth-Roles": "admin"}, None)):
            reply = bus.request("user.update", {"userId": kim.user_id, "name": "By An Admin"}, headers)
            equal(reply.error, code, reply.data)
        reply = bus.request("user.update", {"userId": "01890000-0000-7000-8000-000000000000", "name": "X"},
                            {"Auth-Subject": lee.user_id, "Auth-Roles": "admin"})
        equal(reply.error, "404")
    equal(kim.read().json()["name"], "By An Admin")


@case
def of_many_patches_at_once_each_counts_once(stack):
    kim = Somebody(stack)
    tag = kim.read().headers["ETag"]
    replies = []

    def patch(number):
        replies.append(kim.patch({"name": f"Kim {number}"}, If_Match=tag))
    threads = [threading.Thread(target=patch, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(sorted(reply.status for reply in replies), [200] + 15 * [412])
    equal([reply.json()["name"] for reply in replies if reply.status == 200], [kim.read().json()["name"]])


if __name__ == "__main__":
    sys.exit(run_cases())
