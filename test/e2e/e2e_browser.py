#!/usr/bin/env python3
"""What a real browser makes of the gateway: pages of other origins, the policy of its own pages, what is kept and asked again,
streams of events."""
import contextlib
import http.server
import json
import os
import shutil
import signal
import sys
import threading

import browser
import tap
from gateway import Gateway
from stack import ROOT, Stack, free_port, sanitizers_are_silent
from tap import case, equal, eventually

SITE = os.path.join(ROOT, browser.SOURCE, "site")


class Elsewhere:
    """Another origin: an empty page at every path, and who asked for it."""

    def __init__(self):
        self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(handler):
                self.asked.append(handler.path)
                handler.send_response(200)
                handler.send_header("Content-Type", "text/html")
                handler.end_headers()
                handler.wfile.write(b'<!doctype html><link rel="icon" href="data:,"><title>Elsewhere</title>')

            do_POST = do_GET

            def log_message(handler, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class World:
    """A gateway with a site, whose routes let pages of one other origin in, a stranger's origin, and a browser."""

    def __init__(self, stack, b):
        self.stack, self.browser = stack, b
        self.friend, self.stranger = Elsewhere(), Elsewhere()
        self.site = os.path.join(stack.home, "site")
        shutil.copytree(SITE, self.site)
        self.gateway = self.start(free_port())
        self.origin = f"http://127.0.0.1:{self.gateway.port}"
        self.person = stack.person()
        equal(stack.signup(self.person).status, 201)
        self.user_id, self.bearer = stack.token_of(self.person)

    def start(self, port):
        with open(f"{ROOT}/deploy/gateway/routes.conf") as f:
            rows = f.read().replace("auth.jwks ", "auth.jwks cors=anyone ")
        rows += f"cors default origins={self.friend.origin} credentials=yes\ncors anyone origins=*\n" \
                "site app fallback=/index.html\nsite assets path=/assets cache=public,31536000\n"
        with open(f"{self.stack.home}/browser.routes", "w") as f:
            f.write(rows)
        return Gateway(self.stack, port=port, share_port="on", routes=f.name, site=self.site).ready()

    def fetch(self, path, options=None, then="reply.status"):
        """An expression: what `then` makes of the gateway's reply, or the name of the error."""
        return f"fetch({json.dumps(self.origin + path)}, {json.dumps(options or {})})" \
               f".then(async reply => ({then})).catch(error => error.name)"

    def asks(self, path, options=None, then="reply.status"):
        return self.browser.run(self.fetch(path, options, then))

    def profile(self, **more):
        return "/users/" + self.user_id, {"headers": dict(self.bearer), **more}

    def rename(self, name):
        equal(self.stack.request("PATCH", "/users/" + self.user_id, {"name": name}, self.bearer).status, 200)

    def is_clean(self):
        """Nothing was said in the console, and nobody else asked."""
        messages, asked = self.browser.seen()
        equal(messages, [])
        equal([one for one in asked if not one.url.startswith((self.origin + "/", "data:"))], [])

    def sent(self):
        """{(method, path): status} of the requests that reached the gateway."""
        asked = [one for one in self.browser.seen()[1] if one.status and one.url.startswith(self.origin)]
        return {(one.method, one.url[len(self.origin):]): one.status for one in asked}

    def is_sent(self, want):
        eventually(lambda: self.sent() == want, why=f"{self.sent()} was sent, not {want}")


# ---- pages of other origins

def login(world, **more):
    body = json.dumps({"loginId": world.person["loginId"], "password": world.person["password"]})
    return "/login", {"method": "POST", "headers": {"Content-Type": "application/json"}, "body": body, **more}


@case
def a_page_of_an_origin_that_is_let_in_asks_and_reads(world):
    world.browser.open(world.friend.origin)
    then = "[reply.status, (await reply.json()).userId, reply.headers.get('X-Request-Id') !== null, reply.headers.get('Referrer-Policy')]"
    equal(world.asks(*login(world), then), [200, world.user_id, True, None])
    etag = world.asks(*world.profile(), "reply.headers.get('ETag')")
    change = {"method": "PATCH", "body": '{"name":"Kim"}',
              "headers": {**world.bearer, "Content-Type": "application/merge-patch+json", "If-Match": etag}}
    equal(world.asks("/users/" + world.user_id, change, "(await reply.json()).name"), "Kim")
    equal(world.asks("/users/" + world.user_id, change), 412)
    equal(world.asks("/nowhere", None, "(await reply.json()).code"), "not_found")
    equal(world.asks(*world.profile(credentials="include")), 200)
    equal([one for one in world.browser.seen()[0] if "status of 4" not in one], [])  # chromium tells of each 4xx
    for path in ("/login", "/users/" + world.user_id):
        eventually(lambda path=path: world.sent().get(("OPTIONS", path)) == 204)


@case
def a_preflight_is_not_asked_twice(world):
    world.browser.open(world.friend.origin)
    equal([world.asks(*world.profile()) for _ in range(3)], [200, 200, 200])
    _, asked = world.browser.seen()
    equal(sorted(one.method for one in asked if one.url.startswith(world.origin)), ["GET"] * 3 + ["OPTIONS"])


@case
def what_a_page_may_not_send_is_not_sent(world):
    world.browser.open(world.friend.origin)
    for options in ({"headers": {"X-Other": "1"}}, {"method": "PUT"}):
        equal(world.asks("/welcome", options), "TypeError")
    eventually(lambda: ("OPTIONS", "/welcome") in world.sent())
    equal({method for method, _ in world.sent()}, {"OPTIONS"})


@case
def a_page_of_a_strangers_origin_reads_nothing_and_changes_nothing(world):
    world.browser.open(world.stranger.origin)
    equal(world.asks("/welcome"), "TypeError")
    equal(world.asks(*login(world)), "TypeError")
    equal(world.asks(*world.profile()), "TypeError")
    equal(world.asks("/welcome", {"mode": "no-cors"}, "[reply.type, reply.status, await reply.text()]"), ["opaque", 0, ""])
    profile = "/users/" + world.user_id
    eventually(lambda: {("OPTIONS", "/login"), ("OPTIONS", profile)} <= set(world.sent()))
    assert not {("POST", "/login"), ("GET", profile)} & set(world.sent()), world.sent()


@case
def delivery_cors_safe(world):
    """A front end elsewhere orders and watches, if it is on the list; there is none of all origins with credentials."""
    routes = f"{world.stack.home}/any.routes"
    with open(f"{ROOT}/deploy/gateway/routes.conf") as shipped, open(routes, "w") as f:
        f.write(shipped.read() + "cors default origins=* credentials=yes\n")
    careless = Gateway(world.stack, routes=routes)
    assert careless.process.wait(60) != 0
    with open(careless.log) as f:
        assert "every page there is could act in its visitors' names" in f.read()
    order = "/orders", {"method": "POST", "body": "{}", "headers": {**world.bearer, "Content-Type": "application/json", "Idempotency-Key": "elsewhere",
                                                                   "Prefer": "wait=1"}}
    live = world.profile(headers={**world.bearer, "Accept": "text/event-stream", "Last-Event-ID": "0"})
    first = "[reply.headers.get('Content-Type'), new TextDecoder().decode((await reply.body.getReader().read()).value).startsWith('id: ')]"
    world.browser.open(world.friend.origin)
    equal(world.asks(*order, "(await reply.json()).code"), "invalid_request")
    equal(world.asks(*live, first), ["text/event-stream", True])
    world.browser.open(world.stranger.origin)
    equal([world.asks(*asked) for asked in (order, live)], ["TypeError"] * 2)


@case
def what_anyone_may_read_is_read_without_credentials(world):
    world.browser.open(world.stranger.origin)
    path = "/.well-known/jwks.json"
    equal(world.asks(path, None, "(await reply.json()).keys.length > 0"), True)
    equal(world.asks(path, {"credentials": "include"}), "TypeError")


# ---- pages of its own

def is_run(world):
    return eventually(lambda: world.browser.run("document.getElementById('state').textContent") == "has run")


@case
def its_own_pages_run_under_the_policy(world):
    equal(world.browser.open(world.origin + "/"), 200)
    is_run(world)
    equal(world.browser.run("getComputedStyle(document.getElementById('state')).color"), "rgb(1, 2, 3)")
    equal(world.browser.run("document.images[0].naturalWidth > 0"), True)
    equal(world.asks("/welcome"), 200)
    world.is_clean()
    world.is_sent({("GET", path): 200 for path in ("/", "/style.css", "/app.js", "/assets/follow.js", "/assets/mark.svg", "/welcome")})


@case
def what_the_policy_does_not_let_in_neither_runs_nor_leaves(world):
    world.browser.open(world.origin + "/forbidden.html")
    before = list(world.stranger.asked)
    came = world.browser.run(f"attempts({json.dumps(world.stranger.origin)})")
    equal(came, {"html": "TypeError", "write": "TypeError", "eval": "EvalError", "policy": "TypeError", "handler": "done", "image": "stopped",
                 "script": "TypeError", "asked": "TypeError", "sent": "done", "base": "stopped"})
    equal(world.browser.run("[window.ran, getComputedStyle(document.getElementById('here')).color]"), [None, "rgb(0, 0, 0)"])
    stopped = set(world.browser.run("window.stopped"))
    missing = {"script-src-elem", "script-src-attr", "style-src-elem", "style-src-attr", "img-src", "connect-src", "base-uri",
               "require-trusted-types-for", "trusted-types"} - stopped
    equal(missing, set(), f"stopped: {stopped}")
    equal(world.stranger.asked, before)


@case
def the_page_of_the_documents_needs_nobody_else(world):
    equal(world.browser.open(world.origin + "/docs"), 200)
    eventually(lambda: "/login" in world.browser.run("document.body.innerText"))
    world.is_clean()


@case
def what_has_not_changed_is_not_sent_again(world):
    world.browser.open(world.origin + "/")
    is_run(world)
    world.browser.go(world.origin + "/welcome")
    world.browser.forget()
    world.browser.go(world.origin + "/")
    is_run(world)
    world.is_sent({("GET", path): 304 for path in ("/", "/app.js", "/style.css")})  # /assets never change
    world.is_clean()
    with open(f"{world.site}/style.css", "w") as f:
        f.write("#state { color: rgb(4, 5, 6); }")
    world.gateway.process.send_signal(signal.SIGHUP)

    def is_new():
        world.browser.go(world.origin + "/welcome")
        world.browser.go(world.origin + "/")
        return world.browser.run("getComputedStyle(document.getElementById('state')).color") == "rgb(4, 5, 6)"
    eventually(is_new)


@case
def an_answer_that_has_not_changed_is_not_sent_again(world):
    world.browser.open(world.origin + "/")
    world.rename("One")
    path, options = world.profile()

    def is_told(name, sent):
        world.browser.forget()
        equal(world.asks(path, options, "[reply.status, (await reply.json()).name]"), [200, name])
        world.is_sent({("GET", path): sent})
    is_told("One", 200)
    is_told("One", 304)
    world.rename("Two")
    is_told("Two", 200)
    is_told("Two", 304)
    world.is_clean()


@case
def paths_of_the_page_itself_are_its_own(world):
    equal(world.browser.open(world.origin + "/orders/17/lines"), 200)
    is_run(world)
    equal(world.browser.run("location.pathname"), "/orders/17/lines")
    world.is_clean()
    equal(world.asks("/orders/17/lines", None, "[reply.status, (await reply.json()).code]"), [404, "not_found"])
    equal(world.asks("/me", None, "(await reply.json()).code"), "unauthenticated")


# ---- streams

def hand_over(world):
    old, world.gateway = world.gateway, world.start(world.gateway.port)
    old.drain()


def kill(world):
    world.gateway.process.kill()
    world.gateway.process.wait()
    world.gateway = world.start(world.gateway.port)


@case
def a_stream_of_events_goes_on_after_the_gateway_is_another_one(world):
    world.rename("Zero")
    world.browser.open(world.origin + "/")
    is_run(world)
    path, options = world.profile()
    world.browser.run("window.told = []")
    world.browser.run(f"void follow({json.dumps(path)}, {json.dumps(options['headers'])}, event => told.push(JSON.parse(event.data).name))")

    def is_told(names):
        eventually(lambda: world.browser.run("told") == names, why=f"{names} are not told: {world.browser.run('told')}")
    is_told(["Zero"])
    world.rename("One")
    is_told(["Zero", "One"])
    hand_over(world)
    world.rename("Two")
    is_told(["Zero", "One", "Two"])
    world.is_clean()
    kill(world)
    world.rename("Three")
    is_told(["Zero", "One", "Two", "Three"])
    messages, _ = world.browser.seen()
    equal([one for one in messages if "net::ERR_" not in one], [])


@case
def what_is_told_is_in_the_document(world):
    sanitizers_are_silent(world.stack)


def main():
    if why := browser.missing():
        print(f"1..1\nok 1 - a browser and the gateway # SKIP {why}")
        return 0
    stack = Stack()
    stack.up()
    with contextlib.closing(browser.Browser()) as b:
        world = World(stack, b)
        with contextlib.ExitStack() as end:
            end.callback(lambda: world.gateway.drain())
            return tap.run(world)


if __name__ == "__main__":
    sys.exit(main())
