#!/usr/bin/env python3
# test/run: first tsan by-chance
"""Every saga ends, whatever is killed in the middle of signups."""
import random
import signal
import sys
import time

from load import Load, outcome
from reader import Reader
from signups import CLIENTS, Signups, check_nothing_is_half, open_sagas
from stack import DEMOS, PROCESSES, run_cases
from tap import case, equal, eventually

EVERYWHERE = [name for name in PROCESSES if name not in DEMOS]  # in containers too


def kill_while_signing_up(stack, name, times):
    signups = Signups(stack)
    with Load(CLIENTS, signups.ask) as load:
        eventually(lambda: len(signups.accepted) >= 10)
        for _ in range(times):
            old = stack.kill(name)
            eventually(lambda: stack.pid(name) not in (None, old))
            eventually(lambda: stack.ready(), 120)
            served = len(signups.accepted)
            eventually(lambda: len(signups.accepted) >= served + 10, 60, f"no signups after {name} was killed")
    assert load.count(lambda told: told == 201) > 0
    check_nothing_is_half(stack, signups.accepted)


@case
def auth_is_killed(stack):
    kill_while_signing_up(stack, "auth", 3)


@case
def user_is_killed(stack):
    kill_while_signing_up(stack, "user", 3)


@case
def the_gateway_is_killed(stack):
    kill_while_signing_up(stack, "gateway", 2)


@case
def nats_server_is_killed(stack):
    kill_while_signing_up(stack, "nats", 2)


@case
def mariadb_is_killed(stack):
    kill_while_signing_up(stack, "mysql", 2)


@case
def several_are_killed_at_once(stack):
    signups = Signups(stack)
    with Load(CLIENTS, signups.ask):
        eventually(lambda: len(signups.accepted) >= 10)
        for _ in range(3):
            old = {name: stack.kill(name) for name in random.sample(EVERYWHERE, 3)}
            eventually(lambda old=old: all(stack.pid(name) not in (None, pid) for name, pid in old.items()))
            eventually(lambda: stack.ready(), 120)
    check_nothing_is_half(stack, signups.accepted)


def read_somebody(readers):
    """Asks for the profile of one of them: it is that one's, or 503 or 504."""
    reader = random.choice(readers)
    reply = outcome(reader.read)
    if isinstance(reply, str):
        time.sleep(0.05)
        return reply
    if reply.status == 200:
        equal((reply.json()["userId"], reply.json()["email"]), (reader.user_id, reader.person["email"]))
    else:
        assert reply.status in (503, 504), repr(reply)
        time.sleep(0.01)
    return reply.status


@case
def who_reads_meanwhile_gets_what_is_his(stack):
    readers = [Reader(stack) for _ in range(8)]
    signups = Signups(stack)
    with Load(CLIENTS, signups.ask), Load(24, lambda: read_somebody(readers)) as load:
        for name in ("user", "nats", "mysql", "gateway", "auth", "user"):
            read = load.count(lambda told: told == 200)
            eventually(lambda read=read: load.count(lambda told: told == 200) >= read + 200, 60, f"nobody reads before {name} is killed")
            stack.kill(name)
        eventually(lambda: stack.ready(), 120)
        read = load.count(lambda told: told == 200)
        eventually(lambda: load.count(lambda told: told == 200) >= read + 200)
    check_nothing_is_half(stack, signups.accepted)


@case
def user_is_frozen_and_thaws(stack):
    signups = Signups(stack)
    with Load(CLIENTS, signups.ask):
        eventually(lambda: len(signups.accepted) >= 10)
        pid = stack.kill("user", signal.SIGSTOP)
        eventually(lambda: open_sagas(stack) >= CLIENTS, 60, "sagas do not wait for the frozen service")
        time.sleep(3)  # longer than a step's own time, much shorter than a saga's
        stack.kill("user", signal.SIGCONT)
        equal(stack.pid("user"), pid)
    check_nothing_is_half(stack, signups.accepted)


@case
def rows_that_cannot_be_read_stop_no_recovery(stack):
    signups = Signups(stack)
    spoilt = "select {} from hanok_auth.saga where reason = 'spoilt'"
    with Load(CLIENTS, signups.ask):
        eventually(lambda: len(signups.accepted) >= 10)
        stack.kill("user", signal.SIGSTOP)
        try:
            eventually(lambda: open_sagas(stack) >= CLIENTS, 60, "sagas do not wait for the frozen service")
            stack.control("auth", "-O")  # it stays dead: each row is new to the one that starts
            stack.kill("auth")
            eventually(lambda: stack.pid("auth") is None)
            for kind, state, data in (("signup", "RESTING", "'{}'"), ("cruise", "PROCESSING", "'{}'"),
                                      ("signup", "PROCESSING", "repeat('x', 5000)"), ("signup", "PROCESSING", "'no JSON'")):
                stack.sql("insert into hanok_auth.saga (id, subject, type, state, step, version, attempts, reason, data, done, wake_at,"
                          f" deadline_at, started_at, updated_at) select uuid_v.id, uuid_v.id, '{kind}', '{state}', 'register_profile',"
                          f" 1, 0, 'spoilt', {data}, 0, now(6), now(6), now(6), now(6)"
                          " from (select unhex(md5(concat(rand(), seq))) as id from hanok_auth.seq_1_to_10) as uuid_v")
        finally:
            stack.kill("user", signal.SIGCONT)
            stack.control("auth", "-u")
        eventually(lambda: stack.pid("auth") is not None)
    eventually(lambda: stack.ready(), 120)
    eventually(lambda: open_sagas(stack) == 40, 60, "sagas are still open")
    eventually(lambda: stack.metric("auth", "hanok_sagas_unreadable") == 40, 60)
    equal(stack.logs("auth").count('"saga cannot be read"'), 40, "each is named once")
    equal(stack.sql(spoilt.format("count(*)")), [["40"]], "none is lost")
    stack.sql("delete from hanok_auth.saga where reason = 'spoilt'")
    eventually(lambda: stack.metric("auth", "hanok_sagas_unreadable") == 0, 120)
    check_nothing_is_half(stack, signups.accepted)


if __name__ == "__main__":
    sys.exit(run_cases(RATE_LIMIT="off"))
