"""People who sign up while things break, and what must be true afterwards."""
import random
import threading
import time

from load import outcome
from tap import equal, eventually

CLIENTS = 8


class Signups:
    """Signs new people up, one in five with an e-mail that others have too; keeps who got a 201."""

    def __init__(self, stack):
        self.stack = stack
        self.lock = threading.Lock()
        self.accepted = []

    def ask(self):
        with self.lock:
            person = self.stack.person()
            if random.random() < 0.2:
                person["email"] = f"shared{random.randrange(10)}@example.org"
        reply = outcome(lambda: self.stack.signup(person, wait=random.choice((None, 1, 10))))
        if isinstance(reply, str):
            time.sleep(0.05)
            return reply
        if reply.status == 201:
            with self.lock:
                self.accepted.append(reply.json())
        elif reply.status >= 500:
            time.sleep(0.05)
        return reply.status


def open_sagas(stack):
    rows = stack.sql("select count(*) from hanok_auth.saga where state not in ('SUCCEEDED', 'COMPENSATED')")
    return int(rows[0][0])


def check_nothing_is_half(stack, accepted):
    """Promise 1 and 2, by what is in the tables once every saga has ended."""
    eventually(lambda: stack.ready(), 120)
    eventually(lambda: open_sagas(stack) == 0, 60, "sagas are still open")
    joined = """from hanok_auth.saga s left join hanok_auth.user u on u.id = s.subject
        left join hanok_user.user_inform p on p.user_id = s.subject where s.type = 'signup' and """
    equal(stack.sql(f"select count(*) {joined} s.state = 'SUCCEEDED' and (u.status is null or u.status <> 'ACTIVE'"
                    " or p.user_id is null)"), [["0"]], "succeeded, but not active with a profile")
    equal(stack.sql(f"select count(*) {joined} s.state = 'COMPENSATED' and (u.id is not null or p.user_id is not null)"),
          [["0"]], "compensated, but something is left")
    succeeded = stack.sql("select count(*) from hanok_auth.saga where state = 'SUCCEEDED'")
    equal(stack.sql("select count(*) from hanok_auth.user where status = 'ACTIVE'"), succeeded)
    equal(stack.sql("select count(*) from hanok_auth.user"), succeeded)
    equal(stack.sql("select count(*) from hanok_user.user_inform"), succeeded)
    known = {row[0].lower() for row in stack.sql("select hex(id) from hanok_auth.saga")}
    lost = [a for a in accepted if a["sagaId"].replace("-", "") not in known]
    equal(lost, [], "a 201 whose saga is not in the table")
