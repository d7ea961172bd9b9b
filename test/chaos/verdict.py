"""What must be true when all is over, as rows; each finds what breaks it and says how much it looked at."""
import json
import re

from people import ENDS
from stack import PASSWORD, SANITIZER, UNDECLARED
from tables import gone, plain

CHECKS = []
SERVICE_S, SAGAS_S = 30, 60  # promise 2, with all parts back
FAULTS_SIGNALS = {9}
DEATH = re.compile(r'^\{.*"msg":"process ended".*\}$', re.MULTILINE)


def check(function):
    """Its name is the sentence; yields a sentence for each violation and returns how much it looked at."""
    CHECKS.append(function)
    return function


class Facts:
    """What people were told (signups with a 201, answers, what nobody may be told), and what is there when all is over."""

    def __init__(self, tables, people=None, logs="", shop=None, doctor=(0, ""), service_s=0.0, sagas_s=0.0):
        self.memory = {}  # {process: samples} of those that were watched
        self.tables = tables
        self.signups = people.signups if people else []
        self.answers = people.answers if people else []
        self.strange = people.strange if people else []
        self.orders = people.orders if people else []
        self.refunds = people.refunds if people else []
        self.outcomes = []  # (what became of orders, times)
        self.logs = logs
        self.shop = shop or {}  # {invariant: its Line}
        self.doctor = doctor  # exit code, what it printed
        self.service_s, self.sagas_s = service_s, sagas_s  # how long after the last fault


@check
def nobody_is_told_what_cannot_be(facts):
    yield from facts.strange
    return len(facts.answers)


@check
def every_201_has_a_saga_that_ended(facts):
    for signup in facts.signups:
        saga = facts.tables.sagas.get(plain(signup.saga_id))
        if not saga:
            yield f"saga {signup.saga_id} is not there"
        elif saga.subject != plain(signup.user_id):
            yield f"saga {signup.saga_id} is about {saga.subject}, not {signup.user_id}"
        elif saga.state not in ENDS:
            yield f"saga {signup.saga_id} is {saga.state}"
    return len(facts.signups)


@check
def every_promised_withdrawal_has_a_saga_that_ended(facts):
    promised = [(signup, saga_id) for signup in facts.signups for saga_id in signup.withdrawals]
    for signup, saga_id in promised:
        saga = facts.tables.sagas.get(plain(saga_id))
        if not saga:
            yield f"withdrawal {saga_id} is not there"
        elif (saga.subject, saga.type) != (plain(signup.user_id), "withdrawal"):
            yield f"saga {saga_id} is a {saga.type} of {saga.subject}, not the withdrawal of {signup.user_id}"
        elif saga.state not in ENDS:
            yield f"withdrawal {saga_id} is {saga.state}"
    return len(promised)


@check
def what_was_said_to_be_over_is_so(facts):
    looked = 0
    for signup in facts.signups:
        for saga_id, ends in ((signup.saga_id, signup.ends), *signup.withdrawals.items()):
            saga = facts.tables.sagas.get(plain(saga_id))
            for end in ends:
                looked += 1
                if saga and saga.state != end:
                    yield f"saga {saga_id} is {saga.state}, and was said to be {end}"
    return looked


@check
def nobody_leaves_who_has_not_come_or_is_gone(facts):
    came = {saga.subject for saga in facts.tables.sagas.values() if saga.type == "signup" and saga.state == "SUCCEEDED"}
    for name, saga in facts.tables.sagas.items():
        if saga.type == "withdrawal" and saga.subject not in came:
            yield f"withdrawal {name} is of {saga.subject}, who has not come"
    for name, times in gone(facts.tables).items():
        if times != 1:
            yield f"{name} has left {times} times"
    return sum(saga.type == "withdrawal" for saga in facts.tables.sagas.values())


@check
def nothing_is_hidden(facts):
    for name in facts.tables.hidden:
        yield f"the profile of {name} is hidden"
    return len(facts.tables.profiles)


@check
def nothing_is_open(facts):
    for name, saga in facts.tables.sagas.items():
        if saga.state not in ENDS or not saga.done:
            yield f"saga {name} is {saga.state} at {saga.step}"
    return len(facts.tables.sagas)


@check
def nothing_is_locked(facts):
    for name, (login_id, status) in facts.tables.accounts.items():
        if status != "ACTIVE":
            yield f"account {name} ({login_id}) is {status}"
    return len(facts.tables.accounts)


@check
def nothing_is_parked(facts):
    for row in facts.tables.parked:
        yield "{}: a dead letter, {}, of {}".format(*row)
    return len(facts.tables.parked)


@check
def both_rows_or_neither(facts):
    left = gone(facts.tables)
    for name, saga in facts.tables.sagas.items():
        here = (saga.subject in facts.tables.accounts, saga.subject in facts.tables.profiles)
        want = saga.state == "SUCCEEDED" and saga.subject not in left
        if saga.type == "signup" and saga.state in ENDS and here != (want, want):
            yield f"saga {name} is {saga.state}, left {saga.subject in left}, account {here[0]}, profile {here[1]}"
    return len(facts.tables.sagas)


@check
def every_row_has_its_saga(facts):
    subjects = {saga.subject for saga in facts.tables.sagas.values()}
    for what, rows in (("account", facts.tables.accounts), ("profile", facts.tables.profiles)):
        for name in rows:
            if name not in subjects:
                yield f"{what} {name} has no saga"
    return len(facts.tables.accounts) + len(facts.tables.profiles)


@check
def what_was_typed_is_what_is_kept(facts):
    looked = 0
    for signup in facts.signups:
        name = plain(signup.user_id)
        if name in facts.tables.accounts and name in facts.tables.profiles:
            looked += 1
            login_id, email = facts.tables.accounts[name][0], facts.tables.profiles[name]
            if login_id != signup.person["loginId"] or email not in signup.typed:
                yield f"{name} is {login_id}, {email}, and typed {signup.person['loginId']}, {signup.typed}"
    return looked


@check
def the_doctor_finds_nothing(facts):
    code, said = facts.doctor
    if code:
        yield from (line for line in said.splitlines() if not line.startswith(("VERDICT", "OK")))
    return len(said.splitlines())


@check
def service_and_sagas_are_back_in_time(facts):
    for what, took, limit in (("service", facts.service_s, SERVICE_S), ("every saga's end", facts.sagas_s, SAGAS_S)):
        if took > limit:
            yield f"{what} came {took:.0f} s after the last fault, promised are {limit} s"
    return 2


@check
def nobody_died_of_anything_else(facts):
    """A server whose disk is gone may die as it likes."""
    deaths = [json.loads(line) for line in DEATH.findall(facts.logs)]
    for death in deaths:
        how = death.get("signal") not in FAULTS_SIGNALS if "signal" in death else death["code"]
        if how and death["service"] not in ("nats", "mysql"):
            yield str(death)
    return len(deaths)


@check
def the_logs_hold_no_finding_and_no_password(facts):
    yield from (found[0] for found in SANITIZER.finditer(facts.logs))
    lines = facts.logs.splitlines()
    yield from (line for line in lines if UNDECLARED in line or PASSWORD in line)
    return len(lines)


class Line:
    """A row of the verdict."""

    def __init__(self, name, looked, violations):
        self.name, self.looked, self.violations = name, looked, violations


def found_by(function, *facts):
    """What a check yields, and what it returns."""
    violations, generator = [], function(*facts)
    while True:
        try:
            violations.append(next(generator))
        except StopIteration as end:
            return Line(function.__name__.replace("_", " "), end.value, violations)


def judge(facts):
    return [found_by(function, facts) for function in CHECKS]
