#!/usr/bin/env python3
# test/run: alone
"""What a login answers, and how fast, tells nobody which accounts there are: as many of each kind, in
no order, as it takes to tell a tenth of a hash, at most 2,000."""
import random
import statistics
import sys
import time

from clients import Client, address
from compare import enough, ranks_z, shift, tells
from stack import PASSWORD, run_cases
from tap import case, equal, eventually

TIMES, AT_ONCE = 2000, 250
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


class Asked:
    """Times of each kind of login id. Every round asks once for each, in random order, on one connection."""

    def __init__(self, stack, name, kinds, from_same, status):
        self.stack, self.name, self.kinds, self.from_same, self.status = stack, name, kinds, from_same, status
        self.times, self.answers = {kind: [] for kind in kinds}, {kind: set() for kind in kinds}
        measured[name] = self
        self.more()

    def one_round(self, number):
        order, waits = list(self.kinds), []
        random.shuffle(order)
        with Client(self.stack.port, address(0 if self.from_same else 1000 + number)) as client:
            client.connection.request("GET", "/welcome")  # the connection is there, whoever comes first
            client.connection.getresponse().read()
            for kind in order:
                took, reply = timed(client, self.kinds[kind][number % IDS])
                equal(reply.status, self.status, f"{self.name}, {kind}: {reply!r}")
                self.times[kind].append(took)
                self.answers[kind].add(repr(anonymous(reply)))
                waits.append(int(reply.headers.get("Retry-After", 0)))
        assert max(waits) - min(waits) <= 1, f"{self.name}: Retry-After is {waits} s"

    def rounds(self):
        return len(self.times["known"])

    def more(self):
        for number in range(self.rounds(), self.rounds() + AT_ONCE):
            self.one_round(number)
        first, *others = self.answers.values()
        equal(len(first), 1, f"{self.name}: {first}")
        for other in others:
            equal(other, first, self.name)

    def median_ms(self, kind="known"):
        return 1000 * statistics.median(self.times[kind])

    def enough(self, least):
        return all(enough(self.times["known"], times, least) for kind, times in self.times.items() if kind != "known")


def hash_s():
    return max(0.0005, (measured["told"].median_ms() - measured["held"].median_ms()) / 1000)


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
    Asked(stack, "told", {"known": people(stack), "unknown": strangers()}, False, 401)


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
    Asked(stack, "held", kinds, True, 429)


@case
def the_times_tell_nothing(_):
    for asked in measured.values():
        while asked.rounds() < TIMES and not asked.enough(hash_s() / 10):
            asked.more()
    wrong = []
    for which, asked in measured.items():
        for kind, times in asked.times.items():
            known = asked.times["known"]
            print(f"# {which}: {kind} {asked.median_ms(kind):.3f} ms of {asked.rounds()}, {1e6 * shift(times, known):+.0f} us, "
                  f"{ranks_z(times, known):+.1f} standard deviations; a hash is {1000 * hash_s():.2f} ms", flush=True)
            if tells(known, times, hash_s() / 10):
                wrong.append(f"{which}: known and {kind} differ by {1e6 * shift(times, known):.0f} us")
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
        assert enough(sample(0), sample(0), 0.0005)
        assert not enough(sample(0)[:20], sample(0)[:20], 0.0005), "of so few nothing can be told"
        assert not enough(sample(0), sample(0.00065), 0.0005) and not enough(sample(0.00065), sample(0), 0.0005)


if __name__ == "__main__":
    sys.exit(run_cases(**CHEAP_HASHES))
