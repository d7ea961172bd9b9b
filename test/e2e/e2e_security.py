#!/usr/bin/env python3
"""What a gateway owes to browsers, to who looks for traces of an attack, and to who tries one."""
import json
import os
import re
import subprocess
import sys

import web
from ctl import DONE, ctl
from stack import SERVICES, run_cases
from tap import case, equal, eventually

TABLES = ("hanok_auth.user", "hanok_auth.saga", "hanok_user.user_inform", "hanok_audit.trail")


def visitor(stack):
    """(person, user id, Authorization header) of somebody new."""
    person = stack.person()
    equal(stack.signup(person).status, 201)
    return (person, *stack.token_of(person))


def lines(stack, request_id, *names):
    """What the processes logged of a request, in the order of names."""
    def found():
        all_lines = [json.loads(line) for name in names for line in stack.logs(name).splitlines() if f'"requestId":"{request_id}"' in line]
        return all_lines if {line["service"] for line in all_lines} >= set(names) else None
    return eventually(found, why=f"{request_id} in the logs of {names}")


@case
def a_new_installation_has_no_account(stack):
    equal(stack.sql("select count(*) from hanok_auth.user"), [["0"]])
    for login_id in ("admin", "root", "hanok", "operator", "test"):
        for password in (login_id * 2, "password", "changeme"):
            equal(stack.request("POST", "/login", {"loginId": login_id, "password": password}).code, "invalid_credentials")


@case
def every_answer_tells_browsers_not_to_interpret_keep_or_embed_it(stack):
    """All kinds of answers: pages of the gateway, replies, problems of either side, those without a body."""
    person = stack.person()
    user_id = stack.signup(person).json()["userId"]
    _, bearer = stack.token_of(person)
    asked = [stack.request("GET", path, headers=bearer) for path in
             ("/welcome", "/health", "/openapi.json", "/asyncapi.json", "/docs", "/.well-known/jwks.json", f"/users/{user_id}", "/nowhere")]
    asked += [stack.request("HEAD", "/welcome"), stack.request("PUT", "/welcome"), stack.login(person), stack.login(person, password="wrong"),
              stack.request("POST", "/signup", {}), stack.request("GET", f"/users/{user_id}"),
              stack.request("GET", "/openapi.json", headers={"If-None-Match": "*"})]
    for reply in asked:
        headers = reply.headers
        equal((headers["X-Content-Type-Options"], headers["Referrer-Policy"]), ("nosniff", "no-referrer"), repr(reply))
        policy = {directive.split()[0]: directive.split()[1:] for directive in headers["Content-Security-Policy"].split(";")}
        for directive in ("default-src", "base-uri", "form-action", "frame-ancestors"):
            equal(policy[directive], ["'none'"], repr(reply))
        if "html" in headers.get("Content-Type", ""):
            assert all(source.startswith("'sha256-") for source in policy["script-src"]), policy
        else:
            equal((policy["sandbox"], "script-src" in policy), ([], False), repr(reply))
        if reply.body:
            assert headers["Content-Type"] in ("application/json", "application/problem+json", "text/html; charset=utf-8"), headers
    kept = {reply.headers["Cache-Control"] for reply in asked if reply.status in (200, 304) and "no-store" != reply.headers["Cache-Control"]}
    equal(kept, {None, "no-cache", "private, no-cache", "public, max-age=10"}, "what may be kept")
    for reply, wanted in ((stack.login(person), ("no-store", None)),
                          (stack.request("GET", f"/users/{user_id}", headers=bearer), ("private, no-cache", "Authorization, Accept"))):
        equal((reply.status, reply.headers["Cache-Control"], reply.headers["Vary"]), (200, *wanted))


@case
def no_other_origin_is_let_in(stack):
    """Nothing says that another origin may read, and what a page of one may send without asking first is no request here."""
    person, user_id, bearer = visitor(stack)
    other = {"Origin": "https://evil.example"}
    asked = [stack.request("GET", f"/users/{user_id}", headers={**bearer, **other}),
             stack.request("OPTIONS", f"/users/{user_id}", headers={**other, "Access-Control-Request-Method": "DELETE"}),
             stack.request("OPTIONS", "/login", headers={**other, "Access-Control-Request-Method": "POST"})]
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        login = json.dumps({"loginId": person["loginId"], "password": person["password"]})
        asked.append(stack.request("POST", "/login", login, {**other, "Content-Type": media_type}))
        equal(asked[-1].status, 415, media_type)
    for reply in asked:
        equal([name for name in reply.headers if name.lower().startswith("access-control-")], [], repr(reply))
        equal(reply.headers["Set-Cookie"], None)


