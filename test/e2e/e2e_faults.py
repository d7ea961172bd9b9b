#!/usr/bin/env python3
# test/run: first tsan
"""What networks, clocks and the database do to services: people get the right status meanwhile, and it is over by itself."""
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from load import Load
from reader import Reader
from signups import open_sagas
from stack import ROOT, SERVICES, Administrator, SqlError, Stack, sanitizers_are_silent
import tap
from tap import case, equal, eventually, Skip
from trouble import BUILD, Clock, GOOD, body, edit_run, meets, prepare, some_more, weather


# ---- the network

def of(stack, server, *names):
    return [proxy for (name, of_it), proxy in stack.proxies.items() if of_it == server and name in (names or SERVICES)]


def mend(stack):
    for proxy in stack.proxies.values():
        proxy.mend()


@case
def a_slow_network_only_takes_longer(stack):
    slowed = BUILD == "tsan"  # by a sanitizer too: for some it takes too long
    with weather(stack, lambda: mend(stack), unwell=(504,) if slowed else (), served=() if slowed else GOOD) as (_, loads):
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
    with weather(stack, lambda: reload_nats(stack, right), named=("user", "nats")) as (_, loads):
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
    with Administrator(stack) as administrator:
        before = administrator.sql("SELECT @@max_connections")[0][0]
        with weather(stack, lambda: administrator.sql(f"SET GLOBAL max_connections = {before}")) as (people, loads):
            administrator.sql("SET GLOBAL max_connections = 10")
            with Load(16, lambda: people.told("read")):
                kill_connections(administrator)
                some_more(loads, 5)


def kill_connections(administrator):
    for (number,) in administrator.sql("SELECT id FROM information_schema.processlist WHERE user LIKE 'hanok%'"):
        administrator.sql(f"KILL {number}")  # unless it is gone by itself


@case
def idle_connections_that_the_database_closes_are_missed_by_nobody(stack):
    reader = Reader(stack)
    for _ in range(3):
        with Administrator(stack) as administrator:
            kill_connections(administrator)
        equal(reader.read().status, 200)
        equal(reader.login().status, 200)
        equal(stack.signup(stack.person()).status, 201)


LOCK_PROFILES = """SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ; BEGIN;
    SELECT COUNT(*) FROM hanok_user.user_inform FOR UPDATE; """


@case
def rows_that_somebody_keeps_locked_hold_up_only_who_writes_them(stack):
    with weather(stack, lambda: None, served=("read", "log in")) as (_, loads):
        stack.sql(LOCK_PROFILES + "DO SLEEP(6)")
        some_more(loads)


def deadlocks(stack):
    return int(stack.sql("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'")[0][1])


@case
def deadlocks_are_met_by_nobody(stack):
    before = deadlocks(stack)

    def one_more():
        with contextlib.suppress(SqlError):  # we were the victim
            stack.sql(LOCK_PROFILES + "DO SLEEP(0.3); SELECT COUNT(*) FROM hanok_user.processed_message FOR UPDATE")
        return deadlocks(stack) >= before + 3
    with weather(stack, lambda: None, served=GOOD):
        eventually(one_more, why="no deadlock came about")


# ---- clocks

def is_served(stack):
    person = stack.person()
    equal(stack.signup(person).status, 201)
    user_id, bearer = stack.token_of(person)
    return stack.request("GET", "/users/" + user_id, headers=bearer).status == 200


@case
def the_clocks_of_the_services_jump(stack):
    clock = Clock(stack, *SERVICES)
    for seconds in (3600, -3600, 0):
        clock.set(seconds)
        eventually(lambda: is_served(stack), 60, "they do not agree on the time")  # they look at the file once a second, each
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
    used_mb = int(subprocess.run(["du", "-sm", data + ".big"], text=True, capture_output=True, check=True).stdout.split()[0])
    options = f"size={used_mb + 100}m,mode=0700"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "hanok-small", data], check=False).returncode:
        os.rmdir(data)
        os.rename(data + ".big", data)
        stack.control("mysql", "-u")
        eventually(stack.ready)
        raise Skip("no file system may be mounted here")
    subprocess.run(["cp", "-a", data + ".big/.", data], check=True)
    stack.control("mysql", "-u")
    eventually(lambda: stack.signup(stack.person()).status == 201)
    return data


def fill(data):
    with open(f"{data}/filler", "wb", buffering=0) as f:  # nothing is left to write when it is closed
        with contextlib.suppress(OSError):
            while True:
                f.write(b"\0" * 65536)


@case
def the_database_s_disk_is_full(stack):
    data = move_to_small_disk(stack)
    try:
        with weather(stack, lambda: os.remove(f"{data}/filler")) as (_, loads):
            fill(data)
            with contextlib.suppress(SqlError):  # until no page is left that is free
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
    stack = Stack(RATE_LIMIT="off")
    stack.up()
    prepare(stack)
    case(sanitizers_are_silent)
    return tap.run(stack)


if __name__ == "__main__":
    sys.exit(main())
