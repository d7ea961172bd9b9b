"""Clients that go on asking in threads until told to stop, and remember what they were told."""
import http.client
import threading


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


def outcome(request):
    """What became of a request: the reply, "refused" (never accepted) or "dropped"."""
    try:
        return request()
    except ConnectionRefusedError:
        return "refused"
    except (OSError, http.client.HTTPException):
        return "dropped"
