#!/usr/bin/env python3
"""Prints what docs/benchmarks.md says of containers: sizes of the images, time to the first user, memory
after one user and after many logins. Needs the images (make images) and an engine; takes the command: docker-compose, or docker compose."""
import json
import sys
import time

import compose
from compose import Compose, docker
from load import Load
from stack import SERVICES
from tap import eventually

RUNS = 3


def memory(stack):
    """MB of each service as the engine counts them: without what can be read again from files."""
    said = {}
    for name in ("nats", "mysql", *SERVICES):
        line = json.loads(docker("stats", "--no-stream", "--format", "{{json .}}", stack.containers(name)[0]))
        number = line["MemUsage"].split("/")[0].strip()
        said[name] = float(number.rstrip("GMKiB")) * (1 if "MiB" in number else 1024 if "GiB" in number else 1 / 1024)
    return said


def first_user(stack):
    """Seconds from `up` on nothing to the answer of the first signup."""
    start = time.monotonic()
    stack.compose("up", "-d", "--no-build")
    up = time.monotonic() - start
    person = stack.person()

    def signed_up():
        try:
            return stack.signup(person).status == 201
        except OSError:
            return False
    eventually(signed_up, 120)
    return up, time.monotonic() - start


def main():
    command = sys.argv[1:] or ["docker-compose"]
    if compose.skip(command):
        return
    print("| image | MB |\n|---|---|")
    for program in (*SERVICES, "migrate", "streams"):
        size = int(docker("image", "inspect", "-f", "{{.Size}}", f"hanok-{program}:latest"))
        print(f"| hanok-{program} | {size / 1e6:.1f} |")
    times = []
    for _ in range(RUNS):
        stack = Compose(command)
        stack.begin()
        times.append(first_user(stack))
        if len(times) < RUNS:
            stack.down()
    print(f"\n`{' '.join(command)} up -d` on empty volumes, {RUNS} runs: " +
          ", ".join(f"returned after {up:.1f} s, first user after {user:.1f} s" for up, user in times))
    rest = memory(stack)
    person = stack.person()
    stack.signup(person)
    with Load(16, lambda: stack.login(person).status) as load:
        eventually(lambda: load.count() >= 500, 120)
    used = memory(stack)
    print("\n| container | MiB after the first user | MiB after 500 logins |\n|---|---|---|")
    for name in rest:
        print(f"| {'db' if name == 'mysql' else name} | {rest[name]:.1f} | {used[name]:.1f} |")
    stack.down()


if __name__ == "__main__":
    main()
