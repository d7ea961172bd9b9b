"""A gateway that only pretends, for tests of the pages: it serves the site under the real one's policy, and plays shop, card company and
couriers in memory, so that every state of them can be shown, delayed or broken. What it answers is domains' and the OpenAPI document's."""
import http.server
import json
import os
import re
import threading
import urllib.parse
import uuid

from pages_answers import ROUTES, Refusal, now
from stack import ROOT, free_port

TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
TICKET_ACTIONS = {"RECEIVED": ["accept", "reject"], "ACCEPTED": ["cook"], "COOKING": ["ready"]}
JOB_ACTIONS = {"WAITING": ["start"], "STARTED": ["pickup", "give_back"], "PICKED_UP": ["complete"]}  # pickup once it is ready
BOARD = {"RECEIVED": "ORDERED", "ACCEPTED": "ACCEPTED", "COOKING": "COOKING", "READY": "COOKED", "PICKED_UP": "PICKED_UP"}


def policy():
    """The real gateway's, of its pages."""
    with open(f"{ROOT}/cmd/gateway/site_answer.h") as f:
        lines = re.search(r"#define SITE_POLICY[^\n]*\n((?:.*\\\n)*.*)", f.read())[1]
    return "".join(re.findall(r'"([^"]*)"', lines))


def krw(amount):
    return {"amount": amount, "currency": "KRW"}


class Fake:
    def __init__(self):
        self.changes = threading.Condition(threading.RLock())
        self.asked, self.answers, self.broken, self.missing = [], {}, {}, set()
        self.stores, self.products, self.people, self.tokens = {}, {}, {}, {}
        self.orders, self.tickets, self.jobs = {}, {}, {}
        self.token_s, self.alive, self.epoch = 900, True, 0
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), type("Handler", (Handler,), {"fake": self, "policy": policy()}))
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # a page that was left reads no answer
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    # ---- what there is

    def person(self, login_id, roles=""):
        self.people[login_id] = {"userId": str(uuid.uuid4()), "loginId": login_id, "roles": roles, "name": "김서연", "email": f"{login_id}@example.org", "phone": "+821012345678"}
        return self.people[login_id]["userId"]

    def store(self, name, owner_id, is_open=True):
        store_id = str(uuid.uuid4())
        self.stores[store_id] = {"storeId": store_id, "ownerId": owner_id, "name": name, "open": is_open, "autoAccept": False, "version": 1}
        return store_id

    def product(self, store_id, name, amount, available=99):
        product_id = str(uuid.uuid4())
        self.products[product_id] = {"productId": product_id, "storeId": store_id, "name": name, "price": krw(amount), "status": "ACTIVE", "available": available, "version": 1}
        return product_id

    def order(self, user_id, store_id, products, status="CONFIRMED", reason=None):
        """Its id; products: {id: quantity}."""
        n = len(self.orders) + 1
        order_id = str(uuid.uuid4())
        lines = [{"productId": product_id, "quantity": quantity, "unitPrice": self.products[product_id]["price"], "name": self.products[product_id]["name"]}
                 for product_id, quantity in products.items()]
        order = {"orderId": order_id, "orderNum": f"20261129120000{n:010}", "userId": user_id, "storeId": store_id, "lines": lines, "status": status,
                 "total": krw(sum(line["quantity"] * line["unitPrice"]["amount"] for line in lines)), "payment": {"status": "AUTHORIZED"}, "cancelAsked": False,
                 "actions": [], "createdAt": now(), "updatedAt": now(), "version": 1, "_times": {}}
        if status == "AWAITING_PAYMENT":
            order["payment"] = {"status": "DEFERRED", "payBy": now(30)}
        if reason:
            order["reason"] = reason
        with self.changes:
            self.orders[order_id] = order
            if status == "CONFIRMED":
                self.tickets[order_id] = {**{k: order[k] for k in ("orderId", "orderNum", "storeId")}, "lines": [dict(line) for line in lines],
                                          "status": "RECEIVED", "cancelAsked": False, "acceptBy": now(10), "actions": [], "createdAt": now(), "updatedAt": now(), "version": 1}
            self.settle(order_id)
        return order_id

    def settle(self, order_id):
        """What follows from a change of an order's parts; wakes who follows it."""
        with self.changes:
            order, ticket, job = self.orders[order_id], self.tickets.get(order_id), self.jobs.get(order_id)
            order["actions"] = {"AWAITING_PAYMENT": ["pay", "cancel"], "CONFIRMED": ["cancel"]}.get(order["status"], [])
            if ticket and order["status"] != "CANCELED":
                order["cancelAsked"] = ticket["cancelAsked"]
            if ticket:
                ticket["actions"] = TICKET_ACTIONS.get(ticket["status"], []) + (["approve", "refuse"] if ticket["cancelAsked"] else [])
            if job:
                job["actions"] = [action for action in JOB_ACTIONS.get(job["status"], []) if action != "pickup" or job["ready"]]
            order["version"] += 1
            order["updatedAt"] = now()
            self.changes.notify_all()

    def board(self, order_id):
        order, ticket, job = self.orders[order_id], self.tickets.get(order_id), self.jobs.get(order_id)
        status = BOARD.get(ticket["status"], "ORDERED") if ticket else "ORDERED"
        if job and job["status"] in ("STARTED", "PICKED_UP", "DELIVERED"):
            status = {"STARTED": "DELIVERY_STARTED"}.get(job["status"], job["status"])
        if order["status"] == "CANCELED":
            status = "ORDER_CANCELED"
        return {"orderId": order_id, "orderNum": order["orderNum"], "status": status, "paymentStatus": order["payment"]["status"], "times": {"ordered": order["createdAt"], "paid": order["createdAt"], **order["_times"]},
                "price": order["total"], "itemName": order["lines"][0]["name"], "itemQty": 1, "orderDt": order["createdAt"], "version": order["version"], "asOf": now()}

    def end(self, order_id, reason):
        order = self.orders[order_id]
        order.update(status="CANCELED", reason=reason, payment={"status": "ORDER_CANCELED"})
        order["_times"]["canceled"] = now()
        self.tickets[order_id].update(status="CANCELED", cancelAsked=False, reason=reason)
        if order_id in self.jobs:
            self.jobs[order_id]["status"] = "CANCELED"
        self.tickets[order_id]["version"] += 1
        self.settle(order_id)

    # ---- what goes wrong

    def break_next(self, method, path, times=1, before=False, status=None):
        """What is asked next under that path is done, and its connection closed instead of an answer; not done when before; or answered that status."""
        self.broken[method, path] = [times, before, status]

    def breaks(self, method, path):
        for (wanted, start), rule in self.broken.items():
            if wanted == method and path.startswith(start) and rule[0] > 0:
                rule[0] -= 1
                return rule
        return None

    def die(self):
        """Streams end, and nobody is let in until rise()."""
        with self.changes:
            self.alive = False
            self.epoch += 1
            self.changes.notify_all()

    def rise(self):
        self.alive = True

    def count(self, method, path):
        return len([1 for one in self.asked if one[:2] == (method, path)])


