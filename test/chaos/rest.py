"""Waits until a stack has come to rest after its faults, and looks at all there is."""
import time

import memory  # noqa: F401  its check is among those of judge()
import shop_invariants
from people import ENDS
from shop import ADDRESS, Provider
from stream import consumers
from tables import Tables, with_table
from tap import eventually
from verdict import Facts, judge
import verdict_events  # noqa: F401  its checks are among those of judge()
import verdict_shop  # noqa: F401  likewise

PATIENCE_S = 300  # guards against hanging


def waited(condition, since):
    """Seconds since then until the condition holds, or patience is over."""
    while not condition() and time.monotonic() < since + PATIENCE_S:
        time.sleep(0.1)
    return time.monotonic() - since


def all_sagas_ended(stack):
    ends = ", ".join(f"'{end}'" for end in ENDS)
    return all(stack.sql(f"select count(*) from {schema}.saga where state not in ({ends})") == [["0"]] for schema in with_table(stack, "saga"))


def nothing_to_hear(stack):
    """All that was said is sent, and every consumer of the stream has handled it."""
    pending = [stack.sql(f"select count(*) from {schema}.outbox where outbox_status <> 'SENT'") for schema in with_table(stack, "outbox")]
    return all(rows == [["0"]] for rows in pending) and all(
        info["num_pending"] == info["num_ack_pending"] == 0 for info in consumers(stack))


def served_again(stack, people):
    """Until they are, people go on: service comes back with its first requests."""
    eventually(stack.all_ready, PATIENCE_S)
    accepted = people.accepted()
    eventually(lambda: people.accepted() >= accepted + 20, PATIENCE_S, "nobody is served")


def look(stack, people, since, judge_time=True):
    """since: the end of the last fault; judge_time: how long it took from then is a part of the verdict."""
    service_s = waited(stack.all_ready, since)
    sagas_s = waited(lambda: all_sagas_ended(stack), since)
    waited(lambda: nothing_to_hear(stack), since)
    waited(lambda: shop_invariants.at_rest(stack), since)
    book = Provider(stack).book()
    shop = {name: list(check(stack, book, ADDRESS.values())) for name, check in shop_invariants.CHECKS}
    doctor = stack.make("doctor")
    return Facts(Tables.read(stack), people, stack.everything_logged(), shop, (doctor.returncode, doctor.stdout),
                 *((service_s, sagas_s) if judge_time else ()))


__all__ = ["look", "judge"]
