"""Puts the shops' data through the gateway, as an administrator would; what is there already stays as it is."""
import csv
import http.client
import json
import os
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = 100
TRIES, RETRY_S = 5, 5  # who cannot be served waits so long at most before the next of so many tries
BUSY = (429, 503, 504)


class Refused(Exception):
    """An answer that is not the one wanted."""


class Gateway:
    """One connection, kept; opened again when it was closed meanwhile."""

    def __init__(self, host, port):
        self.connection = http.client.HTTPConnection(host, port, timeout=60)

    def ask(self, method, path, body=None, headers=None):
        """(status, the body as JSON). OSError or HTTPException when there is no answer. All that is asked here may be asked again, so
        who cannot be served on a busy machine waits."""
        headers = dict(headers or {})
        if body is not None:
            headers["Content-Type"] = "application/json"
        for _ in range(TRIES):
            reply, answer = self.ask_once(method, path, body, headers)
            if reply.status not in BUSY:
                break
            time.sleep(min(int(reply.headers["Retry-After"] or 1), RETRY_S))
        return reply.status, answer

    def ask_once(self, method, path, body, headers):
        for again in (True, False):
            try:
                self.connection.request(method, path, None if body is None else json.dumps(body), headers)
                reply = self.connection.getresponse()
                break
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.connection.close()
                if not again:
                    raise
        text = reply.read()
        return reply, json.loads(text) if "json" in (reply.headers["Content-Type"] or "") else None

    def want(self, statuses, method, path, body=None, headers=None):
        status, answer = self.ask(method, path, body, headers)
        if status not in statuses:
            raise Refused(f"{method} {path} was answered {status} {json.dumps(answer, ensure_ascii=False)}")
        return answer


def rows(name):
    with open(os.path.join(HERE, name), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def listed(gateway, store_id):
    """{name: product} of a shop, page by page."""
    there, cursor = {}, ""
    while cursor is not None:
        page = gateway.want((200,), "GET", f"/products?storeId={store_id}&limit={LIMIT}" + (f"&cursor={cursor}" if cursor else ""))
        there |= {product["name"]: product for product in page["items"]}
        cursor = page.get("nextCursor")
    return there


class Filling:
    """headers: of an administrator; owner_id: whose the shops are."""

    def __init__(self, gateway, headers, owner_id):
        self.gateway, self.headers, self.owner_id = gateway, headers, owner_id
        self.made = {"stores": 0, "items": 0, "products": 0}

    def make(self, path, body, key):
        """Once, also where an earlier run was interrupted after it: by the key."""
        return self.gateway.want((200, 201), "POST", path, body, {**self.headers, "Idempotency-Key": key})

    def open(self, row):
        """The shop itself; one that was left closed is opened."""
        path = "/stores/" + row["store_id"]
        status, there = self.gateway.ask("GET", path)
        if status == 404:
            there = self.make("/stores", {"storeId": row["store_id"], "ownerId": self.owner_id, "name": row["name"],
                                          "autoAccept": row["auto_accept"] == "1"}, f"demo {row['code']}")
            self.made["stores"] += 1
        elif status != 200:
            raise Refused(f"GET {path} was answered {status} {json.dumps(there, ensure_ascii=False)}")
        if not there["open"]:
            self.gateway.want((200,), "PUT", path + "/opening", {"open": True}, self.headers)

    def item(self, store, row):
        """Its id."""
        body = {"storeId": store["store_id"], "sku": row["sku"], "name": row["name"], "onHand": int(row["on_hand"])}
        item_id = self.make("/items", body, f"demo {row['sku']}")["itemId"]
        self.made["items"] += 1
        return item_id

    def known_items(self, there):
        """{sku: id} of what the products that are there are made of."""
        known = {}
        for product in there.values():
            whole = self.gateway.want((200,), "GET", "/products/" + product["productId"])
            known |= {item["sku"]: item["itemId"] for item in whole["items"]}
        return known

    def shop(self, store, items, products):
        there = listed(self.gateway, store["store_id"])
        missing = [row for row in products if row["name"] not in there]
        if not missing:
            return
        ids = self.known_items(there)
        for row in items:
            if row["sku"] not in ids:
                ids[row["sku"]] = self.item(store, row)
        for row in missing:
            made_of = [part.split(":") for part in row["items"].split()]
            body = {"storeId": store["store_id"], "name": row["name"], "category": store["category"],
                    "price": {"amount": int(row["price"]), "currency": store["currency"]},
                    "items": [{"itemId": ids[sku], "quantity": int(quantity)} for sku, quantity in made_of]}
            self.make("/products", body, f"demo {store['code']} {made_of}")
            self.made["products"] += 1

    def fill(self, say=lambda store: None):
        """Returns what was made: 0 of each when all was there."""
        items, products = rows("items.csv"), rows("products.csv")
        for store in rows("stores.csv"):
            say(store)
            self.open(store)
            self.shop(store, *([row for row in table if row["store"] == store["code"]] for table in (items, products)))
        return self.made
