#!/usr/bin/env python3
# test/run: alone
"""The end-to-end suite against containers, and what only containers can show: limits, faults of each container
while people sign up, scaling and replacing under load. Takes the command: docker-compose, or docker compose."""
import atexit
import http.client
import os
import re
import socket
import sys
import time

import compose
from compose import Compose, docker
from stack import SERVICES, free_port
from tap import case, equal, eventually
import tap

import e2e_http  # noqa: F401  their cases run first, in this order
import e2e_nats  # noqa: F401
import e2e_permissions  # noqa: F401
import e2e_outage  # noqa: F401
import e2e_burst  # noqa: F401
import e2e_kill  # noqa: F401
from load import Load
from signups import CLIENTS, Signups, check_nothing_is_half

CUT_S = 8  # longer than heartbeats and request timeouts, shorter than a saga's deadline


# ---- what a container may do

@case
def every_container_is_held_tight(stack):
    for name in ("nats", "mysql", *SERVICES):
        facts = stack.inspect(stack.containers(name)[0])
        host, status = facts["HostConfig"], {}
        with open(f"/proc/{facts['State']['Pid']}/status") as f:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)
        equal(host["ReadonlyRootfs"], True, name)
        equal(host["CapDrop"], ["ALL"], name)
        equal(int(status["CapEff"], 16), 0, f"{name} has capabilities")
        equal(status["NoNewPrivs"], "1", name)
        assert "0" not in status["Uid"].split() and "0" not in status["Gid"].split(), f"{name} is root: {status['Uid']}"
        assert facts["Config"]["User"].split(":")[0].isdigit(), f"{name}: {facts['Config']['User']}"
        assert host["Memory"] > 0 and host["PidsLimit"] > 0 and host["NanoCpus"] > 0, f"{name} has no limits"
    users = {stack.inspect(stack.containers(name)[0])["Config"]["User"] for name in SERVICES}
    equal(len(users), len(SERVICES), "services share a user")


@case
def only_loopback_ports_are_published(stack):
    for name in ("nats", "mysql", *SERVICES):
        ports = stack.inspect(stack.containers(name)[0])["HostConfig"]["PortBindings"] or {}
        addresses = {binding["HostIp"] for bindings in ports.values() for binding in bindings}
        assert addresses <= {"127.0.0.1"}, f"{name}: {addresses}"


@case
def a_missing_or_empty_secret_stops_the_start(stack):
    image = stack.inspect(stack.containers("user")[0])["Config"]["Image"]
    empty = compose.temporary_file("", ".secret")
    os.chmod(empty, 0o444)
    atexit.register(os.unlink, empty)
    for mount, path in ((["-v", f"{empty}:/secret:ro"], "/secret"), ([], "/nowhere")):
        done = compose.run("docker", "run", "--rm", "--network", "none", *mount, "-e", f"HANOK_NATS_PASSWORD_FILE={path}",
                           "-e", "HANOK_MYSQL_USER=u", "-e", "HANOK_MYSQL_SCHEMA=s", image, check=False)
        assert done.returncode != 0, done.stdout
        assert "HANOK_NATS_PASSWORD_FILE" in done.stdout and path in done.stdout, done.stdout


@case
def secrets_are_read_by_their_owners_only(stack):
    volume = next(m for m in stack.inspect(stack.containers("auth")[0])["Mounts"] if m["Destination"] == "/run/secrets")
    equal(volume["RW"], False)
    folder, owners = volume["Source"], {}
    for name in os.listdir(folder):
        facts = os.stat(os.path.join(folder, name))
        equal(facts.st_mode & 0o077, 0, f"the folder of {name} is open")
        owners[name] = facts.st_uid
    for name in SERVICES:
        uid = int(stack.inspect(stack.containers(name)[0])["Config"]["User"].split(":")[0])
        equal({owner for owner, its in owners.items() if its == uid}, {name}, f"folders that {name} can read")


