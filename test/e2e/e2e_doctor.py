#!/usr/bin/env python3
# test/run: unsanitized
"""`make doctor` says that a stack is well, and finds what is not, each by its name."""
import re
import sys

import tap
from stack import ROOT, Stack
from tap import case, equal

with open(f"{ROOT}/deploy/local/invariants.sql") as rows:
    NAMES = re.findall(r"^-- (.*)\n(?!--|\n)", rows.read(), re.MULTILINE)
OLD = "UTC_TIMESTAMP(6) - INTERVAL 1 HOUR"
# What breaks each: in an account with a profile, whose saga has ended.
BREAKS = {
    "a saga ends within a minute": [f"UPDATE saga SET done = 0, state = 'PROCESSING', data = '{{}}', started_at = {OLD}, wake_at = '2099-01-01'"],
    "a saga's row can be read": ["UPDATE saga SET state = 'DREAMING'"],
    "an ended saga keeps no data": ["UPDATE saga SET data = '{}'"],
    "an account has a status we know": ["UPDATE user SET status = 'DREAMING'"],
    "an account that is locked has an open saga": ["UPDATE user SET status = 'SIGNUP_PENDING'"],
    "an active account has a profile": ["DELETE FROM hanok_user.user_inform"],
    "a profile has an account": ["DELETE FROM user"],
    "a compensated signup leaves nothing": ["UPDATE saga SET state = 'COMPENSATED'"],
}


def doctor(stack):
    """(exit code, the verdict on each name)"""
    done = stack.make("doctor")
    verdicts = {}
    for line in done.stdout.splitlines():
        for name in NAMES:
            if re.match(rf"(ok|BROKEN|skipped) +{re.escape(name)}(:|$| \()", line):
                verdicts[name] = line.split()[0]
    return done.returncode, verdicts


@case
def who_is_not_up_is_told_so(stack):
    done = stack.make("doctor")
    assert done.returncode != 0 and "not up" in done.stdout, done.stdout


@case
def what_has_no_schema_yet_is_skipped(stack):
    equal(stack.make("up", SERVICES="gateway auth").returncode, 0)
    code, verdicts = doctor(stack)
    equal(code, 0, verdicts)
    equal({name for name, verdict in verdicts.items() if verdict == "skipped"},
          {"an active account has a profile", "a profile has an account", "a compensated signup leaves nothing"})
    stack.down()


@case
def a_stack_that_is_well_is_said_to_be_so(stack):
    stack.up()
    equal(stack.signup(stack.person()).json()["status"], "ACTIVE")
    equal(doctor(stack), (0, {name: "ok" for name in NAMES}))


@case
def each_broken_invariant_is_named(stack):
    equal(set(BREAKS), set(NAMES))
    for name, statements in BREAKS.items():
        person = stack.person()
        equal(stack.signup(person).json()["status"], "ACTIVE")
        for service in ("auth", "user"):
            stack.control(service, "-d")
        stack.sql("USE hanok_auth; " + "; ".join(statements))
        code, verdicts = doctor(stack)
        equal(verdicts[name], "BROKEN", name)
        assert code != 0, name
        stack.sql("DELETE FROM hanok_auth.user; DELETE FROM hanok_auth.saga; DELETE FROM hanok_user.user_inform")
        for service in ("auth", "user"):
            stack.control(service, "-u")
        tap.eventually(lambda: stack.ready())
    equal(doctor(stack)[0], 0)


if __name__ == "__main__":
    sys.exit(tap.run(Stack()))
