#!/usr/bin/env python3
"""What a program knows stays in its memory: a crash leaves no core file, and nobody else of its user looks into it."""
import contextlib
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

import tap
from stack import ROOT
from tap import Skip, case, equal, eventually

BUILD = os.environ.get("BUILD", "release")
OPEN_BUILDS = ("debug", "coverage")  # made for debuggers
SECRET = "lantern-tide-quartz-secret"
NOBODY = 65534
# Each waits for servers that say nothing; @PORT@ is one that only listens.
NATS = ("--nats-url", "nats://127.0.0.1:@PORT@", "--nats-user", "any")
SERVICE = (*NATS, "--admin-listen", "127.0.0.1:0")
MYSQL = ("--mysql-host", "127.0.0.1", "--mysql-port", "@PORT@", "--mysql-schema", "any", "--mysql-user", "any")
PROGRAMS = {
    "hanok-gateway": (*SERVICE, "--listen", "127.0.0.1:0", "--routes", "routes.conf"),
    "hanok-auth": (*SERVICE, *MYSQL, "--key-dir", "keys"),
    "hanok-user": (*SERVICE, *MYSQL),
    "hanok-audit": (*SERVICE, *MYSQL),
    "hanok-streams": (*NATS, "--wait-s", "600"),
    "hanok-migrate": (*MYSQL, "--dir", "migrations", "--wait-s", "600"),
    "hanokctl": ("--context", "here", "status", "-w"),
}


class Folder:
    """Programs, in a folder where also nobody may work."""

    def __init__(self, path):
        self.path = path
        out = subprocess.run(["make", "-s", "--no-print-directory", "out", f"BUILD={BUILD}"], cwd=ROOT, text=True,
                             check=True, stdout=subprocess.PIPE).stdout.strip()
        for program in PROGRAMS:
            shutil.copy(f"{ROOT}/{out}/{program}", path)
        shutil.copy(f"{ROOT}/deploy/gateway/routes.conf", path)
        shutil.copytree(f"{ROOT}/dataservice/migrations/auth", f"{path}/migrations")
        os.makedirs(f"{path}/keys", mode=0o700)
        os.makedirs(f"{path}/config/nats/context")
        for at, folders, files in os.walk(path):
            for name in (at, *(os.path.join(at, f) for f in files)):
                if os.geteuid() == 0:
                    os.chown(name, NOBODY, NOBODY)
        self.who = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}

    @contextlib.contextmanager
    def running(self, *command):
        """It may leave as large a core as it wants."""
        def unlimited():
            with contextlib.suppress(ValueError):
                resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        env = {"PATH": os.environ["PATH"], "XDG_CONFIG_HOME": f"{self.path}/config", "HANOK_NATS_PASSWORD": SECRET,
               "HANOK_MYSQL_PASSWORD": SECRET, "TEST_RUN": os.environ.get("TEST_RUN", "")}
        program = os.path.basename(command[0])
        for name in list(env):  # an unknown setting is an error
            if name == "HANOK_MYSQL_PASSWORD" and "--mysql-host" not in command or name == "HANOK_NATS_PASSWORD" and "--nats-url" not in command:
                del env[name]
        with open(f"{self.path}/{program}.log", "w") as log:
            child = subprocess.Popen(command, cwd=self.path, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                     preexec_fn=unlimited, start_new_session=True, **self.who)
        try:
            yield child
        finally:
            if child.returncode is None:
                child.kill()
                child.wait()

    @contextlib.contextmanager
    def program(self, name):
        """One that has connected to a server that says nothing: whatever is done first in a program is done."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            with open(f"{self.path}/config/nats/context/here.json", "w") as f:
                json.dump({"url": f"nats://127.0.0.1:{port}", "user": "any", "password": SECRET}, f)
            silent.settimeout(60)
            with self.running(f"{self.path}/{name}", *(word.replace("@PORT@", str(port)) for word in PROGRAMS[name])) as child:
                try:
                    with silent.accept()[0]:
                        yield child
                except TimeoutError:
                    raise AssertionError(self.said(name)) from None

    def read(self, pid, what):
        """What another process of the same user gets to see of /proc/PID/..., and how it ended."""
        return subprocess.run(["cat", f"/proc/{pid}/{what}"], capture_output=True, timeout=30, **self.who)

    def crash(self, child):
        """True when the kernel made a core of it."""
        child.send_signal(signal.SIGSEGV)
        _, status = os.waitpid(child.pid, 0)
        child.returncode = -1
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSEGV, status
        return os.WCOREDUMP(status)

    def cores(self):
        return [entry.path for entry in os.scandir(self.path) if entry.name.startswith("core")]

    def said(self, name):
        with open(f"{self.path}/{name}.log") as f:
            return f.read()


def closed_build():
    if BUILD in OPEN_BUILDS:
        raise Skip(f"BUILD={BUILD} is made for debuggers")


@case
def a_crash_leaves_no_core_of_any_program(folder):
    closed_build()
    with folder.running("sleep", "600") as child:
        eventually(lambda: b"sleep" in folder.read(child.pid, "comm").stdout)
        if not folder.crash(child):
            raise Skip("no program leaves a core on this machine")
    for core in folder.cores():
        os.remove(core)
    for name in PROGRAMS:
        with folder.program(name) as child:
            equal(folder.crash(child), False, name)
    equal(folder.cores(), [])


@case
def memory_and_environment_are_read_by_no_other_process_of_the_same_user(folder):
    closed_build()
    with folder.running("sleep", "600") as child:
        eventually(lambda: folder.read(child.pid, "environ").returncode == 0, why="nobody sees anything here anyway")
    for name in PROGRAMS:
        with folder.program(name) as child:
            for what in ("environ", "mem", "auxv"):
                seen = folder.read(child.pid, what)
                assert seen.returncode != 0 and b"ermission denied" in seen.stderr, (name, what, seen)
                equal(seen.stdout, b"", f"{name} {what}")


@case
def who_hashes_passwords_steps_back_all_the_same(folder):
    with folder.program("hanok-auth") as child:
        seen = folder.read(child.pid, "autogroup")
        if seen.returncode != 0:
            raise Skip("a kernel without autogroup")
        assert b" nice 5" in seen.stdout, seen


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="hanok-private-", dir="/tmp") as home:
        os.chmod(home, 0o755)
        sys.exit(tap.run(Folder(home)))
