"""Clients that go on asking in threads until told to stop, and remember what they were told."""
import http.client
import itertools
import threading

import web


class Load:
    """Each of the clients calls ask() again and again; ask returns what is to be remembered."""

    def __init__(self, clients, ask):
        self.ask = ask
        self.lock = threading.Lock()
        self.seen = []
        self.error = None
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(clients)]

    def run(self):
        while not self.stopping.is_set():
            try:
                told = self.ask()
            except Exception as e:
                self.error = e
                return
            with self.lock:
                self.seen.append(told)

    def count(self, condition=lambda told: True):
        with self.lock:
            return sum(1 for told in self.seen if condition(told))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        if self.error:
            raise self.error


class Connections:
    """Of threads to a port: every second thread keeps its own."""

    def __init__(self, port):
        self.port = port
        self.mine = threading.local()
        self.numbers = itertools.count()

    def request(self, method, path, body=None, headers=None):
        if not hasattr(self.mine, "connection"):
            self.mine.keeps = next(self.numbers) % 2 == 0
            self.mine.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            return web.ask(self.mine.connection, method, path, body, headers)
        finally:
            if not self.mine.keeps:
                self.mine.connection.close()


def outcome(request):
    """What became of a request: the reply, "refused" (never accepted) or "dropped"."""
    try:
        return request()
    except ConnectionRefusedError:
        return "refused"
    except (OSError, http.client.HTTPException):
        return "dropped"
