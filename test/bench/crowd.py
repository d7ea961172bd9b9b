"""Ten thousand connections of one gateway: idle, each with a request that waits for a frozen service, each waiting for a change."""
import json
import os
import resource
import signal
import socket
import subprocess
import time
import urllib.request

from stack import ROOT, answers, free_port, memory_mb, wait_for

CROWD, NEWCOMERS = 10000, 300
IDLE = b"GET /welcome HTTP/1.1\r\nHost: bench\r\n\r\n"
WAITING = b"GET /signups/01890000-0000-7000-8000-000000000000 HTTP/1.1\r\nHost: bench\r\nUser-Agent: bench/1\r\nAccept: */*\r\n\r\n"
LIVE = {  # what they send, and by what each sees that it has the change
    "long polls": ("If-None-Match: {etag}\r\nPrefer: wait=30\r\n", "ETag: {etag}\r\n"),
    "streams": ("Accept: text/event-stream\r\n", "id: {version}\n"),
}


class Gateway:
    """Beside the stack's, on its NATS; who asks for a signup may wait for a minute, and all at once."""
    def __init__(self, stack):
        self.port, self.admin, routes = free_port(), free_port(), f"{stack.dir}/crowd.conf"
        with open(f"{ROOT}/deploy/gateway/routes.conf") as f, open(routes, "w") as out:
            for line in f:
                words = line.split()
                if words[:2] == ["GET", "/signups/{sagaId}"]:
                    line = f"GET {words[1]} {words[2]} timeout=60000 inflight=16383..16384\n"
                out.write(line)
        self.process = subprocess.Popen(
            [f"{stack.dir}/run/bin/hanok-gateway", "--config", "/dev/null", "--listen", f"127.0.0.1:{self.port}",
             "--admin-listen", f"127.0.0.1:{self.admin}", "--routes", routes, "--rate-limit", "off", "--drain-ms", "1000",
             "--nats-url", f"nats://127.0.0.1:{stack.nats_port}", "--nats-user", "gateway"],
            env={**os.environ, "HANOK_NATS_PASSWORD_FILE": f"{stack.dir}/run/secrets/nats_gateway"},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("a gateway for the crowd", lambda: answers(self.admin, "/readyz"), 20)

    def connect(self, request):
        connection = socket.create_connection(("127.0.0.1", self.port), 60)
        connection.sendall(request)
        return connection

    def live(self):
        """How many wait for a change."""
        time.sleep(0.1)  # it has other things to do
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/metrics", timeout=20) as reply:
            return sum(int(line.split()[1]) for line in reply.read().decode().splitlines() if line.startswith("hanok_http_live "))

    def end(self):
        """Its exit code."""
        self.process.terminate()
        return self.process.wait(30)


def newcomers_ms(gateway):
    """The 99th percentile of a connection, GET /welcome and its answer, of some that come one after the other."""
    times = []
    for _ in range(NEWCOMERS):
        start = time.monotonic()
        with gateway.connect(IDLE) as connection:
            if not connection.recv(65536).startswith(b"HTTP/1.1 200"):
                raise AssertionError("somebody new is not served")
        times.append((time.monotonic() - start) * 1000)
        time.sleep(0.002)
    return sorted(times)[NEWCOMERS * 99 // 100]


def idle(stack, table):
    gateway = Gateway(stack)
    crowd = [gateway.connect(IDLE) for _ in range(CROWD)]
    for connection in crowd:
        connection.recv(65536)
    memory = memory_mb(gateway.process.pid)
    table.add("10,000 idle connections: memory of the gateway", "≤ 45 MB", f"{memory:.1f} MB", memory <= 45,
              "each has had an answer")
    gateway.end()
    for connection in crowd:
        connection.close()


def waiting(stack, table):
    gateway, auth = Gateway(stack), stack.pid("auth")
    os.kill(auth, signal.SIGSTOP)
    try:
        crowd = [gateway.connect(WAITING) for _ in range(CROWD)]
        p99, memory = newcomers_ms(gateway), memory_mb(gateway.process.pid)
        code = gateway.end()
    finally:
        os.kill(auth, signal.SIGCONT)
    told = sum(connection.recv(65536).startswith(b"HTTP/1.1 503") for connection in crowd)
    for connection in crowd:
        connection.close()
    table.add("10,000 waiting for a frozen service: memory of the gateway", "≤ 125 MB", f"{memory:.1f} MB", memory <= 125, "")
    table.add("meanwhile, somebody new: connection and GET /welcome, p99", "≤ 20 ms", f"{p99:.1f} ms", p99 <= 20, "")
    table.add("SIGTERM then: told 503, and exit code", "10,000, 0", f"{told:,}, {code}", told == CROWD and code == 0, "")


def changed(stack, path, token, name):
    """The ETag of what is there now."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(stack.url + path, json.dumps({"name": name}).encode(), headers, method="PATCH")
    with urllib.request.urlopen(request, timeout=20) as reply:
        return reply.headers["ETag"]


def read_until(connection, text):
    received = b""
    while text not in received:
        piece = connection.recv(65536)
        if not piece:
            raise AssertionError(f"a connection has ended before {text}: {received}")
        received += piece


def wait_for_a_change(stack, gateway, token, user, table):
    path = f"/users/{user}"
    etag = changed(stack, path, token, "Bench")
    for name, (fields, sign) in LIVE.items():
        request = f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n{fields.format(etag=etag)}\r\n".encode()
        crowd = [gateway.connect(request) for _ in range(CROWD)]
        wait_for(f"10,000 {name}", lambda: gateway.live() == CROWD, 60)
        p99, memory = newcomers_ms(gateway), memory_mb(gateway.process.pid)
        began = time.monotonic()
        etag = changed(stack, path, token, f"Bench of {name}")
        for connection in crowd:
            read_until(connection, sign.format(etag=etag, version=etag.strip('"')).encode())
        took = time.monotonic() - began
        for connection in crowd:
            connection.close()
        wait_for(f"10,000 {name} have left", lambda: gateway.live() == 0, 60)
        table.add(f"10,000 {name} of one profile: memory of the gateway", "≤ 125 MB", f"{memory:.1f} MB", memory <= 125,
                  f"a change is with the last of them {took:.1f} s after it was asked for, as a client in Python sees it")
        table.add("meanwhile, somebody new: connection and GET /welcome, p99", "≤ 20 ms", f"{p99:.1f} ms", p99 <= 20, "")


def live(stack, token, user, table):
    gateway = Gateway(stack)
    try:
        wait_for_a_change(stack, gateway, token, user, table)
    finally:
        gateway.end()


def crowds(stack, token, user, table):
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files < CROWD + 1000:
        table.add("10,000 connections", "", "skipped", True, f"{files} open files are allowed")
        return
    idle(stack, table)
    waiting(stack, table)
    live(stack, token, user, table)
