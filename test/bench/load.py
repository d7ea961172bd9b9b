"""Load from this machine on this machine, bounded in time: wrk, hash_bench, single requests."""
import json
import os
import subprocess
import urllib.request

from stack import ROOT

SCRIPT = os.path.join(ROOT, "test/bench/load.lua")
ARGON2 = ("19456", "2")  # KiB, passes: the defaults of auth
HASHING_THREADS = 2
PASSWORD = "lantern-tide-quartz"


class Wrk:
    """One thread of wrk; started at once, ends by itself after the seconds given."""
    def __init__(self, url, connections, seconds, *script):
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", SCRIPT, url, "--",
                   *script]
        self.seconds = seconds
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)

    def told(self):
        """What it counted, once it has ended."""
        output, _ = self.process.communicate(timeout=self.seconds + 60)
        line = next((line for line in output.splitlines() if line.startswith("JSON ")), None)
        if line is None:
            raise RuntimeError(f"wrk said: {output}")
        return json.loads(line[5:])

    def result(self, may_refuse=False):
        result = self.told()
        if result["broken"] or result["odd"] or (result["refused"] and not may_refuse):
            raise RuntimeError(f"not every request was answered as it should: {result}")
        result["perSecond"] = result["requests"] / result["seconds"]
        return result


def measured(server, url, connections, seconds, *script):
    """Runs a load and says what it cost each process of the server: CPU microseconds a request."""
    before = server.cpu()
    result = Wrk(url, connections, seconds, *script).result()
    after = server.cpu()
    result["cpuUs"] = {name: (after[name] - before[name]) * 1e6 / max(1, result["requests"]) for name in after}
    return result


def program(name, *arguments, env=None, stdin=None):
    """Runs one of the programs beside this file; what it has measured."""
    out = subprocess.run(["make", "-C", ROOT, "-s", "--no-print-directory", "out", "BUILD=release"], check=True,
                         capture_output=True, text=True).stdout.strip()
    command = [os.path.join(ROOT, out, "test/bench", name), *map(str, arguments)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, input=stdin,
                                     env={**os.environ, **(env or {})}).stdout)


def overload_bench(port, requests, connections, seconds, warm_s=0, pause_ms=0, spread=False):
    """Each connection asks one of these requests over and over: how many were served and refused, and how long the served ones took."""
    return program("overload_bench", port, connections, seconds, warm_s, pause_ms, int(spread), stdin="".join(r + "\0" for r in requests))


def hashes(seconds, kind="arena"):
    return program("hash_bench", HASHING_THREADS, seconds, *ARGON2, kind)


def tokens(number, seconds):
    return program("token_bench", number, seconds)


def takeover_ms(rounds):
    return program("takeover_bench", rounds)["ms"]


def events(seconds, wait_ms):
    return program("events_bench", seconds, wait_ms)


def signup_writes(seconds):
    return program("signup_bench", seconds)


def outbox(seconds, rate, rows):
    return program("outbox_bench", seconds, rate, rows)


def commits(stack, connections, seconds):
    """Rows/s that the stack's own database commits one by one."""
    return program("commit_bench", f"{stack.dir}/run/mysql.sock", connections, seconds)["perSecond"]


def asked(stack, subject, caller, body, seconds):
    """What somebody sees who asks over NATS, one question after the other."""
    return program("ask_bench", stack.nats_port, subject, caller, json.dumps(body), seconds, env=stack.inspector())


def create_accounts(stack):
    """Accounts bench1 to bench8; the token and id of the first."""
    for i in range(1, 9):
        body = {"loginId": f"bench{i}", "password": PASSWORD, "name": "Bench", "email": f"bench{i}@example.org",
                "phone": "+82 10-1234-5678"}
        if post(f"{stack.url}/signup", body, {"Prefer": "wait=10"})["status"] != "ACTIVE":
            raise RuntimeError("a signup did not end within 10 s")
    login = post(f"{stack.url}/login", {"loginId": "bench1", "password": PASSWORD})
    return login["accessToken"], login["userId"]


def administrator(stack, login_id):
    """The headers of an account that may change what any store has, from now on."""
    subprocess.run([f"{stack.dir}/run/bin/hanokctl", "user", "grant", login_id, "admin"], check=True, stdout=subprocess.DEVNULL,
                   stdin=subprocess.DEVNULL)
    login = post(f"{stack.url}/login", {"loginId": login_id, "password": PASSWORD})
    return {"Authorization": "Bearer " + login["accessToken"]}


def post(url, body, headers=None):
    request = urllib.request.Request(url, json.dumps(body).encode(),
                                     {"Content-Type": "application/json", **(headers or {})})
    with urllib.request.urlopen(request, timeout=20) as reply:
        return json.load(reply)
