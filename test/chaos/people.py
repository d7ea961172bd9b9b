"""People who sign up, look how it went, log in and stay so, read and change their profiles and leave, whatever happens; and
what they were told."""
import random
import threading
import time
import uuid
from typing import NamedTuple

from load import outcome

EMAILS = 12  # that many want, each of them once in a while
PAUSE_S, REFUSED_S = 0.03, 0.3  # until one asks again
TOKEN_S = 600  # a token is good for longer; then its owner has to refresh it, or to log in
GRACE_S, SESSIONS = 9, 19  # a refresh whose answer was lost may be asked again for longer; the oldest session goes later
ENDS = {"SUCCEEDED", "COMPENSATED"}
STATES = {"STARTED", "PROCESSING", "COMPENSATING", *ENDS}

# What may be answered, a status or a code. Whatever else is a finding.
OUTAGE = {"refused", "dropped", 503, 504}
MAY = {
    "sign up": OUTAGE | {201, "email_taken"},
    "follow": OUTAGE | {200},
    "log in": OUTAGE | {200},
    "refresh": OUTAGE | {200},
    "read": OUTAGE | {200},
    "change": OUTAGE | {200, "email_taken"},
    "leave": OUTAGE | {202},
    "order": OUTAGE | {201, "sold_out", "payment_declined", "in_progress"},
    "pay later": OUTAGE | {200, 202, "wrong_state", "payment_declined", "payment_expired", "in_progress"},
    "look at an order": OUTAGE | {200},
    "call an order off": OUTAGE | {200, 202, "order_in_progress", "wrong_state", "too_late_to_cancel"},
    "watch an order": OUTAGE | {200, 404},  # until the dashboard has heard of it
    "look at tickets": OUTAGE | {200},
    "serve": OUTAGE | {200, "wrong_state"},
    "look for jobs": OUTAGE | {200},
    "carry": OUTAGE | {200, "taken", "not_ready", "wrong_state"},
    "give money back": OUTAGE | {201, 202, "wrong_state", "refund_exceeds_captured", "in_progress"},
    "want money back": OUTAGE | {403, "in_progress"},  # that is not the customer's to do
}
GOOD = {what: words - OUTAGE for what, words in MAY.items()}
# What else is told to who leaves, or has left, and asked before he knew.
LEFT = {
    "sign up": {"account_gone"},
    "log in": {401, "withdrawal_pending"},
    "refresh": {401, "withdrawal_pending"},
    "read": {401, 404},
    "change": {401, 404},
    "leave": {401, 404},
    "order": {401},
    "pay later": {401},
    "want money back": {401},
    "look at an order": {401},
    "call an order off": {401},
    "watch an order": {401},
}


class Answer(NamedTuple):
    """Times of the monotonic clock; word is a status, a code of a 409, or what became of the connection."""
    what: str
    begun: float
    ended: float
    word: object


class Session:
    """One that a login began; logins: of the same account, before it."""

    def __init__(self, token, logins):
        self.token = token
        self.logins = logins
        self.asked = None  # when this token was sent first, if no answer came
        self.busy = False


class Signup:
    """Somebody who was told 201, and what else this person heard: final states, in the order they came."""

    def __init__(self, person, accepted):
        self.person = person
        self.user_id = accepted["userId"]
        self.saga_id = accepted["sagaId"]
        self.ends = []
        self.bearer, self.since = None, 0.0
        self.session = None
        self.logins = 0  # that were tried
        self.typed = {person["email"]}  # what may be the e-mail: the answer to a change may have been lost
        self.leaving = False
        self.withdrawals = {}  # sagas this person was promised, with the final states that were heard

    def has_token(self):
        return time.monotonic() < self.since + TOKEN_S


def word_of(reply):
    if isinstance(reply, str):
        return reply
    return reply.code if reply.status == 409 else reply.status


