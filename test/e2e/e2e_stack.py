#!/usr/bin/env python3
"""What `make up`, `down`, `status`, `logs` and `reset` promise."""
import glob
import os
import signal
import socket
import subprocess
import sys

import tap
from stack import PROCESSES, SERVICES, Stack, free_port, may_look_into
from tap import case, equal, eventually


def stat_of(pid):
    """(name, session) of a process."""
    with open(f"/proc/{pid}/stat") as f:
        text = f.read()
    return text[text.index("(") + 1:text.rindex(")")], int(text.rsplit(")", 1)[1].split()[3])


@case
def up_says_how_to_use_it_and_the_lines_work_when_pasted(stack):
    said = stack.up().stdout
    lines = [line for line in said.splitlines() if "curl -s" in line]
    equal(len(lines), 3, said)
    done = subprocess.run(["sh", "-c", "\n".join(lines)], text=True, capture_output=True, timeout=60)
    signup, profile = done.stdout.splitlines()
    assert '"ACTIVE"' in signup, done
    assert '"name":"Ada"' in profile, done


@case
def a_second_up_changes_nothing(stack):
    before = {name: stack.pid(name) for name in PROCESSES}
    done = stack.up()
    assert "already" in done.stdout, done.stdout
    equal({name: stack.pid(name) for name in PROCESSES}, before)
    stack.kill("user")
    assert "already" in stack.up().stdout, "while a part is restarting"


@case
def pid_files_hold_the_programs_own_pids(stack):
    eventually(lambda: stack.ready())
    wanted = {"nats": "nats-server", "mysql": "mariadbd", **{s: "hanok-" + s for s in SERVICES}}
    for name, program in wanted.items():
        command, session = stat_of(stack.pid(name))
        equal(command, program)
        assert session != os.getsid(0), name
        for number in os.listdir(f"/proc/{stack.pid(name)}/fd") if may_look_into(stack.pid(name)) else ():
            target = os.readlink(f"/proc/{stack.pid(name)}/fd/{number}")
            if number == "0":
                equal(target, "/dev/null", name)
            assert "/dev/pts" not in target and ".lock" != os.path.basename(target), (name, target)


@case
def status_has_a_line_a_process(stack):
    lines = stack.make("status").stdout.splitlines()[1:]
    equal([line.split()[0] for line in lines], list(PROCESSES))
    for line in lines:
        assert str(stack.pid(line.split()[0])) in line.split() and " ready " in line and "MB" in line, line


@case
def logs_are_merged_and_readable(stack):
    lines = stack.make("logs", FOLLOW="off").stdout.splitlines()
    for service in SERVICES:
        assert any(f" {service} " in line and " started" in line for line in lines), service
    assert not any(line.startswith("{") for line in lines)


@case
def what_dies_is_started_again_under_a_new_pid(stack):
    for name in PROCESSES:
        old = stack.kill(name)
        eventually(lambda name=name, old=old: stack.pid(name) not in (None, old))
    eventually(lambda: stack.ready())


@case
def a_busy_port_is_named_with_its_variable(stack):
    del stack
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for variable in ("HTTP_PORT", "NATS_PORT", "MYSQL_PORT", "PGSIM_PORT"):
            other = Stack(**{variable: port})
            done = other.make("up")
            assert done.returncode != 0, done.stdout
            assert str(port) in done.stdout and variable in done.stdout, done.stdout
            other.remove()


@case
def wrong_settings_are_explained(stack):
    port = stack.settings["NATS_PORT"]
    other = Stack(HTTP_PORT=free_port())
    for settings, word in (({"BUILD": "fast"}, "release"), ({"RUN_DIR": "/tmp/" + "x" * 120}, "too long"),
                           ({"RUN_DIR": "/usr"}, "empty folder"), ({"HTTP_PORT": "http"}, "number"),
                           ({"HTTP_PORT": 0}, "number"), ({"HTTP_PORT": port, "NATS_PORT": port}, "both"),
                           ({"PGSIM_PORT": 70000}, "number"), ({"ADMIN_PORT_BASE": 65534}, "ADMIN_PORT_BASE")):
        done = other.make("up", **settings)
        assert done.returncode != 0, settings
        assert word in done.stdout, (settings, done.stdout)
    assert other.make("reset", RUN_DIR="/usr").returncode != 0
    other.remove()


