"""A NATS client in plain sockets: enough to ask, answer and look at headers."""
import json
import socket
import ssl
import uuid


class Message:
    def __init__(self, subject, reply, headers, data):
        self.subject = subject
        self.reply = reply
        self.headers = headers
        self.data = data

    def json(self):
        return json.loads(self.data)

    @property
    def error(self):
        """Nats-Service-Error-Code, None when it is no error."""
        return self.headers.get("Nats-Service-Error-Code")


class Bus:
    def __init__(self, port, user=None, password=None, ca=None, timeout=30):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.last_sid = 0
        self.info = self.read_info()
        if ca:
            context = ssl.create_default_context(cafile=ca)
            self.socket = context.wrap_socket(self.socket, server_hostname="127.0.0.1")
        self.file = self.socket.makefile("rb")
        options = {"verbose": False, "headers": True, "no_responders": True, "lang": "c", "version": "1", "name": "test"}
        if user:
            options.update(user=user, **{"pass": password})
        self.send(b"CONNECT " + json.dumps(options).encode() + b"\r\n")
        if refused := self.flush():
            raise PermissionError(refused[0])

    def read_info(self):
        """The server's first line, and not a byte more: what follows may be TLS."""
        line = b""
        while not line.endswith(b"\r\n"):
            line += self.socket.recv(1) or b"\r\n"
        return json.loads(line.partition(b" ")[2] or "{}")

    def close(self):
        self.file.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        self.socket.sendall(data)

    def flush(self):
        """Waits until the server has handled what was sent; returns what it refused. Messages are lost."""
        refused = []
        try:
            self.send(b"PING\r\n")
            while (line := self.file.readline()) != b"PONG\r\n":
                if line.startswith(b"-ERR"):
                    refused.append(line[4:].decode().strip(" '\r\n"))
                if not line and not refused:
                    raise ConnectionError("the server closed the connection")
                if not line:
                    break
        except ConnectionResetError:
            if not refused:
                raise
        return refused

    def subscribe(self, subject, queue=""):
        self.last_sid += 1
        self.send(f"SUB {subject} {queue} {self.last_sid}\r\n".encode())
        return self.last_sid

    def publish(self, subject, data=b"", headers=None, reply=""):
        if isinstance(data, dict):
            data = json.dumps(data).encode()
        head = b""
        if headers:
            head = b"NATS/1.0\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()).encode() + b"\r\n"
            self.send(f"HPUB {subject} {reply} {len(head)} {len(head) + len(data)}\r\n".encode())
        else:
            self.send(f"PUB {subject} {reply} {len(data)}\r\n".encode())
        self.send(head + data + b"\r\n")

    def next(self, seconds=90):
        """The next message of any subscription; None when none comes in time."""
        self.socket.settimeout(seconds)
        try:
            while line := self.file.readline():
                verb, *words = line.decode().split()
                if verb == "PING":
                    self.send(b"PONG\r\n")
                elif verb in ("MSG", "HMSG"):
                    return self.read_message(verb, words)
                elif verb == "-ERR":
                    raise ConnectionError(line.decode())
        except TimeoutError:
            self.file = self.socket.makefile("rb")  # a stream that timed out reads no more
            return None
        raise ConnectionError("the server closed the connection")

    def read_message(self, verb, words):
        total = int(words[-1])
        head = int(words[-2]) if verb == "HMSG" else 0
        reply = words[2] if len(words) > (4 if head else 3) else ""
        payload = self.file.read(total + 2)[:total]
        headers = {}
        if head:
            first, *lines = payload[:head].decode().split("\r\n")
            headers = {k: v.strip() for k, v in (line.split(":", 1) for line in lines if line)}
            if status := first.partition(" ")[2].strip():
                headers["Status"] = status
        return Message(words[0], reply, headers, payload[head:])

    def request(self, subject, data=b"{}", headers=None, seconds=30):
        """The first answer, also "no responders" (Status 503); None when none comes in time."""
        inbox = "_INBOX." + uuid.uuid4().hex
        self.subscribe(inbox)
        self.publish(subject, data, headers, inbox)
        while message := self.next(seconds):
            if message.subject == inbox:
                return message
        return None

    def request_all(self, subject, seconds=2):
        """Every answer to one question that come within the time."""
        inbox = "_INBOX." + uuid.uuid4().hex
        self.subscribe(inbox)
        self.publish(subject, b"", None, inbox)
        answers = []
        while message := self.next(seconds):
            if message.subject == inbox and not message.headers.get("Status"):
                answers.append(message)
        return answers
