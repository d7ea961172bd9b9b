#!/usr/bin/env python3
"""No secret is anywhere but where it belongs: passwords, tokens and keys are searched for in all that a stack says and writes."""
import base64
import glob
import json
import os
import stat
import subprocess
import sys

from bus import Bus
from stack import SERVICES, run_cases
from tap import case, equal, eventually
import traces

SECRETS = {}  # name -> text or bytes: all that was sent, received or made, and must not be found
ANSWERS = []  # (what was asked, bytes): answers that must not hold one


def marker(name):
    """A secret of a person or program that nobody else has."""
    SECRETS[name] = f"quartz-{name.replace(' ', '-')}-{os.urandom(6).hex()}-tide"
    return SECRETS[name]


def asked(stack, method, path, body=None, headers=None):
    reply = stack.request(method, path, body, headers)
    ANSWERS.append((f"the answer to {method} {path}", reply.body + str(reply.headers).encode()))
    return reply


def wrong_requests(stack, bearer):
    """A password or token where it does not belong, or in a request that is refused."""
    person = stack.person()
    for name, member in (("as login id", "loginId"), ("as name", "name"), ("as e-mail", "email"), ("as phone", "phone")):
        asked(stack, "POST", "/signup", {**stack.person(), member: marker(name) + "\n", "password": marker("beside " + name)})
    asked(stack, "POST", "/signup", {**person, "password": ["x", marker("in a list")]})
    asked(stack, "POST", "/signup", {**person, "password": marker("too long") + "x" * 200})
    asked(stack, "POST", "/signup", json.dumps({**person, "password": marker("in what is no JSON")})[:-1], {"Content-Type": "application/json"})
    asked(stack, "POST", "/signup", {**person, "password": marker("in what is too large"), "name": "x" * 70000})
    asked(stack, "POST", "/login", json.dumps({"password": marker("of another type")}), {"Content-Type": "text/plain"})
    asked(stack, "POST", "/login", {"loginId": marker("typed as login id"), "password": marker("of nobody")})
    asked(stack, "POST", "/login?password=" + marker("in a query"), {"loginId": "ada", "password": "x"})
    stack.request("POST", "/login/" + marker("in a path"), {})  # who sent it is told the path, as the problem's instance
    asked(stack, "POST", "/login", {"loginId": "ada.l", "password": "wrong-word", "refreshToken": marker("in an unknown member")})
    stack.request("POST", "/login", {marker("as a member's name"): 1})  # who sent it is told the name
    asked(stack, "GET", "/welcome", headers={"Authorization": "Basic " + marker("in another scheme")})
    for name, token in (("no token", marker("as a token")), ("a touched token", bearer["Authorization"].split(" ")[1][:-8] + "AAAAAAAA")):
        SECRETS[name] = token
        asked(stack, "GET", "/users/x", headers={"Authorization": "Bearer " + token})
    asked(stack, "POST", "/refresh", {"refreshToken": marker("as a refresh token")})
    with stack.bus() as bus:
        for subject in ("auth.login", "auth.signup", "auth.refresh", "user.get", "user.registry", "auth.admin.user.get"):
            body = {"loginId": "ada", "password": marker("on " + subject), "refreshToken": marker("token on " + subject)}
            if subject != "auth.admin.user.get":
                ANSWERS.append((f"the answer of {subject}", bus.request(subject, body).data))


def right_requests(stack):
    """A person's whole life; its Authorization header."""
    person = stack.person(password=marker("password"))
    equal(stack.signup(person, Idempotency_Key="k-secrets").status, 201)
    asked(stack, "POST", "/signup", {**person, "password": marker("another password for a key")}, {"Idempotency-Key": "k-secrets"})
    asked(stack, "POST", "/signup", {**stack.person(), "email": person["email"], "password": marker("of a refused signup")}, {"Prefer": "wait=10"})
    login = stack.login(person)
    keep_tokens("login", login)
    user_id, token = login.json()["userId"], login.json()["accessToken"]
    bearer = {"Authorization": "Bearer " + token}
    asked(stack, "POST", "/login", {"loginId": person["loginId"], "password": marker("wrong password")})
    for path in ("", "/events", "/sessions"):
        asked(stack, "GET", f"/users/{user_id}{path}", headers=bearer)
    if refresh := login.json().get("refreshToken"):
        keep_tokens("refresh", stack.request("POST", "/refresh", {"refreshToken": refresh}))
        asked(stack, "POST", "/refresh", {"refreshToken": refresh[:-2] + "AA"})
    asked(stack, "PUT", f"/users/{user_id}/password", {"currentPassword": marker("wrong current"), "newPassword": marker("never set")}, bearer)
    asked(stack, "PUT", f"/users/{user_id}/password", {"currentPassword": person["password"], "newPassword": marker("new password")}, bearer)
    asked(stack, "POST", "/logout", headers=bearer)
    return bearer


def keep_tokens(name, reply):
    """The parts that make a token one: an id of a session is no secret, nor is what a signature is of."""
    body = reply.json()
    for member in ("accessToken", "refreshToken"):
        if member in body:
            SECRETS[f"{member} of {name}"] = body[member].rsplit(".", 1)[1]


