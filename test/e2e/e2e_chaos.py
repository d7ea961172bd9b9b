#!/usr/bin/env python3
# test/run: first asan tsan by-chance
"""What `make chaos` does, for a moment; and that its verdict would find what it looks for."""
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../chaos"))
import shop_invariants  # noqa: E402
import tap  # noqa: E402
from busy import Crowded  # noqa: E402
from crowd import Crowd, EVERYBODY  # noqa: E402
from faults import Day, FAULTS, stop  # noqa: E402
from memory import Memory  # noqa: E402
from people import People  # noqa: E402
from planted import PLANTS, whole_day  # noqa: E402
from planted_shop import BREAKS, SECRETS  # noqa: E402
from rest import judge, look, served_again  # noqa: E402
from shop import Provider, Shop  # noqa: E402
from stack import SERVICES  # noqa: E402
from tap import case, equal, eventually  # noqa: E402
from verdict import CHECKS  # noqa: E402

SECONDS = 12


def broken(facts):
    return {line.name for line in judge(facts) if line.violations}


@case
def a_day_that_is_whole_breaks_no_check(_stack):
    equal(broken(whole_day()), set())


@case
def each_check_finds_what_breaks_it(_stack):
    equal(set(PLANTS), {check.__name__.replace("_", " ") for check in CHECKS})
    for name, plants in PLANTS.items():
        for number, plant in enumerate(plants):
            facts = whole_day()
            plant(facts)
            assert name in broken(facts), f"{name}: plant {number} is not found"


class Paper:
    """A stack on which nothing happens."""
    disks = {"nats", "mysql"}

    def is_up(self, _name):
        return True


@case
def a_seed_makes_the_same_day(_stack):
    def day(seed):
        chosen = Day(Paper(), seed)
        return [(fault.name, names, seconds) for fault, names, seconds in (chosen.choose() for _ in range(5000))]
    equal(day(7), day(7))
    assert day(7) != day(8)
    equal({(name, names) for name, names, _ in day(7)}, {(fault.name, names) for fault in FAULTS for names in fault.targets})


@case
def who_is_watched_for_long_is_never_ended(_stack):
    day = Day(Paper(), 7, SERVICES)
    hits = [(fault, names) for fault, names, _ in (day.choose() for _ in range(5000))]
    ended = {name for fault, names in hits if fault.begin is not stop for name in names}
    equal(ended, set(EVERYBODY) - set(SERVICES))
    equal({name for _, names in hits for name in names}, set(EVERYBODY))


@case
def memory_is_that_of_the_process(_stack):
    class Here:
        def pid(self, name):
            return os.getpid() if name == "me" else None

    with Memory(Here(), ("me", "nobody"), 3) as memory:
        eventually(lambda: len(memory.samples["nobody"]) >= 9)
    mine = memory.once_warm()["me"]
    assert 6 <= len(mine) < len(memory.samples["me"]), mine
    assert all(one.pid == os.getpid() and one.kib > 1000 for one in mine), mine
    equal({(one.pid, one.kib) for one in memory.samples["nobody"]}, {(None, 0)})


@case
def all_is_whole_after_a_bad_day(stack):
    stack.up()
    day = Day(stack, 1)
    with Crowded(People(stack)) as people:
        eventually(lambda: people.accepted() >= 10)
        day.live(SECONDS)
        served_again(stack, people)
    assert len(day.hits) >= SECONDS / 2, day.hits
    facts = look(stack, people, max(hit.ended for hit in day.hits))
    equal([(line.name, line.violations[:3]) for line in judge(facts) if line.violations], [])


@case
def each_invariant_of_the_shop_is_seen_to_break(stack):
    shop = Shop(stack)
    order = shop.confirmed(shop.customer(), shop.product())["orderId"].replace("-", "")
    eventually(lambda: stack.sql(f"select status from hanok_store.ticket where order_id = x'{order}'") == [["RECEIVED"]])
    eventually(lambda: shop_invariants.at_rest(stack) or None, 120)
    book, checks = Provider(stack).book(), dict(shop_invariants.CHECKS)
    equal({*BREAKS, *SECRETS}, set(checks))
    for name, look_for in checks.items():
        equal(list(look_for(stack, book, ())), [], name)
        for broken, mended in BREAKS.get(name, ()):
            stack.sql(broken.format(order))
            found = list(look_for(stack, book, ()))
            stack.sql(mended.format(order))
            assert found, f"{name}: nothing is found after {broken}"
        if name in SECRETS:
            assert list(look_for(stack, book, SECRETS[name])), name
    assert list(checks["i2 what the provider has booked is what was asked for"](stack, [*book, book[-1]], ()))


if __name__ == "__main__":
    sys.exit(tap.run(Crowd(with_disks=False)))
