#!/usr/bin/env python3
"""The HTTP part of the contract, through the gateway of a real stack."""
import base64
import json
import re
import sys
import threading

import web
from stack import PASSWORD, run_cases
from tap import case, equal, eventually

UUID7 = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
SECRETS = [PASSWORD]  # whatever was sent or received and must be in no log


def problem(reply, status, code):
    equal((reply.status, reply.code), (status, code), repr(reply))
    body = reply.json()
    for member in ("type", "title", "status", "detail", "instance", "requestId"):
        if member not in body:
            raise AssertionError(f"{member} is missing: {reply}")
    equal(body["status"], status)
    equal(body["requestId"], reply.headers["X-Request-Id"])


@case
def somebody_signs_up_logs_in_and_reads_the_profile(stack):
    person = stack.person()
    signed = stack.signup(person)
    equal(signed.status, 201, repr(signed))
    body = signed.json()
    equal(sorted(body), ["sagaId", "status", "userId"])
    equal(body["status"], "ACTIVE")
    assert UUID7.match(body["userId"]) and UUID7.match(body["sagaId"]), body
    equal(signed.headers["Location"], "/users/" + body["userId"])

    logged_in = stack.login(person)
    equal(logged_in.status, 200, repr(logged_in))
    token = logged_in.json()
    SECRETS.append(token["accessToken"])
    equal((token["tokenType"], token["expiresIn"], token["userId"]), ("Bearer", 900, body["userId"]))

    profile = stack.request("GET", "/users/" + body["userId"],
                            headers={"Authorization": "Bearer " + token["accessToken"]})
    equal(profile.status, 200, repr(profile))
    read = profile.json()
    equal([read[k] for k in ("userId", "name", "email", "phone")],
          [body["userId"], person["name"], person["email"], "+821012345678"])
    assert TIME.match(read["createdAt"]) and TIME.match(read["updatedAt"]), read


@case
def a_signup_without_prefer_is_pending_or_active_and_gets_active(stack):
    reply = stack.signup(stack.person(), wait=None)
    equal(reply.status, 201)
    assert reply.json()["status"] in ("PENDING", "ACTIVE"), reply
    saga = "/signups/" + reply.json()["sagaId"]
    eventually(lambda: stack.request("GET", saga).json()["state"] == "SUCCEEDED")
    view = stack.request("GET", saga).json()
    equal(view["userId"], reply.json()["userId"])
    assert TIME.match(view["startedAt"]) and TIME.match(view["updatedAt"]), view
    assert set(view) <= {"sagaId", "userId", "state", "step", "reason", "startedAt", "updatedAt"}, view


@case
def an_unknown_saga_is_a_404_and_no_uuid_a_400(stack):
    problem(stack.request("GET", "/signups/01890000-0000-7000-8000-000000000000"), 404, "not_found")
    problem(stack.request("GET", "/signups/not-a-uuid"), 400, "invalid_request")


@case
def every_wrong_field_is_named_at_once(stack):
    reply = stack.signup({"loginId": "9", "password": "short", "name": "", "email": "nowhere", "phone": "x",
                          "role": "admin"})
    problem(reply, 400, "invalid_request")
    equal(reply.fields(), ["email", "loginId", "name", "password", "phone", "role"])
    problem(stack.signup({}), 400, "invalid_request")
    equal(stack.signup({}).fields(), ["email", "loginId", "name", "password", "phone"])


@case
def each_rule_of_a_field_holds(stack):
    refused = [
        ("loginId", "abc"), ("loginId", "a" * 33), ("loginId", "1abc"), ("loginId", "a b c d"), ("loginId", 5),
        ("password", "password"), ("password", "aaaaaaaaaaaa"), ("password", "x" * 129), ("password", None),
        ("name", "n" * 65), ("name", "line\nbreak"), ("email", "a@b@c"), ("email", "e@" + "x" * 253),
        ("phone", "123456"), ("phone", "1234567890123456"), ("phone", "++8210123456"),
    ]
    for field, value in refused:
        reply = stack.signup(stack.person(**{field: value}))
        equal((reply.status, reply.code), (400, "invalid_request"), f"{field}={value!r}")
        equal(reply.fields(), [field], f"{field}={value!r}")
    accepted = [("loginId", "a234"), ("loginId", "b" * 32), ("name", "이" * 64), ("phone", "1234567"),
                ("phone", "+12-34 56 789012345")]
    for field, value in accepted:
        reply = stack.signup(stack.person(**{field: value}))
        equal(reply.status, 201, f"{field}={value!r}: {reply}")


