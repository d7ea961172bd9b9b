"""A hundred thousand orders, each with two lines, its payment, ticket and delivery: written where they stand, not ordered. The dashboard is built
from them while it is read, and follows as some of them go on."""
import collections
import http.client
import json
import random
import selectors
import socket
import subprocess
import threading
import time
import urllib.request

from alone import vegeta
from stack import wait_for

ORDERS = 100_000
LIMIT_S, READERS, PAUSE_S = 300, 4, 0.01
WATCHING, COME_TOGETHER, WATCHED_RATE = 1000, 20, 100
CHANGES_RATE, CHANGES_S = 500, 20
OPEN = WATCHING + CHANGES_RATE * CHANGES_S  # the first of them: accepted by their store, and nothing after that
AT = "'2026-01-01' + INTERVAL seq SECOND"
ID = "UNHEX(LPAD(HEX(seq), 32, '0'))"
STORE = "018f0000-0000-7000-8000-000000000001"
STORE_ID = f"x'{STORE.replace('-', '')}'"


def either(of_open, of_ended):
    return f"IF(seq <= {OPEN}, {of_open}, {of_ended})"


# What stands in each table, in the words of its own columns; {user}: who ordered all of it, and has the store.
ROWS = {
    "order.orders": {"id": ID, "order_num": "LPAD(seq, 24, '0')", "user_id": "{user}", "store_id": STORE_ID, "total": "38700", "currency": "'KRW'",
                     "status": either("'CONFIRMED'", "'COMPLETED'"), "before_cancel": "'PENDING'", "payment_status": "'CAPTURED'", "pay_by": AT,
                     "look_at": AT, "method": "''", "cancel_asked": "0", "reason": "''", "saga_id": ID, "version": "6", "created_at": AT,
                     "updated_at": AT, "ended_at": either("NULL", AT)},
    "payment.payment": {"id": "UNHEX(MD5(seq))", "order_id": ID, "user_id": "{user}", "store_id": STORE_ID, "amount": "38700",
                        "currency": "'KRW'", "status": "'CAPTURED'", "capturing": "38700", "captured": "38700", "refunding": "0",
                        "refunded": "0", "reason": "''", "expires_at": AT, "look_at": AT, "version": "3", "created_at": AT, "updated_at": AT},
    "store.ticket": {"order_id": ID, "order_num": "LPAD(seq, 24, '0')", "store_id": STORE_ID, "owner_id": "{user}", "user_id": "{user}",
                     "status": either("'ACCEPTED'", "'PICKED_UP'"), "cancel_asked": "0", "accept_by": AT, "answer_by": AT, "look_at": AT,
                     "minutes": "20", "reason": "''", "version": "5", "created_at": AT, "updated_at": AT, "accepted_at": AT,
                     "cooked_at": either("NULL", AT)},
    "delivery.delivery": {"order_id": ID, "store_id": STORE_ID, "user_id": "{user}", "owner_id": "{user}", "courier_id": either("NULL", STORE_ID),
                          "status": either("'WAITING'", "'DELIVERED'"), "ready": either("0", "1"), "started_at": either("NULL", AT),
                          "picked_up_at": either("NULL", AT), "delivered_at": either("NULL", AT), "version": "4", "created_at": AT,
                          "updated_at": AT},
}
LINE = {"id": "UNHEX(MD5(CONCAT('{n}.', seq)))", "order_id": ID, "seq": "{n}", "product_id": "UNHEX(MD5('{n}'))", "quantity": "{n} + 1",
        "unit_price": "12900", "currency": "'KRW'", "charged": "12900", "name": "'Bench {n}'", "note": "''"}


def uuid_of(number):
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def fill(stack, user):
    def add(table, row, **more):
        values = ", ".join(row.values()).format(**more)
        stack.sql(f"INSERT INTO hanok_{table} ({', '.join(f'`{name}`' for name in row)}) SELECT {values} FROM hanok_order.seq_1_to_{ORDERS}")

    who = f"x'{user.replace('-', '')}'"
    stack.sql(f"INSERT INTO hanok_store.store VALUES ({STORE_ID}, {who}, 'Bench', 1, 0, 0, 1, NOW(6), NOW(6))")
    for table, row in ROWS.items():
        add(table, row, user=who)
    for n in range(2):
        add("order.order_line", LINE, n=n)


# ---- built anew

def ctl(stack, *words):
    return json.loads(subprocess.run([f"{stack.dir}/run/bin/hanokctl", "dashboard", *words, "-o", "json", "--timeout", "60s"], check=True,
                                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True).stdout)


