#!/usr/bin/env python3
"""Nothing of a person is left once an account is given up: all tables, logs, streams and files are searched for what was typed,
but for MariaDB's own files; see docs/architecture.md."""
import base64
import os
import random
import string
import sys

from ctl import DONE, ctl, items
from stack import run_cases
from tap import case, equal, eventually


def word(length=12):
    return "".join(random.choices(string.ascii_lowercase, k=length))


def digits():
    """As a phone number that nothing else looks like."""
    return "82" + "".join(random.choices("123456789", k=13))


class Marked:
    """A person of whom everything can be found again."""

    def __init__(self, stack):
        self.stack = stack
        self.agent = {"User-Agent": f"Mozilla/5.0 ({word()})"}
        self.person = {"loginId": word(), "password": f"{word()} {word()} {word()}", "name": f"김 {word()}", "email": f"{word()}@{word()}.example",
                       "phone": "+" + digits()}
        self.changed = {"name": f"이 {word()}", "email": f"{word()}@{word()}.example", "phone": digits()}
        self.guesses = [f"{word()} {word()}" for _ in range(3)]
        self.secrets = []  # tokens that were granted

    def typed(self):
        """Every text that was sent or received and is this person's."""
        agent = self.agent["User-Agent"].split("(")[1].strip(")")
        texts = [*self.person.values(), *self.changed.values(), *self.guesses, *self.secrets, agent]
        return [text.removeprefix("+") for text in texts]

    def request(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.stack.request(method, path, body, {**self.agent, **headers})

    def sign_up(self, **headers):
        reply = self.request("POST", "/signup", self.person, Prefer="wait=10", **headers)
        equal((reply.status, reply.json()["status"]), (201, "ACTIVE"), repr(reply))
        self.user_id, self.saga_id = reply.json()["userId"], reply.json()["sagaId"]
        self.path = "/users/" + self.user_id

    def log_in(self):
        reply = self.request("POST", "/login", {key: self.person[key] for key in ("loginId", "password")})
        equal(reply.status, 200, repr(reply))
        self.keep(reply.json())

    def refresh(self):
        reply = self.request("POST", "/refresh", {"refreshToken": self.granted["refreshToken"]})
        equal(reply.status, 200, repr(reply))
        self.keep(reply.json())

    def change_password(self):
        new = f"{word()} {word()} {word()}"
        both = {"currentPassword": self.guesses[0], "newPassword": new}
        equal(self.request("PUT", self.path + "/password", both, **self.bearer).code, "invalid_credentials")
        both["currentPassword"] = self.person["password"]
        equal(self.request("PUT", self.path + "/password", both, **self.bearer).status, 204)
        self.secrets.append(self.person["password"])
        self.person["password"] = new

    def keep(self, granted):
        self.granted = granted
        self.secrets += [granted["accessToken"], granted["refreshToken"]]
        self.bearer = {"Authorization": "Bearer " + granted["accessToken"]}


def fields(rows):
    """Of rows of hexadecimal columns."""
    return b"\n".join(bytes.fromhex(column) for row in rows for column in row if column != "NULL")


def tables(stack):
    """(its name, all that is in it) of every table there is."""
    named = "select table_schema, table_name, group_concat(concat('hex(concat(`', column_name, '`))')) from information_schema.columns" \
            " natural join information_schema.tables where table_type = 'BASE TABLE'" \
            " and table_schema not in ('information_schema', 'performance_schema', 'sys') group by 1, 2"
    for schema, table, columns in stack.sql("set session group_concat_max_len = 100000; " + named):
        yield f"{schema}.{table}", fields(stack.sql(f"select {columns} from `{schema}`.`{table}`"))


def streams(stack):
    """(its name, all that is in it) of every stream, and what its consumers are."""
    with stack.bus("operator") as bus:
        for name in bus.request("$JS.API.STREAM.NAMES").json()["streams"]:
            info = bus.request("$JS.API.STREAM.INFO." + name)
            kept = [info.data, bus.request("$JS.API.CONSUMER.LIST." + name).data]
            for seq in range(info.json()["state"]["first_seq"], info.json()["state"]["last_seq"] + 1):
                message = bus.request(f"$JS.API.STREAM.MSG.GET.{name}", {"seq": seq}).json().get("message", {})
                kept += [message.get("subject", "").encode(), *(base64.b64decode(message.get(part, "")) for part in ("hdrs", "data"))]
            yield "stream " + name, b"\n".join(kept)


def files(stack):
    """(its path, all that is in it) of every file of the stack, but for MariaDB's own."""
    for folder, folders, names in os.walk(stack.dir):
        if folder == stack.dir and "mysql" in folders:
            folders.remove("mysql")
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as f:
                    yield os.path.relpath(path, stack.dir), f.read()


def found(stack, texts):
    """{a text: where it is}, in any case, as it is or in hexadecimal or base64."""
    where = {}
    for name, data in (*tables(stack), *streams(stack), *files(stack)):
        data = data.lower()
        for text in texts:
            plain = text.lower().encode()
            if plain in data or plain.hex().encode() in data or base64.b64encode(text.encode()).lower().rstrip(b"=") in data:
                where.setdefault(text, set()).add(name)
    return where


def without_trail(stack, events):
    """What the audit is to note from now on cannot be noted: until it is put right there are dead letters."""
    stack.sql("rename table hanok_audit.trail to hanok_audit.gone")
    events()
    eventually(lambda: int(stack.sql("select count(*) from hanok_audit.dead_letter")[0][0]) > 0, 120)


@case
def nothing_is_left_of_who_has_withdrawn(stack):
    kim = Marked(stack)
    kim.sign_up(Idempotency_Key=word())
    kim.log_in()
    for guess in kim.guesses:
        equal(kim.request("POST", "/login", {"loginId": kim.person["loginId"], "password": guess}).status, 401)
    equal(kim.request("GET", kim.path, **kim.bearer).status, 200)
    kim.refresh()
    kim.log_in()
    kim.change_password()
    kim.log_in()
    equal(len(kim.request("GET", kim.path + "/sessions", **kim.bearer).json()["items"]), 1)
    here = found(stack, kim.typed())
    agent = kim.typed()[-1]
    assert {agent, *(kim.person[name].removeprefix("+") for name in ("loginId", "name", "email", "phone"))} <= set(here), "the search is blind"
    for secret in (kim.person["password"], *kim.guesses, *kim.secrets):
        assert secret not in here, f"a secret is in {here[secret]}"

    without_trail(stack, lambda: equal(kim.request("PATCH", kim.path, kim.changed, **kim.bearer).status, 200))
    reply = kim.request("POST", "/signup", {**kim.person, "loginId": word(), "email": kim.changed["email"]}, Prefer="wait=10")
    equal((reply.status, reply.code), (409, "email_taken"))
    reply = kim.request("PATCH", kim.path, {"email": "nowhere " + kim.guesses[0]}, **kim.bearer)
    equal(reply.status, 400, repr(reply))

    reply = kim.request("DELETE", kim.path, Prefer="wait=10", **kim.bearer)
    equal((reply.status, reply.json()["status"]), (202, "WITHDRAWN"), repr(reply))
    equal({text: sorted(where) for text, where in found(stack, kim.typed()).items()}, {})

    stack.sql("rename table hanok_audit.gone to hanok_audit.trail")
    letters = eventually(lambda: [i["eventId"] for i in items(stack, "dead", "ls", "--key", kim.user_id) if i["state"] == "DEAD"])
    for letter in letters:
        equal(ctl(stack, "dead", "replay", letter).returncode, DONE)
    subject = kim.user_id.replace("-", "")
    want = ["auth.account_created", "user.profile_registered", "auth.account_activated", "auth.sessions_revoked", "auth.password_changed",
            "user.profile_changed", "auth.sessions_revoked", "auth.account_withdrawn", "user.profile_removed"]
    eventually(lambda: [row[0] for row in stack.sql(
        f"select type from hanok_audit.trail where user_id = x'{subject}' order by place")] == want)
    equal({text: sorted(where) for text, where in found(stack, kim.typed()).items()}, {})


@case
def who_comes_again_under_the_same_names_is_somebody_else(stack):
    kim = Marked(stack)
    kim.sign_up()
    kim.log_in()
    first = kim.user_id
    equal(kim.request("DELETE", kim.path, Prefer="wait=10", **kim.bearer).json()["status"], "WITHDRAWN")
    kim.sign_up()
    assert kim.user_id != first
    kim.log_in()
    ours = {name for name, data in tables(stack) if bytes.fromhex(first.replace("-", "")) in data or first.encode() in data}
    equal(ours, {"hanok_auth.saga", "hanok_auth.outbox", "hanok_auth.processed_message", "hanok_user.outbox", "hanok_user.processed_message",
                 "hanok_audit.trail"}, "ids of what has happened, and nothing else")


if __name__ == "__main__":
    sys.exit(run_cases())