# ---- HTTP

OPEN_TO_ALL = re.compile(r"/(stores(/[^/]+)?|products.*|login|signup|refresh)$")
STREAMED = re.compile(r"/(orders|dashboards)/[^/]+$")


class Asked:
    def __init__(self, query, body, user, key, params):
        self.query, self.body, self.user, self.key = query, body, user, key
        self.__dict__.update(params)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, content_type, body, **more):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def static(self, path):
        file = os.path.join(ROOT, "site", path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
        if not os.path.isfile(file):
            return False
        with open(file, "rb") as f:
            self.reply(200, TYPES[os.path.splitext(file)[1]], f.read(), Content_Security_Policy=self.policy, Cache_Control="no-cache")
        return True

    def stream(self, function, asked):
        """The state as it is, then whenever it is another one; ends when the fake dies."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        epoch, last = self.fake.epoch, None
        with self.fake.changes:
            while epoch == self.fake.epoch:
                _, body = function(self.fake, asked)
                version = (body["version"], body["status"])
                if version != last:
                    last = version
                    self.wfile.write(f"id: {body['version']}\ndata: {json.dumps(body)}\n\n".encode())
                    self.wfile.flush()
                self.fake.changes.wait(1)

    def answer(self):
        fake = self.fake
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not fake.alive:
            self.close_connection = True
            return
        if self.command == "GET" and self.static(path):
            return
        key = self.headers.get("Idempotency-Key")
        fake.asked.append((self.command, path, key))
        rule = fake.breaks(self.command, path)
        try:
            if rule and rule[2]:
                raise Refusal(rule[2], "unavailable")
            if rule and rule[1]:
                self.close_connection = True
                return
            status, reply = self.act(path, dict(urllib.parse.parse_qsl(query)), json.loads(body) if body else None, key)
        except Refusal as refusal:
            status, reply = refusal.status, refusal.body
        if rule and not rule[2]:
            self.close_connection = True
        elif status:
            kind = "application/json" if status < 400 else "application/problem+json"
            self.reply(status, kind, b"" if reply is None else json.dumps(reply).encode(), Cache_Control="no-store")

    def act(self, path, query, body, key):
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        user = self.fake.tokens.get(bearer)
        if not user and not OPEN_TO_ALL.match(path):
            raise Refusal(401, "unauthenticated")
        if path.split("/")[1] in self.fake.missing:
            raise Refusal(404, "not_found")
        for method, pattern, function in ROUTES:
            match = pattern.match(path)
            if match and method == self.command:
                asked = Asked(query, body, user, key, match.groupdict())
                if STREAMED.match(path) and "text/event-stream" in self.headers.get("Accept", ""):
                    function(self.fake, asked)
                    return self.stream(function, asked), None
                with self.fake.changes:
                    return function(self.fake, asked)
        raise Refusal(404, "not_found")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer
