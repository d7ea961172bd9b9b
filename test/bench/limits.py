"""What limits cost and what they keep: a refusal beside /welcome, and reads at ten times the load."""
import json
import statistics

from load import PASSWORD, Wrk, overload_bench
from stack import cpu_s

ROUTES = """GET /refused auth.jwks rate=once
rate once 1/86400
"""
ENOUGH, CROWD = 64, 640  # connections


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
    settle_s = 5  # until the limit has found its place
    name, clients = "GET /users/{id}", 8  # of whom each waits a little before it asks again: who asks when it is quiet

    def __init__(self, stack, token, user):
        self.port = stack.port
        self.requests = [request(f"GET /users/{user}", f"Authorization: Bearer {token}\r\n")]

    def pause_ms(self, peak):
        return 0


class Logins:
    """Ten times the most logins a second come; who is refused at once comes again no sooner."""
    settle_s = 8  # the first of them are all let in, and in auth's queue until their five seconds are over
    name, clients = "POST /login", 2

    def __init__(self, stack):
        self.port = stack.port
        self.requests = [request("POST /login", "Content-Type: application/json\r\n",
                                 json.dumps({"loginId": f"bench{i}", "password": PASSWORD})) for i in range(1, 9)]

    def pause_ms(self, peak):
        return CROWD * 1000 / (10 * peak)


def request(line, fields, body=""):
    return f"{line} HTTP/1.1\r\nHost: bench\r\n{fields}Content-Length: {len(body)}\r\n\r\n{body}" if body \
        else f"{line} HTTP/1.1\r\nHost: bench\r\n{fields}\r\n"


def asked(load, connections, seconds, **how):
    """What a crowd sees of which each asks, is answered, and asks again."""
    told = overload_bench(load.port, load.requests, connections, seconds, **how)
    if told["otherStatus"] not in (0, 504) or not told["served"]:
        raise RuntimeError(f"{load.name}: not every request was answered as it should: {told}")
    return told | {"perSecond": told["served"] / seconds, "p99Ms": told["p99Us"] / 1000}


def overload(stack, load, rounds, table, say):
    """640 connections where 64 are enough for the most answers a second."""
    quiet, most, over = [], [], []
    for i in range(rounds):
        say(f"{load.name} at ten times the load, round {i + 1} of {rounds}")
        quiet.append(asked(load, load.clients, 2, pause_ms=10))
        most.append(asked(load, ENOUGH, 2))
        over.append(asked(load, CROWD, 4, warm_s=load.settle_s, pause_ms=load.pause_ms(most[-1]["perSecond"]), spread=True))
        stack.settle()
    goodput, peak = median(over, "perSecond"), median(most, "perSecond")
    p99, calm = median(over, "p99Ms"), median(quiet, "p99Ms")
    table.add(f"{load.name} at {CROWD} connections: served/s over those at {ENOUGH}", "≥ 0.9", f"{goodput / peak:.2f}", goodput >= 0.9 * peak,
              f"{goodput:,.0f} over {peak:,.0f}/s; {median(over, 'refused') / 4:,.0f} refused/s, {median(over, 'other') / 4:,.0f}/s not answered in time")
    table.add("the same: p99 of those served over p99 when it is quiet", "≤ 3", f"{p99 / calm:.1f}", p99 <= 3 * calm,
              f"{p99:.1f} over {calm:.1f} ms, {load.clients} clients when it is quiet; at {ENOUGH} connections {median(most, 'p99Ms'):.1f} ms")
