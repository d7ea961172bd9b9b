#!/usr/bin/env python3
"""`make doctor` says that a stack is well, and finds what is not, each by its name."""
import json
import re
import sys

import tap
from ctl import ctl
from stack import Stack
from tap import case, equal

OLD = "UTC_TIMESTAMP(6) - INTERVAL 1 HOUR"
def order(status, of="user", number="'1'"):
    """One of the account's, under its id."""
    return f"""INSERT INTO hanok_order.orders (id, order_num, user_id, store_id, total, currency, status, before_cancel, payment_status,
            pay_by, look_at, method, cancel_asked, reason, saga_id, version, created_at, updated_at)
        SELECT id, {number}, id, id, 5, 'KRW', '{status}', 'PENDING', 'AUTHORIZED', {OLD}, {OLD}, '', 0, '', id, 1, {OLD}, {OLD} FROM {of}"""


# What breaks each: in an account with a profile, whose saga has ended.
BREAKS = {
    "a saga ends within a minute": [f"UPDATE saga SET done = 0, state = 'PROCESSING', data = '{{}}', started_at = {OLD}, wake_at = '2099-01-01'"],
    "a saga's row can be read": ["UPDATE saga SET state = 'DREAMING'"],
    "an ended saga keeps no data": ["UPDATE saga SET data = '{}'"],
    "an account has a status we know": ["UPDATE user SET status = 'DREAMING'"],
    "an account that is locked has an open saga": ["UPDATE user SET status = 'SIGNUP_PENDING'"],
    "a signup has its account": ["DELETE FROM user", "DELETE FROM hanok_user.user_inform"],
    "an active account has a profile": ["DELETE FROM hanok_user.user_inform"],
    "a profile has an account": ["DELETE FROM user"],
    "an e-mail address has one profile": [ # which the job that looks after them would find as well
        "UPDATE hanok_user.user_inform SET email = 'É@example.org', email_key = 'É@example.org'",
        """INSERT INTO hanok_user.user_inform (user_id, name, email, email_key, phone, version, created_at, updated_at)
           SELECT REVERSE(user_id), name, 'é@example.org', 'é@example.org', phone, 1, created_at, updated_at FROM hanok_user.user_inform""",
        """INSERT IGNORE INTO hanok_user.email_conflict
           SELECT user_id, REVERSE(user_id), NOW(6) FROM hanok_user.user_inform WHERE email = 'É@example.org'"""],
    "a compensated signup leaves nothing": ["UPDATE saga SET state = 'COMPENSATED'"],
    "a withdrawal under way has its account locked, until it is gone":
        ["UPDATE saga SET type = 'withdrawal', done = 0, state = 'PROCESSING', step = 'dreaming', wake_at = '2099-01-01'"],
    "a hidden profile has a withdrawal under way": ["UPDATE hanok_user.user_inform SET removal_id = user_id"],
    "a withdrawn account leaves nothing": ["UPDATE saga SET type = 'withdrawal'"],
    "a confirmed order is paid for, by its total": [order("CONFIRMED")],
    "an order that came to nothing costs and holds nothing": [order("CANCELED"), f"""
        INSERT INTO hanok_catalog.hold (id, owner, owner_id, state, expires_at, sweep_at, version, created_at, updated_at)
        SELECT id, 'order', id, 'COMMITTED', NOW(6), NOW(6), 1, {OLD}, {OLD} FROM user"""],
    "an order that came to nothing is not made": [order("CANCELED"), f"""
        INSERT INTO hanok_store.ticket (order_id, order_num, store_id, owner_id, user_id, status, cancel_asked, accept_by, answer_by, look_at, minutes,
            reason, version, created_at, updated_at) SELECT id, '1', id, id, id, 'COOKING', 0, {OLD}, {OLD}, {OLD}, 0, '', 1, {OLD}, {OLD} FROM user"""],
    "an order that came to nothing is brought by nobody": [order("CANCELED"), f"""
        INSERT INTO hanok_delivery.delivery (order_id, store_id, user_id, owner_id, status, ready, version, created_at, updated_at)
        SELECT id, id, id, id, 'WAITING', 0, 1, {OLD}, {OLD} FROM user"""],
}
# What one has done an hour ago, under the account's id, and another has not heard of.
TICKET = """INSERT INTO hanok_store.ticket (order_id, order_num, store_id, owner_id, user_id, status, cancel_asked, accept_by, answer_by, look_at, minutes,
        reason, version, created_at, updated_at) SELECT {id}, '{status}', id, id, id, '{status}', 0, {old}, {old}, {old}, 0, '', 1, {old}, {old} FROM user"""
