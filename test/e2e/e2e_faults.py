#!/usr/bin/env python3
# test/run: first
"""What networks, clocks and the database do to services: people get the right status meanwhile, and it is over by itself."""
import contextlib
import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from load import Load
from proxy import Proxy
from reader import Reader
from signups import check_nothing_is_half, open_sagas
from stack import PASSWORD, ROOT, Stack, WITH_SCHEMA, SERVICES, sanitizers_are_silent
import tap
from tap import case, equal, eventually, Skip

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
        self.turn = {threading.get_ident(): 0}

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

    def meet(self):
        return [Load(1, lambda what=what: self.told(what)) for what in self.asks]


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


# ---- the network

def of(stack, server, *names):
    return [proxy for (name, of_it), proxy in stack.proxies.items() if of_it == server and name in (names or SERVICES)]


def mend(stack):
    for proxy in stack.proxies.values():
        proxy.mend()


@case
def a_slow_network_only_takes_longer(stack):
    with weather(stack, lambda: mend(stack), unwell=(), served=GOOD) as (_, loads):
        for proxy in of(stack, "nats"):
            proxy.slow(0.05)
        for proxy in of(stack, "mysql"):
            proxy.slow(0.02)
        some_more(loads, 5)


@case
def nats_is_cut_off_from_all(stack):
    with weather(stack, lambda: mend(stack), named=("gateway", "nats")) as (_, loads):
        for proxy in of(stack, "nats"):
            proxy.cut()
        meets(loads, 503)


@case
def nats_says_nothing_to_one_service(stack):
    with weather(stack, lambda: mend(stack), named=("user", "nats"), served=("log in",)) as (_, loads):
        for proxy in of(stack, "nats", "user"):
            proxy.hole()
        meets(loads[:1], 503, 504)


@case
def nats_says_nothing_to_the_gateway(stack):
    with weather(stack, lambda: mend(stack), named=("gateway", "nats")) as (_, loads):
        for proxy in of(stack, "nats", "gateway"):
            proxy.hole()
        meets(loads, 503)


@case
def the_database_is_cut_off(stack):
    with weather(stack, lambda: mend(stack), named=("user", "database")) as (_, loads):
        for proxy in of(stack, "mysql"):
            proxy.cut()
        meets(loads, 503)


@case
def the_database_says_nothing(stack):
    with weather(stack, lambda: mend(stack), named=("auth", "database")) as (_, loads):
        for proxy in of(stack, "mysql"):
            proxy.hole()
        meets(loads, 503)


def reload_nats(stack, text):
    with open(f"{stack.dir}/secrets/users.conf", "w") as f:
        f.write(text)
    stack.kill("nats", signal.SIGHUP)


@case
def nats_is_reloaded_with_wrong_users_and_then_with_right_ones(stack):
    with open(f"{stack.dir}/secrets/users.conf") as f:
        right = f.read()
    wrong = right.replace('          "user.get"\n          "user.registry"\n', "")
    assert wrong != right, right
    with weather(stack, lambda: reload_nats(stack, right), named=("user", "nats"), served=("log in",)) as (_, loads):
        reload_nats(stack, wrong)
        meets(loads[:1], 503)
        eventually(lambda: "does not let it hear user." in body(stack.admin("user", "/readyz")), why="/readyz names no subject")


