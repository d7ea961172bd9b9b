#!/usr/bin/env python3
"""`make demo`: a running stack gets shops, goods and people; the lines it prints order, call off and deliver; again, it changes
nothing; and it plays a day."""
import http.server
import json
import os
import re
import subprocess
import sys
import threading

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../deploy/demo"))
import filling  # noqa: E402
import tap  # noqa: E402
from ctl import ctl, items  # noqa: E402
from shop import whole  # noqa: E402
from stack import Stack, sanitizers_are_silent  # noqa: E402
from tap import case, equal  # noqa: E402

COUNTS = ("hanok_store.store", "hanok_catalog.product", "hanok_catalog.item", "hanok_catalog.slot", "hanok_auth.user", "hanok_catalog.stock_movement")
DAY_S = 10


def demo(stack, code=0, **settings):
    done = stack.make("demo", **{"DAY": 0, **settings})
    equal(done.returncode == 0, code == 0, done.stdout)
    return done.stdout


def counts(stack):
    return [stack.sql(f"select count(*) from {table}")[0][0] for table in COUNTS]


@case
def who_has_no_stack_or_none_with_a_shop_is_told_what_to_do(stack):
    assert "make up, then make demo" in demo(stack, 1)
    equal(stack.make("up", SERVICES="gateway auth user").returncode, 0)
    said = demo(stack, 1)
    assert "This stack has no " in said and "make down && make up && make demo" in said, said
    stack.down()


class Busy(http.server.BaseHTTPRequestHandler):
    """Who is refused twice, and served then."""
    statuses = []

    def do_GET(self):
        self.send_response(self.statuses.pop(0))
        self.send_header("Retry-After", "0")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@case
def who_cannot_be_served_yet_asks_again(_):
    with http.server.HTTPServer(("127.0.0.1", 0), Busy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for statuses, want in (([503, 504, 200], 200), ([429, 404, 200], 404), ([503] * 9, 503)):
            Busy.statuses = list(statuses)
            equal(filling.Gateway("127.0.0.1", server.server_port).ask("GET", "/")[0], want, str(statuses))
        server.shutdown()


@case
def it_fills_twelve_shops(stack):
    stack.up()
    stack.said, stack.url = demo(stack), f"http://localhost:{stack.port}"
    assert "12 shops with 240 products of 300 items were loaded" in stack.said, stack.said
    equal(counts(stack)[:4], ["12", "240", "300", "300"])
    equal(stack.sql("select currency, count(*) from hanok_catalog.product group by 1 order by 1"),
          [["JPY", "20"], ["KRW", "180"], ["KWD", "20"], ["USD", "20"]])


@case
def again_it_changes_nothing(stack):
    before = counts(stack)
    said = demo(stack)
    assert "nothing was missing" in said, said
    equal(counts(stack), before)
    people = re.compile(r"^    \w+ +(?:[a-z0-9]{4}-){3}[a-z0-9]{4} .*", re.MULTILINE)
    equal((len(people.findall(said)), people.findall(said)), (4, people.findall(stack.said)))


@case
def everybody_can_log_in_and_has_the_role(stack):
    for login_id, password, what in re.findall(r"^    (\w+) +(\S+-\S+) +\S+, (.*)", stack.said, re.MULTILINE):
        equal(stack.login({"loginId": login_id, "password": password}).status, 200, login_id)
        roles = json.loads(ctl(stack, "user", "show", login_id, "-o", "json").stdout)["roles"]
        equal(roles, what if what in ("admin", "courier") else "", login_id)


def run(stack, lines):
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", "\n".join(lines)], text=True, capture_output=True, timeout=300, cwd=stack.home)
    equal(done.returncode, 0, done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


@case
def the_lines_it_prints_order_call_off_and_deliver(stack):
    lines = [line for line in stack.said.splitlines() if stack.url in line and "curl" in line]
    equal(len(lines), 8, stack.said)
    ordered, seen, called_off = run(stack, lines[:3])
    equal((ordered["status"], seen["status"], called_off["status"]), ("CONFIRMED", "CONFIRMED", "CANCELED"))
    stack.order = ordered
    *done, _ = run(stack, lines[3:])
    equal([step["status"] for step in done], ["ACCEPTED", "COOKING", "READY", "STARTED", "PICKED_UP", "DELIVERED"])
    equal({step["orderId"] for step in done}, {done[0]["orderId"]})
    stack.delivered = done[0]["orderId"]


@case
def an_operator_sees_it(stack):
    order = stack.order
    listed = {one["orderId"]: one["status"] for one in items(stack, "order", "ls")}
    equal((len(listed), listed[order["orderId"]]), (2, "CANCELED"))
    for word in (order["orderId"], order["orderNum"]):
        shown = json.loads(ctl(stack, "order", "show", word, "-o", "json").stdout)
        equal((shown["orderNum"], shown["history"][-1]["to"]), (order["orderNum"], "CANCELED"))
    table = ctl(stack, "order", "show", order["orderId"]).stdout
    assert all(word in table for word in ("Lines", "History", "Payment", "AUTHORIZE", "KRW")), table
    equal(len(items(stack, "payment", "ls")), 2)
    product = items(stack, "stock", "ls", "--limit", "240")
    equal(len(product), 240)
    made_of = json.loads(ctl(stack, "stock", "show", product[0]["productId"], "-o", "json").stdout)["items"]
    added = ctl(stack, "stock", "add", made_of[0]["itemId"], "5", "-o", "json")
    equal(added.returncode, 0, added.stderr)


@case
def an_operator_sees_the_counter_and_the_way(stack):
    def one(*words):
        done = ctl(stack, *words, "-o", "json")
        equal(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)
    equal({store["open"] for store in items(stack, "store", "ls")}, {True})
    job = one("delivery", "show", stack.delivered)
    equal((job["status"], items(stack, "delivery", "ls")), ("DELIVERED", []))
    equal([ticket["orderId"] for ticket in items(stack, "store", "tickets", job["storeId"], "--status", "PICKED_UP")], [stack.delivered])
    for word, is_open in (("close", False), ("open", True)):
        equal(one("store", word, job["storeId"])["open"], is_open)


@case
def a_day_is_played_and_ends(stack):
    said = demo(stack, DAY=DAY_S, CUSTOMERS=12, COURIERS=3)
    last = [line for line in said.splitlines() if line.startswith("    23:00 ")][-1]
    told = {what: int(count) for count, what in re.findall(r"(\d+) ([a-z ]+)", last.split("  ")[-1])}
    assert told["ordered"] >= 10 and told["delivered"] >= 3, said
    equal([what for what in told if what.startswith("answered")], [], said)
    equal({store["open"] for store in stack.request("GET", "/stores?limit=100").json()["items"]}, {True})
    assert "must be a number" in demo(stack, 2, DAY="long")


@case
def the_shop_is_whole(stack):
    whole(stack, [line.split()[1] for line in stack.said.splitlines() if re.match(r"    \w+ +\S+-\S+-\S+-\S+ ", line)])
    sanitizers_are_silent(stack)


if __name__ == "__main__":
    sys.exit(tap.run(Stack()))