@case
def two_stacks_stand_side_by_side(stack):
    base = free_port()
    other = Stack(ADMIN_PORT_BASE=base)
    other.dir = other.settings["RUN_DIR"] = other.home + "/a run"
    other.up()
    person = stack.person()
    equal((stack.signup(person).status, other.signup(person).status), (201, 201))
    with open(f"{other.dir}/gateway.admin") as f:
        equal(f.read().strip(), f"127.0.0.1:{base + 1}")
    with open(f"{other.dir}/pgsim.http") as f:
        equal(f.read().strip(), f"127.0.0.1:{other.settings['PGSIM_PORT']}")
    other.down()
    equal(stack.login(person).status, 200)
    other.remove()
    assert not os.path.exists(other.dir)


@case
def services_reach_no_schema_but_their_own(stack):
    def ask(user, query, *where):
        with open(f"{stack.dir}/secrets/{user}") as f:
            password = f.read().strip()
        return subprocess.run(["mariadb", "--no-defaults", *where, "-u", user, f"-p{password}", "-e", query],
                              capture_output=True, text=True, timeout=30)
    socket_file = ("-S", f"{stack.dir}/mysql.sock")
    tcp = ("-h", "127.0.0.1", "-P", str(stack.settings["MYSQL_PORT"]))
    for where in (socket_file, tcp):
        equal(ask("hanok_auth", "select count(*) from hanok_auth.user", *where).returncode, 0)
        for query in ("select * from hanok_user.user_inform", "create table hanok_auth.t (i int)",
                      "select * from mysql.user"):
            assert ask("hanok_auth", query, *where).returncode != 0, query
    for user in ("root", os.environ.get("USER", "root")):
        done = subprocess.run(["mariadb", "--no-defaults", *tcp, "-u", user, "-e", "select 1"], capture_output=True)
        assert done.returncode != 0, f"{user} by TCP"


@case
def down_ends_everything_and_up_finds_the_data_again(stack):
    person = stack.person()
    user_id = stack.signup(person).json()["userId"]
    pids = [stack.pid(name) for name in PROCESSES]
    stack.down()
    for pid in pids:
        assert not os.path.exists(f"/proc/{pid}") or "Z" in open(f"/proc/{pid}/status").read().split("State:")[1][:4]
    equal([name for name in os.listdir(stack.dir) if name.endswith((".pid", ".admin"))], [])
    assert "not up" in stack.down().stdout
    stack.up()
    equal(stack.token_of(person)[0], user_id)


@case
def down_works_when_half_is_dead_and_kills_no_stranger(stack):
    with open(f"/proc/{stack.pid('gateway')}/stat") as f:
        supervisor = int(f.read().rsplit(")", 1)[1].split()[1])
    with open(f"/proc/{supervisor}/stat") as f:
        tree = int(f.read().rsplit(")", 1)[1].split()[1])
    os.kill(tree, signal.SIGKILL)
    os.kill(supervisor, signal.SIGKILL)
    stranger = subprocess.Popen(["sleep", "600"])
    with open(f"{stack.dir}/user.pid", "w") as f:
        f.write(str(stranger.pid))
    pids = [stack.pid(name) for name in PROCESSES if name != "user"]
    stack.down()
    equal(stranger.poll(), None, "a stranger was killed")
    stranger.kill()
    stranger.wait()
    for pid in pids:
        eventually(lambda pid=pid: not os.path.exists(f"/proc/{pid}") or "(zombie)" in open(f"/proc/{pid}/status").read())
    stack.up()


@case
def it_starts_also_for_who_has_closed_all_three_descriptors(stack):
    stack.down()
    closed = ("bash", "-c", 'exec "$@" <&- >&- 2>&-', "closed")
    equal(stack.make("up", by=closed).returncode, 0)
    assert stack.ready()
    for name in filter(lambda name: may_look_into(stack.pid(name)), PROCESSES):
        equal(os.readlink(f"/proc/{stack.pid(name)}/fd/0"), "/dev/null", name)
    equal(stack.make("down", by=closed).returncode, 0)
    stack.up()


@case
def a_stopped_process_does_not_hold_up_down(stack):
    stack.kill("user", signal.SIGSTOP)
    stack.down()


@case
def a_start_that_cannot_succeed_leaves_nothing(stack):
    keys = glob.glob(f"{stack.dir}/keys/*")
    for key in keys:
        os.chmod(key, 0o644)  # auth takes no key that others can read
    done = stack.make("up")
    for key in keys:
        os.chmod(key, 0o600)
    assert done.returncode != 0, done.stdout
    assert "auth is not ready: it keeps dying" in done.stdout, done.stdout  # and not the gateway, which waits for it
    assert os.path.basename(keys[0]) in done.stdout, done.stdout
    assert "not up" in stack.make("status").stdout


if __name__ == "__main__":
    sys.exit(tap.run(Stack()))
