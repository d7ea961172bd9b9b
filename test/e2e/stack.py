"""A stack of its own for a test: started by `make up` in a short folder, on free ports."""
import atexit
import functools
import glob
import os
import pathlib
import pwd
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

import tap
import web
from bus import Bus
from documented import Answers

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "deploy"))
import services  # noqa: E402

SERVICES = tuple(row.name for row in services.services())
WITH_SCHEMA = tuple(row.name for row in services.services() if "schema" in row.words)
DEMOS = tuple(row.name for row in services.rows() if services.DEMO in row.words)
PROCESSES = ("nats", "mysql", *(row.name for row in services.rows()))
PASSWORD = "lantern-tide-quartz-47"
UNDECLARED = "a refusal is not among its operation's errors"
NOT_CONNECTED = re.compile(r"^ERROR (200[23] |2013 .*reading)|container \w+ is (not running|restarting)", re.IGNORECASE | re.MULTILINE)
SANITIZER = re.compile(r"(ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:).*(\n(?!.*SUMMARY: ).*){0,80}")


def says(name):
    """Whether a service has events of its own, by its rows."""
    return any(re.search(r"\.says\b", pathlib.Path(path).read_text(encoding="utf-8")) for path in glob.glob(f"{ROOT}/cmd/{name}/*.[ch]"))


SAY = {name for name in WITH_SCHEMA if says(name)}


def free_port(taken=set()):
    """One that nobody listens on, of those that test/run gives to this script alone."""
    first, last = (os.environ.get("TEST_PORTS") or "20000-31999").split("-")
    while True:
        port = random.randint(int(first), int(last))
        with socket.socket() as s:
            if port not in taken and s.connect_ex(("127.0.0.1", port)) != 0:
                taken.add(port)
                return port


def may_look_into(pid):
    """Memory, environment and descriptors of our programs are nobody's to see but root's."""
    return os.access(f"/proc/{pid}/fd", os.R_OK)


class System:
    """A running Hanok, however it was started, as its clients and operators meet it."""
    accounts = 0
    not_taken = {"refused"}  # what a client meets that comes when nobody listens

    def ready(self, *names):
        answers = [self.admin(name, "/readyz") for name in names or SERVICES]
        return all(a is not None and a.status == 200 for a in answers)

    def metric(self, service, name):
        """The sum of a metric's series whose text starts with name."""
        answer = self.admin(service, "/metrics")
        lines = answer.body.decode().splitlines() if answer else []
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))

    def request(self, method, path, body=None, headers=None, timeout=30):
        reply = web.request(self.port, method, path, body, headers, timeout)
        self.answers.compare(method, path, reply)
        return reply

    @functools.cached_property
    def answers(self):
        return Answers(lambda method, path: web.request(self.port, method, path))

    def person(self, **changes):
        """A signup nobody made before."""
        self.accounts += 1
        name = f"kim{self.accounts}.{os.getpid()}"
        return {"loginId": name, "password": PASSWORD, "name": "김 서연", "email": f"{name}@example.org",
                "phone": "+82 10-1234-5678", **changes}

    def signup(self, person, wait=10, **headers):
        if wait is not None:
            headers["Prefer"] = f"wait={wait}"
        return self.request("POST", "/signup", person, {k.replace("_", "-"): v for k, v in headers.items()})

    def signed_up(self, person):
        """The answer to a signup; on a machine too busy to hash in time, at last."""
        key = uuid.uuid4().hex
        reply = tap.eventually(lambda: None if (told := self.signup(person, Idempotency_Key=key)).status in (503, 504) else told)
        tap.equal(reply.status, 201, repr(reply))
        return reply

    def login(self, person, **changes):
        body = {"loginId": person["loginId"], "password": person["password"], **changes}
        return self.request("POST", "/login", body)

    def token_of(self, person):
        """(user id, the Authorization header) of somebody who has signed up; on a machine too busy to hash in time, at last."""
        reply = tap.eventually(lambda: None if (told := self.login(person)).status in (503, 504) else told)
        if reply.status != 200:
            raise AssertionError(f"login: {reply}")
        return reply.json()["userId"], {"Authorization": "Bearer " + reply.json()["accessToken"]}


