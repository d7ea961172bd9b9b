"""The system in containers: brought up by docker-compose or by `docker compose`, looked at from the host."""
import atexit
import contextlib
import ctypes
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e"))
import tap  # noqa: E402
import web  # noqa: E402
from bus import Bus  # noqa: E402
from stack import ROOT, SERVICES, System, free_port, sql_rows  # noqa: E402

ADMIN = ("127.0.0.1", 9100)
ENGINE = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")
ANSWER_S = 10
LIBC = ctypes.CDLL(None, use_errno=True)
UP_S = 180


def run(*command, check=True, **more):
    """Runs a command to its end; its output in stdout."""
    done = subprocess.run(command, cwd=ROOT, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=600, **more)
    if check and done.returncode:
        raise AssertionError(f"{' '.join(command)}: {done.stdout}")
    return done


def docker(*words, check=True):
    return run("docker", *words, check=check).stdout


def told_by_engine(path):
    """What Docker's API says there; None where nothing is. Its socket, because tests look often and a client is a process each time."""
    with socket.socket(socket.AF_UNIX) as engine:
        engine.settimeout(ANSWER_S)
        engine.connect(ENGINE)
        reply = web.ask(over(engine, "docker"), "GET", path, None, {})
    if reply.status not in (200, 404):
        raise AssertionError(f"{path}: {reply}")
    return reply.json() if reply.status == 200 else None


def over(connected, host):
    connection = http.client.HTTPConnection(host)
    connection.sock = connected
    return connection


def asked_within(pid, address, path):
    """The reply to a GET of what listens in the network of this process."""
    with open("/proc/thread-self/ns/net", "rb") as mine, open(f"/proc/{pid}/ns/net", "rb") as theirs:
        enter(theirs)
        try:
            connected = socket.socket()
        finally:
            enter(mine)
    with connected:
        connected.settimeout(ANSWER_S)
        connected.connect(address)
        return web.ask(over(connected, address[0]), "GET", path, None, {})


def enter(network):
    """Moves the calling thread there; what it has open stays where it is."""
    if LIBC.setns(network.fileno(), 0):
        raise OSError(ctypes.get_errno(), "setns")


def skip(command):
    """True after saying why the tests of a file cannot run here."""
    for words, what in ((["docker", "info"], "Docker Engine"), ([*command, "version"], " ".join(command))):
        try:
            there = run(*words, check=False).returncode == 0
        except FileNotFoundError:
            there = False
        if not there:
            print(f"1..0 # SKIP there is no {what} here")
            return True
    return False


