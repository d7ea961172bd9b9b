#!/usr/bin/env python3
"""Programs in other languages that listen to the bus: deploy/samples."""
import importlib.util
import os
import subprocess
import sys

from npm import OFFLINE
from shop import Shop
from stack import ROOT, run_cases
from tap import Skip, case, equal, eventually

SAMPLE = os.path.join(ROOT, "deploy/samples/follow_orders.py")
WANTED, PACKAGES = os.path.join(ROOT, "test/samples/requirements.txt"), os.path.join(ROOT, "build/samples")


def follow(stack, *words, packages=PACKAGES):
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen([sys.executable, SAMPLE, "--env", f"{stack.dir}/inspector.env", *words], env=env, text=True, cwd=stack.home,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def need_nats():
    """Installs nats-py where it is not there yet."""
    if not importlib.util.find_spec("pip"):
        raise Skip("pip is not installed")
    if os.path.isdir(os.path.join(PACKAGES, "nats")):
        return
    ran = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--target", PACKAGES, "-r", WANTED],
                         text=True, capture_output=True, timeout=600)
    if ran.returncode and (OFFLINE.search(ran.stderr) or "NewConnectionError" in ran.stderr):
        raise Skip("pip cannot fetch nats-py")
    equal(ran.returncode, 0, ran.stderr)


@case
def who_has_no_nats_py_is_told_what_to_install(stack):
    if getattr(importlib.util.find_spec("nats"), "origin", None):  # deploy/nats is none
        raise Skip("nats-py is installed")
    told = follow(stack, packages="/nonexistent")
    out, error = told.communicate(timeout=60)
    equal((told.returncode, out), (1, ""))
    assert "pip install nats-py" in error, error


@case
def it_tells_all_that_happens_to_orders(stack):
    need_nats()
    shop = Shop(stack)
    who, goods = shop.customer(), shop.product(on_hand=5)
    before = shop.confirmed(who, goods)
    eventually(lambda: stack.sql("select count(*) from hanok_order.outbox where outbox_status <> 'SENT'") == [["0"]])
    sample = follow(stack, "--all")
    try:
        equal(sample.stderr.readline(), "Following event.order.>\n")
        after = shop.confirmed(who, goods)
        lines = [sample.stdout.readline().split() for _ in range(4)]
    finally:
        sample.terminate()
        sample.wait(60)
    equal([line[1:4] for line in lines], [[kind, order["orderId"], status] for order in (before, after)
                                          for kind, status in (("order.created", "PENDING"), ("order.confirmed", "CONFIRMED"))])
    equal(lines[0][4:], ["12900", "KRW"])


if __name__ == "__main__":
    sys.exit(run_cases())
