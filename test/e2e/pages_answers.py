"""What the gateway that only pretends (pages_fake.py) answers: a row a route."""
import base64
import datetime
import json
import re
import uuid

TICKET_MOVES = {"accept": "ACCEPTED", "reject": "REJECTED", "cook": "COOKING", "ready": "READY"}
JOB_MOVES = {"start": "STARTED", "pickup": "PICKED_UP", "complete": "DELIVERED", "give-back": "WAITING"}
ROUTES = []


def now(minutes=0):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Refusal(Exception):
    def __init__(self, status, code, **more):
        super().__init__(code)
        self.status, self.body = status, {"type": "about:blank", "title": code, "status": status, "detail": code, "code": code, **more}


def route(method, path):
    """function(fake, asked) answers (status, body); asked has the path's parameters, query, body, user and key."""
    def add(function):
        ROUTES.append((method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$"), function))
        return function
    return add


def page(items, asked):
    start, limit = int(asked.query.get("cursor", 0)), int(asked.query.get("limit", 20))
    shown = [{k: v for k, v in item.items() if not k.startswith("_")} for item in items[start:start + limit]]
    return 200, {"items": shown, **({"nextCursor": str(start + limit)} if start + limit < len(items) else {})}


def found(things, key):
    if key not in things:
        raise Refusal(404, "not_found")
    return things[key]


def token(fake, person):
    claims = base64.urlsafe_b64encode(json.dumps({"sub": person["userId"], "roles": person["roles"]}).encode()).decode().rstrip("=")
    access = f"e30.{claims}.{uuid.uuid4().hex}"
    refresh = uuid.uuid4().hex
    fake.tokens[access] = fake.tokens[refresh] = person
    return 200, {"accessToken": access, "refreshToken": refresh, "tokenType": "Bearer", "expiresIn": fake.token_s, "userId": person["userId"]}


@route("POST", "/signup")
def signup(fake, asked):
    if asked.key and asked.key in fake.answers:
        return fake.answers[asked.key]
    if asked.body["loginId"] in fake.people:
        raise Refusal(409, "login_id_taken")
    if len(asked.body["password"]) < 8:
        raise Refusal(400, "invalid_request", errors=[{"field": "password", "reason": "must be longer"}])
    user_id = fake.person(asked.body["loginId"])
    fake.answers[asked.key] = 201, {"userId": user_id, "sagaId": str(uuid.uuid4()), "status": "ACTIVE"}
    return fake.answers[asked.key]


@route("POST", "/login")
def login(fake, asked):
    if asked.body["loginId"] not in fake.people or asked.body["password"] == "wrong":
        raise Refusal(401, "invalid_credentials")
    return token(fake, fake.people[asked.body["loginId"]])


@route("POST", "/refresh")
def refresh(fake, asked):
    person = fake.tokens.pop(asked.body["refreshToken"], None)
    if not person:
        raise Refusal(401, "invalid_token")
    return token(fake, person)


@route("POST", "/logout")
def logout(fake, asked):
    return 204, None


@route("GET", "/users/{id}")
def user(fake, asked):
    return 200, {k: v for k, v in asked.user.items() if k != "roles"}


@route("GET", "/stores")
def stores(fake, asked):
    return page([s for s in fake.stores.values() if asked.query.get("ownerId", s["ownerId"]) == s["ownerId"]], asked)


@route("GET", "/stores/{id}")
def store(fake, asked):
    return 200, found(fake.stores, asked.id)


@route("PATCH", "/stores/{id}")
def change_store(fake, asked):
    found(fake.stores, asked.id).update(asked.body)
    return 200, fake.stores[asked.id]


@route("PUT", "/stores/{id}/opening")
def opening(fake, asked):
    found(fake.stores, asked.id)["open"] = asked.body["open"]
    return 200, fake.stores[asked.id]


@route("GET", "/products")
def products(fake, asked):
    return page([p for p in fake.products.values() if asked.query.get("storeId", p["storeId"]) == p["storeId"]], asked)


@route("GET", "/products/{id}")
def product(fake, asked):
    return 200, {**found(fake.products, asked.id), "items": []}


@route("POST", "/orders")
def order(fake, asked):
    if asked.key in fake.answers:
        return fake.answers[asked.key]
    if re.search(r"[\x00-\x1f]", asked.body["deliverTo"]["address"]):
        raise Refusal(400, "invalid_request", errors=[{"field": "deliverTo.address", "reason": "must not hold control characters"}])
    for i, line in enumerate(asked.body["lines"]):
        one = fake.products[line["productId"]]
        if one["price"]["amount"] > line["unitPrice"]["amount"]:
            raise Refusal(409, "price_changed")
        if one["available"] < line["quantity"]:
            raise Refusal(409, "sold_out", errors=[{"field": f"lines[{i}]", "reason": f"{one['available']} left"}])
    if asked.body["payment"]["method"] == "tok_declined":
        raise Refusal(409, "payment_declined")
    order_id = fake.order(asked.user["userId"], asked.body["storeId"], {line["productId"]: line["quantity"] for line in asked.body["lines"]})
    made = fake.orders[order_id]
    fake.answers[asked.key] = 201, {**{k: made[k] for k in ("orderId", "orderNum", "status", "total", "actions")}, "sagaId": order_id}
    return fake.answers[asked.key]


@route("GET", "/orders")
def orders(fake, asked):
    return page([o for o in reversed(fake.orders.values()) if o["userId"] == asked.user["userId"]], asked)


@route("GET", "/orders/{id}")
def one_order(fake, asked):
    return 200, {k: v for k, v in found(fake.orders, asked.id).items() if not k.startswith("_")}


@route("GET", "/orders/{id}/history")
def history(fake, asked):
    return 200, {"items": [{"seq": 1, "at": now(), "by": "customer", "to": "PENDING"}, {"seq": 2, "at": now(), "by": "saga", "from": "PENDING", "to": "CONFIRMED"}]}


@route("POST", "/orders/{id}/payment")
def pay(fake, asked):
    if asked.body["method"] == "tok_declined":
        raise Refusal(409, "payment_declined")
    fake.orders[asked.id].update(status="CONFIRMED", payment={"status": "AUTHORIZED"})
    fake.settle(asked.id)
    return 200, {"orderId": asked.id, "sagaId": asked.id, "status": "CONFIRMED"}


@route("DELETE", "/orders/{id}")
def cancel(fake, asked):
    ticket = fake.tickets[asked.id]
    if ticket["status"] in ("READY", "PICKED_UP"):
        raise Refusal(409, "too_late_to_cancel")
    if ticket["status"] == "RECEIVED":
        fake.end(asked.id, "canceled_by_customer")
        return 200, {"orderId": asked.id, "sagaId": asked.id, "status": "CANCELED", "refund": fake.orders[asked.id]["total"]}
    ticket.update(cancelAsked=True, answerBy=now(5), version=ticket["version"] + 1)
    fake.settle(asked.id)
    return 202, {"orderId": asked.id, "sagaId": asked.id, "status": "CONFIRMED", "cancelAsked": True}


@route("GET", "/dashboards/summary")
def summary(fake, asked):
    return 200, {"day": now()[:10], "orders": 17, "canceled": 1, "rejected": 0, "cancelRate": 6, "revenue": [{"amount": 284500, "currency": "KRW"}],
                 "acceptMinutes": 1, "cookMinutes": 12}


@route("GET", "/dashboards/{id}")
def dashboard(fake, asked):
    found(fake.orders, asked.id)
    return 200, fake.board(asked.id)


@route("GET", "/stores/{store}/tickets")
def tickets(fake, asked):
    return page([t for t in reversed(fake.tickets.values()) if t["storeId"] == asked.store and asked.query.get("status", t["status"]) == t["status"]], asked)


@route("GET", "/stores/{store}/tickets/{id}")
def ticket(fake, asked):
    return 200, found(fake.tickets, asked.id)


@route("POST", "/stores/{store}/tickets/{id}/cancellation")
def consent(fake, asked):
    if asked.body["answer"] == "APPROVE":
        fake.end(asked.id, "canceled_with_consent")
    else:
        fake.tickets[asked.id].update(cancelAsked=False, version=fake.tickets[asked.id]["version"] + 1)
        fake.settle(asked.id)
    return 200, fake.tickets[asked.id]


@route("POST", "/stores/{store}/tickets/{id}/{verb}")
def move_ticket(fake, asked):
    one, order = found(fake.tickets, asked.id), fake.orders[asked.id]
    if asked.verb not in one["actions"]:
        raise Refusal(409, "wrong_state")
    one.update(status=TICKET_MOVES[asked.verb], version=one["version"] + 1, **(asked.body or {}))
    order["_times"].update({"accept": {"accepted": now()}, "ready": {"cooked": now()}}.get(asked.verb, {}))
    if asked.verb == "accept":
        order["payment"]["status"] = "CAPTURED"
        fake.jobs[asked.id] = {"orderId": asked.id, "storeId": one["storeId"], "status": "WAITING", "ready": False, "actions": [], "createdAt": now(), "updatedAt": now(), "version": 1}
    if asked.verb == "ready":
        fake.jobs[asked.id]["ready"] = True
    if asked.verb == "reject":
        fake.end(asked.id, asked.body["reason"])
        one["status"] = "REJECTED"
    fake.settle(asked.id)
    return 200, one


@route("GET", "/deliveries")
def deliveries(fake, asked):
    wanted = asked.query.get("status")
    return page([j for j in fake.jobs.values() if (j["status"] == wanted if wanted == "WAITING" else j.get("courierId") == asked.user["userId"])], asked)


@route("GET", "/deliveries/{id}")
def delivery(fake, asked):
    return 200, {**found(fake.jobs, asked.id), "deliverTo": {"name": "박보배", "phone": "+821097538642", "address": "부산 해운대구 달맞이길 62번길 7"}}


@route("POST", "/deliveries/{id}/{verb}")
def move_job(fake, asked):
    job, me = found(fake.jobs, asked.id), asked.user["userId"]
    if job.get("courierId", me) != me:
        raise Refusal(409, "taken")
    if asked.verb == "pickup" and not job["ready"]:
        raise Refusal(409, "not_ready")
    job.update(status=JOB_MOVES[asked.verb], courierId=me, version=job["version"] + 1)
    job.update({"start": {"startedAt": now()}, "pickup": {"pickedUpAt": now()}, "complete": {"deliveredAt": now()}}.get(asked.verb, {}))
    if asked.verb == "give-back":
        del job["courierId"]
    if asked.verb == "pickup":
        fake.tickets[asked.id]["status"] = "PICKED_UP"
        fake.orders[asked.id]["_times"]["pickedUp"] = now()
    if asked.verb == "complete":
        fake.orders[asked.id]["status"] = "COMPLETED"
        fake.orders[asked.id]["_times"]["delivered"] = now()
    fake.settle(asked.id)
    return 200, job
