"""Clients that come from addresses of their own: all of 127.0.0.0/8 is this machine."""
import http.client
import json
import socket

from web import Reply


def address(number):
    """The number-th client's, none of them 127.0.0.1."""
    return f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"


class Client:
    """One kept-alive connection from that address."""

    def __init__(self, port, source):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.connection.close()

    def post(self, path, body, headers=None):
        self.connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **(headers or {})})
        answer = self.connection.getresponse()
        return Reply(answer.status, answer.headers, answer.read())

    def login(self, login_id, password):
        return self.post("/login", {"loginId": login_id, "password": password})
