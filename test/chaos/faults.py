"""What happens to processes, as rows; and a day that a seed makes of them."""
import heapq
import os
import random
import shutil
import signal
import subprocess
import time
from typing import Callable, NamedTuple

from crowd import EVERYBODY, SERVERS
from stack import SERVICES
from tap import eventually

GAP_S = (0.4, 1.8)  # from one fault to the next
RARELY = 3  # times as long


def send(stack, names, number):
    for name in names:
        if pid := stack.pid(name):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass


def kill(stack, names):
    send(stack, names, signal.SIGKILL)


def end(stack, names):
    send(stack, names, signal.SIGTERM)


def stop(stack, names):
    send(stack, names, signal.SIGSTOP)


def go_on(stack, names):
    send(stack, names, signal.SIGCONT)


def take_away(stack, names):
    for name in names:
        stack.control(name, "-d")


def bring_back(stack, names):
    for name in names:
        stack.control(name, "-u")


def be_gone(stack, names):
    take_away(stack, names)
    kill(stack, names)


def is_down(stack, name):
    said = subprocess.run(["s6-svstat", "-o", "up", f"{stack.dir}/s6/{name}"], text=True, capture_output=True)
    return said.stdout.strip() == "false" and not stack.is_up(name)


def lose_power(stack, names):
    """Processor and disk at the same time: nobody goes on and answers from a memory that has no disk any more."""
    stop(stack, names)
    for name in names:
        stack.disks[name].lose_power()
        stack.control(name, "-O")  # it stays dead
    kill(stack, names)


def get_power(stack, names):
    for name in names:
        eventually(lambda name=name: is_down(stack, name), why=f"{name} is not dead")
        stack.disks[name].get_power()
    bring_back(stack, names)


def empty_store(stack, names):
    """nats-server starts with nothing it had: no stream, no consumer."""
    for name in names:
        eventually(lambda name=name: is_down(stack, name), why=f"{name} is not dead")
        for entry in os.scandir(f"{stack.dir}/{name}"):
            shutil.rmtree(entry)
    bring_back(stack, names)


def each(names):
    return [(name,) for name in names]


class Fault(NamedTuple):
    name: str
    targets: list  # of processes that are hit together
    weight: int
    begin: Callable
    end: Callable  # None: the supervisor does
    seconds: tuple  # from begin to end, at least and at most
    wants_disks: bool = False


PAIRS = [(name, name + "2") for name in SERVICES]
FAULTS = (
    Fault("killed", each(EVERYBODY), 8, kill, None, (0, 0)),
    Fault("paused", each(EVERYBODY), 5, stop, go_on, (0.2, 6)),
    Fault("restarted", each(EVERYBODY), 4, end, None, (0, 0)),
    Fault("kept away", each(EVERYBODY), 2, take_away, bring_back, (1, 5)),
    Fault("both killed", [*PAIRS, SERVERS], 2, kill, None, (0, 0)),
    Fault("both paused", PAIRS, 1, stop, go_on, (0.5, 4)),
    Fault("power lost", [*each(SERVERS), SERVERS], 1, lose_power, get_power, (0.2, 2), wants_disks=True),
    Fault("store emptied", [("nats",)], 1, be_gone, empty_store, (0.1, 1)),
)


def possible(stack):
    return [fault for fault in FAULTS if stack.disks or not fault.wants_disks]


def sparing(faults, names):
    """Those faults, but none that ends a process of names: all that may happen to these is that they are paused."""
    rows = [fault if fault.begin is stop else fault._replace(targets=[those for those in fault.targets if not set(names).intersection(those)])
            for fault in faults]
    return [fault for fault in rows if fault.targets]


class Hit(NamedTuple):
    """A fault that happened; times of the monotonic clock."""
    fault: str
    names: tuple
    begun: float
    ended: float


class Day:
    """Faults as a seed has them, one after another, until the time is over; then all is as it should be. spared: who lives through
    it."""

    def __init__(self, stack, seed, spared=()):
        self.stack = stack
        self.random = random.Random(seed)
        self.faults = sparing(possible(stack), spared)
        self.open = []  # heap of (when it ends, number, fault, names, begun)
        self.busy = set()
        self.hits = []

    def choose(self):
        """A fault and whom it hits: none that is not up, none that is in the middle of another fault."""
        while True:
            fault = self.random.choices(self.faults, [f.weight for f in self.faults])[0]
            names = self.random.choice(fault.targets)
            seconds = self.random.uniform(*fault.seconds)
            if not self.busy.intersection(names) and all(map(self.stack.is_up, names)):
                return fault, names, seconds
            time.sleep(0.01)
            self.end_what_is_over()

    def begin(self):
        fault, names, seconds = self.choose()
        begun = time.monotonic()
        fault.begin(self.stack, names)
        if fault.end:
            self.busy.update(names)
            heapq.heappush(self.open, (begun + seconds, len(self.hits) + len(self.open), fault, names, begun))
        else:
            self.hits.append(Hit(fault.name, names, begun, begun))

    def end_what_is_over(self, all_of_it=False):
        while self.open and (all_of_it or self.open[0][0] <= time.monotonic()):
            _, _, fault, names, begun = heapq.heappop(self.open)
            fault.end(self.stack, names)
            self.busy.difference_update(names)
            self.hits.append(Hit(fault.name, names, begun, time.monotonic()))

    def live(self, seconds, enough=lambda: True, times=1):
        """So many seconds, and until enough() is so. times: how much longer it is to the next fault."""
        until = time.monotonic() + seconds
        try:
            while (now := time.monotonic()) < until or not enough():
                self.begin()
                following = now + times * self.random.uniform(*GAP_S)
                while (left := following - time.monotonic()) > 0:
                    time.sleep(min(left, 0.05))
                    self.end_what_is_over()
        finally:
            self.end_what_is_over(all_of_it=True)


def apart(stack, fault, names, seconds=3.0):
    """One fault with nothing else around it."""
    begun = time.monotonic()
    fault.begin(stack, names)
    if fault.end:
        time.sleep(seconds)
        fault.end(stack, names)
    return Hit(fault.name, names, begun, time.monotonic())


