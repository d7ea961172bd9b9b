"""What limits cost and what they keep: a refusal beside /welcome, and reads at ten times the load."""
import collections
import http.client
import json
import statistics
import threading
import time

from load import PASSWORD, Wrk
from stack import cpu_s

ROUTES = """GET /refused auth.jwks rate=once
rate once 1/86400
"""


def median(results, key):
    return statistics.median(r[key] for r in results)


def refusals(stack, rounds, table, say):
    """By a gateway of its own, which has limits; the stack has none."""
    routes, cost = f"{stack.dir}/refusing.conf", {"welcome": [], "refused": []}
    with open(routes, "w") as f:
        f.write(ROUTES)
    with stack.second("gateway", {"HANOK_RATE_LIMIT": "on"}, routes=routes) as (pid, port):
        for i in range(rounds):
            say(f"refusals, round {i + 1} of {rounds}")
            for path, results in cost.items():
                before = cpu_s(pid)
                result = Wrk(f"http://127.0.0.1:{port}/{path}", 64, 2, "get").result(may_refuse=True)
                result["cpuUs"] = (cpu_s(pid) - before) * 1e6 / max(1, result["requests"])
                results.append(result)
    welcome, refused = median(cost["welcome"], "cpuUs"), median(cost["refused"], "cpuUs")
    table.add("a refusal by rate limit: CPU over /welcome's", "≤ 1.2", f"{refused / welcome:.2f}", refused <= 1.2 * welcome,
              f"{refused:.1f} over {welcome:.1f} µs")


class Reads:
    """Each connection asks again as soon as it is answered: ten times as many as it takes for the most reads a second."""
    settle_s = 2  # until the limit has found its place
    name, clients, among = "GET /users/{id}", 8, 8  # who look how long it takes, when it is quiet and in the crowd

    def __init__(self, stack, token, user):
        self.url, self.path, self.token = f"{stack.url}/users/{user}", f"/users/{user}", token

    def ask(self, connection):
        connection.request("GET", self.path, headers={"Authorization": f"Bearer {self.token}"})

    def wrk(self, connections, seconds, peak=None):
        return Wrk(self.url, connections, seconds, "get", self.token)


class Logins:
    """Ten times the most logins a second come; who is refused at once comes again no sooner."""
    settle_s = 8  # the first of them are all let in, and in auth's queue until their five seconds are over
    name, clients, among = "POST /login", 2, 32  # one of ten is let in, the others hear of it in a second

    def __init__(self, stack):
        self.url = stack.url

    def ask(self, connection):
        body = json.dumps({"loginId": "bench1", "password": PASSWORD})
        connection.request("POST", "/login", body, {"Content-Type": "application/json"})

    def wrk(self, connections, seconds, peak=None):
        pause = [str(round(connections * 1000 / (10 * peak)))] if peak else []
        return Wrk(self.url, connections, seconds, "login", "bench", PASSWORD, *pause)


def answered(stack, load, clients, seconds):
    """Milliseconds that each answer with 200 took, to so many who ask one thing after the other. wrk can not tell them from refusals."""
    took, lock, until, statuses = [], threading.Lock(), time.monotonic() + seconds, collections.Counter()

    def ask():
        connection, mine = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=20), []
        while (start := time.monotonic()) < until:
            load.ask(connection)
            reply = connection.getresponse()
            reply.read()
            statuses[reply.status] += 1
            if reply.status == 200:
                mine.append((time.monotonic() - start) * 1000)
            time.sleep(0.01)
        with lock:
            took.extend(mine)
    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not took:
        raise RuntimeError(f"{load.name}: nobody was served: {dict(statuses)}")
    return {"p99Ms": sorted(took)[len(took) * 99 // 100], "number": len(took)}


def overload(stack, load, rounds, table, say):
    """640 connections where 64 are enough for the most answers a second."""
    quiet, most, over, served = [], [], [], []
    for i in range(rounds):
        say(f"{load.name} at ten times the load, round {i + 1} of {rounds}")
        quiet.append(answered(stack, load, load.clients, 2))
        most.append(load.wrk(64, 2).result())
        peak = most[-1]["perSecond"]
        load.wrk(640, load.settle_s, peak).result(may_refuse=True)
        over.append(load.wrk(640, 3, peak).result(may_refuse=True))
        over[-1]["served"] = (over[-1]["requests"] - over[-1]["refused"]) / over[-1]["seconds"]
        crowd = load.wrk(640, 3, peak)
        time.sleep(0.5)
        served.append(answered(stack, load, load.among, 2))
        crowd.result(may_refuse=True)
        stack.settle()
    goodput, peak = median(over, "served"), median(most, "perSecond")
    p99, calm = median(served, "p99Ms"), median(quiet, "p99Ms")
    table.add(f"{load.name} at 640 connections: served/s over those at 64", "≥ 0.9", f"{goodput / peak:.2f}", goodput >= 0.9 * peak,
              f"{goodput:,.0f} over {peak:,.0f}/s; {median(over, 'refused') / 3:,.0f} refused/s")
    table.add("the same: p99 of those served over p99 when it is quiet", "≤ 3", f"{p99 / calm:.1f}", p99 <= 3 * calm,
              f"{p99:.1f} over {calm:.1f} ms, as {load.among} and {load.clients} clients in Python see it")
