"""What somebody waits who is alone, or who comes at a fixed rate, whether or not those before him have been answered."""
import csv
import os
import shutil
import statistics
import subprocess

from load import Wrk, asked
from stack import ROOT

RATE = 5000
PARTS = (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999))


def over_the_bus(stack, token, user, rounds, table, say):
    """The same question by HTTP and without it, in turns."""
    http, bare = [], []
    for i in range(rounds):
        say(f"one at a time, round {i + 1} of {rounds}")
        http.append(Wrk(f"{stack.url}/users/{user}", 1, 2, "get", token).result()["p50Us"])
        bare.append(asked(stack, "user.get", user, {"userId": user}, 2)["p50Us"])
    both = [statistics.median(results) for results in (http, bare)]
    table.add("GET /users/{id}, one at a time: p50 less that of a bare NATS request", "≤ 120 µs", f"{both[0] - both[1]:.0f} µs",
              both[0] - both[1] <= 120, f"{both[0]:.0f} less {both[1]:.0f} µs")


def vegeta():
    """Its path; None where it was not built."""
    return shutil.which("vegeta", path=os.pathsep.join((os.environ["PATH"], f"{ROOT}/build/tools", os.path.expanduser("~/go/bin"))))


def attacked(program, stack, token, user, seconds, rate):
    """(the parts in ms, how many were not answered 200)."""
    targets, results = f"{stack.dir}/targets", f"{stack.dir}/results"
    with open(targets, "w") as f:
        f.write(f"GET {stack.url}/users/{user}\nAuthorization: Bearer {token}\n")
    subprocess.run([program, "attack", f"-rate={rate}/1s", f"-duration={seconds}s", f"-targets={targets}", "-max-body=0", "-timeout=10s",
                    f"-output={results}"], check=True, stdin=subprocess.DEVNULL)
    done = subprocess.run([program, "encode", "-to=csv", results], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    rows = [(row[1], int(row[2]) / 1e6) for row in csv.reader(done.stdout.splitlines())]
    took = sorted(ms for _, ms in rows)
    return [took[int(len(took) * part)] for _, part in PARTS], sum(code != "200" for code, _ in rows)


def at_a_rate(stack, token, user, rounds, table, say, rate=RATE):
    """An open loop: who is late delays nobody who comes after."""
    name = "GET /users/{id}, " + f"{rate:,}/s whatever is answered: " + " / ".join(part for part, _ in PARTS)
    if not vegeta():
        table.add(name, "said", "skipped", None, "there is no vegeta; test/go_tools.sh build/tools")
        return
    rounds_ms, failed = [], 0
    for i in range(rounds):
        say(f"{rate} reads/s, round {i + 1} of {rounds}")
        parts, bad = attacked(vegeta(), stack, token, user, 4, rate)
        rounds_ms.append(parts)
        failed += bad
    medians = [statistics.median(parts) for parts in zip(*rounds_ms)]
    table.add(name, "said", " / ".join(f"{ms:.2f}" for ms in medians) + " ms", None, f"{failed} of {rounds * 4 * rate:,} failed")