@case
def a_password_made_of_ones_own_words_is_weak(stack):
    person = stack.person(loginId="sycamore.lane", email="sycamore.lane@example.org", password="sycamore.lane")
    reply = stack.signup(person)
    problem(reply, 400, "invalid_request")
    equal(reply.fields(), ["password"])


@case
def a_login_id_is_taken_once_whatever_its_case(stack):
    person = stack.person()
    equal(stack.signup({**person, "loginId": person["loginId"].upper()}).status, 201)
    problem(stack.signup(stack.person(loginId=person["loginId"])), 409, "login_id_taken")
    equal(stack.login(person).status, 200)
    equal(stack.login(person, loginId=person["loginId"].upper()).status, 200)


@case
def thirty_two_racers_for_one_login_id_have_one_winner(stack):
    wanted = stack.person()["loginId"]
    people = [stack.person(loginId=wanted) for _ in range(32)]
    replies = [None] * len(people)

    def race(i):  # on a busy machine until there is an answer
        while not replies[i] or replies[i].status == 504:
            replies[i] = stack.signup(people[i], **{"Idempotency-Key": f"racer {i}"})

    threads = [threading.Thread(target=race, args=(i,)) for i in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(sorted((r.status, r.code or "") for r in replies), [(201, "")] + [(409, "login_id_taken")] * 31)


@case
def an_email_belongs_to_one_profile_and_the_login_id_is_free_again(stack):
    first, second = stack.person(), stack.person()
    equal(stack.signup(first).status, 201)
    taken = {**second, "email": first["email"].upper()}
    problem(stack.signup(taken), 409, "email_taken")
    equal(stack.signup(second).status, 201, "the login id of the one that was refused")


@case
def a_refused_signup_says_why_at_its_saga(stack):
    first = stack.person()
    stack.signup(first)
    reply = stack.signup(stack.person(email=first["email"]), wait=None)
    if reply.status == 201:
        saga = "/signups/" + reply.json()["sagaId"]
        eventually(lambda: stack.request("GET", saga).json()["state"] == "COMPENSATED")
        equal(stack.request("GET", saga).json()["reason"], "email_taken")


@case
def a_repeat_with_its_idempotency_key_gets_the_same_ids(stack):
    person = stack.person()
    first = stack.signup(person, Idempotency_Key="key-1")
    again = stack.signup(person, Idempotency_Key="key-1")
    equal((first.status, again.status), (201, 201), f"{first} {again}")
    for member in ("userId", "sagaId"):
        equal(again.json()[member], first.json()[member])
    problem(stack.signup({**person, "name": "Other"}, Idempotency_Key="key-1"), 422, "idempotency_key_reused")
    other = {**person, "password": "another-tide-of-quartz"}
    SECRETS.append(other["password"])
    problem(stack.signup(other, Idempotency_Key="key-1"), 422, "idempotency_key_reused")


@case
def a_repeat_gets_the_error_that_ended_the_signup(stack):
    first, person = stack.person(), stack.person()
    equal(stack.signup(first).status, 201)
    taken = {**person, "email": first["email"]}
    problem(stack.signup(taken, Idempotency_Key="key-2"), 409, "email_taken")
    other = {**taken, "password": "another-tide-of-quartz"}
    SECRETS.append(other["password"])
    for form in taken, other:
        for wait in 5, None:
            again = stack.signup(form, wait=wait, Idempotency_Key="key-2")
            problem(again, 409, "email_taken")
            assert "password" in again.json()["detail"], again
    equal(stack.signup(person).status, 201, "the login id is free for somebody else")
    problem(stack.signup(taken, wait=None, Idempotency_Key="key-2"), 409, "email_taken")
    problem(stack.signup({**taken, "name": "Other"}, Idempotency_Key="key-2"), 422, "idempotency_key_reused")


@case
def a_wrong_password_and_an_unknown_id_are_told_apart_by_nothing(stack):
    person = stack.person()
    stack.signup(person)
    wrong = stack.login(person, password="not-the-password-1")
    unknown = stack.login(person, loginId="nobody.there")
    for reply in (wrong, unknown):
        problem(reply, 401, "invalid_credentials")

    def told(reply):
        return {k: v for k, v in reply.json().items() if k not in ("requestId", "instance")}
    equal(told(wrong), told(unknown))


@case
def a_profile_is_read_by_its_owner_only(stack):
    mine, theirs = stack.person(), stack.person()
    my_id, their_id = stack.signup(mine).json()["userId"], stack.signup(theirs).json()["userId"]
    _, bearer = stack.token_of(mine)
    SECRETS.append(bearer["Authorization"].split()[1])
    equal(stack.request("GET", "/users/" + my_id, headers=bearer).status, 200)
    nobody = "01890000-0000-7000-8000-000000000000"
    for other in (their_id, nobody):
        equal(stack.request("GET", "/users/" + other, headers=bearer).status, 403)
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}):
        reply = stack.request("GET", "/users/" + my_id, headers=headers)
        equal(reply.status, 401, repr(headers))
        assert reply.headers["WWW-Authenticate"].startswith("Bearer"), dict(reply.headers)


