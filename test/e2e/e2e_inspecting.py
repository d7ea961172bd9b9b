#!/usr/bin/env python3
"""docs/inspecting.md is true: its commands run, section by section, and print what the page shows.

A `console` block holds commands ("$ ...") and lines that each prints, in any order; "..." stands for anything, ids, times
and sizes for their like. A `console watching` block goes on beside the block after it.
"""
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import time

import tap
from bus import Bus
from stack import ROOT, run_cases
from tap import Skip, case, equal, eventually

LIMIT_S = 60
BLOCK = re.compile(r"^```console( watching)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
# What may say it a moment later: logs are written and work is counted after the answer has left.
LATE = ("grep ", "nats micro stats ")
FRAME = re.compile(r"[─-╿|]")
VARIES = re.compile(r"""
    \d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.]*Z? | \d\d:\d\d:\d\d  # times
    | \b(?=[\w-]*\d)[\w-]{16,}                                  # ids
    | \b(?:\d[\d.]*(?:[nµμm]?s|m|h|\s?[kmg]?i?b))+\b            # durations, sizes
    | \b\d+(?:\.\d+)+(?::\d+)?\b                                # versions, addresses
    """, re.VERBOSE | re.IGNORECASE)


def normal(text):
    return " ".join(VARIES.sub("#", FRAME.sub(" ", text)).split())


def shows(said, line):
    """Whether a line of what was said is this line of the page."""
    wanted = re.compile(".*".join(re.escape(normal(part)) for part in line.split("...")))
    return any(wanted.fullmatch(normal(s)) for s in said.splitlines())


def check(command, said, code, wanted):
    missing = [line for line in wanted if not shows(said, line)]
    assert not missing, f"{command}\ndoes not print\n" + "\n".join(missing) + "\nbut\n" + said
    equal(code != 0, any("nats: error" in line for line in wanted), f"{command} ended with {code}: {said}")


def commands_of(block):
    """(command, lines it prints) in order."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *wanted = part.splitlines()
        yield command, [line for line in wanted if line.strip(" .")]


class Reader:
    """Somebody at the root of the project, where the stack is in .run, who types what the page says."""
    def __init__(self):
        self.exports = []

    def start(self, stack, command):
        if not shutil.which("nats"):
            raise Skip("the nats CLI is not installed")
        if not os.path.lexists(f"{stack.home}/.run"):
            os.symlink(stack.dir, f"{stack.home}/.run")
        command = command.replace("localhost:8080", f"localhost:{stack.port}")
        env = {"PATH": os.environ["PATH"], "HOME": stack.home, "LANG": "C.UTF-8"}
        return subprocess.Popen(["bash", "-c", "\n".join((*self.exports, command))], cwd=stack.home, env=env, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def end(self, process):
        """What it printed, and its code."""
        try:
            said, _ = process.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
            raise AssertionError(f"still running after {LIMIT_S} s: {process.args[-1]}\n{said}") from None
        return said, process.returncode

    def type(self, stack, command, wanted):
        until = time.monotonic() + (LIMIT_S if command.startswith(LATE) else 0)
        while True:
            try:
                check(command, *self.end(self.start(stack, command)), wanted)
                break
            except AssertionError:
                if time.monotonic() > until:
                    raise
            time.sleep(0.1)
        if command.startswith("export "):
            self.exports.append(command)

    def watch(self, stack, command):
        subject = shlex.split(command)[2]
        process = self.start(stack, command)

        def listens():
            assert process.poll() is None, f"{command} ended: {process.stdout.read()}"
            connections = stack.admin("nats", "/connz?subs=1").json()["connections"]
            return any(subject in c.get("subscriptions_list", ()) for c in connections)
        eventually(listens, LIMIT_S, f"{command} does not listen")
        return process


READER = Reader()


def read_section(stack, text):
    watching = []
    for beside, block in BLOCK.findall(text):
        if beside:
            watching += [(command, READER.watch(stack, command), wanted) for command, wanted in commands_of(block)]
            continue
        for command, wanted in commands_of(block):
            READER.type(stack, command, wanted)
        for command, process, wanted in watching:
            check(command, *READER.end(process), wanted)
        watching = []


def read_page():
    """A case for each section that has commands."""
    with open(f"{ROOT}/docs/inspecting.md") as f:
        sections = re.split(r"^## ", f.read(), flags=re.MULTILINE)[1:]
    for title, text in (section.split("\n", 1) for section in sections):
        if BLOCK.search(text):
            def section(stack, text=text):
                read_section(stack, text)
            section.__name__ = "the page on: " + title.lower()
            tap.case(section)


read_page()


@case
def the_readme_does_not_promise_more(stack):
    with open(f"{ROOT}/README.md") as f:
        lines = re.findall(r"^((?:export XDG|nats ).*?)(?: {2,}#.*)?$", f.read(), re.MULTILINE)
    assert len(lines) >= 3, lines
    for line in lines:
        READER.type(stack, line, [])


# ---- the same without the CLI

def who_is_in(stack, bus):
    """The user the server knows a connection as."""
    bus.flush()
    mine = bus.socket.getsockname()[1]
    connections = stack.admin("nats", "/connz?auth=1").json()["connections"]
    return [c["authorized_user"] for c in connections if c["port"] == mine]


@case
def both_files_let_the_inspector_in_and_only_their_owner_reads_them(stack):
    paths = [f"{stack.dir}/inspector.env", f"{stack.dir}/config/nats/context/hanok.json"]
    for path in paths:
        equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, path)
    with open(f"{stack.dir}/config/nats/context.txt") as f:
        equal(f.read().strip(), "hanok", "the selected context")
    with open(paths[1]) as f:
        context = json.load(f)
    env = stack.inspector()
    equal(sorted(env), ["NATS_PASSWORD", "NATS_URL", "NATS_USER"])
    url = f"nats://127.0.0.1:{stack.settings['NATS_PORT']}"
    for where, user, password in ((context["url"], context["user"], context["password"]),
                                  (env["NATS_URL"], env["NATS_USER"], env["NATS_PASSWORD"])):
        equal(where, url)
        with Bus(stack.settings["NATS_PORT"], user, password) as bus:
            equal(who_is_in(stack, bus), ["inspector"])


@case
def who_watches_sees_the_request_its_headers_and_the_reply(stack):
    person = stack.person()
    stack.signup(person)
    with stack.bus() as bus:
        bus.subscribe("auth.>")
        bus.subscribe("_INBOX.gateway.>")
        bus.flush()
        equal(stack.request("POST", "/login", {k: person[k] for k in ("loginId", "password")},
                            {"X-Request-Id": "watched-1"}).status, 200)
        asked = eventually(lambda: (m := bus.next()) and m.subject == "auth.login" and m)
        equal(asked.headers["X-Request-Id"], "watched-1")
        assert asked.headers["traceparent"] and int(asked.headers["Request-Timeout"]) > 0, asked.headers
        assert asked.reply.startswith("_INBOX.gateway."), asked.reply
        equal(asked.json()["password"], person["password"], "as the page warns")
        answer = eventually(lambda: (m := bus.next()) and m.subject == asked.reply and m)
        assert answer.json()["accessToken"], answer.data


@case
def a_watcher_is_a_listener(stack):
    with stack.bus() as asker, stack.bus() as watcher:
        equal(asker.request("nobody.home").headers["Status"], "503")
        watcher.subscribe("nobody.>")
        watcher.flush()
        asker.publish("nobody.home", b"{}", None, "_INBOX.asker")
        equal(watcher.next().reply, "_INBOX.asker")
        equal(asker.request("$SRV.PING.user", b"").json()["name"], "user", "nothing but this answer has come")


@case
def an_event_is_seen_when_it_comes_and_kept(stack):
    with stack.bus("operator") as operator, stack.bus() as inspector:
        inspector.subscribe("event.>")
        inspector.flush()
        kept = operator.request("event.test.seen", {"specversion": "1.0"}, {"Nats-Msg-Id": "seen-1"}).json()
        equal(kept["stream"], "EVENTS")
        seen = inspector.next()
        equal((seen.subject, seen.headers["Nats-Msg-Id"]), ("event.test.seen", "seen-1"))
        stored = inspector.request("$JS.API.STREAM.MSG.GET.EVENTS", {"seq": kept["seq"]}).json()
        equal(stored["message"]["subject"], "event.test.seen")


if __name__ == "__main__":
    sys.exit(run_cases())
