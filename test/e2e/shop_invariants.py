"""What must be true of a shop that is at rest, as rows; each check yields a sentence for each violation and returns how much it looked
at."""
import json
import os
import sys
from collections import Counter

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "chaos"))
from stream import consumers, last_number  # noqa: E402
from tables import with_table  # noqa: E402

CHECKS = []
PAID = ("AUTHORIZED", "CAPTURED", "PARTLY_REFUNDED", "REFUNDED")
OVER = ("REJECTED", "CANCELED")
OPERATOR = {"Auth-Subject": "00000000-0000-0000-0000-000000000000", "Auth-Roles": "operator admin"}


def check(function):
    """Its name is the sentence."""
    CHECKS.append((function.__name__.replace("_", " "), function))
    return function


def count(stack, *tables):
    """The rows of all these; of the stack's services only."""
    there = [table for table in tables if table.split(".")[0] in with_table(stack, table.split(".")[1])]
    return sum(int(stack.sql(f"select count(*) from {table}")[0][0]) for table in there)


def under_way(stack):
    """What there is to be heard, sagas, operations with the provider, what is to be said: as texts. Each of them may
    lead to those after it, and what is said meanwhile to all of them: then the stream has grown."""
    before = last_number(stack)
    found = [f"{info['name']} is to hear {info['num_pending']} and {info['num_ack_pending']}" for info in consumers(stack)
             if info["num_pending"] or info["num_ack_pending"]]
    rows = [f"{schema}.saga where done = 0" for schema in with_table(stack, "saga")]
    rows.append("hanok_payment.payment_operation where state = 'REQUESTED'")
    rows += [f"{schema}.outbox where outbox_status <> 'SENT'" for schema in with_table(stack, "outbox")]
    found += [f"{count} {row}" for row in rows for count, in stack.sql(f"select count(*) from {row}") if count != "0"]
    return found or (["the stream grows"] if last_number(stack) != before else [])


def at_rest(stack):
    return not under_way(stack)


@check
def i1_the_units_of_an_item_are_those_of_its_holds(stack, book, secrets):
    yield from stack.sql("""
        select s.ref, s.total, s.held, s.sold, coalesce(h.held, 0), coalesce(h.sold, 0) from hanok_catalog.slot s left join
            (select l.slot_id, sum(if(h.state = 'HELD', l.units, 0)) held, sum(if(h.state = 'COMMITTED', l.units, 0)) sold
             from hanok_catalog.hold_line l join hanok_catalog.hold h on h.id = l.hold_id group by l.slot_id) h on h.slot_id = s.id
        where s.held <> coalesce(h.held, 0) or s.sold <> coalesce(h.sold, 0) or s.held + s.sold > s.total""")
    return count(stack, "hanok_catalog.slot", "hanok_catalog.hold_line")


def operations(stack):
    """{key in the provider's book: (kind, amount, currency, state)} of all that we asked for."""
    rows = stack.sql("select lower(hex(o.id)), o.kind, o.amount, p.currency, o.state from hanok_payment.payment_operation o"
                     " join hanok_payment.payment p on p.id = o.payment_id")
    return {row[0]: (row[1], int(row[2]), row[3], row[4]) for row in rows}


@check
def i2_what_the_provider_has_booked_is_what_was_asked_for(stack, book, secrets):
    asked, booked = operations(stack), Counter(entry["key"] for entry in book)
    yield from (f"{key} is in the book {times} times" for key, times in booked.items() if times != 1)
    for entry in book:
        if entry["kind"].upper() == "SETTLE":  # the provider's own doing
            continue
        want = ("SUCCEEDED" if entry["state"] == "DONE" else "DECLINED")
        ours = asked.get(entry["key"].replace("-", ""))
        if ours != (entry["kind"].upper(), entry["amount"], entry["currency"], want):
            yield f"{entry} in the book, ours is {ours}"
    known = {entry["key"].replace("-", "") for entry in book}
    yield from (f"{key} has succeeded, {what}, and is not in the book" for key, what in asked.items()
                if what[3] == "SUCCEEDED" and key not in known)
    return len(book) + len(asked)