@case
def services_reach_no_schema_but_their_own(stack):
    def ask(user, query):
        return compose.run("docker", "exec", stack.containers("mysql")[0], "sh", "-c",
                           'MYSQL_PWD=$(cat "/run/secrets/db/$0") mariadb -h 127.0.0.1 -u "$0" -e "$1"', user, query, check=False)
    equal(ask("hanok_user", "select count(*) from hanok_user.user_inform").returncode, 0)
    for user, query in (("hanok_user", "select * from hanok_auth.user"), ("hanok_auth", "select * from hanok_user.user_inform"),
                        ("hanok_user_migrate", "drop table hanok_auth.user"), ("hanok_auth", "drop table hanok_auth.user"),
                        ("hanok_auth", "create table hanok_auth.t (i int)"), ("hanok_auth", "select * from mysql.user")):
        said = ask(user, query)
        assert said.returncode and "denied" in said.stdout, f"{user}: {query}: {said.stdout}"


# ---- faults while people sign up

def cut_off(stack, name):
    for chain, way in (("INPUT", "-i"), ("OUTPUT", "-o")):
        compose.run("nsenter", "-t", str(stack.pid(name)), "-n", "iptables", "-I", chain, "!", way, "lo", "-j", "DROP")


def connect_again(stack, name):
    compose.run("nsenter", "-t", str(stack.pid(name)), "-n", "iptables", "-F")


def break_while_signing_up(stack, name, fault, repair):
    signups = Signups(stack)
    with Load(CLIENTS, signups.ask):
        eventually(lambda: len(signups.accepted) >= 10, why="nobody signed up before")
        fault()
        time.sleep(CUT_S)
        repair()
        eventually(lambda: stack.ready(), 120, f"not ready after {name} was back")
        served = len(signups.accepted)
        eventually(lambda: len(signups.accepted) >= served + 10, 60, f"no signups after {name} was back")
    check_nothing_is_half(stack, signups.accepted)


def pause(stack, name):
    """A busy kernel may not freeze it at once."""
    eventually(lambda: compose.run("docker", "pause", *stack.containers(name), check=False).returncode == 0)


for process in ("gateway", "auth", "user", "nats", "mysql"):
    def pausing(stack, name=process):
        break_while_signing_up(stack, name, lambda: pause(stack, name),
                               lambda: docker("unpause", *stack.containers(name)))

    def cutting(stack, name=process):
        break_while_signing_up(stack, name, lambda: cut_off(stack, name), lambda: connect_again(stack, name))
    pausing.__name__, cutting.__name__ = f"{process}_is_paused", f"{process}_is_cut_off"
    case(pausing)
    case(cutting)


# ---- more and fewer, old and new

class Edge:
    """What a load balancer does: a request goes to the next gateway when the first does not take it."""

    def __init__(self, stack):
        self.stack = stack
        self.find()

    def find(self):
        said = [docker("port", c, "8080", check=False) for c in self.stack.containers("gateway")]
        ports = [int(port) for port in re.findall(r"^127\.0\.0\.1:(\d+)$", "\n".join(said), re.MULTILINE)]
        self.ports = [port for port in ports if self.healthy(port)]

    def healthy(self, port):
        try:
            return compose.web.request(port, "GET", "/health", timeout=5).status == 200
        except (OSError, http.client.HTTPException):
            return False

    def request(self, *words, **more):
        until = time.monotonic() + 30
        while time.monotonic() < until:
            for port in self.ports:
                try:
                    return compose.web.request(port, *words, **more)
                except (ConnectionError, http.client.RemoteDisconnected):
                    continue  # nothing was answered: it was not taken
            self.find()
            time.sleep(0.05)
        raise AssertionError("no gateway takes requests")


