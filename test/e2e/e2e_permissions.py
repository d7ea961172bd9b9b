#!/usr/bin/env python3
"""Nobody reaches what is not theirs: the users of NATS and their subjects."""
import sys

from bus import Bus
from stack import SERVICES, run_cases
from tap import case, equal


# What operators ask of services.
OPERATORS = {"auth.admin.status", "auth.admin.saga.compensate", "user.admin.breaker.list", "gateway.admin.status"}


def attempts(bus, verb, subjects):
    """The subjects that NATS refused to let publish ("Publish") or subscribe ("Subscription")."""
    act = bus.subscribe if verb == "Subscription" else bus.publish
    for subject in subjects:
        act(subject)
    refused = " ".join(bus.flush())
    assert not refused or f"for {verb} to" in refused, refused
    return {subject for subject in subjects if f'"{subject}"' in refused}


@case
def without_credentials_there_is_no_way_in(stack):
    port = stack.settings["NATS_PORT"]
    for who in ((None, None), ("auth", "guess"), ("inspector", ""), ("root", "root")):
        try:
            Bus(port, *who)
        except PermissionError as e:
            equal(str(e), "Authorization Violation")
        else:
            raise AssertionError(f"{who} was let in")


@case
def a_service_publishes_only_what_it_calls(stack):
    calls = {"gateway": {"auth.signup", "auth.login", "auth.jwks", "user.get"},
             "auth": {"user.get", "user.registry", "user.registry.cancel", "event.auth.x"}, "user": {"event.user.x"}}
    everything = set().union(*calls.values()) | OPERATORS | {"event.x", "$JS.API.STREAM.DELETE.EVENTS", "$JS.API.STREAM.LIST", "_INBOX.other.x.ack.y", "$SYS.REQ.USER.INFO.X"}
    for service in SERVICES:
        with stack.bus(service) as bus:
            allowed = calls.get(service, set())
            own = f"_INBOX.{service}.x"
            equal(attempts(bus, "Publish", everything | {own}), everything - allowed, service)


@case
def a_service_subscribes_only_what_it_serves(stack):
    serves = {"auth": {"auth.signup", "auth.login", "auth.jwks", "auth.admin.saga.retry"}, "user": {"user.get", "user.registry"},
              "gateway": {"gateway.admin.status"}}
    everything = set().union(*serves.values()) | {">", "auth.>", "*.get", "_INBOX.>", "_INBOX.other.x", "event.>"}
    for service in SERVICES:
        with stack.bus(service) as bus:
            allowed = serves.get(service, set())
            own = f"_INBOX.{service}.>"
            equal(attempts(bus, "Subscription", everything | {own}), everything - allowed, service)


@case
def a_service_answers_only_who_calls_it(stack):
    """And only in the inboxes that its callers have for its answers: not in place of another service, nor of JetStream."""
    callers = {"gateway": set(), "auth": {"gateway"}, "user": {"gateway", "auth"}, "audit": {"gateway"}, "catalog": {"gateway", "order"},
               "delivery": {"gateway", "dashboard"}}
    inboxes = {f"_INBOX.{caller}{rest}" for caller in SERVICES
               for rest in (".x", ".x.hb", ".x.y", ".x.1.y", ".x.ack.y", ".x.next.EVENTS.y", *(f".x.from.{of}.1.y" for of in SERVICES))}
    for service, those in callers.items():
        with stack.bus(service) as bus:
            allowed = {f"_INBOX.{caller}.x.from.{service}.1.y" for caller in those}
            others = {inbox for inbox in inboxes if not inbox.startswith(f"_INBOX.{service}.")}
            equal(attempts(bus, "Publish", others), others - allowed, service)


@case
def people_are_answered_in_inboxes_of_any_client(stack):
    for who in ("inspector", "operator"):
        with stack.bus(who) as person:
            for inbox in ("_INBOX.id", "_INBOX.id.token", "_INBOX.prefix.id.token"):
                person.subscribe(inbox)
                for service in SERVICES:
                    person.publish(f"$SRV.PING.{service}", b"", None, inbox)
                    answer = person.next()
                    equal((answer.subject, service in answer.data.decode()), (inbox, True), service)


@case
def the_inspector_sees_everything_and_changes_no_stream(stack):
    with stack.bus() as bus:
        equal(attempts(bus, "Subscription", {">", "auth.>", "_INBOX.>"}), set())
        forbidden = {"$JS.API.STREAM.DELETE.EVENTS", "$JS.API.STREAM.CREATE.X", "$JS.API.STREAM.PURGE.EVENTS", "event.auth.forged",
                     "$JS.API.ACCOUNT.PURGE.$G", "$JS.API.META.LEADER.STEPDOWN", "$JS.API.STREAM.TEMPLATE.CREATE.X",
                     *OPERATORS}
        equal(attempts(bus, "Publish", forbidden | {"$JS.API.STREAM.LIST", "user.get"}), forbidden)


@case
def an_operator_asks_every_service(stack):
    with stack.bus("operator") as bus:
        equal(attempts(bus, "Publish", OPERATORS), set())


@case
def no_process_was_refused_anything(stack):
    person = stack.person()
    equal(stack.signup(person).status, 201)
    stack.token_of(person)
    refused = [line for name in SERVICES for line in stack.logs(name).splitlines() if "iolation" in line]
    equal(refused, [])


if __name__ == "__main__":
    sys.exit(run_cases())