@case
def a_silent_name_server_keeps_no_program_from_ending(stack):
    with silent_name_server() as server, tempfile.NamedTemporaryFile("w", suffix=".conf") as conf:
        conf.write(f"nameserver {server}\noptions timeout:5 attempts:5\n")
        conf.flush()
        if subprocess.run(["unshare", "-m", "true"], check=False).returncode:
            raise Skip("no mount namespace may be made here")
        command = [f"{ROOT}/build/{BUILD}/hanok-user", "--config", "/dev/null", "--nats-url", "nats://nats.example.test:4222",
                   "--nats-password", "any", "--mysql-host", "mysql.example.test", "--mysql-user", "any", "--mysql-password", "any",
                   "--mysql-schema", "any", "--admin-listen", "127.0.0.1:0", "--drain-ms", "1000"]
        for pause_s in (0.5, 2):  # in the middle of the first look-up, and of later ones
            process = subprocess.Popen(["unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"', conf.name, *command],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            eventually(lambda process=process: '"started"' in process.stderr.readline(), why="it does not start")
            time.sleep(pause_s)
            since = time.monotonic()
            process.send_signal(signal.SIGTERM)
            said = process.communicate(timeout=120)[1]
            took_s = time.monotonic() - since
            equal(process.returncode, 0, said)
            assert took_s < 10, f"{took_s:.1f} s:\n{said}"


@contextlib.contextmanager
def silent_name_server():
    """Its address. It gets what it is asked, and says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        try:
            s.bind(("127.0.53.53", 53))
        except OSError as e:
            raise Skip(f"a name server needs port 53: {e.strerror}") from e
        yield "127.0.53.53"


# ---- the database

@case
def the_database_turns_read_only(stack):
    with weather(stack, lambda: stack.sql("SET GLOBAL read_only = 0"), named=("auth", "database")) as (_, loads):
        stack.sql("SET GLOBAL read_only = 1")
        meets(loads, 503)
        eventually(lambda: "read only" in body(stack.admin("auth", "/readyz")), why="/readyz does not say why")


@case
def the_database_runs_out_of_connections(stack):
    before = stack.sql("SELECT @@max_connections")[0][0]
    with weather(stack, lambda: stack.sql(f"SET GLOBAL max_connections = {before}")) as (_, loads):
        stack.sql("SET GLOBAL max_connections = 10")
        with Load(16, lambda: People.told(loads_people(stack), "read")):
            kill_connections(stack)
            some_more(loads, 5)


def loads_people(stack):
    if not hasattr(stack, "crowd"):
        stack.crowd = People(stack, {503, 504})
    return stack.crowd


def kill_connections(stack):
    for (number,) in stack.sql("SELECT id FROM information_schema.processlist WHERE user LIKE 'hanok%'"):
        with contextlib.suppress(subprocess.CalledProcessError):  # it is gone by itself
            stack.sql(f"KILL {number}")


@case
def idle_connections_that_the_database_closes_are_missed_by_nobody(stack):
    reader = Reader(stack)
    for _ in range(3):
        kill_connections(stack)
        equal(reader.read().status, 200)
        equal(reader.login().status, 200)
        equal(stack.signup(stack.person()).status, 201)


@case
def rows_that_somebody_keeps_locked(stack):
    locker = subprocess.Popen(["mariadb", "--no-defaults", "-S", f"{stack.dir}/mysql.sock", "-u", os.environ.get("USER", "root"),
                               "hanok_user", "--unbuffered", "--skip-column-names"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def unlock():
        locker.communicate("ROLLBACK;\n", timeout=60)
    with weather(stack, unlock, served=("read", "log in")) as (_, loads):
        locker.stdin.write("BEGIN; SELECT COUNT(*) FROM user_inform FOR UPDATE;\n"
                           "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;\n")
        locker.stdin.write("LOCK TABLES processed_message WRITE, user_inform READ;\nSELECT 1;\n")
        locker.stdin.flush()
        locker.stdout.readline()
        locker.stdout.readline()
        some_more(loads, 3)


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


@case
def the_clocks_of_the_services_jump(stack):
    clock = Clock(stack, *SERVICES)
    for seconds in (3600, -3600, 0):
        clock.set(seconds)
        time.sleep(1.5)  # they look at the file once a second
        person = stack.person()
        equal(stack.signup(person).status, 201)
        user_id, bearer = stack.token_of(person)
        equal(stack.request("GET", "/users/" + user_id, headers=bearer).status, 200)
    eventually(lambda: open_sagas(stack) == 0)


@case
def the_database_s_clock_steps_back_while_sagas_wait(stack):
    clock = Clock(stack, "mysql")
    clock.set(7200)
    time.sleep(1.5)
    for proxy in of(stack, "nats", "user"):
        proxy.hole()
    try:
        sagas = [stack.signup(stack.person(), wait=1).json()["sagaId"] for _ in range(3)]
        clock.set(0)
        time.sleep(1.5)
    finally:
        mend(stack)
    ends = {"SUCCEEDED", "COMPENSATED"}
    eventually(lambda: all(stack.request("GET", "/signups/" + saga).json()["state"] in ends for saga in sagas), 60, "they lie")
    age = [line for line in body(stack.admin("auth", "/metrics")).splitlines() if line.startswith("hanok_saga_oldest_open_seconds")]
    assert age and float(age[0].split()[-1]) >= 0, age
    eventually(stack.ready)


# ---- the disk

def move_to_small_disk(stack):
    """The database's files go to a file system that has not much more room than they need."""
    data = f"{stack.dir}/mysql"
    edit_run(stack, "mysql", ("'--datadir=", "'--innodb-log-file-size=16M' '--datadir="))
    stack.control("mysql", "-d")
    eventually(lambda: stack.pid("mysql") is None)
    os.rename(data, data + ".big")
    os.mkdir(data, 0o700)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=460m,mode=0700", "hanok-small", data], check=False).returncode:
        os.rmdir(data)
        os.rename(data + ".big", data)
        stack.control("mysql", "-u")
        eventually(stack.ready)
        raise Skip("no file system may be mounted here")
    subprocess.run(["cp", "-a", data + ".big/.", data], check=True)
    stack.control("mysql", "-u")
    eventually(stack.ready, 120)
    return data


def fill(data):
    with open(f"{data}/filler", "wb") as f:
        with contextlib.suppress(OSError):
            while True:
                f.write(b"\0" * 65536)
                f.flush()


@case
def the_database_s_disk_is_full(stack):
    data = move_to_small_disk(stack)
    try:
        with weather(stack, lambda: os.remove(f"{data}/filler"), served=("read",)) as (_, loads):
            fill(data)
            with contextlib.suppress(subprocess.CalledProcessError):  # until no page is left that is free
                stack.sql("CREATE TABLE hanok_auth.filler (t VARCHAR(4000)); INSERT INTO hanok_auth.filler SELECT REPEAT('x', 4000) FROM seq_1_to_100000")
            meets(loads, 503)
        stack.sql("DROP TABLE IF EXISTS hanok_auth.filler")
    finally:
        stack.control("mysql", "-d")
        eventually(lambda: stack.pid("mysql") is None)
        subprocess.run(["umount", data], check=True)
        shutil.rmtree(data)
        os.rename(data + ".big", data)


def main():
    stack = Stack()
    stack.up()
    prepare(stack)
    case(sanitizers_are_silent)
    return tap.run(stack)


if __name__ == "__main__":
    sys.exit(main())
