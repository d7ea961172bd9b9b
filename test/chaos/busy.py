"""How many people there are at a time, and what each of them does."""
import concurrent.futures
import threading

from load import Load
from shoppers import Shoppers
from staff import Staff

AT_A_TIME = {"sign_up": 16, "follow": 2, "log_in": 2, "refresh": 2, "read": 4, "change": 2, "leave": 2, "order": 4, "look": 2, "call_off": 1,
             "watch": 2, "pay": 1, "want_back": 1, "serve": 3, "carry": 3, "refund": 1}
SHOPPING = {**AT_A_TIME, "sign_up": 3, "log_in": 1, "refresh": 1, "change": 1, "leave": 1, "order": 12, "call_off": 3, "serve": 6, "carry": 10}
CALLS_A_SECOND = {"sign_up": 8, "follow": 2, "log_in": 5, "refresh": 3, "read": 10, "change": 2, "leave": 1, "order": 4, "look": 3, "call_off": 1,
                  "watch": 3, "pay": 1, "want_back": 1, "serve": 3, "carry": 8, "refund": 1}
CALLERS = 300  # who wait for an answer at the same time


def calls_of(people):
    """{name: what somebody does}; puts goods into a shop and hires who works there, once all services are ready."""
    shoppers = Shoppers(people)
    those = (people, shoppers, Staff(people, shoppers.shop))
    return {name: next(getattr(who, name) for who in those if hasattr(who, name)) for name in AT_A_TIME}


class Crowded:
    """So many people at a time: who has an answer asks again."""

    def __init__(self, people, at_a_time=AT_A_TIME):
        self.people = people
        calls = calls_of(people)
        self.loads = [Load(callers, calls[name]) for name, callers in at_a_time.items()]

    def have_ordered(self, orders):
        """So many times; or never will, since one of them failed."""
        return len(self.people.orders) >= orders or any(load.error for load in self.loads)

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
        calls = calls_of(people)
        self.clocks = [threading.Thread(target=self.tick, args=(calls[name], a_second), daemon=True)
                       for name, a_second in CALLS_A_SECOND.items()]

    def tick(self, call, a_second):
        while not self.people.leaving.wait(1 / a_second):
            self.calls.append(self.pool.submit(call))

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
