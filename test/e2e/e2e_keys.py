#!/usr/bin/env python3
# test/run: first
"""Signing keys that change under load, over two instances of auth: nobody is logged out. Roles
that change while sessions are refreshed, and passwords whose hash is renewed."""
import base64
import collections
import json
import os
import subprocess
import sys
import threading
import time

from ctl import DONE, NOT_SO, USAGE, ctl, items, refused
from load import Load
from stack import run_cases
from tap import case, equal, eventually

LIFETIME_S, PUBLISH_S, ROTATIONS, CLIENTS = 10, 2, 9, 4


def keys(stack):
    return items(stack, "keys", "list")


def files(stack):
    return sorted(name for name in os.listdir(stack.dir + "/keys") if name.endswith(".key"))


class Visitor(threading.local):
    """Reads its profile with a token that it renews by logging in before that ends. One a thread."""

    def __init__(self, stack):
        self.stack, self.person, self.since, self.header = stack, stack.person(), None, None
        self.user = stack.signup(self.person).json()["userId"]

    def log_in(self):
        self.since = time.monotonic()
        reply = self.stack.login(self.person)
        self.header = {"Authorization": "Bearer " + reply.json().get("accessToken", "")}
        return "log in", reply.status

    def __call__(self):
        if not self.since or time.monotonic() > self.since + LIFETIME_S * 0.6:
            return self.log_in()
        time.sleep(0.05)  # others test beside
        status = self.stack.request("GET", "/users/" + self.user, headers=self.header).status
        # What came back after the token's end says nothing: on a busy machine it may take as long.
        return ("read", status) if time.monotonic() < self.since + LIFETIME_S - 1 else ("late", 0)


@case
def two_instances_have_the_same_keys(stack):
    stack.twin("auth")
    found = eventually(lambda: (k := keys(stack)) and k[0]["instances"] == 2 and k)
    equal([(k["state"], k["instances"]) for k in found], [("SIGNS", 2)])
    equal([f[17:25] for f in files(stack)], [found[0]["kid"][:8]])


def rotate_if_there_is_room(stack):
    done = ctl(stack, "keys", "rotate", "-o", "json")
    if done.returncode != DONE and "keys_full" in done.stderr:
        return None
    equal(done.returncode, DONE, done.stderr)
    return json.loads(done.stdout)


@case
def nobody_is_logged_out_by_rotations(stack):
    visitor, signed = Visitor(stack), set()
    with Load(CLIENTS, lambda: visitor()) as load:
        for _ in range(ROTATIONS):
            before = {k["kid"] for k in keys(stack)}
            new = eventually(lambda: rotate_if_there_is_room(stack), 90)
            assert new["state"] == "TO_COME" and new["kid"] not in before, new
            refused(stack, NOT_SO, "waits for its time already", "keys", "rotate")
            eventually(lambda kid=new["kid"]: [k["kid"] for k in keys(stack) if k["state"] == "SIGNS"] == [kid])
            signed.add(new["kid"])
            reads = load.count()
            eventually(lambda: load.count() > reads + 10 * CLIENTS)
            time.sleep(1)
    told = collections.Counter(load.seen)
    assert set(told) <= {("read", 200), ("log in", 200), ("late", 0)}, told
    assert told[("read", 200)] > 100, told
    equal(len(signed), ROTATIONS)
    eventually(lambda: len(keys(stack)) == 1 and len(files(stack)) == 1, 90, "keys that are over are not removed")


@case
def a_leak_ends_all_tokens_and_nothing_else(stack):
    person = stack.person()
    stack.signup(person)
    user, header = stack.token_of(person)
    refused(stack, USAGE, "that needs --yes", "keys", "rotate", "--leaked")
    done = ctl(stack, "keys", "rotate", "--leaked", "--yes", "-o", "json")
    equal((done.returncode, json.loads(done.stdout)["state"]), (DONE, "SIGNS"), done.stderr)
    eventually(lambda: stack.request("GET", "/users/" + user, headers=header).status == 401)
    new = eventually(lambda: stack.token_of(person))
    equal(eventually(lambda: stack.request("GET", "/users/" + user, headers=new[1]).status), 200)
    told = stack.request("GET", "/.well-known/jwks.json")
    equal((told.headers["Cache-Control"], [k["kid"] for k in told.json()["keys"]]),
          ("public, max-age=10", [k["kid"] for k in keys(stack)]))
    reply = stack.request("GET", "/.well-known/jwks.json", headers={"If-None-Match": told.headers["ETag"]})
    equal(reply.status, 304, repr(reply))
    equal([k["state"] for k in keys(stack)], ["SIGNS"])
    equal(len(files(stack)), 1)


@case
def a_key_that_signs_now_logs_nobody_out(stack):
    person = stack.person()
    stack.signup(person)
    user, header = stack.token_of(person)
    done = ctl(stack, "keys", "rotate", "--now", "-o", "json")
    equal(done.returncode, DONE, done.stderr)
    eventually(lambda: [k["kid"] for k in keys(stack) if k["state"] == "SIGNS"] == [json.loads(done.stdout)["kid"]])
    equal(stack.request("GET", "/users/" + user, headers=header).status, 200)
    equal(stack.request("GET", "/users/" + user, headers=stack.token_of(person)[1]).status, 200)


