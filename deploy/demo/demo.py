#!/usr/bin/env python3
"""Fills a stack that is up with a shop's data and people, and prints lines to copy: `make demo`. Again: changes nothing."""
import http.client
import json
import os
import secrets
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from filling import Filling, Gateway, Refused, listed, rows  # noqa: E402

SHOP = ("catalog", "order", "payment")
PEOPLE = (  # login id, name, what for, role
    ("seoyeon", "김서연", "customer", None),
    ("jiwoo", "이지우", "shop owner", None),
    ("doyun", "박도윤", "courier", "courier"),
    ("haeun", "최하은", "admin", "admin"),
)
CUSTOMER, ADMIN = PEOPLE[0][0], PEOPLE[3][0]
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def give_up(*lines):
    print(*lines, sep="\n", file=sys.stderr)
    sys.exit(1)


class Stack:
    """What `make up` has started in RUN_DIR."""

    def __init__(self):
        self.shown = os.environ.get("RUN_DIR") or ".run"
        self.dir = os.path.join(ROOT, self.shown)
        try:
            with open(os.path.join(self.dir, "stack.env"), encoding="utf-8") as f:
                self.said = dict(line.rstrip("\n").split("=", 1) for line in f)
        except OSError:
            give_up(f"Hanok is not up (nothing is running in {self.dir}): make up, then make demo.")
        listen = self.said["LISTEN"].strip("'\"")
        self.host = "127.0.0.1" if listen == "0.0.0.0" else listen
        self.port = int(self.said["HTTP_PORT"].strip("'\""))
        self.url = f"http://{'localhost' if self.host == '127.0.0.1' else self.host}:{self.port}"

    def ready(self, name):
        try:
            with open(f"{self.dir}/{name}.admin", encoding="ascii") as f:
                host, port = f.read().strip().rsplit(":", 1)
            return Gateway(host, int(port)).ask("GET", "/readyz")[0] == 200
        except (OSError, ValueError, http.client.HTTPException):
            return False

    def need(self, *names):
        missing = [name for name in names if not self.ready(name)]
        if missing and self.said["SERVICES"].strip("'\""):
            give_up(f"This stack has no {', '.join(missing)}: it was started with SERVICES={self.said['SERVICES']}.",
                    "The shop needs all of it: make down && make up && make demo")
        if missing:
            give_up(f"Not ready: {', '.join(missing)}. make status and make logs say why; a stack of before there was a shop",
                    "gets one by make down && make up.")

    def passwords(self):
        """{login id: password}: made once a stack, kept for who runs it."""
        path = f"{self.dir}/secrets/demo_people"
        try:
            with open(path, encoding="ascii") as f:
                return dict(line.split() for line in f)
        except FileNotFoundError:
            made = {person[0]: "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4)) for person in PEOPLE}
            self.write(path, "".join(f"{login_id} {password}\n" for login_id, password in made.items()))
            return made

    def write(self, path, text):
        """For nobody else to read."""
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as f:
            f.write(text)

    def grant(self, login_id, role):
        done = subprocess.run([f"{self.dir}/bin/hanokctl", "user", "grant", login_id, role], text=True, capture_output=True, check=False)
        if done.returncode:
            give_up(f"{login_id} was not granted {role}: {done.stderr.strip()}")


def come_in(stack, gateway, person, password):
    """Signs a person up who is not there yet, grants the role, logs in. The headers of who is logged in."""
    login_id, name, _, role = person
    login = {"loginId": login_id, "password": password}
    status, answer = gateway.ask("POST", "/login", login)
    if status == 401:
        form = {**login, "name": name, "email": f"{login_id}@demo.example", "phone": "+82 10-1234-5678"}
        status, answer = gateway.ask("POST", "/signup", form, {"Prefer": "wait=20", "Idempotency-Key": f"demo {login_id} {secrets.token_hex(8)}"})
        if status == 409:
            give_up(f"There is another {login_id} on this stack, whose password is not in {stack.dir}/secrets/demo_people:",
                    "either is of an earlier stack. make reset && make up begins anew.")
        if status != 201 or answer["status"] != "ACTIVE":
            raise Refused(f"{login_id} could not sign up: {status} {answer}")
    if role:
        stack.grant(login_id, role)
    answer = gateway.want((200,), "POST", "/login", login)
    return {"Authorization": "Bearer " + answer["accessToken"]}


def an_order(gateway):
    """The body of an order of one product, of which there is enough."""
    store = rows("stores.csv")[0]
    product = next(one for _, one in sorted(listed(gateway, store["store_id"]).items()) if one["available"] > 9)
    return {"storeId": store["store_id"],
            "lines": [{"productId": product["productId"], "quantity": 1, "unitPrice": product["price"]}],
            "deliverTo": {"name": PEOPLE[0][1], "phone": "+82 10-1234-5678", "address": "서울 종로구 율곡로 99"},
            "payment": {"method": "tok_ok"}}


def say_how(stack, passwords, made):
    curl = "curl -s" if not any(name.lower() in ("http_proxy", "all_proxy") for name in os.environ) else "curl -s --noproxy '*'"
    here, url = f"{stack.shown}/demo", stack.url
    new = f"{made['products']} products of {made['items']} items were loaded" if any(made.values()) else "nothing was missing"
    print(f"\nThe shop is open: {url}/products ({new}).\n\n    {'LOGIN':10} {'PASSWORD':20} WHO")
    for login_id, name, what, _ in PEOPLE:
        print(f"    {login_id:10} {passwords[login_id]:20} {name}, {what}")
    print(f"""
Order, look at it, cancel it, as {CUSTOMER} (a login of 15 minutes; make demo makes another):

ORDER=$({curl} {url}/orders -H @{here}/{CUSTOMER} -H "Idempotency-Key: $RANDOM$RANDOM" -H 'Prefer: wait=10' -d @{here}/order.json); echo "$ORDER"; ORDER_ID=$(echo "$ORDER" | sed 's/.*"orderId":"\\([^"]*\\)".*/\\1/')
{curl} {url}/orders/$ORDER_ID -H @{here}/{CUSTOMER}; echo
{curl} -X DELETE {url}/orders/$ORDER_ID -H @{here}/{CUSTOMER} -H 'Prefer: wait=10'; echo

With "method":"tok_declined" in {here}/order.json nobody pays and nothing is held; the other tokens are in docs/shop.md.

{stack.shown}/bin/hanokctl order ls · make doctor · make logs""")


def main():
    stack = Stack()
    stack.need("gateway", "auth", "user", *SHOP)
    gateway = Gateway(stack.host, stack.port)
    passwords = stack.passwords()
    os.makedirs(f"{stack.dir}/demo", mode=0o700, exist_ok=True)
    try:
        headers = {person[0]: come_in(stack, gateway, person, passwords[person[0]]) for person in PEOPLE}
        made = Filling(gateway, headers[ADMIN]).fill()
        for login_id, fields in headers.items():
            lines = {**fields, "Content-Type": "application/json"}
            stack.write(f"{stack.dir}/demo/{login_id}", "".join(f"{name}: {value}\n" for name, value in lines.items()))
        stack.write(f"{stack.dir}/demo/order.json", json.dumps(an_order(gateway), ensure_ascii=False) + "\n")
    except (Refused, OSError, http.client.HTTPException) as why:
        give_up(f"The demo stopped: {why}", "Again, it goes on from there: make demo")
    say_how(stack, passwords, made)


if __name__ == "__main__":
    main()