class Visitors:
    """Signs up, logs in and reads, over whatever request() there is; remembers what was not as it should be."""

    def __init__(self, stack, request):
        self.stack, self.send = stack, request
        self.me = stack.person()
        equal(stack.signup(self.me).status, 201)
        self.user_id, self.bearer = stack.token_of(self.me)
        self.failed = []

    def ask(self):
        turn = int(time.monotonic() * 1000) % 5
        if turn == 0:
            person = self.stack.person()
            body = {**person, "loginId": f"v{time.monotonic_ns()}"[:20], "email": f"v{time.monotonic_ns()}@example.org"}
            reply, right = self.send("POST", "/signup", body, {"Idempotency-Key": body["loginId"]}), 201
        elif turn == 1:
            reply, right = self.send("POST", "/login", {k: self.me[k] for k in ("loginId", "password")}), 200
        else:
            reply, right = self.send("GET", "/users/" + self.user_id, headers=self.bearer), 200
        if reply.status != right:
            self.failed.append(repr(reply))
        return reply.status


def scale(stack, name, count):
    stack.compose("up", "-d", "--no-build", "--no-recreate", "--scale", f"{name}={count}", name)
    eventually(lambda: len(stack.containers(name)) == count, why=f"there are not {count} of {name}")
    eventually(lambda: all((a := stack.admin(name, "/readyz", c)) and a.status == 200 for c in stack.containers(name)),
               120, f"not every {name} is ready")


@case
def user_scales_to_three_and_back_without_a_failed_request(stack):
    visitors = Visitors(stack, stack.request)
    with Load(6, visitors.ask) as load:
        eventually(lambda: load.count() >= 30)
        scale(stack, "user", 3)
        before = {c: served(stack, c) for c in stack.containers("user")}
        eventually(lambda: all(served(stack, c) > before[c] for c in before), why="not every instance gets requests")
        scale(stack, "user", 1)
        seen = load.count()
        eventually(lambda: load.count() >= seen + 30)
    equal(visitors.failed[:3], [])


def served(stack, container):
    """user.get requests an instance has answered."""
    page = stack.admin("user", "/metrics", container).body.decode()
    return sum(float(line.rsplit(" ", 1)[1]) for line in page.splitlines()
               if line.startswith("hanok_request_seconds_count") and "user.get" in line)


def roll(stack, name):
    """As docs/containers.md has it."""
    old = stack.containers(name)
    stack.script("deploy/compose/roll.sh", name)
    equal(set(stack.containers(name)) & set(old), set(), f"{name} is not new")
    equal(len(stack.containers(name)), len(old), name)


@case
def services_are_replaced_one_by_one_without_a_failed_request(stack):
    visitors = Visitors(stack, stack.request)
    with Load(6, visitors.ask) as load:
        eventually(lambda: load.count() >= 30)
        for name in ("user", "auth"):
            roll(stack, name)
        seen = load.count()
        eventually(lambda: load.count() >= seen + 30)
    equal(visitors.failed[:3], [])


@case
def gateways_are_replaced_one_by_one_without_a_failed_request(stack):
    edge = Edge(stack)
    visitors = Visitors(stack, edge.request)
    port = stack.settings["HTTP_PORT"]
    stack.settings["HTTP_PORT"] = two_ports()
    with Load(6, visitors.ask) as load:
        eventually(lambda: load.count() >= 30)
        for _ in range(3):
            roll(stack, "gateway")
            edge.find()
        seen = load.count()
        eventually(lambda: load.count() >= seen + 30)
    equal(visitors.failed[:3], [])
    stack.settings["HTTP_PORT"] = port
    stack.compose("up", "-d", "--no-build", "gateway")
    eventually(stack.ready, 120)


def two_ports():
    """A range of two neighbours nobody listens on."""
    while True:
        first = free_port()
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", first + 1)) != 0:
                return f"{first}-{first + 1}"


@case
def down_leaves_nothing(stack):
    stack.down()
    for what in ("container", "volume", "network"):
        words = ("ls", "-q", "--filter", f"label=com.docker.compose.project={stack.project}")
        equal(docker(what, *words, *(("-a",) if what == "container" else ())), "", what)


def main():
    command = sys.argv[1:] or ["docker-compose"]
    if compose.skip(command):
        return 0
    stack = Compose(command, "test/containers/no_limits.yml")
    stack.begin()
    stack.up()
    return tap.run(stack)


if __name__ == "__main__":
    sys.exit(main())