@case
def a_token_that_was_touched_is_refused(stack):
    person = stack.person()
    stack.signup(person)
    user_id, bearer = stack.token_of(person)
    head, claims, signature = bearer["Authorization"].split()[1].split(".")

    def encoded(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
    key = json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]
    flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
    for token in (f"{head}.{claims}.{flipped}", f"{head}.{claims}.", f"{head}.{claims}",
                  f"{encoded({'alg': 'none'})}.{claims}.", f"{encoded({'alg': 'HS256', 'kid': key})}.{claims}.{signature}",
                  f"{encoded({'alg': 'EdDSA', 'kid': 'unknown'})}.{claims}.{signature}"):
        reply = stack.request("GET", "/users/" + user_id, headers={"Authorization": "Bearer " + token})
        equal(reply.status, 401, token)


@case
def a_known_etag_is_answered_304(stack):
    person = stack.person()
    stack.signup(person)
    user_id, bearer = stack.token_of(person)
    first = stack.request("GET", "/users/" + user_id, headers=bearer)
    tag = first.headers["ETag"]
    again = stack.request("GET", "/users/" + user_id, headers={**bearer, "If-None-Match": tag})
    equal((again.status, again.body, again.headers["ETag"]), (304, b"", tag))
    other = stack.request("GET", "/users/" + user_id, headers={**bearer, "If-None-Match": '"other"'})
    equal(other.status, 200)


@case
def the_gateways_own_pages_answer(stack):
    welcome = stack.request("GET", "/welcome")
    equal((welcome.status, welcome.json()["service"]), (200, "hanok"))
    assert welcome.json()["version"], welcome
    equal(stack.request("GET", "/health").status, 200)
    jwks = stack.request("GET", "/.well-known/jwks.json").json()
    for key in jwks["keys"]:
        equal((key["kty"], key["crv"]), ("OKP", "Ed25519"))
        assert "d" not in key, "a private key"
    document = stack.request("GET", "/openapi.json").json()
    assert document["openapi"].startswith("3.1"), document["openapi"]
    for path in ("/welcome", "/health", "/signup", "/signups/{sagaId}", "/login", "/users/{userId}",
                 "/.well-known/jwks.json"):
        assert path in document["paths"], path
    equal(stack.request("GET", "/asyncapi.json").json()["asyncapi"], "3.0.0")
    docs = stack.request("GET", "/docs")
    equal(docs.status, 200)
    assert b'href="/asyncapi.json"' in docs.body
    assert docs.headers["Content-Type"].startswith("text/html"), dict(docs.headers)


@case
def head_answers_like_get_without_a_body(stack):
    for path in ("/welcome", "/health", "/openapi.json", "/asyncapi.json", "/docs", "/.well-known/jwks.json"):
        got, head = stack.request("GET", path), stack.request("HEAD", path)
        equal((head.status, head.body), (200, b""), path)
        equal(head.headers["Content-Length"], got.headers["Content-Length"], path)


@case
def paths_and_methods_that_do_not_exist(stack):
    for path in ("/nothing", "/users", "/users/", "/welcome/", "/signup/x", "/users/%2e%2e/x", "/users/a%2fb",
                 "/users/%00", "/users/*", "/users/>", "/users/a.b", "/refresh/x", "/users/x/sessions/"):
        reply = stack.request("GET", path)
        assert reply.status in (400, 401, 404), f"{path}: {reply}"
    problem(stack.request("GET", "/nothing"), 404, "not_found")
    for method, path, allowed in (("GET", "/signup", "POST"), ("DELETE", "/login", "POST"),
                                  ("POST", "/welcome", "GET"), ("PUT", "/users/x", "PATCH"), ("GET", "/logout", "POST")):
        reply = stack.request(method, path)
        equal(reply.status, 405, f"{method} {path}")
        assert allowed in reply.headers["Allow"].replace(" ", "").split(","), dict(reply.headers)