def rebuilt(stack):
    """How many seconds it took, and of how many items it was."""
    before = ctl(stack, "rebuild")["done"]
    wait_for("the dashboard is built anew", lambda: int(stack.sql("SELECT done FROM hanok_dashboard.rebuild")[0]) > before or time.sleep(0.2),
             LIMIT_S)
    microseconds, items = (int(stack.sql(f"SELECT {what} FROM hanok_dashboard.rebuild")[0])
                           for what in ("TIMESTAMPDIFF(MICROSECOND, started_at, ended_at)", "items"))
    return microseconds / 1e6, items


class Readers:
    """Who looks at orders all the time, and what each was told that was no order."""
    def __init__(self, stack, token):
        self.stack, self.headers = stack, {"Authorization": "Bearer " + token}
        self.reads, self.failed, self.stop = 0, [], threading.Event()
        self.threads = [threading.Thread(target=self.read) for _ in range(READERS)]

    def read(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=30)
        while not self.stop.wait(PAUSE_S):
            connection.request("GET", f"/dashboards/{uuid_of(random.randrange(1, ORDERS + 1))}", headers=self.headers)
            reply = connection.getresponse()
            reply.read()
            self.reads += 1
            if reply.status != 200:
                self.failed.append(reply.status)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exception):
        self.stop.set()
        for thread in self.threads:
            thread.join()


def rebuild(stack, token, table, say):
    say("the dashboard is built from nothing")
    first, _ = rebuilt(stack)
    say("the dashboard is built anew")
    before = stack.cpu()
    with Readers(stack, token) as readers:
        seconds, items = rebuilt(stack)
    cpu = {name: s - before[name] for name, s in stack.cpu().items()}
    ours, theirs = ctl(stack, "digest")["items"]
    same = ours["digest"] == theirs["digest"] and items == 4 * ORDERS
    table.add(f"rebuild of {ORDERS:,} orders", "≤ 60 s", f"{seconds:.1f} s", same and seconds <= 60,
              f"{'as' if same else '**not** as'} the owners say; {first:.1f} s from nothing, while nobody read; CPU: "
              + ", ".join(f"{name} {cpu[name]:.1f}" for name in ("mysql", "dashboard", "order", "payment", "store", "delivery", "nats")) + " s")
    table.add("readers meanwhile: failed reads", "0", f"{len(readers.failed)}", not readers.failed and readers.reads > 0,
              f"of {readers.reads:,}, {READERS} at a time")


# ---- changes at a rate

class Cooks:
    """A store begins to cook its orders, so many a second, whoever has been answered or not."""
    def __init__(self, stack, token, first, number, rate):
        if not vegeta():
            raise RuntimeError("there is no vegeta; test/go_tools.sh build/tools")
        targets, self.results, self.number = f"{stack.dir}/targets", f"{stack.dir}/results", number
        with open(targets, "w") as f:
            for n in range(number):
                f.write(f"POST {stack.url}/stores/{STORE}/tickets/{uuid_of(first + n)}/cook\nAuthorization: Bearer {token}\n\n")
        self.process = subprocess.Popen([vegeta(), "attack", f"-rate={rate}/1s", f"-duration={number / rate}s", f"-targets={targets}", "-timeout=10s",
                                         f"-output={self.results}"], stdin=subprocess.DEVNULL)

    def ended(self):
        return self.process.poll() is not None

    def done(self):
        """Once all were asked for: how many were done, a text of how long that took, whether those are all."""
        self.process.wait(120)
        told = json.loads(subprocess.run([vegeta(), "report", "-type=json", self.results], check=True, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.PIPE).stdout)
        done = told["status_codes"].get("200", 0)
        late = told["latencies"]
        return done, f"{done:,} of {self.number:,} changes of tickets were done, " \
            f"answered in {late['50th'] / 1e6:.1f} / {late['99th'] / 1e6:.1f} ms (p50 / p99)", done == self.number


def measured(stack, service):
    """What it says of itself: a number each."""
    with open(f"{stack.dir}/run/{service}.admin") as f, urllib.request.urlopen(f"http://{f.read().strip()}/metrics", timeout=20) as reply:
        lines = reply.read().decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