@case
def what_is_no_request_is_a_problem_too(stack):
    get, post = b"GET /welcome HTTP/1.1\r\nHost: x\r\n", b"POST /login HTTP/1.1\r\nHost: x\r\n"
    for request, status, code in ((b"GET /welcome HTTP/1.1\r\nHost: a:b\r\n\r\n", 400, "invalid_request"),
                                  (b"GET /welcome HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, "invalid_request"),
                                  (b"GET /\0welcome HTTP/1.1\r\nHost: x\r\n\r\n", 400, "invalid_request"),
                                  (b"\x16\x03\x01\x02\x00", 400, "invalid_request"),
                                  (get + b": x\r\n\r\n", 400, "invalid_request"),
                                  (get + b"X: a\0b\r\n\r\n", 400, "invalid_request"),
                                  (get + b"X: a\r\n b\r\n\r\n", 400, "invalid_request"),
                                  (post + b"Content-Length: 2\0\r\n\r\n{}", 400, "invalid_request"),
                                  (post + b"Content-Length: 10000000\r\n\r\n{}", 413, "too_large"),
                                  (post + b"Transfer-Encoding: chunked\r\n\r\nfffff\r\n{}", 413, "too_large"),
                                  (post + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 9000, 413, "too_large"),
                                  (post + b"Transfer-Encoding: gzip\r\n\r\n", 501, "not_implemented"),
                                  (b"GET /" + b"x" * 40000, 414, "target_too_long"),
                                  (get + b"X: y\r\n" * 2000, 431, "headers_too_large"),
                                  (get + b"Expect: fish\r\n\r\n", 417, "expectation_failed"),
                                  (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http_version_not_supported")):
        reply = web.raw_reply(stack.port, request)
        equal((reply.status, reply.code, reply.json()["requestId"]), (status, code, reply.headers["X-Request-Id"]))
        equal(reply.headers["Connection"], "close", repr(request[:80]))
        assert re.match(r"^[0-9a-f]{32}$", reply.headers["X-Request-Id"]), dict(reply.headers)
    named = web.raw_reply(stack.port, b"GET /welcome HTTP/1.1\r\nX-Request-Id: mine\r\nHost: a:b\r\n\r\n")
    equal((named.headers["X-Request-Id"], named.json()["instance"]), ("mine", "/welcome"))


@case
def methods_that_no_route_has_are_refused(stack):
    for method in ("TRACE", "TRACK", "DEBUG", "PROPFIND", "get"):
        for path in ("/welcome", "/login", "/users/x"):
            answer = web.raw(stack.port, f"{method} {path} HTTP/1.1\r\nHost: x\r\nX-Marker: echoed-marker\r\nConnection: close\r\n\r\n".encode())
            status = int(answer.split(b" ")[1])
            assert status in (400, 405, 501), f"{method} {path}: {answer}"
            assert b"echoed-marker" not in answer, answer


def all_is_heard(stack):
    """What was said, of anybody, is in the trail."""
    rows = stack.sql("select (select count(*) from hanok_auth.outbox) + (select count(*) from hanok_user.outbox), count(*) from hanok_audit.trail")
    return rows[0][0] == rows[0][1]


@case
def what_changes_something_is_asked_by_no_safe_method(stack):
    """Every route that GET has, by its owner, who is an administrator too: no row of a table is another afterwards."""
    person, user_id, _ = visitor(stack)
    equal(ctl(stack, "user", "grant", person["loginId"], "admin").returncode, DONE)
    _, bearer = stack.token_of(person)
    saga_id = stack.sql("select hex(id) from hanok_auth.saga order by started_at desc limit 1")[0][0].lower()
    values = {"userId": user_id, "orderNum": "20260101" + "0" * 16, "sagaId": "-".join((saga_id[:8], saga_id[8:12], saga_id[12:16], saga_id[16:20], saga_id[20:]))}
    eventually(lambda: len(stack.request("GET", f"/users/{user_id}/events", headers=bearer).json()["items"]) == 4)
    eventually(lambda: all_is_heard(stack))
    before = stack.sql("checksum table " + ", ".join(TABLES))
    paths = stack.request("GET", "/openapi.json").json()["paths"]
    asked = 0
    for path, item in paths.items():
        if "get" in item:
            path = re.sub(r"{(\w+)}", lambda match: values.get(match[1], user_id), path)
            for method in ("GET", "HEAD"):
                reply = stack.request(method, path, headers=bearer)
                assert reply.status in (200, 404), f"{method} {path}: {reply}"
                asked += 1
    assert asked > 10, paths
    equal(stack.sql("checksum table " + ", ".join(TABLES)), before)


@case
def what_is_not_one_s_to_write_is_refused(stack):
    person, user_id, bearer = visitor(stack)
    for member, value in (("roles", "admin"), ("status", "ACTIVE"), ("userId", user_id), ("version", 1), ("passwordHash", "x"), ("createdAt", "2020-01-01T00:00:00Z")):
        for reply in (stack.signup(stack.person(**{member: value})), stack.request("PATCH", f"/users/{user_id}", {member: value}, bearer)):
            equal((reply.status, reply.code, reply.fields()), (400, "invalid_request", [member]), repr(reply))
    equal(stack.sql(f"select roles from hanok_auth.user where login_id = '{person['loginId']}'"), [[""]])


@case
def what_is_refused_is_in_the_log_with_who_and_why(stack):
    person, user_id, bearer = visitor(stack)
    _, other_id, _ = visitor(stack)
    mine = {"caller": user_id, "client": "127.0.0.1"}

    def asked(request_id, status, method, path, body=None, headers=None):
        reply = stack.request(method, path, body, {**(headers or {}), "X-Request-Id": request_id})
        equal(reply.status, status, repr(reply))

    def said(line, wanted):
        assert line["time"].endswith("Z") and line["level"] in ("info", "warn"), line
        equal({key: line.get(key) for key in wanted}, wanted, json.dumps(line))

    asked("log-forbidden", 403, "GET", f"/users/{other_id}", headers=bearer)
    for line in lines(stack, "log-forbidden", "gateway", "user"):
        said(line, {**mine, "status": 403, "code": "forbidden" if line["service"] == "user" else None})
    head, claims, signature = bearer["Authorization"].split(" ")[1].split(".")
    for name, token, why in (("touched", f"{head}.{claims}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}", "bad signature"), ("nonsense", "abc", "malformed")):
        asked("log-" + name, 401, "GET", f"/users/{user_id}", headers={"Authorization": "Bearer " + token})
        said(lines(stack, "log-" + name, "gateway")[0], {"caller": None, "client": "127.0.0.1", "status": 401, "token": why, "route": "/users/{userId}"})
    asked("log-invalid", 400, "POST", "/signup", {**stack.person(email="nowhere", phone="x"), "myown-words": 1})
    gateway, auth = lines(stack, "log-invalid", "gateway", "auth")
    said(gateway, {"status": 400, "client": "127.0.0.1", "route": "/signup"})
    said(auth, {"status": 400, "client": "127.0.0.1", "subject": "auth.signup", "code": "invalid_request", "fields": "email phone"})
    assert "myown-words" not in stack.logs(*SERVICES), "a client's own word is in a log"


@case
def logins_are_in_the_log(stack):
    """Of whom, by what, from where, and how it went: but not what was typed, which may be a password in the wrong field."""
    person, user_id, _ = visitor(stack)
    from_here = {"client": "127.0.0.1", "by": "password"}
    for request_id, changes, msg, more in (
            ("login-good", {}, "logged in", {"userId": user_id}),
            ("login-bad", {"password": "wrong-word"}, "login refused", {"userId": user_id, "code": "invalid_credentials"}),
            ("login-nobody", {"loginId": "typed-password"}, "login refused", {"userId": None, "code": "invalid_credentials"})):
        body = {"loginId": person["loginId"], "password": person["password"], **changes}
        stack.request("POST", "/login", body, {"X-Request-Id": request_id})
        lines(stack, request_id, "gateway", "auth")
        line = eventually(lambda request_id=request_id, msg=msg: [line for line in lines(stack, request_id, "auth") if line["msg"] == msg])[0]
        wanted = {**from_here, **more}
        equal({key: line.get(key) for key in wanted}, wanted, json.dumps(line))
        equal("sessionId" in line, msg == "logged in")
    for word in ("typed-password", "wrong-word", person["loginId"]):
        assert word not in stack.logs(*SERVICES), f"{word} is in a log"


def logout(stack, login_id):
    """As an operator."""
    return subprocess.run([f"{stack.dir}/bin/hanokctl", "user", "logout", login_id], text=True, capture_output=True, timeout=120,
                          stdin=subprocess.DEVNULL, env={"PATH": os.environ["PATH"], "HOME": stack.home})


@case
def an_operator_ends_all_sessions_of_an_account(stack):
    person, other = stack.person(), stack.person()
    for one in (person, other):
        equal(stack.signup(one).json()["status"], "ACTIVE")
    logins = [stack.login(one).json() for one in (person, person, other)]
    for _ in range(2):
        done = logout(stack, person["loginId"].upper())
        equal(done.returncode, 0, done.stderr)
    said = [stack.request("POST", "/refresh", {"refreshToken": login["refreshToken"]}) for login in logins]
    equal([reply.code or reply.status for reply in said], ["invalid_token", "invalid_token", 200])
    equal(stack.login(person).status, 200)
    own, bearer = f"/users/{logins[0]['userId']}/events", stack.token_of(person)[1]
    eventually(lambda: [e["data"] for e in stack.request("GET", own, headers=bearer).json()["items"] if e["type"] == "auth.sessions_revoked"] ==
               [{"userId": logins[0]["userId"], "sessions": 2, "why": "operator"}], why="audit does not tell it, once")
    noted = [entry for entry in stack.logs("auth").splitlines() if '"sessions ended by an operator"' in entry]
    assert noted and all('"requestId":"ctl-' in entry for entry in noted), noted
    refused = logout(stack, "nobody.at.all")
    assert refused.returncode == 1 and "No account has this login id" in refused.stderr, refused


@case
def nobody_writes_lines_into_the_log(stack):
    forged = '\n{"time":"2026-01-01T00:00:00Z","level":"error","service":"auth","msg":"forged"}\n\x1b[31m\u2028'
    ascii_part = forged.encode("ascii", "ignore")
    _, user_id, bearer = visitor(stack)
    stack.request("POST", "/login", {"loginId": "ada" + forged, "password": "x" + forged})
    stack.signup(stack.person(loginId=forged, name=forged, email=forged, phone=forged, **{"a" + forged: forged}))
    stack.request("PATCH", f"/users/{user_id}", {"name": "Ada" + forged}, bearer)
    web.request(stack.port, "GET", "/users/%0a%7b%22msg%22%3a%22forged%22%7d?x=%0aforged", headers=bearer)
    for header in ("User-Agent", "X-Request-Id", "Idempotency-Key", "Prefer", "traceparent", "Authorization"):
        value = ascii_part.replace(b"\n", b"\r")
        web.raw(stack.port, b"GET /users/" + user_id.encode() + b" HTTP/1.1\r\nHost: x\r\n" + header.encode() + b": " + value + b"\r\nConnection: close\r\n\r\n")
        web.raw(stack.port, b"GET /welcome HTTP/1.1\r\nHost: x\r\n" + header.encode() + b': "}{"msg":"forged"}\r\nConnection: close\r\n\r\n')
    stack.request("GET", "/welcome", headers={"X-Request-Id": "the-last-one"})
    lines(stack, "the-last-one", "gateway")
    for name in SERVICES:
        for line in stack.logs(name).split("\n"):
            if line:
                assert json.loads(line)["msg"] != "forged" and "\x1b" not in line and "\u2028" not in line, line


if __name__ == "__main__":
    sys.exit(run_cases(RATE_LIMIT="off"))
