"""What is left when one of two instances of a service stands still, as a machine that hangs does."""
import os
import signal

from load import Wrk


def served(url, seconds, token):
    """Requests/s that were answered, and how many were refused."""
    result = Wrk(url, 64, seconds, "get", token).result(may_refuse=True)
    return (result["requests"] - result["refused"]) / result["seconds"], result["refused"]


def capacity(stack, token, user, table, say):
    say("one of two instances of user is frozen")
    url = f"{stack.url}/users/{user}"
    with stack.second("user") as (pid, _):
        served(url, 2, token)  # until the route's limit is what suits two
        both, _ = served(url, 2, token)
        os.kill(pid, signal.SIGSTOP)
        try:
            left, refused = served(url, 8, token)
        finally:
            os.kill(pid, signal.SIGCONT)
    ratio = left / both
    table.add("GET /users/{id}, 64 connections, the first 8 s after one of two instances froze: requests/s over those of both",
              "≥ 0.45", f"{ratio:.2f}", ratio >= 0.45, f"{left:,.0f}/s, both {both:,.0f}/s; {refused} refused")
    stack.settle()
