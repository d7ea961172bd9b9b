#!/usr/bin/env python3
"""Attacks what docs/architecture.md promises: `make chaos`. People sign up, log in and read on a stack of its own, two
instances of each service, while processes are killed, paused, kept away and their disks lose power, as a seed has it.
Then all must be whole. Prints the verdict as Markdown; ends with 1 on any violation."""
import argparse
import os
import platform
import random
import subprocess
import sys
import time
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(os.path.dirname(HERE), "e2e")]
sys.dont_write_bytecode = True
import disks  # noqa: E402
import weather  # noqa: E402
from busy import AT_A_TIME, Crowded, SHOPPING, Steady  # noqa: E402
from crowd import Crowd, IMPATIENT  # noqa: E402
from faults import Day, RARELY, apart, possible  # noqa: E402
from memory import Memory, memory_table  # noqa: E402
from people import People  # noqa: E402
from rest import judge, look, served_again  # noqa: E402
from stack import ROOT, SERVICES  # noqa: E402
from tap import eventually  # noqa: E402

SEEDS_S = 1800  # guards against hanging
ALONE_S = 8  # how long each fault is watched, with PLAN=apart
SHOWN = 5


def say(text):
    print(f"chaos: {text}", file=sys.stderr, flush=True)


def simulate(seeds):
    """Each simulation over so many seeds; what failed, with what it said."""
    listed = subprocess.run(["make", "-s", "list"], cwd=ROOT, text=True, capture_output=True, check=True).stdout.split()
    failed = []
    for program in (word for word in listed if word.endswith("_simulation_test")):
        subprocess.run(["make", "-s", "V=0", program], cwd=ROOT, check=True)
        say(f"{os.path.basename(program)} over {seeds:,} seeds")
        done = subprocess.run([program], cwd=ROOT, env={**os.environ, "SIM_SEEDS": str(seeds)}, text=True, timeout=SEEDS_S,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            failed.append(f"{program}: {done.stdout}")
    return failed


class Seen(NamedTuple):
    people: People
    hits: list
    watches: list = []  # (hit, until, answers), of a fault by itself
    ready: float = 0  # when all services were, after the last hit
    memory: dict = {}  # {process: samples}


def a_mixed_day(stack, seconds, seed, orders=0, spared=()):
    """Everything at once, until there are so many orders. spared: who lives through it, and how much memory that takes."""
    day = Day(stack, seed, spared)
    crowd = Crowded(People(stack), SHOPPING if orders else AT_A_TIME)
    with crowd as people:
        eventually(lambda: people.accepted() >= 20)
        with Memory(stack, spared, seconds) as memory:
            day.live(seconds, lambda: crowd.have_ordered(orders), RARELY if orders else 1)
        ready = served_again(stack, people)
    return Seen(people, day.hits, ready=ready, memory=memory.once_warm())


def a_long_day(stack, seconds, seed, orders=0):
    """One instance of each service lives through all that happens to the other, to the servers and to what it waits for."""
    return a_mixed_day(stack, seconds, seed, orders, SERVICES)


def one_after_another(stack, seconds, seed, _orders=0):
    """Each fault by itself, and what people were told until the next."""
    rounds = random.Random(seed)
    watches = []
    with Steady(People(stack)) as people:
        eventually(lambda: people.accepted() >= 20)
        until = time.monotonic() + seconds
        rows = [(fault, names) for fault in possible(stack) for names in fault.targets]
        while time.monotonic() < until:
            for fault, names in rounds.sample(rows, len(rows)):
                hit = apart(stack, fault, names)
                time.sleep(ALONE_S)
                watches.append((hit, time.monotonic()))
                eventually(stack.all_ready, 120)
        ready = served_again(stack, people)
    order = {(fault.name, names): n for n, (fault, names) in enumerate(rows)}
    watches.sort(key=lambda watch: order[watch[0].fault, watch[0].names])
    watches = [(hit, end, weather.within(people.answers, hit.begun, end)) for hit, end in watches]
    return Seen(people, [hit for hit, _, _ in watches], watches, ready)


PLANS = {"mixed": a_mixed_day, "apart": one_after_another, "soak": a_long_day}


def report(args, facts, seen, lines):
    print(f"\n`make chaos SECONDS={args.seconds} SEED={args.seed} PLAN={args.plan}{f' ORDERS={args.orders}' if args.orders else ''}`, {platform.machine()}, {os.cpu_count()} cores: "
          f"{len(facts.signups):,} signups and {len(facts.orders):,} orders accepted, {len(seen.hits):,} faults. After the last of them all services were ready within "
          f"{facts.service_s:.1f} s, every saga had ended within {facts.sagas_s:.1f} s.\n")
    print(weather.faults_table(seen.hits), "\n")
    print(weather.answers_table(facts.answers), "\n")
    print(weather.table(("what became of orders", "times"), facts.outcomes), "\n")
    if seen.watches:
        print(weather.apart_table(seen.watches), "\n")
    if seen.memory:
        print(memory_table(seen.memory), "\n")
    print(weather.table(("what must be true", "looked at", "violations"),
                        [(line.name, line.looked, len(line.violations)) for line in lines]))
    for line in lines:
        for violation in line.violations[:SHOWN]:
            print(f"\nviolation: {line.name}: {violation}")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--orders", type=int, default=0, help="that are accepted before the day may be over")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--seeds", type=int, default=100000, help="of the simulation before; 0 leaves it out")
    parser.add_argument("--plan", choices=PLANS, default="mixed")
    args = parser.parse_args()
    for name in [name for name in os.environ if name.startswith(("MAKE", "MFLAGS", "HANOK_"))]:
        del os.environ[name]
    why_not = disks.missing()
    if why_not:
        say(f"no disk loses power: {why_not}")
    else:
        disks.with_own_mounts()
    if args.seed is None:
        args.seed = random.SystemRandom().randrange(1, 1 << 32)

    failed = simulate(args.seeds) if args.seeds else []
    stack = Crowd(with_disks=not why_not, **IMPATIENT)
    random.seed(args.seed)
    say(f"SEED={args.seed}, {args.seconds} s; {stack.home}")
    stack.up()
    seen = PLANS[args.plan](stack, args.seconds, args.seed, args.orders)
    say("all is quiet; looking")
    facts = look(stack, seen.people, max(hit.ended for hit in seen.hits), seen.ready)
    facts.memory = seen.memory
    lines = judge(facts)
    report(args, facts, seen, lines)
    for text in failed:
        print(f"\nviolation: {text}")
    bad = sum(len(line.violations) for line in lines)
    if bad:
        stack.keep()
        say(f"the stack stays for a look, down: {stack.dir}")
    bad += len(failed)
    print(f"\n{seen.people.accepted()} signups and {len(seen.people.orders)} orders accepted, {len(seen.hits)} faults, {bad} violations", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
