"""A day that is whole, and for each check what breaks it."""
from types import SimpleNamespace

import shop_invariants
from memory import Sample
from people import Answer, Signup
from stack import PASSWORD
from stream import Kept, partition
from shoppers import Bought
from staff import NO_ROOM
from tables import Event, Noted, Order, Saga, Tables
from verdict import Facts, Line


def some_id(number):
    return f"01900000-0000-7000-8000-{number:012x}"


def bare(number):
    return some_id(number).replace("-", "")


SAID = (
    Event("hanok_auth", 1, bare(201), "auth.account_created", bare(1), "SENT"),
    Event("hanok_auth", 2, bare(202), "auth.account_created", bare(2), "SENT"),
    Event("hanok_auth", 3, bare(203), "auth.account_activated", bare(1), "SENT"),
    Event("hanok_auth", 4, bare(204), "auth.signup_compensated", bare(2), "SENT"),
    Event("hanok_user", 1, bare(205), "user.profile_registered", bare(1), "SENT"),
    Event("hanok_auth", 5, bare(301), "auth.account_created", bare(3), "SENT"),
    Event("hanok_auth", 6, bare(302), "auth.account_activated", bare(3), "SENT"),
    Event("hanok_auth", 7, bare(303), "auth.account_withdrawn", bare(3), "SENT"),
    Event("hanok_user", 2, bare(304), "user.profile_registered", bare(3), "SENT"),
    Event("hanok_user", 3, bare(305), "user.profile_changed", bare(3), "SENT"),
    Event("hanok_user", 4, bare(306), "user.profile_removed", bare(3), "SENT"),
    Event("hanok_user", 5, bare(307), "user.profile_changed", bare(1), "SENT"),
)


def kept(seq, event):
    return Kept(seq, event.id, event.type, event.key, f"event.{event.type}.{partition(event.key):02}")


def noted(place, event):
    return Noted(event.id, event.key, f"2026-11-28 10:00:0{place}.000000", "/" + event.schema.replace("_", "/"), event.type)


def bought(number, who, *heard):
    order = Bought(who, {"orderId": some_id(number), "sagaId": some_id(100 + number), "orderNum": str(number), "status": heard[0]})
    order.heard += heard[1:]
    return order


