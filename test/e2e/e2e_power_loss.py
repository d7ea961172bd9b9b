#!/usr/bin/env python3
"""The machines of MariaDB and NATS lose power in the middle of signups, and with it whatever was not synced."""
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../chaos"))
import disks  # noqa: E402
import tap  # noqa: E402
from busy import Crowded  # noqa: E402
from crowd import SERVERS, Crowd  # noqa: E402
from faults import apart, possible  # noqa: E402
from people import People  # noqa: E402
from rest import judge, look, served_again  # noqa: E402
from tap import case, equal, eventually, Skip  # noqa: E402

ROUNDS = (SERVERS, ("mysql",), ("nats",), SERVERS, ("mysql",))
WHY_NOT = disks.missing()


def want_disks():
    if WHY_NOT:
        raise Skip(WHY_NOT)


@case
def what_was_not_synced_is_gone(stack):
    """Else the rounds would show nothing."""
    want_disks()
    disk = disks.Disk(stack.home, "spare")
    disk.make()
    for name in ("synced", "not synced"):
        with open(f"{disk.mounted}/{name}", "w") as f:
            f.write("text")
            f.flush()
            if name == "synced":
                os.fsync(f.fileno())
    disk.lose_power()
    disk.get_power()
    equal(os.listdir(disk.mounted), ["synced"])
    disk.remove()


@case
def no_201_is_lost_and_every_saga_ends(stack):
    want_disks()
    stack.up()
    lost = next(fault for fault in possible(stack) if fault.wants_disks)
    with Crowded(People(stack)) as people:
        for names in ROUNDS:
            before = people.accepted()
            eventually(lambda before=before: people.accepted() >= before + 20, 120, "no signups")
            hit = apart(stack, lost, names, seconds=0.5)
        served_again(stack, people)
    facts = look(stack, people, hit.ended)
    equal([(line.name, line.violations[:3]) for line in judge(facts) if line.violations], [])


if __name__ == "__main__":
    if not WHY_NOT:
        disks.with_own_mounts()
    sys.exit(tap.run(Crowd(with_disks=not WHY_NOT)))