@case
def only_json_is_taken(stack):
    body = json.dumps(stack.person())
    for kind in ("text/plain", "application/xml", "application/json; charset=latin1", "application/jsonx", None):
        headers = {"Content-Type": kind} if kind else {}
        equal(stack.request("POST", "/signup", body, headers).status, 415, repr(kind))
    equal(stack.request("POST", "/signup", body, {"Content-Type": "application/json; charset=utf-8"}).status, 201)


@case
def bodies_that_are_no_json_object_are_refused(stack):
    deep = b'{"name":' + b"[" * 32 + b"]" * 32 + b"}"
    for body in (b"", b"[]", b'"x"', b"null", b"{", b'{"loginId":"a","loginId":"b"}', deep, b'{"name":"a\\u0000b"}',
                 b'{"name":"\xff\xfe"}', b'{"name":"\\ud800"}', b"{} x", b"{}{}", b"{'a':1}", b"{\"a\":NaN}",
                 b"\xef\xbb\xbf{}"):
        reply = stack.request("POST", "/signup", body, {"Content-Type": "application/json"})
        problem(reply, 400, "invalid_request")


@case
def sizes_are_bounded(stack):
    large = b'{"name":"' + b"x" * 70000 + b'"}'
    equal(stack.request("POST", "/signup", large, {"Content-Type": "application/json"}).status, 413)
    chunked = (b"POST /signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
               + (b"4000\r\n" + b"y" * 0x4000 + b"\r\n") * 5 + b"0\r\n\r\n")
    equal(web.raw_status(stack.port, chunked), 413)
    head = b"GET /welcome HTTP/1.1\r\nHost: x\r\nX-Long: " + b"z" * 9000 + b"\r\n\r\n"
    equal(web.raw_status(stack.port, head), 431)


@case
def a_request_id_is_kept_or_made(stack):
    equal(stack.request("GET", "/welcome", headers={"X-Request-Id": "my.id_1-A"}).headers["X-Request-Id"], "my.id_1-A")
    for bad in ("has space", "x" * 65, "semi;colon", ""):
        made = stack.request("GET", "/welcome", headers={"X-Request-Id": bad}).headers["X-Request-Id"]
        assert made != bad and re.match(r"^[A-Za-z0-9._-]{1,64}$", made), (bad, made)
    reply = stack.request("GET", "/nothing", headers={"X-Request-Id": "of-a-problem"})
    equal(reply.json()["requestId"], "of-a-problem")


@case
def requests_that_mislead_parsers_are_refused(stack):
    start = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    for rest in (b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                 b"Content-Length: -1\r\n\r\n", b"Content-Length: 2x\r\n\r\n{}", b"Transfer-Encoding: gzip\r\n\r\n"):
        status = web.raw_status(stack.port, start + rest)
        assert status in (400, 501), (status, rest)


@case
def a_field_that_came_twice_is_joined_or_refused(stack):
    person = stack.person()
    stack.signup(person)
    user_id, bearer = stack.token_of(person)
    tag = stack.request("GET", "/users/" + user_id, headers=bearer).headers["ETag"]
    start = f"GET /users/{user_id} HTTP/1.1\r\nHost: x\r\nAuthorization: {bearer['Authorization']}\r\n"
    for more, status in ((f'If-None-Match: "other"\r\nIf-None-Match: {tag}\r\n', 304),
                         ("Authorization: Bearer other\r\n", 400)):
        equal(web.raw_status(stack.port, (start + more + "\r\n").encode()), status, more)


@case
def a_client_cannot_say_who_it_is(stack):
    person = stack.person()
    user_id = stack.signup(person).json()["userId"]
    for headers in ({"Auth-Subject": user_id}, {"Auth-Subject": user_id, "Auth-Roles": "admin"}):
        equal(stack.request("GET", "/users/" + user_id, headers=headers).status, 401)
    other = stack.person()
    stack.signup(other)
    _, bearer = stack.token_of(other)
    for headers in ({"Auth-Subject": user_id}, {"Auth-Roles": "admin"}):
        equal(stack.request("GET", "/users/" + user_id, headers={**bearer, **headers}).status, 403)


@case
def no_secret_is_in_any_log_or_on_the_bus_in_clear(stack):
    text = stack.logs()
    assert "request" in text, "there is no log to look at"
    for secret in SECRETS:
        if secret in text:
            raise AssertionError(f"a log holds {secret[:12]}...")
    rows = stack.sql("select login_id, password_hash from hanok_auth.user")
    for _, stored in rows:
        assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$"), stored
    sagas = stack.sql("select count(*) from hanok_auth.saga where state in ('SUCCEEDED','COMPENSATED') and data is not null")
    equal(sagas, [["0"]], "ended sagas with personal data")


if __name__ == "__main__":
    sys.exit(run_cases())
