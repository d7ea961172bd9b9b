#!/usr/bin/env python3
"""Something is away: what clients are told, that it comes back by itself, and that SIGTERM drops nothing."""
import contextlib
import os
import re
import signal
import subprocess
import sys
import time

from load import Load, outcome
from reader import Reader
from stack import ROOT, SERVICES, run_cases
from tap import case, equal, eventually, Skip


def unavailable(reply):
    if reply.status != 503:
        return False
    equal(reply.headers["Content-Type"], "application/problem+json")
    assert reply.headers["Retry-After"], dict(reply.headers)
    return True


def check_named(stack, service, what):
    answer = stack.admin(service, "/readyz")
    return answer is not None and answer.status == 503 and re.search(f'"{what}": *"down', answer.body.decode())


@case
def the_database_is_away(stack):
    reader = Reader(stack)
    pids = {name: stack.pid(name) for name in SERVICES}
    stack.control("mysql", "-d")
    eventually(lambda: stack.pid("mysql") is None)
    for ask in (reader.read, reader.login, lambda: stack.signup(stack.person())):
        eventually(lambda ask=ask: unavailable(ask()), why="no 503")
    for service in ("auth", "user"):
        eventually(lambda service=service: check_named(stack, service, "database"), why=f"/readyz of {service}")
    equal(stack.request("GET", "/welcome").status, 200)
    stack.control("mysql", "-u")
    for ask in (reader.read, reader.login):
        eventually(lambda ask=ask: ask().status == 200, 60, "not served again")
    eventually(lambda: stack.ready())
    equal({name: stack.pid(name) for name in SERVICES}, pids, "a process did not stay up")


@case
def signals_that_mean_nothing_end_nobody(stack):
    pids = {name: stack.pid(name) for name in SERVICES}
    for number in (signal.SIGPIPE, signal.SIGALRM, signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP):
        for name in SERVICES:
            stack.kill(name, number)
    for name in SERVICES:
        eventually(lambda name=name: all(f'"signal":"{s}"' in stack.logs(name) for s in ("SIGUSR1", "SIGUSR2")))
        equal(stack.admin(name, "/livez").status, 200)
    equal({name: stack.pid(name) for name in SERVICES}, pids, "a process did not stay up")


def ignored(pid):
    """The signals a process ignores, a bit each."""
    with open(f"/proc/{pid}/status") as f:
        return int(re.search(r"SigIgn:\s*(\S+)", f.read())[1], 16)


def on_this_machine_only(stack):
    if not hasattr(stack, "dir"):
        raise Skip("it is of the programs and loggers of `make up`")


