#!/usr/bin/env python3
# test/run: tsan
"""With RELAY=binlog events are told of by MariaDB's transaction log; when that is not there, by the table."""
import sys

from stack import SAY, run_cases
from tap import case, equal, eventually


def read(stack):
    return all(stack.metric(name, "hanok_outbox_log_read") == 1 for name in SAY)


def signed_up(stack):
    """Its events are in the stream, and have had their effect."""
    person = stack.person()
    reply = stack.signup(person, wait=30)
    equal(reply.status, 201, repr(reply))
    eventually(lambda: stack.login(person).status == 200)  # whoever of its participants was still on the way back
    user_id, bearer = stack.token_of(person)
    eventually(lambda: len(stack.request("GET", f"/users/{user_id}/events", headers=bearer).json()["items"]) == 3)


def back(stack):
    """Services look at their database once a second: what they said of themselves may be of before."""
    eventually(lambda: stack.ready() and read(stack))
    eventually(lambda: stack.signup(stack.person(), wait=30).status == 201)


def waiting(stack):
    return [row for name in SAY for row in stack.sql(f"SELECT id FROM hanok_{name}.outbox WHERE stream_seq IS NULL")]


@case
def the_log_is_read_and_events_come(stack):
    eventually(lambda: read(stack))
    signed_up(stack)
    eventually(lambda: waiting(stack) == [])
    equal(len(stack.sql("SELECT id FROM information_schema.processlist WHERE command = 'Binlog Dump'")), len(SAY))


@case
def after_mariadb_was_killed_it_is_read_on(stack):
    stack.kill("mysql")
    eventually(lambda: "the transaction log is not read" in stack.logs("auth"))
    back(stack)
    signed_up(stack)
    eventually(lambda: waiting(stack) == [])


@case
def without_the_privilege_the_table_is_read(stack):
    for host in ("localhost", "127.0.0.1"):
        stack.sql(f"REVOKE REPLICATION SLAVE ON *.* FROM 'hanok_auth'@'{host}'")
    stack.kill("auth")
    eventually(lambda: "REPLICATION SLAVE" in stack.logs("auth"))
    eventually(stack.ready)
    signed_up(stack)
    eventually(lambda: waiting(stack) == [])
    equal(stack.metric("auth", "hanok_outbox_log_read"), 0)


if __name__ == "__main__":
    sys.exit(run_cases(RELAY="binlog"))
