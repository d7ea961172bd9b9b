"""People who sign up, look how it went, log in and read, whatever happens; and what they were told."""
import concurrent.futures
import random
import threading
import time
import uuid
from typing import NamedTuple

from load import Load, outcome

SIGNING_UP, FOLLOWING, LOGGING_IN, READING = 16, 2, 2, 4  # how many at a time
CALLS_A_SECOND = {"sign_up": 8, "follow": 2, "log_in": 5, "read": 10}
CALLERS = 300  # who wait for an answer at the same time
EMAILS = 12  # that many want, each of them once in a while
PAUSE_S, REFUSED_S = 0.03, 0.3  # until one asks again
ENDS = {"SUCCEEDED", "COMPENSATED"}
STATES = {"STARTED", "PROCESSING", "COMPENSATING", *ENDS}

# What may be answered, a status or a code. Whatever else is a finding.
OUTAGE = {"refused", "dropped", 503, 504}
MAY = {
    "sign up": OUTAGE | {201, "email_taken"},
    "follow": OUTAGE | {200},
    "log in": OUTAGE | {200},
    "read": OUTAGE | {200},
}
GOOD = {"sign up": {201, "email_taken"}, "follow": {200}, "log in": {200}, "read": {200}}


class Answer(NamedTuple):
    """Times of the monotonic clock; word is a status, a code of a 409, or what became of the connection."""
    what: str
    begun: float
    ended: float
    word: object


class Signup:
    """Somebody who was told 201, and what else this person heard: final states, in the order they came."""

    def __init__(self, person, accepted):
        self.person = person
        self.user_id = accepted["userId"]
        self.saga_id = accepted["sagaId"]
        self.ends = []
        self.bearer = None


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

    def accepted(self):
        with self.lock:
            return len(self.signups)

    # ---- what they do

    def ask(self, what, request, also=()):
        """The reply, None when there is none worth looking at; what it says is kept."""
        begun = time.monotonic()
        reply = outcome(request)
        answer = Answer(what, begun, time.monotonic(), word_of(reply))
        with self.lock:
            self.answers.append(answer)
            if answer.word not in MAY[what] and answer.word not in also:
                self.strange.append(f"{what}: {reply!r}")
        time.sleep(REFUSED_S if answer.word in OUTAGE else PAUSE_S)
        return None if isinstance(reply, str) or reply.status >= 400 else reply

    def sign_up(self):
        """With a key one asks until one knows. Without, one may meet oneself: what was not answered may have happened."""
        with self.lock:
            person = self.stack.person()
        if random.random() < 0.15:
            person["email"] = f"shared{random.randrange(EMAILS)}@example.org"
        headers = {"Idempotency-Key": uuid.uuid4().hex} if random.random() < 0.5 else {}
        signup = None
        for number in range(20 if headers else random.choice((1, 2))):
            wait = random.choice((None, 1, 10))
            also = {"login_id_taken"} if number > 0 and not headers else ()
            reply = self.ask("sign up", lambda: self.stack.signup(person, wait, **headers), also)
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

    def follow(self):
        if not (signup := self.one_of(self.signups[-200:])):
            return time.sleep(PAUSE_S)
        if reply := self.ask("follow", lambda: self.stack.request("GET", "/signups/" + signup.saga_id)):
            told = reply.json()
            with self.lock:
                if told["state"] not in STATES or told["userId"] != signup.user_id:
                    self.strange.append(f"follow: {told}")
                elif told["state"] in ENDS:
                    self.heard(signup, told["state"])

    def log_in(self):
        if not (signup := self.one_of(self.active)):
            return time.sleep(PAUSE_S)
        if reply := self.ask("log in", lambda: self.stack.login(signup.person)):
            with self.lock:
                if reply.json()["userId"] != signup.user_id:
                    self.strange.append(f"log in: {signup.person['loginId']} is another: {reply!r}")
                if not signup.bearer:
                    self.readers.append(signup)
                signup.bearer = {"Authorization": "Bearer " + reply.json()["accessToken"]}

    def read(self):
        if not (signup := self.one_of(self.readers[-200:])):
            return time.sleep(PAUSE_S)
        path = "/users/" + signup.user_id
        if reply := self.ask("read", lambda: self.stack.request("GET", path, headers=signup.bearer)):
            got = reply.json()
            if (got["userId"], got["email"]) != (signup.user_id, signup.person["email"]):
                with self.lock:
                    self.strange.append(f"read: {signup.user_id} of {signup.person['email']} got {reply!r}")


class Crowded:
    """So many people at a time: who has an answer asks again."""

    def __init__(self, people):
        self.people = people
        self.loads = [Load(SIGNING_UP, people.sign_up), Load(FOLLOWING, people.follow), Load(LOGGING_IN, people.log_in),
                      Load(READING, people.read)]

    def __enter__(self):
        for load in self.loads:
            load.__enter__()
        return self.people

    def __exit__(self, *why):
        self.people.leaving.set()
        for load in self.loads:
            load.stopping.set()
        for load in self.loads:
            load.__exit__(*why)


class Steady:
    """So many people a second, whatever becomes of those before them: what is not served is seen."""

    def __init__(self, people):
        self.people = people
        self.pool = concurrent.futures.ThreadPoolExecutor(CALLERS)
        self.calls = []
        self.clocks = [threading.Thread(target=self.tick, args=row, daemon=True) for row in CALLS_A_SECOND.items()]

    def tick(self, name, a_second):
        while not self.people.leaving.wait(1 / a_second):
            self.calls.append(self.pool.submit(getattr(self.people, name)))

    def __enter__(self):
        for clock in self.clocks:
            clock.start()
        return self.people

    def __exit__(self, *why):
        self.people.leaving.set()
        for clock in self.clocks:
            clock.join()
        self.pool.shutdown()
        for call in self.calls:
            call.result()