@case
def signals_that_mean_nothing_end_no_tool(stack):
    """Which wait for servers that are not there, and so get the signals in the middle."""
    on_this_machine_only(stack)
    for line in (["hanok-streams", "--nats-url", "nats://127.0.0.1:9"],
                 ["hanok-migrate", "--mysql-socket", "/nonexistent", "--mysql-schema", "hanok_user", "--mysql-user", "any",
                  "--dir", "dataservice/migrations/user"]):
        tool = subprocess.Popen([f"{stack.dir}/bin/{line[0]}", *line[1:], "--wait-s", "3"], cwd=ROOT, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        eventually(lambda tool=tool: ignored(tool.pid) >> (signal.SIGUSR1 - 1) & 1, why="it does not ignore SIGUSR1")
        for number in (signal.SIGPIPE, signal.SIGALRM, signal.SIGUSR1, signal.SIGUSR2):
            tool.send_signal(number)
        said = tool.communicate(timeout=60)[0]
        equal(tool.returncode, 1, said)


@case
def a_log_that_nobody_reads_stops_nobody(stack):
    on_this_machine_only(stack)
    said = subprocess.run(["s6-svstat", "-o", "pid", f"{stack.dir}/s6/gateway/log"], text=True, capture_output=True, check=True)
    logger = int(said.stdout)
    os.kill(logger, signal.SIGSTOP)
    try:
        for _ in range(1000):  # their lines are more than a pipe holds
            equal(stack.request("GET", "/welcome").status, 200)
        equal(stack.admin("gateway", "/livez").status, 200)
        old = stack.kill("gateway", signal.SIGTERM)
        eventually(lambda: stack.pid("gateway") not in (None, old), why="SIGTERM was not obeyed")
        eventually(stack.ready)
        equal(stack.metric("gateway", "hanok_log_lines_dropped_total"), 0)
    finally:
        os.kill(logger, signal.SIGCONT)


@case
def a_table_that_is_not_as_described_ends_its_service(stack):
    stack.sql("ALTER TABLE hanok_user.user_inform MODIFY phone VARCHAR(16) NULL")
    slip = "user_inform.phone may be NULL"
    stack.kill("user", signal.SIGTERM)
    eventually(lambda: slip in stack.logs("user") and "cannot run with these tables" in stack.logs("user"), 60, "no slip")
    eventually(lambda: not stack.ready("user"))
    stack.sql("ALTER TABLE hanok_user.user_inform MODIFY phone VARCHAR(16) NOT NULL COMMENT 'optional +, 7 to 15 digits'")
    eventually(lambda: stack.ready(), 60, "not ready again")


@case
def nats_is_away(stack):
    reader = Reader(stack)
    pids = {name: stack.pid(name) for name in SERVICES}
    stack.control("nats", "-d")
    eventually(lambda: stack.pid("nats") is None)
    for ask in (reader.read, reader.login):
        eventually(lambda ask=ask: unavailable(ask()), why="no 503")
    for service in SERVICES:
        eventually(lambda service=service: check_named(stack, service, "nats"), why=f"/readyz of {service}")
    eventually(lambda: stack.request("GET", "/health").status == 503)
    equal(stack.request("GET", "/welcome").status, 200)
    stack.control("nats", "-u")
    for ask in (reader.read, reader.login):
        eventually(lambda ask=ask: ask().status == 200, 60, "not served again")
    eventually(lambda: stack.ready())
    equal({name: stack.pid(name) for name in SERVICES}, pids, "a process did not stay up")


@case
def a_frozen_service_opens_its_breaker_and_others_go_on(stack):
    reader = Reader(stack)
    stack.kill("user", signal.SIGSTOP)
    try:
        with Load(4, lambda: reader.read().status) as load:
            eventually(lambda: stack.metric("gateway", 'hanok_breaker_state{subject="user.get"}') > 0, 60, "breaker")
            eventually(lambda: load.count(lambda status: status == 503) > 0)
            equal(reader.login().status, 200, "login needs no profile service")
        equal(load.count(lambda status: status not in (503, 504)), 0)
    finally:
        stack.kill("user", signal.SIGCONT)
    assert "breaker" in stack.logs("gateway")
    eventually(lambda: reader.read().status == 200, 30, "reads do not recover")
    eventually(lambda: reader.read().status == 200
               and stack.metric("gateway", 'hanok_breaker_state{subject="user.get"}') == 0, why="the breaker stays open")


@contextlib.contextmanager
def frozen_twin(stack):
    """Of two instances of user one hears all that is sent to it and says nothing."""
    on_this_machine_only(stack)
    twin = stack.twin("user")
    twin.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        twin.kill()
        twin.wait()
        stack.twins.remove(twin)


@case
def a_frozen_instance_of_two_is_hidden_from_who_reads(stack):
    reader = Reader(stack)
    with frozen_twin(stack), Load(8, lambda: reader.read().status) as load:
        eventually(lambda: load.count() >= 400, 120, "reads wait for the one that is frozen")
    equal(set(load.seen) - {200, 504}, set())
    assert load.count(lambda status: status == 504) < 20, "too many were never asked again"
    assert stack.metric("gateway", 'hanok_hedges_won_total{subject="user.get"}') > 0


@case
def a_frozen_instance_of_two_leaves_the_other_its_writes(stack):
    """Which are not asked again: half of them get no answer, none is refused."""
    reader = Reader(stack)

    def write():
        return stack.request("PATCH", reader.path, {"name": "Kim"}, reader.bearer).status

    with frozen_twin(stack), Load(16, write) as load:
        eventually(lambda: load.count(lambda status: status == 504) >= 8, why="the frozen one is asked nothing")
        told = load.count()
        eventually(lambda: load.count() >= told + 16)
    equal(set(load.seen), {200, 504})


@case
def signups_wait_for_a_frozen_profile_service(stack):
    stack.kill("user", signal.SIGSTOP)
    try:
        reply = stack.signup(stack.person(), wait=1)
        equal((reply.status, reply.json().get("status")), (201, "PENDING"), repr(reply))
        saga = "/signups/" + reply.json()["sagaId"]
        assert stack.request("GET", saga).json()["state"] in ("STARTED", "PROCESSING")
    finally:
        stack.kill("user", signal.SIGCONT)
    eventually(lambda: stack.request("GET", saga).json()["state"] == "SUCCEEDED")


def drain_under_load(stack, name, ask, allowed):
    """Ends a service with SIGTERM while requests come in; says what clients were told."""
    def status():
        told = outcome(ask)
        if isinstance(told, str) or told.status >= 500:
            time.sleep(0.01)
        return told if isinstance(told, str) else told.status

    with Load(8, status) as load:
        eventually(lambda: load.count() >= 50)
        for _ in range(3):
            old = stack.kill(name, signal.SIGTERM)
            eventually(lambda old=old: stack.pid(name) not in (None, old))
            eventually(lambda: stack.ready(), 60)
            served = load.count(lambda told: told == 200)
            eventually(lambda served=served: load.count(lambda told: told == 200) >= served + 20)
    others = {told for told in load.seen if told not in allowed}
    equal(others, set(), f"SIGTERM of {name}")


@case
def user_drains(stack):
    reader = Reader(stack)
    drain_under_load(stack, "user", reader.read, {200, 503})


@case
def auth_drains(stack):
    reader = Reader(stack)
    drain_under_load(stack, "auth", reader.login, {200, 503})


@case
def the_gateway_drains(stack):
    reader = Reader(stack)
    drain_under_load(stack, "gateway", reader.read, {200, 503, *stack.not_taken})


if __name__ == "__main__":
    sys.exit(run_cases(RATE_LIMIT="off"))
