#!/usr/bin/env python3
"""What a login answers, and how fast, tells nobody which accounts there are: 2,000 of each kind, in no order."""
import random
import statistics
import sys
import time

from clients import Client, address
from compare import ranks_z, shift, tells
from stack import PASSWORD, run_cases
from tap import case, equal, eventually

TIMES = 2000
IDS = 45  # of each kind: each fewer than 50 times, so that none is held by what comes from anywhere
WRONG = "not-the-password-1"
CHEAP_HASHES = {"HANOK_ARGON2_MEMORY_KIB": 8192, "HANOK_ARGON2_PASSES": 1}
measured = {}


def anonymous(reply):
    """A whole answer but for what is the request's own and the time of day."""
    head = [(k, v) for k, v in reply.headers.items() if k not in ("X-Request-Id", "Date", "Retry-After")]
    return reply.status, head, reply.body.replace(reply.headers["X-Request-Id"].encode(), b"")


def timed(client, login_id):
    begin = time.perf_counter()
    reply = client.login(login_id, WRONG)
    return time.perf_counter() - begin, reply


def interleave(stack, name, kinds, from_same, status):
    """Times of each kind of login id. Every round asks once for each, in random order, on one connection."""
    times, answers, waits = {kind: [] for kind in kinds}, {kind: set() for kind in kinds}, []
    for i in range(TIMES):
        order = list(kinds)
        random.shuffle(order)
        with Client(stack.port, address(0 if from_same else 1000 + i)) as client:
            client.connection.request("GET", "/welcome")  # the connection is there, whoever comes first
            client.connection.getresponse().read()
            wait = {}
            for kind in order:
                took, reply = timed(client, kinds[kind][i % IDS])
                equal(reply.status, status, f"{name}, {kind}: {reply!r}")
                times[kind].append(took)
                answers[kind].add(repr(anonymous(reply)))
                wait[kind] = int(reply.headers.get("Retry-After", 0))
            waits.append(max(wait.values()) - min(wait.values()))
    first, *others = answers.values()
    equal(len(first), 1, f"{name}: {first}")
    for other in others:
        equal(other, first, name)
    assert max(waits) <= 1, f"{name}: Retry-After differs by {max(waits)} s"
    measured[name] = times


def people(stack):
    everybody = [stack.person() for _ in range(IDS)]
    for person in everybody:
        equal(stack.signup(person).status, 201)
    return [person["loginId"] for person in everybody]


def strangers():
    return [f"nobody{random.randrange(10 ** 9)}.{i}" for i in range(IDS)]


@case
def the_gateway_counts_nobody(stack):
    """All of this comes from few addresses; who fails is counted by auth alone."""
    path = f"{stack.dir}/s6/gateway/run"
    with open(path) as f:
        text = f.read()
    assert "'--listen'" in text, text
    with open(path, "w") as f:
        f.write(text.replace("'--listen'", "'--rate-limit' 'off' '--listen'"))
    old = stack.kill("gateway")
    eventually(lambda: stack.pid("gateway") not in (None, old))
    eventually(stack.ready, 120)
    assert "limits are off" in stack.logs("gateway")


@case
def wrong_passwords_are_answered_alike(stack):
    interleave(stack, "told", {"known": people(stack), "unknown": strangers()}, False, 401)


@case
def who_is_held_is_answered_alike(stack):
    kinds = {"known": people(stack), "unknown": strangers()}
    with Client(stack.port, address(0)) as client:
        for login_id in kinds["known"] + kinds["unknown"]:
            for _ in range(5):
                equal(client.login(login_id, WRONG).status, 401)
    # For as long as this takes, by the same moment for all.
    stack.sql("""update hanok_auth.attempt set holds = 6, until_at = date_add(utc_timestamp(6), interval 890 second),
                 over_at = date_add(utc_timestamp(6), interval 1790 second) where until_at is not null""")
    interleave(stack, "held", kinds, True, 429)


@case
def the_times_tell_nothing(_):
    def median_ms(which, kind):
        return 1000 * statistics.median(measured[which][kind])
    hash_s = max(0.0005, (median_ms("told", "known") - median_ms("held", "known")) / 1000)
    wrong = []
    for which, times in measured.items():
        for kind in times:
            a, b = times["known"], times[kind]
            print(f"# {which}: {kind} {median_ms(which, kind):.3f} ms, {1e6 * shift(b, a):+.0f} us, "
                  f"{ranks_z(b, a):+.1f} standard deviations; a hash is {1000 * hash_s:.2f} ms", flush=True)
            if tells(a, b, hash_s / 10):
                wrong.append(f"{which}: known and {kind} differ by {1e6 * shift(b, a):.0f} us")
    equal(wrong, [])


@case
def a_tenth_of_a_hash_would_have_been_found(_):
    """The comparison itself, on times that no machine has made: as they come from a busy one."""
    draw = random.Random(1)

    def sample(more_s):
        return [0.005 + more_s + draw.expovariate(1 / 0.0005) + (draw.random() < 0.02) * draw.uniform(0, 0.1)
                for _ in range(TIMES)]
    for _ in range(20):
        assert not tells(sample(0), sample(0), 0.0005)
        assert tells(sample(0), sample(0.00065), 0.0005)
        assert tells(sample(0.005), sample(0), 0.0005)
        assert not tells(sample(0), sample(0.00005), 0.0005)


if __name__ == "__main__":
    sys.exit(run_cases(**CHEAP_HASHES))
