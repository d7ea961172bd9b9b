"""What is in the tables of a stack, as it is looked at when all is over."""
from collections import Counter
from typing import NamedTuple

from stream import read_stream

SAGA = "lower(hex(id)), lower(hex(subject)), type, state, step, done, reason"
NOTED = "lower(hex(event_id)), lower(hex(user_id)), place, source, type"
EVENT = "seq, lower(hex(id)), type, lower(hex(`key`)), outbox_status"


def with_table(stack, name):
    """The schemas that have this table."""
    return [row[0] for row in stack.sql("select table_schema from information_schema.tables where table_schema like 'hanok\\_%'"
                                        f" and table_name = '{name}' order by 1")]


class Saga(NamedTuple):
    subject: str
    type: str
    state: str
    step: str
    done: bool
    reason: str


class Event(NamedTuple):
    """A row of an outbox."""
    schema: str
    seq: int
    id: str
    type: str
    key: str
    status: str


class Order(NamedTuple):
    user_id: str
    status: str
    reason: str = ""


class Noted(NamedTuple):
    """A row of the audit's trail."""
    id: str
    key: str
    place: str
    source: str
    type: str


class Tables:
    """Ids are 32 hexadecimal digits."""

    def __init__(self, sagas, accounts, profiles, outbox=None, stream=None, trail=None, parked=None, versions=None, hidden=(),
                 orders=None, operations=None):
        self.sagas = sagas  # of every schema: {id: Saga}
        self.accounts = accounts  # {id: (login id, status)}
        self.profiles = profiles  # {user id: e-mail}
        self.versions = versions or {}  # {user id: of the profile}
        self.hidden = list(hidden)  # user ids of profiles that nobody may see
        self.outbox = outbox or []  # of every schema: Event, in the order of seq
        self.stream = stream or []  # Kept, in its order
        self.trail = trail or []  # Noted, as each time line is told
        self.orders = orders or {}  # {id: Order}
        self.operations = operations or {}  # with the card company: {id: (kind, state)}
        self.parked = parked or []  # of every schema: (schema, state, key) of what waits for a person

    @classmethod
    def read(cls, stack):
        sagas = {row[0]: Saga(row[1], row[2], row[3], row[4], row[5] == "1", row[6])
                 for schema in with_table(stack, "saga") for row in stack.sql(f"select {SAGA} from {schema}.saga")}
        orders = {row[0]: Order(*row[1:]) for row in stack.sql("select lower(hex(id)), lower(hex(user_id)), status, reason from hanok_order.orders")}
        operations = {row[0]: (row[1], row[2]) for row in stack.sql("select lower(hex(id)), kind, state from hanok_payment.payment_operation")}
        accounts = {row[0]: (row[1], row[2]) for row in stack.sql("select lower(hex(id)), login_id, status from hanok_auth.user")}
        profiles = dict(stack.sql("select lower(hex(user_id)), email from hanok_user.user_inform"))
        versions = {row[0]: int(row[1]) for row in stack.sql("select lower(hex(user_id)), version from hanok_user.user_inform")}
        hidden = [row[0] for row in stack.sql("select lower(hex(user_id)) from hanok_user.user_inform where removal_id is not null")]
        outbox = [Event(schema, int(row[0]), *row[1:]) for schema in with_table(stack, "outbox")
                  for row in stack.sql(f"select {EVENT} from {schema}.outbox order by seq")]
        parked = [(schema, *row) for schema in with_table(stack, "dead_letter")
                  for row in stack.sql(f"select state, lower(hex(`key`)) from {schema}.dead_letter")]
        trail = [Noted(*row) for row in stack.sql(f"select {NOTED} from hanok_audit.trail order by user_id, place, event_id")]
        return cls(sagas, accounts, profiles, outbox, read_stream(stack), trail, parked, versions, hidden, orders, operations)


def of_people(tables):
    """What was said of accounts and profiles, which audit notes."""
    return [event for event in tables.outbox if event.schema in ("hanok_auth", "hanok_user")]


def gone(tables):
    """The users that a withdrawal has taken away: {user id: how many withdrawals}."""
    return Counter(saga.subject for saga in tables.sagas.values() if saga.type == "withdrawal" and saga.state == "SUCCEEDED")


def plain(text):
    """An id as the tables have it."""
    return text.replace("-", "")
