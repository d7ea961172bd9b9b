"""Waits until a stack has come to rest after its faults, and looks at all there is."""
import time

import memory  # noqa: F401  its check is among those of judge()
import shop_invariants
from people import ENDS
from shop import ADDRESS, Provider
from stream import consumers
from tables import Tables, with_table
from tap import eventually
from verdict import Facts, found_by, judge
import verdict_events  # noqa: F401  its checks are among those of judge()
import verdict_shop  # noqa: F401  likewise

PATIENCE_S = 900  # guards against hanging


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


def nothing_is_due(stack):
    """Nobody is waited for who may not come: what has its time has had it, where people are impatient."""
    waits = ("hanok_order.orders where status = 'AWAITING_PAYMENT'", "hanok_store.ticket where status = 'RECEIVED' or cancel_asked = 1",
             "hanok_delivery.delivery where status = 'STARTED' and ready = 1")
    return not stack.impatient or all(stack.sql(f"select count(*) from {what}") == [["0"]] for what in waits)


def outcomes(stack):
    """What became of orders and their money: (what, times)."""
    rows = stack.sql("select 'orders placed', count(*) from hanok_order.orders union all"
                     " select 'confirmed', count(distinct order_id) from hanok_order.order_history where to_status = 'CONFIRMED' union all"
                     " select concat(lower(status), if(reason = '', '', ': '), reason), count(*) from hanok_order.orders group by status, reason union all"
                     " select concat('payments: ', lower(status)), count(*) from hanok_payment.payment group by status union all"
                     " select concat('refunds: ', lower(state)), count(*) from hanok_payment.payment_operation where kind = 'REFUND' group by state")
    return [(what, int(times)) for what, times in rows]


def served_again(stack, people):
    """Until they are, people go on: service comes back with its first requests. When all was ready."""
    eventually(stack.all_ready, PATIENCE_S)
    ready = time.monotonic()
    accepted = people.accepted()
    eventually(lambda: people.accepted() >= accepted + 20, PATIENCE_S, "nobody is served")
    return ready


def look(stack, people, since, ready=None):
    """since: the end of the last fault; ready: when all services were, if how long it took is a part of the verdict."""
    waited(stack.all_ready, since)
    sagas_s = waited(lambda: all_sagas_ended(stack), since)
    waited(lambda: nothing_is_due(stack), since)
    waited(lambda: nothing_to_hear(stack), since)
    waited(lambda: shop_invariants.at_rest(stack), since)
    book = Provider(stack).book()
    shop = {name: found_by(check, stack, book, ADDRESS.values()) for name, check in shop_invariants.CHECKS}
    doctor = stack.make("doctor")
    facts = Facts(Tables.read(stack), people, stack.logs(), shop, (doctor.returncode, doctor.stdout),
                  *((ready - since, sagas_s) if ready else ()))
    facts.outcomes = outcomes(stack)
    return facts


__all__ = ["look", "judge"]
