#!/usr/bin/env python3
"""Fills a stack that is up with a shop's data and people, prints lines to copy, and plays a day: `make demo`. Again: it is another
day, and nothing else changes."""
import concurrent.futures
import http.client
import json
import os
import secrets
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.join(ROOT, "deploy")]
import services  # noqa: E402
from day import Day  # noqa: E402
from filling import Filling, Gateway, Refused, listed, rows  # noqa: E402

SECONDS, CUSTOMERS, COURIERS = 60, 200, 20  # of the day; SECONDS at most 600, as long as a login lasts
PEOPLE = (  # login id, name, what for, role
    ("seoyeon", "김서연", "customer", None),
    ("jiwoo", "이지우", "shop owner", None),
    ("doyun", "박도윤", "courier", "courier"),
    ("haeun", "최하은", "admin", "admin"),
)
CUSTOMER, OWNER, COURIER, ADMIN = (person[0] for person in PEOPLE)
CROWD = "day"  # what the login ids of the others begin with
SIGNING_UP = 8  # at the same time
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
        path, there = f"{self.dir}/secrets/demo_people", {}
        if os.path.exists(path):
            with open(path, encoding="ascii") as f:
                there = dict(line.split() for line in f)
        for login_id in (*(person[0] for person in PEOPLE), CROWD):
            there.setdefault(login_id, "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4)))
        self.write(path, "".join(f"{login_id} {password}\n" for login_id, password in there.items()))
        return there

    def write(self, path, text):
        """For nobody else to read."""
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as f:
            f.write(text)

    def grant(self, login_id, role):
        done = subprocess.run([f"{self.dir}/bin/hanokctl", "user", "grant", login_id, role], text=True, capture_output=True, check=False)
        if done.returncode:
            give_up(f"{login_id} was not granted {role}: {done.stderr.strip()}")


def come_in(stack, gateway, person, password, is_new=False):
    """Signs a person up who is not there yet, grants the role, logs in. (user id, headers) of who is logged in."""
    login_id, name, _, role = person
    login = {"loginId": login_id, "password": password}
    status = 401 if is_new else gateway.ask("POST", "/login", login)[0]
    if status == 401:
        form = {**login, "name": name, "email": f"{login_id}@demo.example", "phone": "+82 10-1234-5678"}
        status, answer = gateway.ask("POST", "/signup", form, {"Prefer": "wait=20", "Idempotency-Key": f"demo {login_id} {secrets.token_hex(8)}"})
        if status == 409 and not is_new:
            give_up(f"There is another {login_id} on this stack, whose password is not in {stack.dir}/secrets/demo_people:",
                    "either is of an earlier stack. make reset && make up begins anew.")
        if (status != 201 or answer["status"] != "ACTIVE") and status != 409:
            raise Refused(f"{login_id} could not sign up: {status} {answer}")
    if role:
        stack.grant(login_id, role)
    answer = gateway.want((200,), "POST", "/login", login)
    return answer["userId"], {"Authorization": "Bearer " + answer["accessToken"]}


def crowd(stack, password, customers, couriers):
    """The headers of so many more customers and couriers. Who has come is kept: asking by a login would cost as much as one."""
    people = [(f"{CROWD}{n:03}", f"김하루 {n}", "customer", None) for n in range(1, customers + 1)]
    people += [(f"{CROWD}c{n:02}", f"박하루 {n}", "courier", "courier") for n in range(1, couriers + 1)]
    with open(f"{stack.dir}/demo/{CROWD}", "a+", encoding="ascii") as known:
        known.seek(0)
        there = set(known.read().split())

        def comes(person):
            headers = come_in(stack, Gateway(stack.host, stack.port), person, password, person[0] not in there)[1]
            if person[0] not in there:
                print(person[0], file=known, flush=True)
            return headers
        with concurrent.futures.ThreadPoolExecutor(SIGNING_UP) as pool:
            came = list(pool.map(comes, people))
    return came[:customers], came[customers:]


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
    new = f"{made['stores']} shops with {made['products']} products of {made['items']} items were loaded" if any(made.values()) else "nothing was missing"
    ticket = f"{url}/stores/{rows('stores.csv')[0]['store_id']}/tickets/$ORDER_ID"
    order = f"""ORDER=$({curl} {url}/orders -H @{here}/{CUSTOMER} -H "Idempotency-Key: $RANDOM$RANDOM" -H 'Prefer: wait=10' -d @{here}/order.json)"""
    its_id = """ORDER_ID=$(echo "$ORDER" | sed 's/.*"orderId":"\\([^"]*\\)".*/\\1/')"""
    once = f"{curl} -f --retry 20 --retry-delay 1 --retry-all-errors -X POST"  # what the one before has said may be on its way
    print(f"\nThe shop is open: {url}/products ({new}).\n\n    {'LOGIN':10} {'PASSWORD':20} WHO")
    for login_id, name, what, _ in PEOPLE:
        print(f"    {login_id:10} {passwords[login_id]:20} {name}, {what}")
    print(f"""
Order as {CUSTOMER} (a login of 15 minutes; make demo makes another), look at it, and call it off:

{order}; echo "$ORDER"; {its_id}
{curl} {url}/orders/$ORDER_ID -H @{here}/{CUSTOMER}; echo
{curl} -X DELETE {url}/orders/$ORDER_ID -H @{here}/{CUSTOMER} -H 'Prefer: wait=10'; echo

Order, cook it as {OWNER}, bring it as {COURIER}, and see what {CUSTOMER} sees:

{order}; {its_id}
{once} {ticket}/accept -H @{here}/{OWNER} -d '{{"minutes":20}}'; echo
for STEP in cook ready; do {once} {ticket}/$STEP -H @{here}/{OWNER}; echo; done
for STEP in start pickup complete; do {once} {url}/deliveries/$ORDER_ID/$STEP -H @{here}/{COURIER}; echo; done
{curl} {url}/dashboards/$ORDER_ID -H @{here}/{CUSTOMER}; echo

With "method":"tok_declined" in {here}/order.json nobody pays and nothing is held; the other tokens are in docs/shop.md.

{stack.shown}/bin/hanokctl order ls · make doctor · make logs""", flush=True)


def number(name, most, default):
    """A setting, as it was said."""
    word = os.environ.get(name) or str(default)
    if not word.isdigit() or int(word) > most:
        give_up(f"{name} is '{word}'; it must be a number of 0 to {most}.")
    return int(word)


def play(stack, password, owner):
    seconds, customers, couriers = number("DAY", 600, SECONDS), number("CUSTOMERS", 999, CUSTOMERS), number("COURIERS", 99, COURIERS)
    if not seconds:
        return
    print(f"\nA day of {customers} customers and {couriers} couriers, in {seconds} s (make demo DAY=600 takes its time, DAY=0 leaves it out; ^C ends it):", flush=True)
    day = Day(stack.host, stack.port, seconds, *crowd(stack, password, customers, couriers), owner)
    try:
        day.play(lambda minute, told: print(f"    {minute // 60:02}:{minute % 60:02}  {told}", flush=True))
    except KeyboardInterrupt:
        print("    the shops have closed early")


def main():
    stack = Stack()
    stack.need(*(row.name for row in services.services()))
    gateway = Gateway(stack.host, stack.port)
    passwords = stack.passwords()
    os.makedirs(f"{stack.dir}/demo", mode=0o700, exist_ok=True)
    try:
        people = {person[0]: come_in(stack, gateway, person, passwords[person[0]]) for person in PEOPLE}
        made = Filling(gateway, people[ADMIN][1], people[OWNER][0]).fill()
        for login_id, (_, fields) in people.items():
            lines = {**fields, "Content-Type": "application/json"}
            stack.write(f"{stack.dir}/demo/{login_id}", "".join(f"{name}: {value}\n" for name, value in lines.items()))
        stack.write(f"{stack.dir}/demo/order.json", json.dumps(an_order(gateway), ensure_ascii=False) + "\n")
        say_how(stack, passwords, made)
        play(stack, passwords[CROWD], people[OWNER][1])
    except (Refused, OSError, http.client.HTTPException) as why:
        give_up(f"The demo stopped: {why}", "Again, it goes on from there: make demo")


if __name__ == "__main__":
    main()
