#!/usr/bin/env python3
"""`make demo`: a running stack gets shops, goods and people; the lines it prints order and call off; again, it changes nothing."""
import json
import re
import subprocess
import sys

import tap
from ctl import ctl, items
from shop import whole
from stack import Stack, sanitizers_are_silent
from tap import case, equal

COUNTS = ("hanok_catalog.product", "hanok_catalog.item", "hanok_catalog.slot", "hanok_auth.user", "hanok_catalog.stock_movement")


def demo(stack, code=0):
    done = stack.make("demo")
    equal(done.returncode == 0, code == 0, done.stdout)
    return done.stdout


def counts(stack):
    return [stack.sql(f"select count(*) from {table}")[0][0] for table in COUNTS]


@case
def who_has_no_stack_or_none_with_a_shop_is_told_what_to_do(stack):
    assert "make up, then make demo" in demo(stack, 1)
    equal(stack.make("up", SERVICES="gateway auth user").returncode, 0)
    said = demo(stack, 1)
    assert "no catalog, order, payment" in said and "make down && make up && make demo" in said, said
    stack.down()


@case
def it_fills_twelve_shops(stack):
    stack.up()
    stack.said = demo(stack)
    assert "240 products of 300 items were loaded" in stack.said, stack.said
    equal(counts(stack)[:3], ["240", "300", "300"])
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


@case
def the_lines_it_prints_order_look_and_call_off(stack):
    lines = [line for line in stack.said.splitlines() if "/orders" in line]
    equal(len(lines), 3, stack.said)
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", "\n".join(lines)], text=True, capture_output=True, timeout=120, cwd=stack.home)
    equal(done.returncode, 0, done.stderr)
    ordered, seen, called_off = map(json.loads, done.stdout.splitlines())
    equal((ordered["status"], seen["status"], called_off["status"]), ("CONFIRMED", "CONFIRMED", "CANCELED"), done.stdout)
    stack.order = ordered


@case
def an_operator_sees_it(stack):
    order = stack.order
    equal([(one["orderId"], one["status"]) for one in items(stack, "order", "ls")], [(order["orderId"], "CANCELED")])
    for word in (order["orderId"], order["orderNum"]):
        shown = json.loads(ctl(stack, "order", "show", word, "-o", "json").stdout)
        equal((shown["orderNum"], shown["history"][-1]["to"]), (order["orderNum"], "CANCELED"))
    table = ctl(stack, "order", "show", order["orderId"]).stdout
    assert all(word in table for word in ("Lines", "History", "Payment", "AUTHORIZE", "KRW")), table
    equal(len(items(stack, "payment", "ls")), 1)
    product = items(stack, "stock", "ls", "--limit", "240")
    equal(len(product), 240)
    made_of = json.loads(ctl(stack, "stock", "show", product[0]["productId"], "-o", "json").stdout)["items"]
    added = ctl(stack, "stock", "add", made_of[0]["itemId"], "5", "-o", "json")
    equal(added.returncode, 0, added.stderr)


@case
def the_shop_is_whole(stack):
    whole(stack, [line.split()[1] for line in stack.said.splitlines() if re.match(r"    \w+ +\S+-\S+-\S+-\S+ ", line)])
    sanitizers_are_silent(stack)


if __name__ == "__main__":
    sys.exit(tap.run(Stack()))
