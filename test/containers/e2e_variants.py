#!/usr/bin/env python3
# test/run: alone
"""The variants of the containers: a NATS cluster, TLS, Prometheus. Takes the command: docker-compose, or docker compose."""
import sys

import compose
from compose import Compose, docker
from tap import case, equal, eventually
import tap

from load import Load
from signups import CLIENTS, Signups, check_nothing_is_half
from stack import SERVICES

NODES = ("nats", "nats-2", "nats-3")


def with_variant(command, *files, prepare=lambda stack: None, **settings):
    stack = Compose(command, *files, **settings)
    stack.begin()
    prepare(stack)
    stack.up()
    return stack


# ---- a cluster

def members(stack):
    """The servers that the cluster's leader counts in, itself included."""
    for node in NODES:
        meta = (stack.asked_inside(node, "http://127.0.0.1:8222/jsz") or {}).get("meta_cluster", {})
        if meta.get("leader") == node:
            return {node, *(r["name"] for r in meta.get("replicas") or [] if r["current"])}
    return set()


def eventually_with_all(stack, condition, seconds, why):
    """A nats-server 2.10, as Debian has it where nats:2-alpine cannot be pulled, now and then leaves one of three servers
    out that were started until that one is restarted: as docs/containers.md tells people."""
    for _ in range(5):
        try:
            return eventually(condition, seconds)
        except AssertionError:
            for node in set(NODES) - members(stack):
                print(f"# {node} is left out: restarted", flush=True)
                stack.control(node, "-d")
                stack.control(node, "-u")
    return eventually(condition, seconds, f"{why}; only {members(stack)} are a cluster")


def form(stack):
    stack.compose("up", "-d", "--no-build", *NODES)
    eventually_with_all(stack, lambda: members(stack) == set(NODES), 15, "no cluster")


def stream(stack):
    """What NATS says of EVENTS; None while it cannot say."""
    try:
        with stack.bus() as bus:
            told = bus.request("$JS.API.STREAM.INFO.EVENTS", b"", seconds=5)
    except (OSError, PermissionError):
        return None
    return told.json() if told and told.data and "error" not in told.json() else None


def whole(stack):
    """The leader and two current copies."""
    said = stream(stack)
    cluster = said["cluster"] if said else {}
    copies = [c for c in cluster.get("replicas") or [] if c["current"]]
    return cluster.get("leader") and len(copies) == 2 and said


@case
def catalogue_cluster_of_three(command):
    """It keeps three copies, and outlives each of its servers."""
    stack = with_variant(command, "deploy/compose/cluster.yml", "test/containers/no_limits.yml", prepare=form)
    equal(eventually(lambda: whole(stack), why="EVENTS has not three copies")["config"]["num_replicas"], 3)
    signups = Signups(stack)
    with Load(CLIENTS, signups.ask):
        eventually(lambda: len(signups.accepted) >= 10, why="nobody signed up before")
        for node in NODES:
            stack.control(node, "-d")
            served = len(signups.accepted)
            eventually(lambda: len(signups.accepted) >= served + 10, 120, f"no signups without {node}")
            stack.control(node, "-u")
            eventually_with_all(stack, lambda: whole(stack), 30, f"EVENTS is not whole again after {node}")
            eventually(stack.ready, 120)
    check_nothing_is_half(stack, signups.accepted)
    stack.down()


# ---- TLS

@case
def with_tls_nobody_speaks_in_clear(command):
    stack = with_variant(command, "deploy/compose/tls.yml")
    person = stack.person()
    reply = stack.signup(person)
    equal((reply.status, reply.json().get("status")), (201, "ACTIVE"), repr(reply))
    user_id, bearer = stack.token_of(person)
    equal(stack.request("GET", "/users/" + user_id, headers=bearer).status, 200)
    try:
        stack.bus().close()
    except (PermissionError, ConnectionError):
        pass
    else:
        raise AssertionError("NATS talks to a client without TLS")
    clear = compose.run("docker", "exec", stack.containers("mysql")[0], "sh", "-c",
                        "MYSQL_PWD=$(cat /run/secrets/db/hanok_auth) mariadb --skip-ssl -h 127.0.0.1 -u hanok_auth -e 'select 1'",
                        check=False)
    assert clear.returncode != 0 and "insecure transport" in clear.stdout, clear.stdout
    stack.down()


# ---- Prometheus

def targets(stack):
    """Instances that Prometheus reaches, by job."""
    said = stack.asked_inside("prometheus", "http://127.0.0.1:9090/api/v1/targets")
    active = said["data"]["activeTargets"] if said else []
    up = [t["labels"]["job"] for t in active if t["health"] == "up"]
    return {job: up.count(job) for job in up}


@case
def prometheus_reaches_every_instance_of_every_service(command):
    stack = Compose(command, COMPOSE_PROFILES="metrics")
    stack.begin()
    stack.up("--scale", "user=2")
    eventually(lambda: targets(stack) == {**dict.fromkeys(SERVICES, 1), "user": 2}, 120, "not every instance is scraped")
    config = docker("exec", stack.containers("prometheus")[0], "promtool", "check", "config", "/etc/prometheus/prometheus.yml")
    assert "SUCCESS" in config, config
    stack.down()


if __name__ == "__main__":
    command = sys.argv[1:] or ["docker-compose"]
    sys.exit(0 if compose.skip(command) else tap.run(command))