def made_secrets(stack):
    """What the installation has made for itself."""
    for path in glob.glob(f"{stack.dir}/secrets/*"):
        if not path.endswith(".conf"):
            with open(path) as f:
                SECRETS["secrets/" + os.path.basename(path)] = f.read().strip()
    for path in glob.glob(f"{stack.dir}/keys/*.key"):
        with open(path) as f:
            text = f.read().strip()
        SECRETS["a signing key"] = text
        SECRETS["the bytes of a signing key"] = base64.urlsafe_b64decode(text + "=")


@case
def what_is_searched_for_would_be_found(stack):
    for place in (b"... word-of-ada ...", b'{"x":"d29yZC1vZi1hZGE"}', b"776f72642d6f662d616461", base64.b64encode(b"xword-of-ada,"), base64.b64encode(b"xyword-of-ada,")):
        equal(traces.found({"it": "word-of-ada"}, [("here", place)]), {"it": ["here"]}, place)
    for place in (b"word-of-eve", b"Word-Of-Ada"):
        equal(traces.found({"it": "word-of-ada"}, [("here", place)]), {})
    equal(traces.found({"it": "word-of-ada"}, [("here", b"Word-Of-Ada")], any_case=True), {"it": ["here"]})
    person = stack.person(name="Findable Person")
    equal(stack.signup(person).status, 201)
    traces.settled(stack)
    equal(traces.found({"name": person["name"]}, traces.tables(stack)), {"name": ["hanok_user.user_inform"]})
    assert any(path.startswith("mysql/") for path in traces.found({"name": person["name"]}, traces.files(stack))["name"])
    with open(f"{stack.dir}/secrets/nats_auth") as f:
        assert "secrets/nats_auth" in traces.found({"password": f.read()}, traces.files(stack))["password"]


@case
def no_secret_is_anywhere_it_does_not_belong(stack):
    bearer = right_requests(stack)
    wrong_requests(stack, bearer)
    made_secrets(stack)
    assert len(SECRETS) > 40, SECRETS.keys()
    traces.settled(stack)
    commands = (("status",), ("doctor",), ("keys", "list"), ("saga", "ls", "-o", "json"), ("outbox", "lag"), ("event", "ls"))
    for places in (traces.tables(stack), traces.streams(stack), traces.told(stack, *commands), traces.command_lines(stack), ANSWERS,
                   traces.files(stack, but=traces.MEANT_FOR_SECRETS)):
        equal(traces.found(SECRETS, places), {})


@case
def no_access_token_leaves_the_gateway(stack):
    """Behind it one is known by Auth-Subject: a service that is taken over learns no token of those who ask it."""
    person = stack.person()
    equal(stack.signup(person).status, 201)
    user_id, bearer = stack.token_of(person)
    with stack.bus() as bus:
        bus.subscribe(">")
        bus.flush()
        for path in ("", "/events"):
            equal(stack.request("GET", f"/users/{user_id}{path}", headers=bearer).status, 200)
        heard = []
        def all_heard():
            heard.append(bus.next())
            return {"user.get", "audit.events"} <= {message.subject for message in heard}
        eventually(all_heard)
        everything = [(message.subject, str(message.headers).encode() + message.data) for message in heard]
    equal(traces.found({"the token": bearer["Authorization"].rsplit(".", 1)[1]}, everything), {})
    assert any(user_id.encode() in content for _, content in everything)


@case
def what_make_up_writes_is_its_user_s_alone(stack):
    equal(stat.S_IMODE(os.stat(stack.dir).st_mode), 0o700)
    for at, folders, names in os.walk(stack.dir):
        for name in (*folders, *names):
            path = os.path.join(at, name)
            what = os.lstat(path)
            of_s6 = path.startswith(f"{stack.dir}/s6/") and ("/supervise" in path or name in ("event", "lock"))
            if stat.S_ISLNK(what.st_mode) or stat.S_ISSOCK(what.st_mode) or of_s6:  # who may not enter RUN_DIR reaches none
                continue
            equal((what.st_mode & 0o077, what.st_uid), (0, os.geteuid()), os.path.relpath(path, stack.dir))


def lets_in(stack, user, password):
    """Whether MariaDB and NATS do, as the service user."""
    into_database = subprocess.run(["mariadb", "--no-defaults", "-S", f"{stack.dir}/mysql.sock", "-u", "hanok_user", "hanok_user", "-e", "select 1"],
                                   env={**os.environ, "MYSQL_PWD": password["hanok_user"]}, capture_output=True, timeout=60)
    try:
        Bus(stack.settings["NATS_PORT"], user, password["nats_user"]).__exit__(None, None, None)
    except PermissionError:
        return into_database.returncode == 0, False
    return into_database.returncode == 0, True


@case
def a_password_of_a_service_is_replaced(stack):
    """One that was stolen: its file is removed, a new one is made, and the old one is good for nothing."""
    def passwords():
        texts = {}
        for name in ("hanok_user", "nats_user"):
            with open(f"{stack.dir}/secrets/{name}") as f:
                texts[name] = f.read()
        return texts
    old = passwords()
    equal(lets_in(stack, "user", old), (True, True))
    stack.down()
    for name in old:
        os.remove(f"{stack.dir}/secrets/{name}")
    stack.up()
    new = passwords()
    assert all(new[name] != old[name] and len(new[name]) >= 48 for name in old), (old, new)
    equal((lets_in(stack, "user", old), lets_in(stack, "user", new)), ((False, False), (True, True)))
    equal(stack.signup(stack.person()).json()["status"], "ACTIVE")


if __name__ == "__main__":
    sys.exit(run_cases(RATE_LIMIT="off"))
