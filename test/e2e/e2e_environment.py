#!/usr/bin/env python3
# test/run: first
"""`make up` works whatever a shell exports and whatever the project's folder is called, or says at once why not."""
import contextlib
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time

import tap
from stack import PROCESSES, ROOT, SERVICES, Stack, may_look_into
from tap import case, equal, eventually

NOWHERE = "http://127.0.0.1:9"  # a proxy that does not answer
# What make and the compiler need, and what marks the processes of a test.
PLAIN = {"PATH": "/usr/local/bin:/usr/bin:/bin", "TEST_RUN": os.environ.get("TEST_RUN", "")}


def odd_shell(home):
    """What people's shells have been seen to export, all of it together."""
    for name, text in ((".curlrc", f"proxy = {NOWHERE}\ninclude\n"), (".my.cnf", "[client]\nhost=nowhere\nuser=nobody\n"),
                       ("bash_env", "echo this is my shell; cd /; alias curl=false; set -u\n")):
        with open(os.path.join(home, name), "w") as f:
            f.write(text)
    os.makedirs(os.path.join(home, "deploy/local"))
    return {**PLAIN, "HOME": home, "http_proxy": NOWHERE, "https_proxy": NOWHERE, "all_proxy": NOWHERE, "ALL_PROXY": NOWHERE,
            "MYSQL_HOST": "nowhere.invalid", "MYSQL_PWD": "wrong", "MYSQL_TCP_PORT": "9", "MYSQL_UNIX_PORT": "/nowhere",
            "MYSQL_HOME": home, "MARIADB_HOST": "nowhere.invalid", "NATS_URL": "nats://nowhere:1", "CDPATH": home,
            "POSIXLY_CORRECT": "1", "BASH_ENV": f"{home}/bash_env", "ENV": f"{home}/bash_env", "IFS": "/",
            "BASH_FUNC_curl%%": "() { false; }", "SHELLOPTS": "noglob:noclobber", "GLOBIGNORE": "*", "TMOUT": "1",
            "GREP_OPTIONS": "--color=always", "GREP_COLORS": "mt=01;31", "LC_ALL": "xx_YY.UTF-8", "LANGUAGE": "ko",
            "TMPDIR": "/nowhere", "TZ": "nowhere", "HANOK_TAG": "1.0", "HANOK_LOG_LEVEL": "loud", "HANOK_HTTP_PORT": "80",
            "HANOK_NATS_URL": "nats://nowhere:1", "HANOK_DRAIN_MS": "never"}


def copy_of_the_tree(folder):
    """As it is built, but for programs that test; a file that is newer shows that it can be compiled there."""
    def ignore(path, names):
        if path == ROOT:
            return [n for n in names if n.startswith(".")]
        return [n for n in names if n != "release" and path == f"{ROOT}/build" or n.endswith(("_test", "_bench"))]
    shutil.copytree(ROOT, folder, symlinks=True, ignore=ignore)
    os.utime(f"{folder}/cmd/user/main.c")
    return folder


def up(stack, root=ROOT, environment=None, **settings):
    stack.down()
    return stack.make("up", cwd=root, env=environment or PLAIN, **settings)


@case
def what_a_shell_exports_does_not_matter(stack):
    odd = odd_shell(os.path.join(stack.home))
    for goal in ("up", "status", "down"):
        done = stack.make(goal, env=odd)
        equal(done.returncode, 0, done.stdout)
        assert "my shell" not in done.stdout, done.stdout
        if goal == "up":
            assert "curl -s --noproxy" in done.stdout, "the lines to copy go by the proxy: " + done.stdout
            for name in SERVICES:
                assert stack.admin(name, "/readyz").status == 200, name
                if not may_look_into(stack.pid(name)):
                    continue
                with open(f"/proc/{stack.pid(name)}/environ", "rb") as f:
                    names = {entry.split(b"=")[0].decode() for entry in f.read().split(b"\0") if entry}
                equal({n for n in names if n in odd and n not in ("HOME", "PATH", "LC_ALL", "TEST_RUN")}, set(), name)
        if goal == "status":
            equal(len(re.findall(r" ready ", done.stdout)), len(PROCESSES), done.stdout)


@case
def a_setting_counts_when_it_is_said_to_make_itself(stack):
    equal(up(stack, HANOK_ARGON2_THREADS="1").returncode, 0)
    for name in filter(lambda name: may_look_into(stack.pid(name)), SERVICES):
        with open(f"/proc/{stack.pid(name)}/environ") as f:
            equal("HANOK_ARGON2_THREADS=1" in f.read().split("\0"), name == "auth", name)
    for setting, why in ((("HANOK_LOG_LEVEL", "loud"), "must be one of"), (("HANOK_LOG_LEVL", "debug"), "HANOK_LOG_LEVL")):
        done = up(stack, **dict((setting,)))
        assert done.returncode != 0 and why in done.stdout and "is not ready" not in done.stdout, done.stdout


