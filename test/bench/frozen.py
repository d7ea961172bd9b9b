"""What is left when one of two instances of a service stands still, as a machine that hangs does."""
import os
import signal

from load import Wrk


def capacity(stack, token, user, table, say):
    say("one of two instances of user is frozen")
    url = f"{stack.url}/users/{user}"
    with stack.second("user") as (pid, _):
        both = Wrk(url, 64, 2, "get", token).result()
        os.kill(pid, signal.SIGSTOP)
        try:
            left = Wrk(url, 64, 8, "get", token).result()
        finally:
            os.kill(pid, signal.SIGCONT)
    ratio = left["perSecond"] / both["perSecond"]
    table.add("GET /users/{id}, 64 connections, the first 8 s after one of two instances froze: requests/s over those of both",
              "≥ 0.45", f"{ratio:.2f}", ratio >= 0.45,
              f"{left['perSecond']:,.0f}/s, both {both['perSecond']:,.0f}/s; all of them answered")
    stack.settle()