class Compose(System):
    """command: ["docker-compose"] or ["docker", "compose"]; files: beside docker-compose.yml."""
    not_taken = {"refused", "dropped"}  # the engine's own proxy takes a connection before it knows

    def __init__(self, command, *files, **settings):
        self.command = [*command, *(word for f in ("docker-compose.yml", *files) for word in ("-f", f))]
        self.project = f"hanok-test-{os.getpid()}-{free_port()}"
        self.settings = {"HTTP_PORT": free_port(), "NATS_PORT": free_port(), **settings}

    # ---- commands

    def begin(self):
        """From now on nothing is left behind, however the test ends."""
        atexit.register(self.down)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(1))

    def environment(self):
        return {**os.environ, "COMPOSE": " ".join(self.command), "COMPOSE_PROJECT_NAME": self.project,
                **{k: str(v) for k, v in self.settings.items()}}

    def compose(self, *words, check=True):
        return run(*self.command, *words, check=check, env=self.environment())

    def script(self, *words):
        return run(*words, env=self.environment())

    def up(self, *words):
        self.compose("up", "-d", "--no-build", *words)
        tap.eventually(self.ready, UP_S, "not every service got ready")

    def down(self):
        return self.compose("--profile", "*", "down", "-v", "--remove-orphans", check=False) \
            if "docker" == self.command[0] else self.compose("down", "-v", "--remove-orphans", check=False)

    # ---- containers: the names of make up's processes, "mysql" for the service "db"

    def containers(self, name):
        """Ids of the running containers of a service."""
        return self.listed(name, "")

    def all_containers(self, name):
        """Stopped ones too."""
        return self.listed(name, "all=1&")

    def listed(self, name, which):
        labels = {"project": self.project, "service": "db" if name == "mysql" else name}
        filters = json.dumps({"label": [f"com.docker.compose.{label}={value}" for label, value in labels.items()]})
        return [found["Id"] for found in told_by_engine(f"/containers/json?{which}filters={urllib.parse.quote(filters)}")]

    def inspect(self, container):
        """None when it is gone."""
        return told_by_engine(f"/containers/{container}/json")

    def pid(self, name):
        """The program's pid on the host; None while there is none."""
        for container in self.containers(name):
            facts = self.inspect(container)
            if facts and facts["State"]["Pid"]:
                return facts["State"]["Pid"]
        return None

    def kill(self, name, number=9):
        """As if it had died by itself, so that the restart policy starts it again; returns the pid."""
        assert self.all_containers(name), f"{name} has no container"
        while (pid := self.pid(name)) is None:
            time.sleep(0.05)
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass
        return pid

    def control(self, name, order):
        """-d keeps it down, -O lets it stay dead once it dies, -u starts it again."""
        containers = self.all_containers(name)
        if order != "-d":
            docker("update", "--restart", "no" if order == "-O" else "unless-stopped", *containers)
        if order != "-O":
            docker("stop" if order == "-d" else "start", *containers)

    # ---- looking

    def admin(self, name, path, container=None):
        """The admin listener's answer, asked from inside of the container's network; None when there is none."""
        for one in [container] if container else self.containers(name):
            facts = self.inspect(one)
            if not facts or not facts["State"]["Pid"]:
                continue
            with contextlib.suppress(OSError, http.client.HTTPException):
                return asked_within(facts["State"]["Pid"], ADMIN, path)
        return None

    def asked_inside(self, name, url):
        """The JSON that a program tells somebody in its container's network; None when it does not."""
        if not (pid := self.pid(name)):
            return None
        where = urllib.parse.urlsplit(url)
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            return asked_within(pid, (where.hostname, where.port or 80), url[url.index(where.netloc) + len(where.netloc):] or "/").json()
        return None

    def logs(self, *names):
        names = names or ("nats", "mysql", *SERVICES)
        return "".join(docker("logs", c, check=False) for name in names for c in self.all_containers(name))

    def complaints(self):
        return []

    # ---- talking to it

    @property
    def port(self):
        return self.settings["HTTP_PORT"]

    def secret(self, path):
        return docker("exec", self.containers("nats")[0], "cat", "/run/secrets/" + path)

    def inspector(self):
        return dict(line.split("=", 1) for line in self.secret("inspector/inspector.env").splitlines())

    def bus(self, service=None):
        """As the inspector, or as a service."""
        if not service:
            who = self.inspector()
            return Bus(self.settings["NATS_PORT"], who["NATS_USER"], who["NATS_PASSWORD"])
        lines = dict(line.split(": ", 1) for line in self.secret("nats/passwords.conf").splitlines() if ": " in line)
        return Bus(self.settings["NATS_PORT"], service, lines[f"{service}_password"].strip('"'))

    def sql(self, query):
        """Rows of text columns, asked as the administrator. BINARY(16) ids: select hex(id)."""
        client = 'MYSQL_PWD=$(cat /run/secrets/db/root-password) exec mariadb -u root --batch --skip-column-names -e "$0"'
        return sql_rows(lambda: subprocess.run(["docker", "exec", *self.all_containers("mysql"), "sh", "-c", client, query],
                                               text=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=180))


def temporary_file(text, suffix):
    with tempfile.NamedTemporaryFile("w", suffix=suffix, delete=False) as f:
        f.write(text)
    return f.name