@case
def only_the_services_one_names_are_started(stack):
    done = up(stack, SERVICES="gateway auth")
    equal(done.returncode, 0, done.stdout)
    equal([stack.pid(name) is not None for name in ("gateway", "auth", "user")], [True, True, False])
    assert "user" not in stack.make("status").stdout
    equal(stack.request("GET", "/welcome").status, 200)
    done = up(stack, SERVICES="gateway shoes")
    assert done.returncode != 0 and "shoes" in done.stdout, done.stdout


@case
def the_projects_folder_may_have_blanks_and_korean_letters(stack):
    stack.down()
    for name in ("my projects", "한옥 마을"):
        root = copy_of_the_tree(os.path.join(stack.home, name))
        done = stack.make("up", cwd=root, env=PLAIN, RUN_DIR=None)
        equal(done.returncode, 0, done.stdout)
        assert "not ready" not in stack.make("status", cwd=root, env=PLAIN, RUN_DIR=None).stdout
        equal(stack.request("GET", "/welcome").status, 200)
        equal(stack.make("reset", cwd=root, env=PLAIN, RUN_DIR=None).returncode, 0)
        if name != "한옥 마을":
            shutil.move(root, os.path.join(stack.home, "it's"))
    root = os.path.join(stack.home, "it's")
    done = stack.make("up", cwd=root, env=PLAIN, RUN_DIR=None)
    assert done.returncode != 0 and "it's" in done.stdout and "folder" in done.stdout, done.stdout
    assert "RUN_DIR" not in done.stdout, done.stdout


@case
def an_error_of_an_earlier_run_is_not_shown_again(stack):
    for log in ("nats/current", "streams.log"):
        with open(f"{stack.dir}/log/{log}", "a") as f:
            f.write("[FTL] what was wrong yesterday\n")
    broken = os.path.join(stack.home, "bin")
    os.makedirs(broken)
    with open(f"{broken}/nats-server", "w") as f:
        f.write('#!/bin/sh\n[ "$1" != --version ] || exec echo v2.10.0\necho what is wrong today\nexit 1\n')
    os.chmod(f"{broken}/nats-server", 0o755)
    done = up(stack, environment={**PLAIN, "PATH": f"{broken}:{PLAIN['PATH']}"})
    assert done.returncode != 0 and "nats is not ready" in done.stdout and "wrong today" in done.stdout, done.stdout
    assert "yesterday" not in done.stdout, done.stdout


def processes_of(stack):
    """Those of the stack, by what they were started with."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                command = f.read().replace(b"\0", b" ").decode()
            with open(f"/proc/{pid}/stat") as f:
                state = f.read().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if stack.dir in command and state != "Z":
            found.append(command)
    return found


def started_in_a_terminal(stack):
    """(process, the terminal's other end): `make up` in a session of its own."""
    ours, theirs = pty.openpty()
    command = ["make", "-s", "--no-print-directory", "up", *(f"{k}={v}" for k, v in stack.settings.items())]
    process = subprocess.Popen(["setsid", "--ctty", "--wait", *command], cwd=ROOT, env=PLAIN, stdin=theirs, stdout=theirs,
                               stderr=theirs, start_new_session=True)
    os.close(theirs)
    return process, ours


def interrupted(stack, point, how):
    """How `make up` ended that was interrupted as soon as that process was there."""
    process, terminal = started_in_a_terminal(stack)
    until = time.monotonic() + 60
    while stack.pid(point) is None and time.monotonic() < until:  # from here to the end it may be a few hundredths of a second
        time.sleep(0.001)
    if how == signal.SIGINT:
        os.write(terminal, b"\x03")
    elif how == signal.SIGTERM:
        with contextlib.suppress(OSError):
            os.killpg(os.tcgetpgrp(terminal), how)
    if how == "close":
        os.close(terminal)
    eventually(lambda: process.poll() is not None)
    if how != "close":
        os.close(terminal)
    return process.returncode


@case
def an_interrupted_up_takes_down_what_it_had_started(stack):
    stack.down()
    for point, how in (("mysql", "close"), ("nats", signal.SIGINT), (SERVICES[-1], "close"), (SERVICES[-1], signal.SIGTERM)):
        for _ in range(20):
            ended = interrupted(stack, point, how)
            if ended != 0:
                break
            stack.down()  # it was through before it was interrupted
        assert ended != 0, (point, how)
        eventually(lambda: not processes_of(stack), why=f"{point}, {how}: not all is down")
    equal(up(stack).returncode, 0)


if __name__ == "__main__":
    sys.exit(tap.run(Stack()))
