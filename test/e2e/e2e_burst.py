#!/usr/bin/env python3
# test/run: alone
"""As many requests at once as are promised to be queued: no queue refuses any."""
import sys

from load import Load
from reader import Reader
from stack import run_cases
from tap import case, equal, eventually


def told(reply):
    return "served" if reply.status == 200 else reply.json()["code"]


@case
def a_burst_is_queued_and_served(stack):
    """A machine that is busy otherwise may be too slow for some, and a breaker then spares it others: that refuses nobody."""
    reader = Reader(stack)
    for clients, enough, ask in ((64, 200, reader.login), (256, 2000, reader.read)):
        with Load(clients, lambda ask=ask: told(ask())) as load:
            eventually(lambda load=load, enough=enough: load.count(lambda it: it == "served") >= enough, 120)
        equal(set(load.seen) - {"served", "timeout", "unavailable"}, set(), f"{clients} at once")


if __name__ == "__main__":
    sys.exit(run_cases(RATE_LIMIT="off"))
