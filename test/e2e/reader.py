"""Somebody who has signed up, logs in and reads the profile."""


class Reader:
    def __init__(self, stack):
        self.stack = stack
        self.person = stack.person()
        stack.signed_up(self.person)
        self.user_id, self.bearer = stack.token_of(self.person)
        self.path = "/users/" + self.user_id

    def read(self):
        return self.stack.request("GET", self.path, headers=self.bearer)

    def login(self):
        return self.stack.login(self.person)
