"""The table that a benchmark prints, the machine it ran on, and the end of its time."""
import os
import platform
import resource
import signal
import sys
import time

from stack import TICKS

PARTS = sys.argv[1:]


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Table:
    def __init__(self):
        self.rows = []

    def add(self, measure, target, result, reached, note=""):
        """reached None: there is no target."""
        self.rows.append((measure, target, result, {None: "–", True: "yes"}.get(reached, "**no**"), note))

    def print(self):
        print("\n| measure | target | result | reached | beside it |\n|---|---|---|---|---|")
        for row in self.rows:
            print("| " + " | ".join(row) + " |")

    def has_failures(self):
        """Whether something could not be measured."""
        return any(result in ("failed", "not done") for _, _, result, _, _ in self.rows)


def attempt(table, part, *arguments):
    """What goes wrong in a part is a row, and the others are measured still."""
    if PARTS and not any(word in f"{part.__module__}.{part.__name__}" for word in PARTS):
        return
    try:
        part(*arguments)
    except Exception as error:  # whatever it is
        table.add(f"{part.__module__}.{part.__name__}", "", "failed", False, " ".join(f"{type(error).__name__}: {error}".split())[:500])


def machine():
    with open("/proc/cpuinfo") as f:
        model = next((line.split(":")[1].strip() for line in f if line.startswith("model name")), "unknown")
    return f"{os.cpu_count()} cores, {model}, Linux {platform.release()}"


class Others:
    """What other programs take of the machine, beside this one and those servers."""
    def __init__(self, *servers):
        self.servers, self.before, self.began = servers, self.busy_s(servers), time.monotonic()

    @staticmethod
    def busy_s(servers):
        """Processor time so far: of the whole machine, and of what belongs to this benchmark."""
        with open("/proc/stat") as f:
            user, nice, system, _, _, irq, softirq = map(int, f.readline().split()[1:8])
        own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return (user + nice + system + irq + softirq) / TICKS, \
            sum(one.ru_utime + one.ru_stime for one in own) + sum(sum(server.cpu().values()) for server in servers)

    def percent(self):
        """Since it was made; the servers are still the same processes."""
        all_of_it, ours = (after - before for after, before in zip(self.busy_s(self.servers), self.before))
        return max(0, 100 * (all_of_it - ours) / ((time.monotonic() - self.began) * os.cpu_count()))


class TooLong(BaseException):
    """Its time is over."""


def too_long(*_):
    raise TooLong


def within(seconds, table, measure):
    """What measure() returns; None, and a row that says so, when its time is over. Ends as it should where it is asked to."""
    signal.signal(signal.SIGALRM, too_long)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.alarm(seconds)
    try:
        return measure()
    except TooLong:
        table.add("all of it", f"≤ {seconds} s", "not done", False, "the rows that are missing were not measured")
        return None
    finally:
        signal.alarm(0)


def beside(percent):
    """A sentence of what others took; None = it was not seen."""
    if percent is None:
        return "What other programs took of the machine was not seen; do not trust these figures."
    return f"Other programs took {percent:.0f} % of the machine meanwhile{'; do not trust these figures' if percent > 10 else ''}."