@check
def i3_what_is_confirmed_is_paid_by_its_total(stack, book, secrets):
    paid = ", ".join(f"'{status}'" for status in PAID)
    yield from stack.sql(f"""
        select o.order_num, o.status, o.total, p.status, p.amount from hanok_order.orders o
            left join hanok_payment.payment p on p.order_id = o.id
        where o.status in ('CONFIRMED', 'COMPLETED') and
              (p.id is null or p.status not in ({paid}) or p.amount <> o.total or p.currency <> o.currency)""")
    return count(stack, "hanok_order.orders")


def charges(stack, book):
    """{order id: what it costs in all, authorized or captured} by the provider's book."""
    of = dict(stack.sql("select lower(hex(o.id)), lower(hex(p.order_id)) from hanok_payment.payment_operation o"
                        " join hanok_payment.payment p on p.id = o.payment_id"))
    done = {}
    for entry in book:
        if entry["state"] == "DONE":
            kinds = done.setdefault(of.get(entry["key"].replace("-", ""), entry["key"]), Counter())
            kinds[entry["kind"].upper()] += entry["amount"]
    return {order: kinds["CAPTURE"] - kinds["REFUND"] if kinds["CAPTURE"] else
            kinds["AUTHORIZE"] if "VOID" not in kinds else 0 for order, kinds in done.items()}


@check
def i4_what_is_called_off_costs_and_holds_nothing(stack, book, secrets):
    over = ", ".join(f"'{status}'" for status in OVER)
    orders = dict(stack.sql(f"select lower(hex(id)), order_num from hanok_order.orders where status in ({over})"))
    costs = charges(stack, book)
    yield from (f"{number} costs {costs[order]}" for order, number in orders.items() if costs.get(order))
    yield from stack.sql(f"""
        select o.order_num, o.status, h.state from hanok_order.orders o join hanok_catalog.hold h on h.owner_id = o.id
        where o.status in ({over}) and h.state <> 'RELEASED'""")
    return len(orders)


TICKET_OF = {"CONFIRMED": ("RECEIVED", "ACCEPTED", "COOKING", "READY", "PICKED_UP"), "COMPLETED": ("PICKED_UP",)}
JOB_OF = {"ACCEPTED": ("WAITING", "STARTED"), "COOKING": ("WAITING", "STARTED"), "READY": ("WAITING", "STARTED"), "PICKED_UP": ("PICKED_UP", "DELIVERED")}
TAKEN = ("CAPTURED", "PARTLY_REFUNDED", "REFUNDED")


def statuses(stack, schema, table, key="order_id"):
    """{order id: status}; nothing of a service that the stack does not have."""
    there = schema in with_table(stack, table)
    return dict(stack.sql(f"select lower(hex({key})), status from {schema}.{table}")) if there else {}


@check
def i3_who_cooks_and_who_carries_knows_of_what_is_paid(stack, book, secrets):
    orders, tickets = statuses(stack, "hanok_order", "orders", "id"), statuses(stack, "hanok_store", "ticket")
    jobs, payments = statuses(stack, "hanok_delivery", "delivery"), statuses(stack, "hanok_payment", "payment")
    for order, ticket in tickets.items():
        status, job, payment = orders.get(order), jobs.get(order), payments.get(order)
        called_off = ticket in ("REJECTED", "CANCELED")
        if (status not in OVER) if called_off else ticket not in TICKET_OF.get(status, ()):
            yield f"order {order} is {status}, its ticket {ticket}"
        if jobs and job not in ((None, "CANCELED") if called_off else JOB_OF.get(ticket, (None,))):
            yield f"the ticket of order {order} is {ticket}, its delivery {job}"
        if jobs and (job == "DELIVERED") != (status == "COMPLETED"):
            yield f"order {order} is {status}, its delivery {job}"
        if not called_off and (payment in TAKEN) != (ticket != "RECEIVED"):
            yield f"the ticket of order {order} is {ticket}, its payment {payment}"
    if tickets:
        yield from (f"order {order} is {status} and has no ticket" for order, status in orders.items() if status in TICKET_OF and order not in tickets)
    yield from (f"the delivery of order {order} is {job} and has no ticket" for order, job in jobs.items() if order not in tickets)
    return len(orders) + len(tickets) + len(jobs)


