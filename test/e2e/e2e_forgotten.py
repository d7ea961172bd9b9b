#!/usr/bin/env python3
"""Nothing of a person is left once an account is given up: all tables, logs, streams and files are searched for what was typed,
but for MariaDB's own files; see docs/architecture.md."""
import random
import string
import sys

from ctl import DONE, ctl, items
from shop import Shop
from stack import run_cases
from tap import case, equal, eventually
import traces


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


def found(stack, texts):
    """{a text: where it is}, in any case, but for MariaDB's own files."""
    places = (*traces.tables(stack), *traces.streams(stack), *traces.files(stack, but=("mysql/",)))
    return traces.found({text: text for text in texts}, places, any_case=True)


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
def where_his_orders_went_is_forgotten_too(stack):
    kim, shop = Marked(stack), Shop(stack)
    kim.sign_up()
    kim.log_in()
    place = {"name": word(), "phone": "+" + digits(), "address": f"{word()} {word()}"}
    order = shop.confirmed(kim.bearer, shop.product(), deliverTo=place)
    equal(shop.cancel(kim.bearer, order).status, 200)
    texts = [text.removeprefix("+") for text in place.values()]
    equal(set(found(stack, texts)), set(texts), "the search is blind")
    equal(kim.request("DELETE", kim.path, Prefer="wait=10", **kim.bearer).json()["status"], "WITHDRAWN")
    kept = f"select 1 from hanok_order.order_address where order_id = x'{order['orderId'].replace('-', '')}'"
    eventually(lambda: not stack.sql(kept), 180)  # once a minute; the search takes a second
    eventually(lambda: not found(stack, texts), 180)


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
    eventually(lambda: stack.sql(f"select place from hanok_audit.trail where user_id = x'{first.replace('-', '')}'"))
    ours = {name for name, data in traces.tables(stack) if bytes.fromhex(first.replace("-", "")) in data or first.encode() in data}
    equal(ours, {"hanok_auth.saga", "hanok_auth.outbox", "hanok_auth.processed_message", "hanok_user.outbox", "hanok_user.processed_message",
                 "hanok_audit.trail"}, "ids of what has happened, and nothing else")


if __name__ == "__main__":
    sys.exit(run_cases())
