#!/usr/bin/env python3
"""Access tokens as others see them: two foreign libraries believe them by /.well-known/jwks.json, and a session that has ended
takes its token's word away where a route asks for it (auth=fresh)."""
import base64
import json
import os
import subprocess
import sys
import tempfile
import time

import npm
import tap
from stack import ROOT, Stack
from tap import Skip, case, equal, eventually

MEMBERS = ["aud", "exp", "iat", "iss", "jti", "sid", "sub"]


def with_jose(path):
    if why := npm.missing("test/tokens"):
        raise Skip(why)
    return npm.node("test/tokens", "verify.mjs", path)


def with_pyjwt(path):
    program = os.path.join(ROOT, "test/tokens/verify.py")
    if subprocess.run(["/usr/bin/python3", "-c", "import jwt"], capture_output=True, timeout=60).returncode:
        raise Skip("PyJWT is not installed")
    return subprocess.run(["/usr/bin/python3", program, path], text=True, capture_output=True, timeout=120)


def verify(library, stack, token, audience="hanok"):
    """(exit code, what the library says)"""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
        json.dump({"url": f"http://127.0.0.1:{stack.port}/.well-known/jwks.json", "token": token, "issuer": "hanok",
                   "audience": audience}, f)
        f.flush()
        ran = library(f.name)
    return ran.returncode, (ran.stdout + ran.stderr).strip()


def somebody(stack):
    """What its login was answered."""
    person = stack.person()
    equal(stack.signup(person).status, 201)
    reply = stack.login(person)
    equal(reply.status, 200, repr(reply))
    return reply.json()


def bearer(granted):
    return {"Authorization": "Bearer " + granted["accessToken"]}


def changed(token, part, by):
    """The token with another text in one of its parts."""
    parts = token.split(".")
    text = base64.urlsafe_b64decode(parts[part] + "=" * (-len(parts[part]) % 4))
    parts[part] = base64.urlsafe_b64encode(by(text)).rstrip(b"=").decode()
    return ".".join(parts)


def believed(library, stack):
    granted = somebody(stack)
    code, said = verify(library, stack, granted["accessToken"])
    equal(code, 0, said)
    claims = json.loads(said)
    equal(sorted(claims), MEMBERS)
    equal((claims["iss"], claims["aud"], claims["sub"]), ("hanok", "hanok", granted["userId"]))
    equal(claims["exp"] - claims["iat"], granted["expiresIn"])
    assert abs(claims["iat"] - time.time()) < 60, claims
    sessions = stack.request("GET", f"/users/{granted['userId']}/sessions", headers=bearer(granted)).json()["items"]
    equal([claims["sid"]], [one["sessionId"] for one in sessions if one["current"]])


def refused(library, stack):
    token = somebody(stack)["accessToken"]
    for why, slip in (("another subject", changed(token, 1, lambda text: text.replace(b'"sub":"0', b'"sub":"1'))),
                      ("another algorithm", changed(token, 0, lambda text: text.replace(b"EdDSA", b"none"))),
                      ("another signature", changed(token, 2, lambda text: bytes([text[0] ^ 1]) + text[1:]))):
        assert slip != token, why
        code, said = verify(library, stack, slip)
        equal(code, 1, f"{why}: {said}")
    code, said = verify(library, stack, token, "somebody else")
    equal(code, 1, said)


@case
def jose_believes_our_tokens_by_our_keys(stack):
    believed(with_jose, stack)


@case
def jose_refuses_what_is_not_as_we_signed_it(stack):
    refused(with_jose, stack)


@case
def pyjwt_believes_our_tokens_by_our_keys(stack):
    believed(with_pyjwt, stack)


@case
def pyjwt_refuses_what_is_not_as_we_signed_it(stack):
    refused(with_pyjwt, stack)


@case
def what_is_grave_asks_whether_the_session_goes_on(stack):
    granted = somebody(stack)
    path = "/users/" + granted["userId"]
    equal(stack.request("POST", "/logout", headers=bearer(granted)).status, 204)
    equal(stack.request("GET", path, headers=bearer(granted)).status, 200, "a token's own 15 minutes")
    reply = stack.request("DELETE", path, headers=bearer(granted))
    equal((reply.status, reply.code), (401, "invalid_token"), repr(reply))
    equal(reply.headers["WWW-Authenticate"], 'Bearer error="invalid_token"')
    equal(stack.request("GET", path, headers=bearer(granted)).status, 200)


@case
def without_auth_what_is_grave_is_not_done(stack):
    granted = somebody(stack)
    path = "/users/" + granted["userId"]
    stack.control("auth", "-d")
    eventually(lambda: stack.admin("auth", "/livez") is None)
    try:
        reply = stack.request("DELETE", path, headers=bearer(granted))
        equal((reply.status, reply.code), (503, "unavailable"), repr(reply))
        equal(stack.request("GET", path, headers=bearer(granted)).status, 200, "nobody asks auth here")
    finally:
        stack.control("auth", "-u")
    eventually(lambda: stack.ready())
    reply = stack.request("DELETE", path, headers={**bearer(granted), "Prefer": "wait=10"})
    equal((reply.status, reply.json()["status"]), (202, "WITHDRAWN"), repr(reply))


def main():
    stack = Stack()
    stack.up()
    return tap.run(stack)


if __name__ == "__main__":
    sys.exit(main())
