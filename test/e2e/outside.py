"""Who comes with a token of somebody else's, and is known here under an id of ours."""
import os

import tap
from stack import Stack

SOMEBODY_ELSES = "/users/00000000-0000-7000-8000-000000000000/events"


def known(stack):
    """{subject: user id} of who is known from outside."""
    rows = stack.sql("select subject, lower(hex(user_id)) from hanok_auth.identity")
    return {subject: f"{i[:8]}-{i[8:12]}-{i[12:16]}-{i[16:20]}-{i[20:]}" for subject, i in rows}


def own(stack, headers, subject):
    """What he is answered for a path that is his; None before auth knows him."""
    stack.request("GET", SOMEBODY_ELSES, headers=headers)
    return stack.request("GET", f"/users/{known(stack)[subject]}/events", headers=headers)


def with_issuer(provider, says, provider_first=False):
    """Runs the cases on a stack that takes the tokens of a provider: says is the rest of its row. They are given both. The process's exit code."""
    stack = Stack()
    rows = os.path.join(stack.home, "issuers.conf")
    with open(rows, "w", encoding="ascii") as f:
        f.write(f"{provider.issuer} {says}\n")
    stack.settings["HANOK_ISSUERS"] = rows
    try:
        for one in (provider, stack) if provider_first else (stack, provider):
            one.up()
        return tap.run(stack, provider)
    finally:
        provider.down()
