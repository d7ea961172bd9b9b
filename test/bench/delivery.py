#!/usr/bin/env python3
"""delivery.py [PART...] - measures what the delivery system must reach, and prints a Markdown table. Starts a stack of its own on this machine;
ends within nine minutes. PART: only what has that in its name: up, page, rest, rebuild, watch, lag. Nothing else may be busy on the machine."""
import os
import statistics
import subprocess
import sys
import time

sys.dont_write_bytecode = True

import view  # noqa: E402
from load import create_accounts  # noqa: E402
from report import Others, PARTS, Table, attempt, beside, machine, say, within  # noqa: E402
from stack import ROOT, Stack, wait_for  # noqa: E402

sys.path.append(os.path.join(ROOT, "test/e2e"))  # its stack is not ours
import browser  # noqa: E402

LIMIT_S, ROUNDS = 530, 3


def up(stack, table):
    """Again, with its data: what is built and installed is there."""
    took = []
    for i in range(ROUNDS):
        say(f"make up, round {i + 1} of {ROUNDS}")
        stack.make("down")
        began = time.monotonic()
        stack.make("up")
        took.append(time.monotonic() - began)
    seconds = statistics.median(took)
    table.add("`make up` warm to ready with every service", "≤ 5 s", f"{seconds:.1f} s", seconds <= 5, ", ".join(f"{one:.1f}" for one in took) + " s")


def rest(stack, table):
    stack.settle()
    together = stack.together()
    table.add("memory at rest of all processes of `make up`, without NATS and MariaDB", "≤ 110 MB", f"{together:.1f} MB", together <= 110,
              f"each page once; {sum(stack.memory().values()):.1f} MB are resident")


def page(stack, table):
    """As a browser sees it that was never here; a shop is on it."""
    measure = "first page in a browser on loopback: bytes over the wire"
    if why := browser.missing():
        table.add(measure, "≤ 60 KB", "skipped", None, why)
        return
    say("the first page")
    chromium = browser.Browser()
    try:
        chromium.open(stack.url + "/")
        wait_for("the page shows a shop", lambda: "Bench" in chromium.run("document.body.innerText") or time.sleep(0.1), 60)
        wait_for("all is there", lambda: all(one.bytes or one.failed for one in chromium.seen()[1]) or time.sleep(0.1), 60)
        asked = chromium.seen()[1]
    finally:
        chromium.close()
    total = sum(one.bytes for one in asked)
    table.add(measure, "≤ 60 KB", f"{total / 1000:.1f} KB", total <= 60_000, f"{len(asked)} requests, heads and all")


def measure(stack, table):
    """How much of the machine others took, in percent."""
    attempt(table, up, stack, table)
    others = Others(stack)
    attempt(table, rest, stack, table)
    token, user = create_accounts(stack)
    say(f"{view.ORDERS} orders")
    view.fill(stack, user)
    attempt(table, page, stack, table)
    for part in (view.rebuild, view.watch, view.lag):
        attempt(table, part, stack, token, table, say)
    return others.percent()


def main():
    table, start = Table(), time.monotonic()
    say("starting a stack")

    def all_of_it():
        with Stack() as stack:
            return measure(stack, table)

    others = within(LIMIT_S, table, all_of_it)
    asked = "".join(f" {part}" for part in PARTS)
    print(f"`test/bench/delivery.py{asked}` in {time.monotonic() - start:.0f} s on {machine()}.")
    print(beside(others))
    table.print()
    return 1 if table.has_failures() else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RuntimeError, subprocess.SubprocessError) as error:
        sys.exit(f"bench: {error}")
