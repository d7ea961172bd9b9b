"""Checks of events: what is said is what has happened, in order."""
from collections import Counter

from verdict import check

# What is said of a signup, by how it ended: each once, in this order for one schema.
ALWAYS = "auth.account_created"
SAYS = {
    "SUCCEEDED": (ALWAYS, "user.profile_registered", "auth.account_activated"),
    "COMPENSATED": (ALWAYS, "auth.signup_compensated"),
}
# May have happened before it was undone: both or neither.
UNDONE = ("user.profile_registered", "user.profile_cancelled")
ORDER = (ALWAYS, *UNDONE, "auth.account_activated", "auth.signup_compensated")


@check
def every_change_is_said_once(facts):
    said = {}
    for event in facts.tables.outbox:
        said.setdefault(event.key, Counter())[event.type] += 1
    for name, saga in facts.tables.sagas.items():
        if saga.type != "signup" or saga.state not in SAYS:
            continue
        got = dict(said.get(saga.subject, {}))
        want = dict.fromkeys(SAYS[saga.state], 1)
        if got not in (want, {**want, **dict.fromkeys(UNDONE, 1)} if saga.state == "COMPENSATED" else want):
            yield f"saga {name} is {saga.state}, said is {got} of {saga.subject}"
    return len(facts.tables.outbox)


@check
def nothing_is_said_that_did_not_happen(facts):
    subjects = {saga.subject for saga in facts.tables.sagas.values()}
    for event in facts.tables.outbox:
        if event.key not in subjects:
            yield f"{event.type} of {event.key}, which has no saga"
    return len(facts.tables.outbox)


@check
def what_is_said_of_somebody_is_in_order(facts):
    last = {}
    for event in facts.tables.outbox:
        before = last.get((event.schema, event.key))
        if before and ORDER.index(before.type) >= ORDER.index(event.type):
            yield f"{event.schema}: {before.type} before {event.type} of {event.key}"
        last[event.schema, event.key] = event
    return len(facts.tables.outbox)