DELIVERY = f"""INSERT INTO hanok_delivery.delivery (order_id, store_id, user_id, owner_id, status, ready, picked_up_at, version, created_at, updated_at)
        SELECT id, id, id, id, 'DELIVERED', 0, {OLD}, 1, {OLD}, {OLD} FROM user"""
UNHEARD = {
    "a confirmed order has a ticket": [order("CONFIRMED")],
    "what a store is at work on is charged": [TICKET.format(id="REVERSE(id)", status="READY", old=OLD)],
    "what a store has accepted has a delivery": [],
    "what is cooked may be fetched": [],
    "what was picked up has left its store": [DELIVERY],
    "what was delivered is completed": [],
    "an order whose ticket was dropped is canceled": [TICKET.format(id="UNHEX(MD5(id))", status="REJECTED", old=OLD)],
}
# Confirmed orders, each with the payment that took its money; and what makes some of these payments say another thing.
NUMBERED = "(SELECT UNHEX(LPAD(seq, 32, '0')) AS id, seq FROM hanok_auth.seq_1_to_9) AS numbered"
PAID = f"""UPDATE hanok_order.orders SET payment_status = 'CAPTURED';
    INSERT INTO hanok_payment.payment (id, order_id, user_id, store_id, amount, currency, status, capturing, captured, refunding, refunded, reason,
        expires_at, look_at, version, created_at, updated_at)
    SELECT id, id, id, id, 5, 'KRW', 'CAPTURED', 5, 5, 0, 0, '', '2099-01-01', '2099-01-01', 1, {OLD}, {OLD} FROM {NUMBERED}"""
DIFFERENT = {
    "a confirmed order is paid for, by its total": ["captured = 4", "amount = 6, captured = 0, capturing = 0, status = 'AUTHORIZED'", "currency = 'USD'"],
    "an order knows what its payment came to": ["refunded = 1", "status = 'REFUNDED', refunded = 5"],
}
NAMES = [*BREAKS, *UNHEARD, *DIFFERENT]
VERDICTS = ("OK", "SKIPPED", "UNKNOWN", "BROKEN")
SERVER = "nats-server has on disk what it has said yes to"
OFTEN = {"the database loses nothing it has said yes to", "the clocks of service and database agree", "every instance is ready",
         "no circuit breaker is open", "the stream EVENTS keeps what it is given", "every consumer takes what is there",
         "every partition has somebody who takes its events", "every partition of the outbox has a relay",
         "no event waits as a dead letter", "an event is sent within a minute"}


def doctor(stack):
    """(exit code, the worst verdict on each name, the advice that was given)"""
    done = stack.make("doctor")
    verdicts, lines = {}, done.stdout.splitlines()
    head = next((line for line in lines if line.startswith("VERDICT")), "CHECK SERVICE")
    for line in lines:
        if (verdict := line.split(" ")[0]) in VERDICTS:
            name = line[head.index("CHECK"):head.index("SERVICE")].strip()
            verdicts[name] = max(verdict, verdicts.get(name, ""), key=("", *VERDICTS).index)
    return done.returncode, verdicts, done.stdout.split("\n\n")[1:]


@case
def who_is_not_up_is_told_so(stack):
    done = stack.make("doctor")
    assert done.returncode != 0 and "not up" in done.stdout, done.stdout


@case
def what_has_no_schema_yet_is_skipped(stack):
    equal(stack.make("up", SERVICES="gateway auth").returncode, 0)
    code, verdicts, _ = doctor(stack)
    equal(code, 0, verdicts)
    equal({name for name, verdict in verdicts.items() if verdict == "SKIPPED"} - {SERVER},
          {"an active account has a profile", "a profile has an account", "a compensated signup leaves nothing",
           "a hidden profile has a withdrawal under way", "a withdrawn account leaves nothing",
           "an order that came to nothing costs and holds nothing",
           "an order that came to nothing is not made",
           "an order that came to nothing is brought by nobody", *UNHEARD, *DIFFERENT})
    stack.down()


