"""HTTP for tests: a request that returns whatever came back, and raw bytes for what no client sends."""
import http.client
import io
import json
import socket


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The problem's code; None when it is not a problem."""
        if self.headers.get("Content-Type") != "application/problem+json":
            return None
        return self.json().get("code")

    def fields(self):
        """The fields a validation problem names."""
        return sorted(error["field"] for error in self.json().get("errors", []))

    def __repr__(self):
        return f"{self.status} {self.body[:500]!r}"


def ask(connection, method, path, body=None, headers=None):
    """A dict becomes JSON with its Content-Type. OSError or HTTPException when there is no answer."""
    headers = dict(headers or {})
    if isinstance(body, dict):
        body = json.dumps(body)
        headers.setdefault("Content-Type", "application/json")
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return Reply(answer.status, answer.headers, answer.read())


def request(port, method, path, body=None, headers=None, timeout=30):
    """The same on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        return ask(connection, method, path, body, headers)
    finally:
        connection.close()


def is_whole(received):
    """True when the bytes hold one whole answer."""
    head, found, body = received.partition(b"\r\n\r\n")
    if not found:
        return False
    if head.split(b" ")[1] in (b"204", b"304"):
        return True
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return bool(lengths) and len(body) >= int(lengths[0].split(b":")[1])


def raw(port, data, timeout=30):
    """Sends bytes as they are; returns the answer, or what came until the connection was closed."""
    with socket.create_connection(("127.0.0.1", port), timeout) as s:
        s.sendall(data)
        received = b""
        while not is_whole(received) and (piece := s.recv(65536)):
            received += piece
        return received


def raw_reply(port, data):
    head, _, body = raw(port, data).partition(b"\r\n\r\n")
    line, _, fields = head.partition(b"\r\n")
    return Reply(int(line.split(b" ")[1]), http.client.parse_headers(io.BytesIO(fields + b"\r\n\r\n")), body)


def raw_status(port, data):
    return int(raw(port, data).split(b" ")[1])
