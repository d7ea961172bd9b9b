"""Trouble that is made for services: a stack whose network and clocks can be made bad, and people who meet it."""
import contextlib
import glob
import os
import re
import signal
import threading
import time

from load import Load
from proxy import Proxy
from reader import Reader
from signups import open_sagas
from stack import SERVICES, WITH_SCHEMA
from tap import equal, eventually, Skip

BUILD = os.environ.get("BUILD", "release")
GOOD = {"read": {200}, "log in": {200}, "sign up": {201}}
WELL_S = 30  # everything is back: so long may it take until people are served again


def prepare(stack):
    """Puts a proxy between each service and each of its servers."""
    stack.proxies = {}
    for name in SERVICES:
        stack.proxies[name, "nats"] = nats = Proxy(stack.settings["NATS_PORT"])
        edits = [(f":{stack.settings['NATS_PORT']}'", f":{nats.port}'")]
        if name in WITH_SCHEMA:
            stack.proxies[name, "mysql"] = mysql = Proxy(stack.settings["MYSQL_PORT"])
            edits.append((f"'--mysql-socket' '{stack.dir}/mysql.sock'",
                          f"'--mysql-host' '127.0.0.1' '--mysql-port' '{mysql.port}'"))
        edit_run(stack, name, *edits)
    restart(stack, *SERVICES)
    eventually(stack.ready)


def edit_run(stack, name, *edits):
    path = f"{stack.dir}/s6/{name}/run"
    with open(path) as f:
        text = f.read()
    for old, new in edits:
        if old not in text:
            raise AssertionError(f"{old} is not in {path}:\n{text}")
        text = text.replace(old, new)
    with open(path, "w") as f:
        f.write(text)


def restart(stack, *names):
    old = {name: stack.kill(name, signal.SIGTERM) for name in names}
    eventually(lambda: all(stack.pid(name) not in (None, pid) for name, pid in old.items()), why=f"restart of {names}")


class People:
    """They read, log in and sign up, one each; what they are told is checked as it comes."""

    def __init__(self, stack, unwell):
        self.stack = stack
        self.reader = Reader(stack)
        self.unwell = unwell
        self.lock = threading.Lock()
        self.accepted = []
        self.asks = {"read": self.reader.read, "log in": self.reader.login, "sign up": self.sign_up}

    def sign_up(self):
        with self.lock:
            person = self.stack.person()
        reply = self.stack.signup(person, wait=1)
        if reply.status == 201:
            self.accepted.append(reply.json())
        return reply

    def told(self, what):
        reply = self.asks[what]()
        if reply.status not in GOOD[what]:
            assert reply.status in self.unwell, f"{what}: {reply}"
            assert reply.code, f"{what}: {reply}"
            assert reply.status != 503 or reply.headers["Retry-After"], f"{what}: {dict(reply.headers)}"
            time.sleep(0.05)
        return what, reply.status

    def told_now_and_then(self, what):
        """Who asks without a pause takes the machine from other tests, and sees no more."""
        time.sleep(0.05)
        return self.told(what)

    def meet(self):
        return [Load(1, lambda what=what: self.told_now_and_then(what)) for what in self.asks]


def are_well(people):
    return all(ask().status in GOOD[what] for what, ask in people.asks.items())


@contextlib.contextmanager
def weather(stack, end, unwell=(503, 504), named=None, served=()):
    """People ask all the time. After the block, which waits for what the fault does, end() ends it, and all must be well soon.
    unwell: what they may be told meanwhile; served: what must succeed all the time; named: (service, check) that /readyz names."""
    pids = {name: stack.pid(name) for name in SERVICES}
    people = People(stack, set(unwell))
    with contextlib.ExitStack() as all_of_them:
        loads = [all_of_them.enter_context(load) for load in people.meet()]
        eventually(lambda: all(load.count() >= 2 for load in loads))
        try:
            yield people, loads
            if named:
                service, check = named
                eventually(lambda: re.search(f'"{check}": *"down', body(stack.admin(service, "/readyz"))), why=f"/readyz of {service}")
        finally:
            end()
        eventually(lambda: are_well(people), WELL_S, "people are not served again")
        eventually(stack.ready, WELL_S, "not ready again")
    for load in loads:
        for what, status in load.seen:
            assert what not in served or status in GOOD[what], f"{what}: {status}"
    eventually(lambda: open_sagas(stack) == 0, 60, "sagas are still open")
    equal({name: stack.pid(name) for name in SERVICES}, pids, "a process did not stay up")
    known = {row[0].lower() for row in stack.sql("select hex(id) from hanok_auth.saga")}
    equal([a for a in people.accepted if a["sagaId"].replace("-", "") not in known], [], "a 201 whose saga is not in the table")


def body(answer):
    return answer.body.decode() if answer else ""


def some_more(loads, n=3):
    """Each of them has been told something n times from now on."""
    before = [load.count() for load in loads]
    eventually(lambda: all(load.count() >= was + n for load, was in zip(loads, before)))


def meets(loads, *statuses):
    """Somebody has been told one of these."""
    eventually(lambda: any(load.count(lambda told: told[1] in statuses) for load in loads), why=f"nobody met {statuses}")


# ---- clocks

def libfaketime():
    if BUILD in ("asan", "tsan"):
        raise Skip("a sanitizer must be loaded before anything else")
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not found:
        raise Skip("there is no faketime")
    return found[0]


class Clock:
    """Of some processes, from now on: they are restarted with it."""

    def __init__(self, stack, *names):
        self.path = f"{stack.dir}/clock"
        self.set(0)
        words = (f"'LD_PRELOAD={libfaketime()}' 'FAKETIME_TIMESTAMP_FILE={self.path}' 'FAKETIME_DONT_FAKE_MONOTONIC=1' 'FAKETIME_FORCE_MONOTONIC_FIX=0' "
                 "'FAKETIME_CACHE_DURATION=1' ")
        for name in names:
            edit_run(stack, name, ("exec env ", "exec env " + words))
        restart(stack, *names)
        eventually(stack.ready)

    def set(self, seconds):
        with open(self.path + ".new", "w") as f:
            f.write(f"{seconds:+d}s\n")
        os.rename(self.path + ".new", self.path)
