"""Checks of events: what is said is what has happened, in order."""
from collections import Counter

from stream import partition
from tables import gone, of_people
from verdict import check

# What is said of a signup, by how it ended: each once, in this order for one schema.
ALWAYS = "auth.account_created"
SAYS = {
    "SUCCEEDED": (ALWAYS, "user.profile_registered", "auth.account_activated"),
    "COMPENSATED": (ALWAYS, "auth.signup_compensated"),
}
# May have happened before it was undone: both or neither.
UNDONE = ("user.profile_registered", "user.profile_cancelled")
LEFT = ("auth.account_withdrawn", "user.profile_removed")
# As often as it happens, between what begins and what ends.
CHANGED = "user.profile_changed"
OFTEN = {CHANGED, "auth.password_changed", "auth.session_reused", "auth.sessions_revoked", "auth.role_granted", "auth.role_revoked"}
RANK = {name: rank for rank, names in enumerate(((ALWAYS,), ("user.profile_registered", "auth.account_activated"), OFTEN,
                                                 ("user.profile_cancelled", "auth.signup_compensated", *LEFT))) for name in names}


@check
def every_change_is_said_once(facts):
    said, left = {}, gone(facts.tables)
    for event in of_people(facts.tables):
        if event.type not in OFTEN:
            said.setdefault(event.key, Counter())[event.type] += 1
    for name, saga in facts.tables.sagas.items():
        if saga.type != "signup" or saga.state not in SAYS:
            continue
        got = dict(said.get(saga.subject, {}))
        want = dict.fromkeys(SAYS[saga.state] + (LEFT if saga.subject in left else ()), 1)
        if got not in (want, {**want, **dict.fromkeys(UNDONE, 1)} if saga.state == "COMPENSATED" else want):
            yield f"saga {name} is {saga.state}, left {saga.subject in left}, said is {got} of {saga.subject}"
    return len(of_people(facts.tables))


@check
def a_profile_was_changed_as_often_as_was_said(facts):
    changes = Counter(event.key for event in facts.tables.outbox if event.type == CHANGED)
    for name, version in facts.tables.versions.items():
        if version != 1 + changes[name]:
            yield f"the profile of {name} is at version {version}, said are {changes[name]} changes"
    return sum(changes.values())


@check
def nothing_is_said_that_did_not_happen(facts):
    subjects = {saga.subject for saga in facts.tables.sagas.values()}
    for event in of_people(facts.tables):
        if event.key not in subjects:
            yield f"{event.type} of {event.key}, which has no saga"
    return len(of_people(facts.tables))


@check
def what_is_said_of_somebody_is_in_order(facts):
    last = {}
    for event in of_people(facts.tables):
        before = last.get((event.schema, event.key))
        if before and (RANK[before.type], before.type) >= (RANK[event.type], event.type) and not {before.type, event.type} <= OFTEN:
            yield f"{event.schema}: {before.type} before {event.type} of {event.key}"
        last[event.schema, event.key] = event
    return len(of_people(facts.tables))


@check
def everything_said_is_in_the_stream(facts):
    there = {message.id for message in facts.tables.stream}
    for event in facts.tables.outbox:
        if event.status != "SENT" or event.id not in there:
            yield f"{event.type} of {event.key} is {event.status}, in the stream: {event.id in there}"
    return len(facts.tables.outbox)


@check
def the_stream_holds_nothing_else(facts):
    said = {event.id: event for event in facts.tables.outbox}
    for message in facts.tables.stream:
        event = said.get(message.id)
        if not event:
            yield f"{message.subject} {message.seq}, id {message.id}, was never said"
        elif (message.type, message.key, message.subject) != (event.type, event.key, f"event.{event.type}.{partition(event.key):02}"):
            yield f"{message} is not as it was said: {event}"
    return len(facts.tables.stream)


@check
def the_stream_is_in_order(facts):
    """Of somebody, as far as one service says it; what comes again counts where it came first."""
    said = {event.id: event for event in facts.tables.outbox}
    last, seen = {}, set()
    for message in facts.tables.stream:
        event = said.get(message.id)
        if event and message.id not in seen:
            seen.add(message.id)
            if event.seq < last.get((event.schema, event.key), 0):
                yield f"{event.type} of {event.key} came late, as {message.seq}"
            last[event.schema, event.key] = event.seq
    return len(seen)


@check
def the_trail_is_what_was_said(facts):
    """Each event once in effect; and where it is, it is what was said."""
    said = {event.id: event for event in facts.tables.outbox}
    times = Counter(noted.id for noted in facts.tables.trail)
    for event in of_people(facts.tables):
        if times[event.id] != 1:
            yield f"{event.type} of {event.key} is noted {times[event.id]} times"
    for noted in facts.tables.trail:
        event = said.get(noted.id)
        if not event or (noted.key, noted.source, noted.type) != (event.key, "/" + event.schema.replace("_", "/"), event.type):
            yield f"{noted} was said as {event}"
    return len(facts.tables.trail)


@check
def the_trail_is_in_order(facts):
    """Of somebody, as each service said it, at places of their own."""
    said = {event.id: event for event in facts.tables.outbox}
    last = {}
    for noted in facts.tables.trail:
        event = said.get(noted.id)
        here = (noted.place, event.seq if event else 0)
        place, seq = last.get((noted.key, noted.source), ("", 0))
        if here[0] <= place or here[1] <= seq:
            yield f"{noted}, said as {event}, comes after {place}, {seq}"
        last[noted.key, noted.source] = here
    return len(facts.tables.trail)
