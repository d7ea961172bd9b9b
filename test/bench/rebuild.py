#!/usr/bin/env python3
"""rebuild.py [ORDERS] - how long the dashboard takes to be built anew from so many orders (100,000), each with two lines, its payment,
ticket and delivery, while others read it. Ends with 1 when a read failed, or it is not what its owners say then."""
import http.client
import json
import random
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True

from load import create_accounts  # noqa: E402
from stack import Stack, wait_for  # noqa: E402

LIMIT_S, TARGET_S = 300, 60
READERS, PAUSE_S = 4, 0.01
AT = "'2026-01-01' + INTERVAL seq SECOND"
ID = "UNHEX(LPAD(HEX(seq), 32, '0'))"
STORE = "UNHEX(MD5('store'))"

# What stands in each table, in the words of its own columns; {user}: who ordered all of it.
ROWS = {
    "order.orders": {"id": ID, "order_num": "LPAD(seq, 24, '0')", "user_id": "{user}", "store_id": STORE, "total": "38700", "currency": "'KRW'",
                     "status": "'COMPLETED'", "before_cancel": "'PENDING'", "payment_status": "'CAPTURED'", "pay_by": AT, "look_at": AT,
                     "method": "''", "cancel_asked": "0", "reason": "''", "saga_id": ID, "version": "6", "created_at": AT, "updated_at": AT,
                     "ended_at": AT},
    "payment.payment": {"id": "UNHEX(MD5(seq))", "order_id": ID, "user_id": "{user}", "store_id": STORE, "amount": "38700",
                        "currency": "'KRW'", "status": "'CAPTURED'", "capturing": "38700", "captured": "38700", "refunding": "0",
                        "refunded": "0", "reason": "''", "expires_at": AT, "look_at": AT, "version": "3", "created_at": AT, "updated_at": AT},
    "store.ticket": {"order_id": ID, "order_num": "LPAD(seq, 24, '0')", "store_id": STORE, "owner_id": STORE, "user_id": "{user}",
                     "status": "'PICKED_UP'", "cancel_asked": "0", "accept_by": AT, "answer_by": AT, "look_at": AT, "minutes": "20",
                     "reason": "''", "version": "5", "created_at": AT, "updated_at": AT, "accepted_at": AT, "cooked_at": AT},
    "delivery.delivery": {"order_id": ID, "store_id": STORE, "user_id": "{user}", "owner_id": STORE, "courier_id": STORE,
                          "status": "'DELIVERED'", "ready": "1", "started_at": AT, "picked_up_at": AT, "delivered_at": AT, "version": "4",
                          "created_at": AT, "updated_at": AT},
}
LINE = {"id": "UNHEX(MD5(CONCAT('{n}.', seq)))", "order_id": ID, "seq": "{n}", "product_id": "UNHEX(MD5('{n}'))", "quantity": "{n} + 1",
        "unit_price": "12900", "currency": "'KRW'", "charged": "12900", "name": "'Bench {n}'", "note": "''"}


def fill(stack, table, row, orders, **more):
    columns = ", ".join(f"`{name}`" for name in row)
    values = ", ".join(row.values()).format(**more)
    stack.sql(f"INSERT INTO hanok_{table} ({columns}) SELECT {values} FROM hanok_order.seq_1_to_{orders}")


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
    def __init__(self, stack, token, orders):
        self.stack, self.headers, self.orders = stack, {"Authorization": "Bearer " + token}, orders
        self.reads, self.failed, self.stop = 0, [], threading.Event()
        self.threads = [threading.Thread(target=self.read) for _ in range(READERS)]

    def read(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=30)
        while not self.stop.wait(PAUSE_S):
            text = f"{random.randrange(1, self.orders + 1):032x}"
            connection.request("GET", f"/dashboards/{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}", headers=self.headers)
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


def main(orders):
    with Stack() as stack:
        token, user = create_accounts(stack)
        for table, row in ROWS.items():
            fill(stack, table, row, orders, user=f"x'{user.replace('-', '')}'")
        for n in range(2):
            fill(stack, "order.order_line", LINE, orders, n=n)
        first, _ = rebuilt(stack)
        with Readers(stack, token, orders) as readers:
            seconds, items = rebuilt(stack)
        began = time.monotonic()
        ours, theirs = ctl(stack, "digest")["items"]
        digests = time.monotonic() - began
    same = ours["digest"] == theirs["digest"] and items == 4 * orders
    print(f"{orders:,} orders, {items:,} items: built anew in {seconds:.1f} s while {readers.reads:,} reads were answered, {len(readers.failed)} of "
          f"them wrongly; {first:.1f} s while nobody read; {'as' if same else 'NOT as'} the owners say, which took {digests:.1f} s to ask")
    return 0 if same and not readers.failed and seconds <= TARGET_S * max(1, orders / 100_000) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 100_000))