@case
def a_stack_that_is_well_is_said_to_be_so(stack):
    stack.up()
    equal(stack.signup(stack.person()).json()["status"], "ACTIVE")
    code, verdicts, advice = doctor(stack)
    equal((code, advice), (0, []), verdicts)
    assert verdicts[SERVER] in ("OK", "SKIPPED"), verdicts  # by its version
    equal({name: verdicts.get(name) for name in {*NAMES, *OFTEN}}, {name: "OK" for name in {*NAMES, *OFTEN}})


@case
def each_broken_invariant_is_named(stack):
    for name, statements in BREAKS.items():
        person = stack.person()
        equal(stack.signup(person).json()["status"], "ACTIVE")
        stack.sql("USE hanok_auth; " + "; ".join(statements))
        code, verdicts, advice = doctor(stack)
        equal(verdicts[name], "BROKEN", name)
        assert code != 0, name
        assert any(re.match(re.escape(name) + r"( \(\w+\))?: ", text) for text in advice), advice
        stack.sql("DELETE FROM hanok_auth.user; DELETE FROM hanok_auth.saga; DELETE FROM hanok_user.user_inform;"
                  "DELETE FROM hanok_user.email_conflict; DELETE FROM hanok_order.orders; DELETE FROM hanok_catalog.hold;"
                  "DELETE FROM hanok_store.ticket;"
                  "DELETE FROM hanok_delivery.delivery")
    equal(doctor(stack)[0], 0)


@case
def what_nobody_has_heard_of_is_named(stack):
    equal(stack.signup(stack.person()).json()["status"], "ACTIVE")
    stack.sql("USE hanok_auth; " + "; ".join(statement for statements in UNHEARD.values() for statement in statements))
    _, verdicts, _ = doctor(stack)
    equal({name: verdicts.get(name) for name in UNHEARD}, dict.fromkeys(UNHEARD, "BROKEN"))
    stack.sql("DELETE FROM hanok_auth.user; DELETE FROM hanok_auth.saga; DELETE FROM hanok_user.user_inform; DELETE FROM hanok_order.orders;"
              "DELETE FROM hanok_store.ticket; DELETE FROM hanok_delivery.delivery")
    equal(doctor(stack)[0], 0)


@case
def what_two_say_of_an_amount_is_compared(stack):
    def found():
        return {i["check"]: i["count"] for i in json.loads(ctl(stack, "doctor", "-o", "json").stdout)["items"] if i["check"] in DIFFERENT}
    stack.sql(f"{order('CONFIRMED', NUMBERED, 'seq')}; {PAID}")
    equal(found(), dict.fromkeys(DIFFERENT, 0))
    for number, change in enumerate((change for changes in DIFFERENT.values() for change in changes), 1):
        stack.sql(f"UPDATE hanok_payment.payment SET {change} WHERE id = UNHEX(LPAD({number}, 32, '0'))")
    equal(found(), {check: len(changes) for check, changes in DIFFERENT.items()})
    stack.sql("DELETE FROM hanok_payment.payment; DELETE FROM hanok_order.orders")


@case
def what_is_away_or_set_unsafely_is_named(stack):
    stack.sql("SET GLOBAL innodb_flush_log_at_trx_commit = 2")
    _, verdicts, advice = doctor(stack)
    equal(verdicts["the database loses nothing it has said yes to"], "BROKEN")
    assert any("innodb_flush_log_at_trx_commit is 2" in text for text in advice), advice
    stack.sql("SET GLOBAL innodb_flush_log_at_trx_commit = 1")
    with stack.bus("operator") as bus:
        bus.request("$JS.API.CONSUMER.DURABLE.CREATE.EVENTS.nobody-00",
                    {"stream_name": "EVENTS", "config": {"durable_name": "nobody-00", "ack_policy": "explicit"}})
        code, verdicts, _ = doctor(stack)
        equal((code != 0, verdicts["every partition has somebody who takes its events"]), (True, "BROKEN"))
        bus.request("$JS.API.CONSUMER.DELETE.EVENTS.nobody-00", b"")
    stack.control("mysql", "-d")
    tap.eventually(lambda: not stack.ready("auth"))
    code, verdicts, _ = doctor(stack)
    equal((code != 0, verdicts.get("every instance is ready")), (True, "BROKEN"), verdicts)
    stack.control("mysql", "-u")
    tap.eventually(stack.ready)


if __name__ == "__main__":
    sys.exit(tap.run(Stack()))
