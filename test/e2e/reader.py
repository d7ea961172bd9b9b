"""Somebody who has signed up, logs in and reads the profile."""
from tap import equal


class Reader:
    def __init__(self, stack):
        self.stack = stack
        self.person = stack.person()
        reply = stack.signup(self.person)
        equal(reply.status, 201, repr(reply))
        self.user_id, self.bearer = stack.token_of(self.person)
        self.path = "/users/" + self.user_id

    def read(self):
        return self.stack.request("GET", self.path, headers=self.bearer)

    def login(self):
        return self.stack.login(self.person)