def life(leak_kib=0, pid=lambda second: 7):
    """Ten minutes of a process whose memory comes and goes, and grows by so much a second."""
    return [Sample(float(second), pid(second), 20000 + 3000 * (second // 10 % 3) + leak_kib * second) for second in range(0, 600, 10)]


def whole_day():
    """Three signups: the first succeeded, the second was compensated, the third succeeded and left; all were told. Of five orders one
    was confirmed, one refused, one called off, one was delivered, and of one the shop wanted nothing."""
    signups = []
    for number, end in ((1, "SUCCEEDED"), (2, "COMPENSATED"), (3, "SUCCEEDED")):
        person = {"loginId": f"kim{number}", "email": "kim@example.org"}
        signups.append(Signup(person, {"userId": some_id(number), "sagaId": some_id(number + 100)}))
        signups[-1].ends.append(end)
    signups[2].withdrawals[some_id(104)] = ["SUCCEEDED"]
    tables = Tables(
        sagas={bare(101): Saga(bare(1), "signup", "SUCCEEDED", "", True, ""),
               bare(102): Saga(bare(2), "signup", "COMPENSATED", "", True, "email_taken"),
               bare(103): Saga(bare(3), "signup", "SUCCEEDED", "", True, ""),
               bare(104): Saga(bare(3), "withdrawal", "SUCCEEDED", "", True, ""),
               **{bare(100 + number): Saga(bare(number), "place_order", end, "", True, "")
                  for number, end in ((11, "SUCCEEDED"), (12, "COMPENSATED"), (13, "SUCCEEDED"), (14, "SUCCEEDED"), (15, "SUCCEEDED"))}},
        accounts={bare(1): ("kim1", "ACTIVE")}, profiles={bare(1): "kim@example.org"}, outbox=list(SAID),
        stream=[kept(1 + n, event) for n, event in enumerate(SAID)],
        versions={bare(1): 2},
        operations={bare(401): ("REFUND", "SUCCEEDED")},
        orders={bare(11): Order(bare(1), "CONFIRMED"), bare(12): Order(bare(1), "REJECTED"), bare(13): Order(bare(3), "CANCELED"),
                bare(14): Order(bare(1), "COMPLETED"), bare(15): Order(bare(1), "CANCELED", NO_ROOM)},
        trail=[noted(1, SAID[0]), noted(2, SAID[4]), noted(3, SAID[2]), noted(4, SAID[11]), noted(1, SAID[1]), noted(2, SAID[3]),
               noted(1, SAID[5]), noted(2, SAID[8]), noted(3, SAID[6]), noted(4, SAID[9]), noted(5, SAID[7]), noted(6, SAID[10])])
    people = SimpleNamespace(signups=signups, answers=[Answer("sign up", 0.0, 0.1, 201)], strange=[], orders=[
        bought(11, signups[0], "PENDING", "CONFIRMED"), bought(12, signups[0], "PENDING", "REJECTED"), bought(13, signups[2], "CONFIRMED"),
        bought(14, signups[0], "CONFIRMED", "COMPLETED"), bought(15, signups[0], "CONFIRMED", "CANCELED")])
    people.orders[2].called_off = True
    people.refunds = [some_id(401)]
    logs = '{"level":"warn","service":"auth","msg":"process ended","signal":9}\n'
    facts = Facts(tables, people, logs, {name: Line(name, 1, []) for name, _ in shop_invariants.CHECKS}, (0, "OK      an account has a profile\n"), 1.0, 2.0)
    facts.memory = {"auth": life()}
    return facts


def a_sagas(facts, **changes):
    """The first saga is another."""
    facts.tables.sagas[bare(101)] = facts.tables.sagas[bare(101)]._replace(**changes)


def leaves(facts, **changes):
    """The withdrawal is another."""
    facts.tables.sagas[bare(104)] = facts.tables.sagas[bare(104)]._replace(**changes)


def death(how):
    return f'{{"level":"warn","service":"auth2","msg":"process ended",{how}}}\n'


def undone(facts, *types):
    """More is said of the second signup."""
    facts.tables.outbox += [Event("hanok_user", 12 + n, bare(206 + n), kind, bare(2), "SENT") for n, kind in enumerate(types)]


def orders(facts, number, **changes):
    """That order is another."""
    facts.tables.orders[bare(number)] = facts.tables.orders[bare(number)]._replace(**changes)


def said(facts, **changes):
    """The first event is another."""
    facts.tables.outbox[0] = facts.tables.outbox[0]._replace(**changes)


def misplace(facts, subject):
    facts.tables.stream[0] = facts.tables.stream[0]._replace(subject=subject)


def renote(facts, **changes):
    """The first entry is another."""
    facts.tables.trail[0] = facts.tables.trail[0]._replace(**changes)


def swap(facts, one, other):
    """Two entries have changed places."""
    trail = facts.tables.trail
    first, second = trail[one], trail[other]
    trail[one], trail[other] = second._replace(place=first.place), first._replace(place=second.place)


PLANTS = {  # a check: what each breaks it by
    "nobody is told what cannot be": [lambda f: f.strange.append("log in: 401")],
    "every 201 has a saga that ended": [lambda f: f.tables.sagas.pop(bare(102)), lambda f: a_sagas(f, subject=bare(9)),
                                        lambda f: a_sagas(f, state="PROCESSING")],
    "every promised withdrawal has a saga that ended": [lambda f: f.tables.sagas.pop(bare(104)), lambda f: leaves(f, subject=bare(1)),
                                                        lambda f: leaves(f, state="PROCESSING")],
    "nobody leaves who has not come or is gone": [lambda f: leaves(f, subject=bare(2)),
                                                  lambda f: f.tables.sagas.update({bare(105): f.tables.sagas[bare(104)]})],
    "nothing is hidden": [lambda f: f.tables.hidden.append(bare(1))],
    "what was said to be over is so": [lambda f: a_sagas(f, state="COMPENSATED"), lambda f: leaves(f, state="COMPENSATED")],
    "nothing is open": [lambda f: a_sagas(f, state="COMPENSATING"), lambda f: a_sagas(f, done=False)],
    "nothing is locked": [lambda f: f.tables.accounts.update({bare(1): ("kim1", "SIGNUP_PENDING")})],
    "nothing is parked": [lambda f: f.tables.parked.append(("hanok_audit", "PARKED", bare(1)))],
    "both rows or neither": [lambda f: f.tables.accounts.clear(), lambda f: f.tables.profiles.clear(),
                             lambda f: f.tables.accounts.update({bare(2): ("kim2", "ACTIVE")}),
                             lambda f: f.tables.profiles.update({bare(2): "kim@example.org"}),
                             lambda f: f.tables.accounts.update({bare(3): ("kim3", "ACTIVE")})],
    "every row has its saga": [lambda f: f.tables.accounts.update({bare(4): ("kim4", "ACTIVE")}),
                               lambda f: f.tables.profiles.update({bare(4): "lee@example.org"})],
    "what was typed is what is kept": [lambda f: f.tables.profiles.update({bare(1): "lee@example.org"}),
                                       lambda f: f.tables.accounts.update({bare(1): ("lee", "ACTIVE")})],
    "the doctor finds nothing": [lambda f: setattr(f, "doctor", (1, "BROKEN   a profile has an account: 1\n"))],
    "service and sagas are back in time": [lambda f: setattr(f, "service_s", 31.0), lambda f: setattr(f, "sagas_s", 61.0)],
    "memory stays what it was": [lambda f: f.memory.update(auth=life(leak_kib=20)), lambda f: f.memory.update(auth=[]),
                                 lambda f: f.memory.update(auth=life(pid=lambda second: 7 + second // 300)),
                                 lambda f: f.memory.update(auth=life(pid=lambda second: None))],
    "nobody died of anything else": [lambda f: setattr(f, "logs", death('"signal":6')),
                                     lambda f: setattr(f, "logs", death('"code":1'))],
    "the logs hold no finding and no password": [lambda f: setattr(f, "logs", f"signup of kim {PASSWORD}"),
                                                 lambda f: setattr(f, "logs", "WARNING: ThreadSanitizer: data race\n")],
    "every change is said once": [lambda f: f.tables.outbox.pop(0), lambda f: f.tables.outbox.pop(4), lambda f: f.tables.outbox.pop(7),
                                  lambda f: f.tables.outbox.append(SAID[2]), lambda f: undone(f, "user.profile_registered")],
    "a profile was changed as often as was said": [lambda f: f.tables.versions.update({bare(1): 1})],
    "nothing is said that did not happen": [lambda f: f.tables.outbox.append(SAID[0]._replace(key=bare(7)))],
    "what is said of somebody is in order": [lambda f: undone(f, "user.profile_cancelled", "user.profile_registered"),
                                             lambda f: f.tables.outbox.insert(0, SAID[2]),
                                             lambda f: f.tables.outbox.insert(0, SAID[9]), lambda f: f.tables.outbox.append(SAID[9])],
    "everything said is in the stream": [lambda f: f.tables.stream.pop(), lambda f: said(f, status="PENDING")],
    "the stream holds nothing else": [lambda f: f.tables.outbox.pop(), lambda f: said(f, type="auth.account_activated"),
                                      lambda f: misplace(f, f.tables.stream[0].subject[:-2] + "99")],
    "the stream is in order": [lambda f: f.tables.stream.insert(0, f.tables.stream.pop(2))],
    "the trail is what was said": [lambda f: f.tables.trail.pop(), lambda f: f.tables.trail.append(noted(3, SAID[3])),
                                   lambda f: renote(f, source="/hanok/user"), lambda f: renote(f, key=bare(2)),
                                   lambda f: renote(f, type="auth.account_activated"),
                                   lambda f: f.tables.outbox.pop()],
    "the trail is in order": [lambda f: renote(f, place=noted(3, SAID[0]).place), lambda f: swap(f, 0, 2)],
    "every order that was accepted is there": [lambda f: f.tables.orders.pop(bare(11)), lambda f: orders(f, 11, user_id=bare(3)),
                                               lambda f: f.tables.sagas.pop(bare(111))],
    "no order is on its way": [lambda f: orders(f, 11, status="PENDING"), lambda f: orders(f, 13, status="CANCEL_PENDING")],
    "what was said of an order is so": [lambda f: orders(f, 11, status="REJECTED"), lambda f: orders(f, 12, status="CONFIRMED"),
                                        lambda f: setattr(f.orders[2], "called_off", False), lambda f: orders(f, 14, status="CANCELED"),
                                        lambda f: orders(f, 15, reason="")],
    "every promised refund was asked for and decided": [lambda f: f.tables.operations.clear(),
                                                        lambda f: f.tables.operations.update({bare(401): ("VOID", "SUCCEEDED")}),
                                                        lambda f: f.tables.operations.update({bare(401): ("REFUND", "REQUESTED")})],
    **{name: [lambda f, name=name: f.shop[name].violations.append("김밥 3 4")] for name, _ in shop_invariants.CHECKS},
}
