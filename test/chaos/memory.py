"""How much memory processes have while a day goes on, by /proc, and whether it stays the same."""
import itertools
import statistics
import threading
import time
from typing import NamedTuple

from verdict import check
from weather import table

SAMPLES = 300  # of a process, in a day
WARM = 1 / 3  # of the day: until caches and pools are full
SLACK_KIB, SLACK_SHARE = 4096, 0.2  # what is no growth, whichever is more; the longer the day, the smaller the leak it finds


class Sample(NamedTuple):
    at: float  # of the monotonic clock
    pid: int  # None: there was no process
    kib: int  # its own: what it shares with files does not count


def sample(stack, name):
    pid = stack.pid(name)
    try:
        with open(f"/proc/{pid}/status") as f:
            rows = dict(line.split(":", 1) for line in f)
        return Sample(time.monotonic(), pid, sum(int(rows[row].split()[0]) for row in ("RssAnon", "VmSwap")))
    except (OSError, KeyError):  # gone, or nearly so
        return Sample(time.monotonic(), None, 0)


class Memory:
    """Looks at those processes for so many seconds."""

    def __init__(self, stack, names, seconds):
        self.stack, self.seconds = stack, seconds
        self.samples = {name: [] for name in names}
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while not self.over.wait(self.seconds / SAMPLES):
            for name, samples in self.samples.items():
                samples.append(sample(self.stack, name))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def once_warm(self):
        """{name: samples} of the rest of the day."""
        return {name: samples[int(WARM * len(samples)):] for name, samples in self.samples.items()}


def growth_kib(samples):
    """From the first to the last, by the median of the slopes between any two: what comes and goes again is no growth."""
    slopes = [(b.kib - a.kib) / (b.at - a.at) for a, b in itertools.combinations(samples, 2) if b.at > a.at]
    return statistics.median(slopes) * (samples[-1].at - samples[0].at) if slopes else 0.0


def slack_kib(samples):
    return max(SLACK_KIB, SLACK_SHARE * statistics.median(one.kib for one in samples))


@check
def memory_stays_what_it_was(facts):
    for name, samples in facts.memory.items():
        if len({one.pid for one in samples}) != 1 or not samples[0].pid:
            yield f"{name} did not live through the day, or nobody looked"
        elif (grown := growth_kib(samples)) > slack_kib(samples):
            yield f"{name} has grown by {grown:,.0f} KiB in {samples[-1].at - samples[0].at:,.0f} s, to {samples[-1].kib:,} KiB"
    return sum(len(samples) for samples in facts.memory.values())


def memory_table(memory):
    """One row a process, in MiB."""
    rows = []
    for name, samples in memory.items():
        kib = [one.kib for one in samples] or [0]
        rows.append((name, len(samples), *(round(each / 1024, 1) for each in (min(kib), statistics.median(kib), max(kib), growth_kib(samples)))))
    return table(("process", "looked at", "least MiB", "median MiB", "most MiB", "growth MiB"), rows)