class Stack(System):
    """Started by `make up`."""

    def __init__(self, **settings):
        self.home = tempfile.mkdtemp(prefix="hanok-e2e-", dir="/tmp")
        self.dir = os.path.join(self.home, "run")
        self.twins = []
        self.settings = {"RUN_DIR": self.dir, "HTTP_PORT": free_port(), "NATS_PORT": free_port(),
                         "MYSQL_PORT": free_port(), "PGSIM_PORT": free_port(), **settings}
        atexit.register(self.remove)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(1))

    # ---- commands

    def make(self, *goals, cwd=ROOT, env=None, by=(), **settings):
        """Runs make with the settings of this stack (None leaves one out); returns the finished process, its output in stdout.
        by: a command that runs the one it is given."""
        both = {**self.settings, **settings}
        command = [*by, "make", "-s", "--no-print-directory", *goals, *(f"{k}={v}" for k, v in both.items() if v is not None)]
        return subprocess.run(command, cwd=cwd, env=env, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)

    def up(self):
        done = self.make("up")
        if done.returncode:
            raise AssertionError("make up failed:\n" + done.stdout)
        return done

    def down(self):
        done = self.make("down")
        if done.returncode:
            raise AssertionError("make down failed:\n" + done.stdout)
        return done

    def remove(self):
        for twin in self.twins:
            twin.kill()
        if os.path.isdir(self.home):
            if os.path.isdir(self.dir):
                self.make("reset")
            shutil.rmtree(self.home, ignore_errors=True)

    # ---- processes

    @property
    def port(self):
        return self.settings["HTTP_PORT"]

    def pid(self, name):
        """None while there is none."""
        try:
            with open(f"{self.dir}/{name}.pid") as f:
                return int(f.read())
        except (OSError, ValueError):
            return None

    def kill(self, name, number=signal.SIGKILL):
        """Returns the pid the signal went to."""
        while (pid := self.pid(name)) is None:
            time.sleep(0.02)
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass
        return pid

    def twin(self, name):
        """A second instance of a service, started as the first was; nobody starts it again. Its admin listener is "twin"."""
        pid = self.pid(name)
        with open(f"/proc/{pid}/cmdline", "rb") as f:
            words = f.read().decode().split("\0")[:-1]
        with open(f"/proc/{pid}/environ", "rb") as f:
            env = dict(line.split("=", 1) for line in f.read().decode().split("\0")[:-1] if "=" in line)
        program, admin = os.readlink(f"/proc/{pid}/exe"), self.dir + "/twin.admin"
        changed = [admin if i and words[i - 1] == "--admin-file" else word for i, word in enumerate(words)]
        with open(f"{self.home}/twin.log", "wb") as log:
            self.twins.append(subprocess.Popen([program, *changed[1:]], env={**env, "HANOK_ADMIN_FILE": admin},
                                               stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        tap.eventually(lambda: (answer := self.admin("twin", "/readyz")) and answer.status == 200, 60, "the twin is not ready")
        return self.twins[-1]

    def control(self, name, order):
        """s6-svc's orders to the supervisor: -d keeps a process down, -O lets it stay dead once it dies, -u starts it
        again."""
        subprocess.run(["s6-svc", order, f"{self.dir}/s6/{name}"], check=True)

    def admin(self, name, path):
        """The admin listener's answer; None when there is none."""
        try:
            with open(f"{self.dir}/{name}.admin") as f:
                port = int(f.read().rsplit(":", 1)[1])
            return web.request(port, "GET", path, timeout=10)
        except (OSError, ValueError, IndexError, web.http.client.HTTPException):
            return None

    def logs(self, *names):
        """Everything the processes logged, rotated files too."""
        text = ""
        for name in names or PROCESSES:
            for path in sorted(glob.glob(f"{self.dir}/log/{name}/*")):
                if os.path.basename(path) not in ("lock", "state"):
                    with open(path, errors="replace") as f:
                        text += f.read()
        return text

    def complaints(self):
        """What sanitizers said, and answers that OpenAPI does not know."""
        logs = self.logs(*SERVICES, *DEMOS)
        undeclared = [line for line in logs.splitlines() if UNDECLARED in line]
        return [m[0] for m in SANITIZER.finditer(logs)] + undeclared + self.answers.slips

    # ---- talking to it

    def inspector(self):
        """The lines of inspector.env."""
        with open(f"{self.dir}/inspector.env") as f:
            return dict(line.split("=", 1) for line in f.read().splitlines())

    def bus(self, service=None):
        """As the inspector, or as a service."""
        who = self.inspector()
        if not service:
            return Bus(self.settings["NATS_PORT"], who["NATS_USER"], who["NATS_PASSWORD"], who.get("NATS_CA"))
        with open(f"{self.dir}/secrets/nats_{service}") as f:
            return Bus(self.settings["NATS_PORT"], service, f.read(), who.get("NATS_CA"))

    def sql_client(self):
        return ["mariadb", "--no-defaults", "-S", f"{self.dir}/mysql.sock", "-u", pwd.getpwuid(os.geteuid()).pw_name, "--batch",
                "--skip-column-names"]

    def sql(self, query):
        """Rows of text columns, asked as the administrator, once the server takes the connection. BINARY(16) ids: select hex(id)."""
        return sql_rows(lambda: subprocess.run([*self.sql_client(), "-e", query], text=True, capture_output=True, timeout=180))


class SqlError(Exception):
    """What the database says of a query."""


def sql_rows(ask):
    """Of a client that ran, ask() runs it, until it has had a connection: who has just been killed takes none."""
    done = tap.eventually(lambda: None if NOT_CONNECTED.search((done := ask()).stderr) else done, 60, "the database takes no connection")
    if done.returncode:
        raise SqlError(done.stderr)
    return [line.split("\t") for line in done.stdout.splitlines()]


class Administrator:
    """A connection to the database that stays: there may be no place for another."""

    def __init__(self, stack):
        self.client = subprocess.Popen([*stack.sql_client(), "--unbuffered", "--force"], text=True, stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def sql(self, query):
        """As Stack.sql; what cannot be done is nothing."""
        self.client.stdin.write(f"{query};\nSELECT 'that is all';\n")
        self.client.stdin.flush()
        lines = iter(self.client.stdout.readline, "")
        return [line.rstrip("\n").split("\t") for line in iter(lambda: next(lines), "that is all\n")]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.stdin.close()
        self.client.wait()


def sanitizers_are_silent(stack):
    complaints = stack.complaints()
    if complaints:
        raise AssertionError("\n\n".join(complaints))


def run_cases(**settings):
    """Runs the cases of a file, on a stack that is up, and looks last at what sanitizers said."""
    stack = Stack(**settings)
    stack.up()
    tap.case(sanitizers_are_silent)
    return tap.run(stack)