@case
def doctor_looks_at_folders_and_clocks(stack):
    def verdicts():
        done = json.loads(ctl(stack, "doctor", "-o", "json").stdout)["items"]
        return {i["check"]: (i["verdict"], i["advice"]) for i in done}
    found = verdicts()
    for check in ("instances of auth have the same signing keys", "clocks of auth's instances are alike",
                  "the signing key is not older than a year"):
        equal(found[check][0], "OK", found[check])
    os.chmod(stack.dir + "/keys", 0o777)
    try:
        verdict, advice = verdicts()["instances of auth have the same signing keys"]
        assert verdict == "BROKEN" and "chmod 700" in advice, (verdict, advice)
        refused(stack, NOT_SO, "chmod 700", "keys", "rotate", "--now")
        equal(ctl(stack, "keys", "list").returncode, NOT_SO)
    finally:
        os.chmod(stack.dir + "/keys", 0o700)
    eventually(lambda: ctl(stack, "keys", "list").returncode == DONE)
    eventually(lambda: len(files(stack)) == 1, 90)
    new = files(stack)[0]
    old = "20200101T000000Z" + new[16:]
    os.rename(f"{stack.dir}/keys/{new}", f"{stack.dir}/keys/{old}")
    verdict, advice = verdicts()["the signing key is not older than a year"]
    assert verdict == "BROKEN" and "hanokctl keys rotate" in advice, (verdict, advice)
    os.rename(f"{stack.dir}/keys/{old}", f"{stack.dir}/keys/{new}")
    equal(verdicts()["the signing key is not older than a year"][0], "OK")
    stack.twins.pop().terminate()


@case
def settings_of_password_hashes_are_measured_without_nats(stack):
    env = {"NATS_CONTEXT": "none"}
    done = ctl(stack, "argon2", "calibrate", "--ms", "10", "--memory-mib", "12", "-o", "json", env=env)
    equal((done.returncode, done.stderr), (DONE, ""))
    choices = json.loads(done.stdout)["items"]
    equal([c["memoryKib"] for c in choices], [9216, 12288])
    equal([c["chosen"] for c in choices].count(True), 1)
    assert all(c["ms"] > 0 and c["passes"] >= {9216: 4, 12288: 3}[c["memoryKib"]] for c in choices), choices
    said = ctl(stack, "argon2", "calibrate", "--ms", "10000", "--memory-mib", "8", env=env)
    assert "argon2-memory-kib = 8192\nargon2-passes = 10\n" in said.stdout, said.stdout
    settings = [line.replace(" = ", "=") for line in said.stdout.splitlines() if line.startswith("argon2-")]
    auth = subprocess.run([f"{stack.dir}/bin/hanok-auth", "--help"], text=True, capture_output=True, timeout=60, check=True)
    assert all("--" + line.split("=")[0] in auth.stdout for line in settings), settings
    refused(stack, USAGE, "ms", "argon2", "calibrate", "--ms", "1")


def claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class Refresher:
    """Refreshes one session again and again; remembers when it asked, when it was told, and whether a courier it is."""

    def __init__(self, stack, token):
        self.stack, self.token = stack, token

    def __call__(self):
        asked = time.monotonic()
        reply = self.stack.request("POST", "/refresh", {"refreshToken": self.token})
        equal(reply.status, 200, repr(reply))
        self.token = reply.json()["refreshToken"]
        return asked, time.monotonic(), "courier" in claims(reply.json()["accessToken"]).get("roles", "").split()


@case
def a_role_is_there_with_the_next_refresh_and_gone_with_the_one_after(stack):
    person = stack.person()
    stack.signup(person)
    logged_in = stack.login(person).json()
    headers = {"Auth-Subject": "00000000-0000-0000-0000-000000000000", "Auth-Roles": "operator"}
    own = {"Auth-Subject": logged_in["userId"], "Auth-Session": claims(logged_in["accessToken"])["sid"]}
    sure = []  # (from, to, has it)
    with stack.bus("operator") as bus, Load(1, Refresher(stack, logged_in["refreshToken"])) as load:
        for turn in range(20):
            verb, has = ("revoke", False) if turn % 2 else ("grant", True)
            began = time.monotonic()
            if sure:
                sure[-1][1] = began
            reply = bus.request("auth.admin.user." + verb, {"loginId": person["loginId"], "role": "courier"}, headers)
            equal((reply.error, "courier" in reply.json()["roles"]), (None, has))
            sure.append([time.monotonic(), None, has])
            equal("courier" in bus.request("auth.check", {}, own).json().get("roles", ""), has, "asked fresh")
            seen = load.count()
            eventually(lambda seen=seen: load.count() > seen + 3)
    sure[-1][1] = time.monotonic()
    held = [(has, got) for since, until, has in sure for asked, told, got in load.seen if asked > since and told < until]
    assert len(held) > 40 and all(has == got for has, got in held), held
    types = [t for t, in stack.sql(f"select type from hanok_auth.outbox where hex(`key`) = '{logged_in['userId'].replace('-', '').upper()}'"
                                   " and type like 'auth.role%' order by seq")]
    equal(types, 10 * ["auth.role_granted", "auth.role_revoked"])


@case
def a_hash_of_other_settings_is_renewed_by_the_login(stack):
    person = stack.person()
    stack.signup(person)
    def kept():
        return stack.sql(f"select password_hash from hanok_auth.user where login_id = '{person['loginId']}'")[0][0]
    before = kept()
    assert "m=19456,t=2," in before, before
    stack.down()
    stack.settings["HANOK_ARGON2_PASSES"] = 3
    stack.up()
    equal(kept(), before)
    equal(stack.login(person, password="not-the-password-1").status, 401)
    equal(kept(), before, "a wrong password renews nothing")
    stack.token_of(person)
    renewed = eventually(lambda: (now := kept()) != before and now)
    assert "m=19456,t=3," in renewed, renewed
    stack.token_of(person)
    equal(kept(), renewed, "once is enough")


if __name__ == "__main__":
    sys.exit(run_cases(RATE_LIMIT="off", HANOK_TOKEN_LIFETIME_S=LIFETIME_S, HANOK_KEY_PUBLISH_S=PUBLISH_S))