class People:
    def __init__(self, stack):
        self.stack = stack
        self.leaving = threading.Event()
        self.lock = threading.Lock()
        self.answers = []
        self.strange = []  # sentences: what nobody may be told
        self.signups = []  # every 201
        self.active = []   # those who know that they may log in
        self.readers = []  # those who have a token
        self.freed = []    # of whom nothing is left: the next may be of that name
        self.orders = []   # that were accepted
        self.refunds = []  # that were promised

    def accepted(self):
        with self.lock:
            return len(self.signups)

    # ---- what they do

    def ask(self, what, request, also=(), who=None):
        """The reply, None when there is none worth looking at; what it says is kept. also: what else it may say, or a function that
        knows when it is there; who: whose account it is about, if any."""
        begun = time.monotonic()
        reply = outcome(request)
        answer = Answer(what, begun, time.monotonic(), word_of(reply))
        with self.lock:
            self.answers.append(answer)
            may = MAY[what].union(also() if callable(also) else also, LEFT.get(what, ()) if who and who.leaving else ())
            if answer.word not in may:
                self.strange.append(f"{what}: {reply!r}")
        time.sleep(REFUSED_S if answer.word in OUTAGE else PAUSE_S)
        return None if isinstance(reply, str) or reply.status >= 400 else reply

    def sign_up(self):
        """With a key one asks until one knows. Without, one may meet oneself: what was not answered may have happened."""
        with self.lock:
            person = self.freed.pop() if self.freed and random.random() < 0.5 else self.stack.person()
        if random.random() < 0.15:
            person["email"] = f"shared{random.randrange(EMAILS)}@example.org"
        headers = {"Idempotency-Key": uuid.uuid4().hex} if random.random() < 0.5 else {}
        signup = None
        for number in range(20 if headers else random.choice((1, 2))):
            wait = random.choice((None, 1, 10))
            also = {"login_id_taken"} if number > 0 and not headers else ()
            reply = self.ask("sign up", lambda: self.stack.signup(person, wait, **headers), also, signup)
            if reply:
                signup = self.keep(signup, person, reply.json())
            if self.leaving.is_set() or reply and not (headers and random.random() < 0.2):
                break

    def keep(self, before, person, told):
        """A 201; before is the one that the same key got earlier."""
        with self.lock:
            signup = before
            if not before:
                signup = Signup(person, told)
                self.signups.append(signup)
            elif (told["userId"], told["sagaId"]) != (before.user_id, before.saga_id):
                self.strange.append(f"one key has two answers: {told} after {vars(before)}")
            if told["status"] == "ACTIVE":
                self.heard(signup, "SUCCEEDED")
        return signup

    def heard(self, signup, state):
        if state == "SUCCEEDED" and state not in signup.ends:
            self.active.append(signup)
        if state not in signup.ends:
            signup.ends.append(state)

    def one_of(self, those):
        with self.lock:
            return random.choice(those) if those else None

    def reader(self):
        """One of those who have come last and whose token is good."""
        return self.one_of([signup for signup in self.readers[-200:] if signup.has_token()])

    def heard_of_leaving(self, signup, saga_id, state):
        """What is over is told once; undone, all is as before."""
        if state in signup.withdrawals[saga_id]:
            return
        signup.withdrawals[saga_id].append(state)
        if state == "SUCCEEDED":
            self.freed.append(dict(signup.person))
        else:
            signup.leaving = False
            self.active.append(signup)
            self.readers.append(signup)

    def follow(self):
        if not (signup := self.one_of(self.signups[-200:])):
            return time.sleep(PAUSE_S)
        if signup.withdrawals and random.random() < 0.8:
            return self.follow_leaving(signup, list(signup.withdrawals)[-1])
        if reply := self.ask("follow", lambda: self.stack.request("GET", "/signups/" + signup.saga_id)):
            told = reply.json()
            with self.lock:
                if told["state"] not in STATES or told["userId"] != signup.user_id:
                    self.strange.append(f"follow: {told}")
                elif told["state"] in ENDS:
                    self.heard(signup, told["state"])

    def follow_leaving(self, signup, saga_id):
        if reply := self.ask("follow", lambda: self.stack.request("GET", "/withdrawals/" + saga_id)):
            told = reply.json()
            with self.lock:
                if told["state"] not in STATES or told["userId"] != signup.user_id:
                    self.strange.append(f"follow: {told}")
                elif told["state"] in ENDS:
                    self.heard_of_leaving(signup, saga_id, told["state"])

    def log_in(self):
        if not (signup := self.one_of(self.active[-200:])):
            return time.sleep(PAUSE_S)
        with self.lock:
            signup.logins += 1
            logins = signup.logins
        if reply := self.ask("log in", lambda: self.stack.login(signup.person), who=signup):
            with self.lock:
                if signup.leaving:
                    return None
                if reply.json()["userId"] != signup.user_id:
                    self.strange.append(f"log in: {signup.person['loginId']} is another: {reply!r}")
                if not signup.bearer:
                    self.readers.append(signup)
                signup.bearer, signup.since = {"Authorization": "Bearer " + reply.json()["accessToken"]}, time.monotonic()
                signup.session = Session(reply.json()["refreshToken"], logins)

    def refresh(self):
        """As a phone does: one at a time, the same token until an answer comes. Nobody is logged out who asks again soon."""
        with self.lock:
            signup = random.choice(self.readers[-200:]) if self.readers else None
            session = signup and signup.session
            if session and (session.busy or signup.leaving):
                session = None
            if session:
                session.busy = True
        if not session:
            return time.sleep(PAUSE_S)
        begun = time.monotonic()
        first = session.asked or begun
        body = {"refreshToken": session.token}

        def may_be_over():
            late, crowded = time.monotonic() - first > GRACE_S, signup.logins - session.logins >= SESSIONS
            return {401} if late or crowded else set()

        reply = self.ask("refresh", lambda: self.stack.request("POST", "/refresh", body), may_be_over, signup)
        with self.lock:
            if reply:
                session.token, session.asked = reply.json()["refreshToken"], None
                if not signup.leaving:
                    signup.bearer, signup.since = {"Authorization": "Bearer " + reply.json()["accessToken"]}, time.monotonic()
            else:
                session.asked = first
                if may_be_over() and signup.session is session:
                    signup.session = None  # this person logs in again
            session.busy = False
        return None

    def read(self):
        if not (signup := self.reader()):
            return time.sleep(PAUSE_S)
        path = "/users/" + signup.user_id
        if reply := self.ask("read", lambda: self.stack.request("GET", path, headers=signup.bearer), who=signup):
            got = reply.json()
            if got["userId"] != signup.user_id or got["email"] not in signup.typed:
                with self.lock:
                    self.strange.append(f"read: {signup.user_id} of {signup.typed} got {reply!r}")

    def change(self):
        if not (signup := self.reader()):
            return time.sleep(PAUSE_S)
        shared = random.random() < 0.15
        email = f"shared{random.randrange(EMAILS)}@example.org" if shared else f"{uuid.uuid4().hex}@example.org"
        patch = random.choice(({"name": "Somebody Else"}, {"email": email}, {"email": email, "phone": "010-9999-8888"}))
        with self.lock:
            signup.typed.add(patch.get("email", email))
        path = "/users/" + signup.user_id
        if reply := self.ask("change", lambda: self.stack.request("PATCH", path, patch, signup.bearer), who=signup):
            got = reply.json()
            if any(got[member] != typed.replace("-", "") for member, typed in patch.items()):
                with self.lock:
                    self.strange.append(f"change: {signup.user_id} to {patch} got {reply!r}")

    def leave(self):
        """Asks until told; another withdrawal only begins after one that was undone."""
        with self.lock:
            signup = random.choice(self.readers[-200:]) if len(self.readers) > 20 else None
            if not signup or signup.leaving or not signup.has_token():
                signup = None
            else:
                self.readers.remove(signup)
                signup.leaving = True
                self.active = [one for one in self.active if one is not signup]
        if not signup:
            return time.sleep(10 * PAUSE_S)
        path = "/users/" + signup.user_id
        for _ in range(20):
            headers = {**signup.bearer, **random.choice(({}, {"Prefer": "wait=1"}, {"Prefer": "wait=10"}))}
            if reply := self.ask("leave", lambda: self.stack.request("DELETE", path, headers=headers), who=signup):
                self.keep_leaving(signup, reply.json())
                break
            if self.leaving.is_set():
                break
        return time.sleep(10 * PAUSE_S)

    def keep_leaving(self, signup, told):
        with self.lock:
            signup.withdrawals.setdefault(told["sagaId"], [])
            if told["status"] == "WITHDRAWN":
                self.heard_of_leaving(signup, told["sagaId"], "SUCCEEDED")