@check
def i5_the_ledger_sums_to_nothing(stack, book, secrets):
    yield from stack.sql("select currency, sum(amount) from hanok_payment.ledger_entry group by currency having sum(amount) <> 0")
    yield from stack.sql("""
        select currency, sum(owed) from
            (select currency, sum(amount) owed from hanok_payment.ledger_entry where account <> 'payable:store' group by currency
             union all select currency, -sum(captured - refunded) from hanok_payment.payment group by currency) as both_say
        group by currency having sum(owed) <> 0""")
    return count(stack, "hanok_payment.ledger_entry")


def digests(stack):
    """(of the dashboard's rows, of what those say of whom they are); None where there is no dashboard."""
    if "hanok_dashboard" not in with_table(stack, "dashboard"):
        return None
    with stack.bus("operator") as bus:
        answers = [bus.request("dashboard.digest", {"fresh": fresh}, OPERATOR, seconds=120) for fresh in (False, True)]
    return [answer.json() for answer in answers]


@check
def i6_what_is_derived_is_what_it_would_be_made_from_nothing(stack, book, secrets):
    yield from stack.sql("""
        select o.order_num, o.status, o.version, c.status, c.version from hanok_order.orders o left join hanok_catalog.order_copy c on c.order_id = o.id
        where c.order_id is null or c.version <> o.version or c.status <> o.status""")
    if both := digests(stack):
        if both[0].get("wrong") != 0 or both[0].get("digest") != both[1].get("digest"):
            yield f"the dashboard is {both[0]}, of what its owners say it would be {both[1]}"
        yield from stack.sql("""
            select o.order_num, o.status, o.version, d.order_v from hanok_order.orders o
                left join hanok_dashboard.dashboard d on d.order_id = o.id where d.order_id is null or d.order_v <> o.version""")
    return count(stack, "hanok_catalog.order_copy", "hanok_dashboard.dashboard")


@check
def i7_nothing_is_overdue(stack, book, secrets):
    yield from stack.sql("select lower(hex(id)), expires_at from hanok_catalog.hold where state = 'HELD' and expires_at < utc_timestamp(6) - interval 60 second")
    yield from stack.sql("select lower(hex(id)), kind, state from hanok_payment.payment_operation where state = 'REQUESTED'")
    for schema in with_table(stack, "saga"):
        yield from stack.sql(f"select '{schema}', lower(hex(id)), type, state, step from {schema}.saga where done = 0")
    for schema in with_table(stack, "dead_letter"):
        yield from stack.sql(f"select '{schema}', state, type, reason from {schema}.dead_letter")
    return count(stack, "hanok_catalog.hold")


TOLD = {  # whose events tell each version: of a schema the tables, and the columns of their keys
    "hanok_order": [("orders", "id")],
    "hanok_payment": [("payment", "order_id")],
    "hanok_store": [("ticket", "order_id"), ("store", "id")],
    "hanok_delivery": [("delivery", "order_id")],
}


@check
def i8_each_version_is_told_once_and_in_order(stack, book, secrets):
    looked = 0
    for schema, tables in TOLD.items():
        if schema not in with_table(stack, "outbox"):
            continue
        told = {}
        for name, kind, payload in stack.sql(f"select lower(hex(`key`)), type, payload from {schema}.outbox order by seq"):
            version = json.loads(payload.replace("\\\\", "\\"))["version"]
            if version != told.get(name, 0) + 1:
                yield f"{kind} of {name} has version {version} after {told.get(name, 0)}"
            told[name] = version
            looked += 1
        for table, key in tables:
            for name, version in stack.sql(f"select lower(hex({key})), version from {schema}.{table}"):
                if told.pop(name, 0) != int(version):
                    yield f"{schema}.{table} {name} has version {version}, which was not told last"
        yield from (f"{schema}: {name} was told and is not there" for name in told)
    return looked


@check
def i10_nobody_finds_a_name_a_number_or_an_address(stack, book, secrets):
    said = [row[0] for schema in with_table(stack, "outbox") for row in stack.sql(f"select payload from {schema}.outbox")]
    said += [row[0] for schema in with_table(stack, "saga") for row in stack.sql(f"select data from {schema}.saga where data is not null")]
    places = {"an event or a saga": "\n".join(said), "a log": stack.logs()}
    for place, text in places.items():
        yield from (f"{secret} is in {place}" for secret in secrets if secret in text)
    return len(said) + places["a log"].count("\n")
