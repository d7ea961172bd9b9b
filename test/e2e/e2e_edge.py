#!/usr/bin/env python3
"""The edge: one gateway takes the port over from another."""
import http.client
import itertools
import socket
import sys
import threading

from gateway import Gateway
from load import Load, outcome
from reader import Reader
from stack import run_cases
from tap import case, equal, eventually

TAKEOVERS = 2


class Asker:
    """Clients that go on asking for a profile: every second of them keeps its connection."""

    def __init__(self, reader, port):
        self.reader = reader
        self.port = port
        self.mine = threading.local()
        self.numbers = itertools.count()

    def connection(self):
        if not hasattr(self.mine, "connection"):
            self.mine.keeps = next(self.numbers) % 2 == 0
            self.mine.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        return self.mine.connection

    def read(self):
        connection = self.connection()
        try:
            connection.request("GET", self.reader.path, headers=self.reader.bearer)
            answer = connection.getresponse()
            answer.read()
            return answer
        finally:
            if not self.mine.keeps:
                connection.close()

    def status(self):
        told = outcome(self.read)
        return told if isinstance(told, str) else told.status


def take_over_under_load(stack, first, take_over):
    """take_over(gateway): the next one that serves. None of their clients is told anything but 200."""
    gateway = first.ready()
    asker = Asker(Reader(stack), gateway.port)
    with Load(8, asker.status) as load:
        for _ in range(TAKEOVERS):
            served = load.count()
            eventually(lambda served=served: load.count() >= served + 100)
            gateway = take_over(gateway)
        served = load.count()
        eventually(lambda served=served: load.count() >= served + 100)
    gateway.drain()
    equal(set(load.seen), {200})


@case
def a_new_gateway_takes_the_port_over_and_no_request_is_lost(stack):
    def take_over(old):
        new = Gateway(stack, port=old.port, share_port="on").ready()
        old.drain()
        return new

    take_over_under_load(stack, Gateway(stack, share_port="on"), take_over)


@case
def a_gateway_that_is_started_again_goes_on_with_the_socket_it_is_passed(stack):
    with socket.create_server(("127.0.0.1", 0), backlog=100) as passed:
        port = passed.getsockname()[1]

        def take_over(old):
            old.drain()
            return Gateway(stack, passed, port).ready()

        take_over_under_load(stack, Gateway(stack, passed, port), take_over)


@case
def a_gateway_that_does_not_share_finds_the_port_in_use(stack):
    with Gateway(stack, share_port="on") as gateway:
        other = Gateway(stack, port=gateway.port)
        equal(other.process.wait(60), 1)
        with open(other.log) as f:
            assert f"127.0.0.1:{gateway.port} is in use" in f.read()


if __name__ == "__main__":
    sys.exit(run_cases())