def quantile_ms(before, after, name, part):
    """As Prometheus does: within a bucket as if they were spread evenly."""
    sign, counts, low = f'{name}_bucket{{le="', [], 0.0
    for key, value in after.items():
        if key.startswith(sign):
            counts.append((float(key[len(sign):-2]), value - before.get(key, 0)))
    wanted, below = part * counts[-1][1], 0
    for bound, count in counts:
        if count >= wanted:
            return 1000 * (low if bound == float("inf") else low + (bound - low) * (wanted - below) / max(1, count - below))
        low, below = bound, count
    return float("inf")


def lag(stack, token, table, say):
    say(f"{CHANGES_RATE} changes a second")
    number, name = CHANGES_RATE * CHANGES_S, "hanok_view_seconds"
    before, cpu = measured(stack, "dashboard"), stack.cpu()
    done, text, all_done = Cooks(stack, token, WATCHING + 1, number, CHANGES_RATE).done()
    seen = f"{name}_count"
    wait_for("the dashboard has seen all of it", lambda: time.sleep(0.2) or measured(stack, "dashboard")[seen] - before[seen] >= done, 60)
    cpu = {process: (s - cpu[process]) / max(done, 1) * 1e6 for process, s in stack.cpu().items()}
    after = measured(stack, "dashboard")
    p50, p99 = (quantile_ms(before, after, name, part) for part in (0.5, 0.99))
    table.add(f"dashboard lag (event time to row) at {CHANGES_RATE} changes/s, p99", "≤ 250 ms", f"{p99:.0f} ms", all_done and p99 <= 250,
              f"p50 {p50:.0f} ms, by `{name}`; {text}; CPU a change: "
              + ", ".join(f"{process} {cpu[process]:.0f}" for process in ("gateway", "store", "mysql", "nats", "dashboard", "delivery", "order")) + " µs")


# ---- watching

class Watchers:
    """A stream of each of the first orders, and how long each has waited for its change since that has happened."""
    def __init__(self, stack, token):
        self.selector, self.texts, self.first = selectors.DefaultSelector(), collections.defaultdict(bytes), 0
        self.late_ms = []
        for number in range(1, WATCHING + 1):
            connection = socket.create_connection(("127.0.0.1", stack.port), 60)
            connection.sendall(f"GET /dashboards/{uuid_of(number)} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
                               "Accept: text/event-stream\r\n\r\n".encode())
            self.selector.register(connection, selectors.EVENT_READ)
            if number % COME_TOGETHER == 0 or number == WATCHING:
                self.until(f"{number} streams", lambda number=number: self.first == number)

    def read(self):
        """Takes what is there, waiting a little for it."""
        for key, _ in self.selector.select(0.1):
            piece, now = key.fileobj.recv(65536), time.time()
            if not piece:
                raise RuntimeError(f"a stream has ended: {self.texts[key.fd][-300:]}")
            self.texts[key.fd] += piece
            while (end := self.texts[key.fd].find(b"\n\n")) >= 0:
                message, self.texts[key.fd] = self.texts[key.fd][:end], self.texts[key.fd][end + 2:]
                self.take(message, now)

    def take(self, message, now):
        data = next((line[6:] for line in message.splitlines() if line.startswith(b"data: {")), None)
        view = data and json.loads(data)
        if view and view["status"] == "ACCEPTED":
            self.first += 1
        elif view and view["status"] == "COOKING":
            self.late_ms.append(1000 * (now - seconds_of(view["asOf"])))

    def until(self, what, condition):
        wait_for(what, lambda: condition() or self.read(), 60)

    def close(self):
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()


def seconds_of(text):
    """Of a time on the wire, since 1970."""
    whole, _, part = text.rstrip("Z").partition(".")
    return time.mktime(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) - time.timezone + float(f"0.{part or 0}")


def watch(stack, token, table, say):
    say(f"{WATCHING} watch, {WATCHED_RATE} changes a second")
    watchers = Watchers(stack, token)
    try:
        cooks = Cooks(stack, token, 1, WATCHING, WATCHED_RATE)
        watchers.until("the changes are done", cooks.ended)
        done, text, all_done = cooks.done()
        watchers.until("each has seen its change", lambda: len(watchers.late_ms) >= done)
    finally:
        watchers.close()
    late = sorted(watchers.late_ms)
    p50, p99 = late[len(late) // 2], late[len(late) * 99 // 100]
    table.add(f"change → SSE at the page, p99, {WATCHING:,} watching", "≤ 300 ms", f"{p99:.0f} ms", all_done and p99 <= 300,
              f"p50 {p50:.0f}, longest {late[-1]:.0f} ms, from when it has happened to a client in Python; an order each, {WATCHED_RATE} changes/s; {text}")
