"""The shop: orders beside as many commits without anything, what everybody reads, the last hundred of something."""
import http.client
import json
import statistics
import time
import uuid

from load import Wrk, administrator, commits, measured

OWNERS = ("order", "catalog", "payment")  # of what an order writes
COMMITS = 8  # of an order: four of its saga, two for its stock, two for its money
PRODUCTS, PLENTY = 200, 1_000_000
RUSH, RUSH_S, UNITS = 10_000, 50, 100
ADDRESS = {"name": "Bench", "phone": "+82 10-1234-5678", "address": "1 Bench Street"}


def median(results, key=lambda r: r["perSecond"]):
    return statistics.median(map(key, results))


class Goods:
    """What a store has put up for sale."""
    def __init__(self, stack):
        self.stack, self.store = stack, str(uuid.uuid4())
        self.headers = {**administrator(stack, "bench2"), "Content-Type": "application/json"}
        self.products = [self.product(f"Bench {n:03}") for n in range(PRODUCTS)]

    def ask(self, method, path, body=None, **headers):
        """(status, what was answered)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=20)
        connection.request(method, path, json.dumps(body) if body else None, {**self.headers, "Idempotency-Key": uuid.uuid4().hex, **headers})
        reply = connection.getresponse()
        return reply.status, json.load(reply)

    def make(self, path, body, **headers):
        status, made = self.ask("POST", path, {"storeId": self.store, **body}, **headers)
        if status != 201:
            raise RuntimeError(f"POST {path} was answered {made}")
        return made

    def product(self, name, on_hand=PLENTY):
        """Of an item of its own."""
        item = self.make("/items", {"sku": uuid.uuid4().hex, "name": name, "onHand": on_hand})["itemId"]
        return self.make("/products", {"name": name, "price": {"amount": 12900, "currency": "KRW"}, "items": [{"itemId": item, "quantity": 1}]})

    def order(self, product):
        line = {"productId": product["productId"], "quantity": 1, "unitPrice": product["price"]}
        return {"storeId": self.store, "lines": [line], "deliverTo": ADDRESS, "payment": {"method": "tok_ok"}}

    def orders(self, name, products):
        """A file of an order of each."""
        path = f"{self.stack.dir}/{name}.orders"
        with open(path, "w") as f:
            f.writelines(json.dumps(self.order(product)) + "\n" for product in products)
        return path

    def copied_ms(self, product):
        """From the answer to an order until the catalogue has it as it is."""
        path = "/catalogue/order/" + self.make("/orders", self.order(product), Prefer="wait=10")["orderId"]
        confirmed = time.monotonic()
        while (answer := self.ask("GET", path))[0] != 200 or answer[1]["status"] != "CONFIRMED":
            if time.monotonic() - confirmed > 20:
                raise RuntimeError(f"{path} is not there: {answer}")
            time.sleep(0.001)
        return (time.monotonic() - confirmed) * 1000


def connections(stack):
    names = ", ".join(f"'hanok_{name}'" for name in OWNERS)
    return int(stack.sql(f"SELECT COUNT(*) FROM information_schema.processlist WHERE user IN ({names})")[0])


def written(stack):
    """Transactions so far that have written something, of all services."""
    return int(stack.sql("SELECT COUNT FROM information_schema.innodb_metrics WHERE name = 'trx_rw_commits'")[0])


def executed(stack):
    """Prepared statements run so far, of all services."""
    return int(stack.sql("SELECT VARIABLE_VALUE FROM information_schema.global_status WHERE VARIABLE_NAME = 'COM_STMT_EXECUTE'")[0])


def placed(stack, token, goods, rounds, table, say):
    files = {"spread": goods.orders("spread", goods.products), "one": goods.orders("one", goods.products[:1])}
    runs, bare = {name: [] for name in files}, []
    stack.sql("SET GLOBAL innodb_monitor_enable = 'trx_rw_commits'")
    for i in range(rounds):
        say(f"orders, round {i + 1} of {rounds}")
        for name, path in files.items():
            before = {"written": written(stack), "executed": executed(stack)}
            runs[name].append(measured(stack, stack.url, 64, 4, "order", token, path, f"{name}{i}n"))
            runs[name][-1]["connections"] = connections(stack)
            stack.settle()
            for what, count in (("written", written), ("executed", executed)):
                runs[name][-1][what] = (count(stack) - before[what]) / max(1, runs[name][-1]["requests"])
        bare.append(commits(stack, runs["spread"][-1]["connections"], 2))
    whole = statistics.median(bare) / COMMITS
    rate, of_one = (median(runs[name]) for name in ("spread", "one"))
    each = {p: median(runs["spread"], lambda r, p=p: r["cpuUs"][p]) for p in ("gateway", "nats", "mysql", *OWNERS, "pgsim")}
    table.add(f"orders/s, placed to CONFIRMED at 64 connections, over bare commits of the same number ({COMMITS} each) on the same connections", "≥ 0.4",
              f"{rate / whole:.2f} ({rate:.0f}/s)", rate >= 0.4 * whole,
              f"{statistics.median(bare):,.0f} bare commits/s over {runs['spread'][-1]['connections']} connections; {median(runs['spread'], lambda r: r['written']):.1f} "
              f"transactions written and {median(runs['spread'], lambda r: r['executed']):.0f} statements run an order by all who hear of it; "
              f"p99 {median(runs['spread'], lambda r: r['p99Us']) / 1000:.0f} ms; CPU an order: "
              + ", ".join(f"{p} {us:.0f}" for p, us in each.items()) + " µs")
    table.add("the same with all customers after one item", "said", f"{of_one / whole:.2f} ({of_one:.0f}/s)", None,
              f"p99 {median(runs['one'], lambda r: r['p99Us']) / 1000:.0f} ms")


def read(stack, token, user, goods, rounds, table, say):
    asked = {"users": (f"/users/{user}", token), "page": ("/products?limit=20",), "product": (f"/products/{goods.products[0]['productId']}",)}
    runs = {name: [] for name in asked}
    for i in range(rounds):
        say(f"products, round {i + 1} of {rounds}")
        for name, (path, *script) in asked.items():
            runs[name].append(measured(stack, stack.url + path, 64, 2, "get", *script))
    beside = median(runs["users"])
    for name, what, least in (("page", "GET /products?limit=20", 0.5), ("product", "GET /products/{id}", 0.9)):
        rate = median(runs[name])
        each = {p: median(runs[name], lambda r, p=p: r["cpuUs"][p]) for p in ("gateway", "nats", "catalog", "mysql")}
        table.add(f"{what}, 64 connections: requests/s over those of GET /users/{{id}}", f"≥ {least}", f"{rate / beside:.2f}",
                  rate >= least * beside, f"{rate:,.0f} over {beside:,.0f}/s; " + ", ".join(f"{p} {us:.1f}" for p, us in each.items()) + " µs")


def sell_out(stack, token, goods, table, say, rush=RUSH):
    say(f"up to {rush} want the last {UNITS}")
    product = goods.product("The last hundred", UNITS)
    told = Wrk(stack.url, 64, RUSH_S, "rush", token, goods.orders("rush", [product]), "rush", str(rush)).told()
    stack.settle()
    key, item = (product_id.replace("-", "") for product_id in (product["productId"], product["items"][0]["itemId"]))
    got = int(stack.sql("SELECT COUNT(*) FROM hanok_order.orders o JOIN hanok_order.order_line l ON l.order_id = o.id"
                        f" WHERE l.product_id = x'{key}' AND o.status = 'CONFIRMED'")[0])
    sold = int(stack.sql(f"SELECT held + sold FROM hanok_catalog.slot WHERE id = x'{item}'")[0])
    wrong = told["odd"] + told["broken"] + abs(UNITS - got) + abs(UNITS - sold)
    table.add(f"{told['requests']:,} requests for {UNITS} units: wrong answers", "0", f"{wrong}", wrong == 0,
              f"{got} confirmed, {sold} sold, {told['refused']:,} told sold_out")
    table.add("the same: p99", "said", f"{told['p99Us'] / 1000:.0f} ms", None,
              f"p50 {told['p50Us'] / 1000:.0f} ms, {told['requests'] / told['seconds']:,.0f}/s at 64 connections")


def kept_in_step(goods, table, say, number=50):
    say("orders in the catalogue")
    late = sorted(goods.copied_ms(goods.products[n % PRODUCTS]) for n in range(number))
    table.add("an order that was answered is in the catalogue too: p50 / longest", "≤ 250 ms", f"{late[number // 2]:.0f} / {late[-1]:.0f} ms",
              late[-1] <= 250, f"{number}, one after the other")


def shop(stack, token, user, rounds, table, say, attempt):
    goods = Goods(stack)
    for part, *arguments in ((read, stack, token, user, goods, rounds), (kept_in_step, goods), (placed, stack, token, goods, rounds),
                             (sell_out, stack, token, goods)):
        attempt(table, part, *arguments, table, say)
