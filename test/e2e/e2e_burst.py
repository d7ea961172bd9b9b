#!/usr/bin/env python3
# test/run: alone
"""As many requests at once as are promised to be queued: none is refused, as long as the machine is theirs."""
import sys

from load import Load
from reader import Reader
from stack import run_cases
from tap import case, equal, eventually


@case
def a_burst_is_queued_and_served(stack):
    reader = Reader(stack)
    with Load(64, lambda: reader.login().status) as load:
        eventually(lambda: load.count() >= 200, 120)
    equal(load.count(lambda status: status != 200), 0, "64 logins at once")
    with Load(256, lambda: reader.read().status) as load:
        eventually(lambda: load.count() >= 2000, 120)
    equal(load.count(lambda status: status != 200), 0, "256 reads at once")


if __name__ == "__main__":
    sys.exit(run_cases())
