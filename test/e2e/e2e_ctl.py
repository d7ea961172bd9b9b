#!/usr/bin/env python3
"""hanokctl: what people see of a running stack and do to it, and how scripts read that."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import uuid

import tap
from ctl import DENIED, DONE, NOT_SO, UNREACHABLE, USAGE, ctl, items, refused
from stack import ROOT, SAY, SERVICES, run_cases
from tap import Skip, case, equal, eventually

TRAIL = "trail"
NOBODY = "01a22400-0000-7000-8000-000000000000"


def stuck_signup(stack):
    """The saga of a signup that waits for the user service, which is down."""
    stack.control("user", "-d")
    eventually(lambda: stack.pid("user") is None)
    accepted = stack.signup(stack.person(), wait=None).json()
    eventually(lambda: any(s["sagaId"] == accepted["sagaId"] and s["step"] == "register_profile"
                           for s in items(stack, "saga", "ls")))
    return accepted["sagaId"]


def put_right(stack):
    stack.control("user", "-u")
    eventually(stack.ready)


# ---- looking

@case
def status_shows_every_instance_and_ends_well(stack):
    done = eventually(lambda: (d := ctl(stack, "status")).returncode == DONE and d)
    for name in SERVICES:
        assert re.search(rf"^{name} .* yes ", done.stdout, re.MULTILINE), done.stdout
    assert "EVENTS" in done.stdout and "QUEUED" in done.stdout
    assert items(stack, "status", "--service", "auth")[0]["pools"][0]["name"] == "work"
    assert "MEMORY" in done.stdout and "MEMORY" not in ctl(stack, "status", "--no-headings").stdout
    equal(sorted(i["service"] for i in items(stack, "status")), sorted(SERVICES))
    equal(sorted(ctl(stack, "service", "ls", "-o", "name").stdout.split()), sorted(SERVICES))


@case
def a_service_that_is_frozen_is_shown(stack):
    stack.signup(stack.person())
    stack.kill("audit", signal.SIGSTOP)
    try:
        done = ctl(stack, "status", "-o", "json", "--timeout", "2s")
        shown = {i["service"]: (i["ready"], i.get("missing")) for i in json.loads(done.stdout)["items"]}
        equal((done.returncode, shown["audit"]), (NOT_SO, (False, "does not answer")))
    finally:
        stack.kill("audit", signal.SIGCONT)
    eventually(lambda: ctl(stack, "status").returncode == DONE)


@case
def what_a_service_answers_and_how_often_it_was_asked(stack):
    subjects = [i["subject"] for i in items(stack, "service", "info", "auth")]
    assert {"auth.signup", "auth.admin.saga.retry"} <= set(subjects), subjects
    stack.signup(stack.person())
    stats = eventually(lambda: [i for i in items(stack, "service", "stats", "auth")
                                if i["subject"] == "auth.signup" and i["num_requests"] > 0])
    assert stats[0]["averageMs"] > 0, stats
    refused(stack, UNREACHABLE, "no service coupon answers", "service", "info", "coupon")


@case
def a_saga_is_listed_shown_and_followed(stack):
    accepted = stack.signup(stack.person()).json()
    listed = items(stack, "saga", "ls", "--state", "ended", "--service", "auth")
    mine = [s for s in listed if s["sagaId"] == accepted["sagaId"]]
    equal([(s["state"], s["type"], s["subject"]) for s in mine], [("SUCCEEDED", "signup", accepted["userId"])])
    shown = json.loads(ctl(stack, "saga", "show", accepted["sagaId"], "-o", "json").stdout)
    equal([step["progress"] for step in shown["steps"]], ["DONE"] * 3)
    assert "김" not in json.dumps(shown, ensure_ascii=False), "nothing personal"
    assert "register_profile" in ctl(stack, "saga", "show", accepted["sagaId"]).stdout
    equal(ctl(stack, "saga", "watch", accepted["sagaId"]).returncode, DONE)
    refused(stack, NOT_SO, "There is no such saga", "saga", "show", NOBODY)
    refused(stack, NOT_SO, "sagaId must be a UUID", "saga", "show", "x")


@case
def breakers_are_listed(stack):
    stack.signup(stack.person())
    found = {(i["service"], i["subject"]): i["state"] for i in items(stack, "breaker", "ls")}
    equal(found[("auth", "user.registry")], "CLOSED")


@case
def any_request_can_be_sent_and_its_refusal_is_no_success(stack):
    assert json.loads(ctl(stack, "request", "auth.jwks").stdout)["keys"]
    refused(stack, DENIED, "Log in first", "request", "user.get", json.dumps({"userId": NOBODY}), "--as", "nobody")
    refused(stack, NOT_SO, "userId", "request", "user.get", "{}", "--as", NOBODY)
    refused(stack, USAGE, "no JSON", "request", "user.get", "{")
    for subject in "user get", "event.>", "user.*", "":
        refused(stack, USAGE, "is no subject", "request", subject)
    refused(stack, UNREACHABLE, "nobody answers", "request", "user.nothing")
    refused(stack, USAGE, "say whose by --as", "request", "user.get", "{}", "--roles", "admin")
    person = stack.person()
    user = stack.signup(person).json()["userId"]
    asked = ctl(stack, "request", "user.get", json.dumps({"userId": user}), "--as", user)
    equal(json.loads(asked.stdout)["name"], person["name"])


# ---- putting right

@case
def a_stuck_saga_is_turned_around(stack):
    saga = stuck_signup(stack)
    refused(stack, USAGE, "This undoes the saga: that needs --yes", "saga", "compensate", saga)
    done = ctl(stack, "saga", "compensate", saga, "--yes")
    equal(done.returncode, DONE, done.stderr)
    equal(stack.request("GET", f"/signups/{saga}").json()["state"], "COMPENSATING")
    steps = json.loads(ctl(stack, "saga", "show", saga, "-o", "json").stdout)["steps"]
    equal(steps[-1]["progress"], "SKIPPED", "the point of no return was never reached")
    put_right(stack)
    equal(ctl(stack, "saga", "watch", saga).returncode, NOT_SO, "it was compensated")
    seen = stack.request("GET", f"/signups/{saga}").json()
    equal((seen["state"], seen["reason"]), ("COMPENSATED", "compensated_by_operator"))
    steps = json.loads(ctl(stack, "saga", "show", saga, "-o", "json").stdout)["steps"]
    equal([step["progress"] for step in steps], ["UNDONE", "UNDONE", "SKIPPED"])
    refused(stack, NOT_SO, "has ended", "saga", "compensate", saga, "--yes")
    refused(stack, NOT_SO, "has ended", "saga", "retry", saga)


@case
def a_saga_that_waits_is_tried_at_once(stack):
    saga = stuck_signup(stack)
    put_right(stack)
    stack.sql(f"UPDATE hanok_auth.saga SET wake_at = NOW(6) + INTERVAL 8 SECOND WHERE HEX(id) = '{saga.replace('-', '')}' AND done = 0")
    assert ctl(stack, "saga", "retry", saga).returncode in (DONE, NOT_SO), "it may be through by now"
    eventually(lambda: ctl(stack, "saga", "watch", saga).returncode == DONE)


# ---- events

@case
def outboxes_are_shown_with_who_relays_what(stack):
    stack.signup(stack.person())
    shown = eventually(lambda: (found := items(stack, "outbox", "lag")) and all(i["pending"] == 0 for i in found) and found)
    equal({i["service"] for i in shown}, SAY)
    for service in SAY:
        held = " ".join(i["partitions"] for i in shown if i["service"] == service).split()
        equal(sorted(held), [f"{p:02}" for p in range(16)], service)


@case
def events_are_listed_followed_and_sent_again(stack):
    watcher = subprocess.Popen([f"{stack.dir}/bin/hanokctl", "event", "tail", "-o", "json", "--type", "auth.account_activated"],
                               text=True, stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"]})
    try:
        eventually(lambda: "event.>" in json.dumps(stack.admin("nats", "/connz?subs=1").json()["connections"]) or None)
        user = stack.signup(stack.person()).json()["userId"]
        seen = json.loads(watcher.stdout.readline())
    finally:
        watcher.kill()
        watcher.wait()
    equal((seen["key"], seen["source"], seen["data"]["userId"]), (user, "/hanok/auth", user))
    listed = eventually(lambda: len(found := items(stack, "event", "ls", "--key", user)) == 3 and found)
    equal({e["type"] for e in listed}, {"auth.account_created", "user.profile_registered", "auth.account_activated"})
    assert ctl(stack, "event", "ls", "--limit", "1", "-o", "name").stdout.strip() == listed[-1]["eventId"]
    trail = f"/users/{user}/events"
    refused(stack, USAGE, "--yes", "outbox", "replay")
    again = items(stack, "outbox", "replay", "--after", str(min(e["seq"] for e in listed) - 1), "--yes")
    assert sum(i["count"] for i in again) >= 3, again
    eventually(lambda: all(i["pending"] == 0 for i in items(stack, "outbox", "lag")))
    rows = stack.sql(f"SELECT COUNT(*) FROM hanok_audit.{TRAIL} WHERE HEX(user_id) = '{user.replace('-', '').upper()}'")
    equal(rows, [["3"]], trail + " has each once")


@case
def following_events_goes_on_when_nats_was_away(stack):
    watcher = subprocess.Popen([f"{stack.dir}/bin/hanokctl", "event", "tail", "-o", "json", "--type", "auth.account_activated"],
                               text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"PATH": os.environ["PATH"]})

    def listens():
        page = stack.admin("nats", "/connz?subs=1")
        return page and "event.>" in json.dumps(page.json()["connections"])
    try:
        eventually(listens)
        old = stack.kill("nats")
        eventually(lambda: stack.pid("nats") not in (None, old) and listens())
        assert "NATS was away" in watcher.stderr.readline()
        eventually(stack.ready)
        user = stack.signup(stack.person()).json()["userId"]
        equal(json.loads(watcher.stdout.readline())["key"], user)
    finally:
        watcher.kill()
        watcher.wait()
        watcher.stderr.close()


def publish_event(stack, user, data):
    """As an outbox would, but with data of its own. The event's id."""
    event = str(uuid.uuid4())
    headers = {"ce-specversion": "1.0", "ce-id": event, "ce-source": "/hanok/auth", "ce-type": "auth.account_created",
               "ce-time": "2026-01-31T12:34:56.000000Z", "ce-subject": user, "ce-partitionkey": user, "Nats-Msg-Id": event}
    with stack.bus("operator") as bus:
        bus.request(f"event.auth.account_created.{fnv1a(user) % 16:02}", data, headers)
    return event


@case
def a_search_that_stops_early_says_so(stack):
    for _ in range(51):
        user = str(uuid.uuid4())
        publish_event(stack, user, json.dumps({"userId": user}).encode())
    done = ctl(stack, "event", "ls", "--type", "user.profile_cancelled", "--limit", "1", "-o", "json")
    equal((done.returncode, json.loads(done.stdout)), (DONE, {"items": []}))
    assert "looked at the latest 50 events only; a higher --limit" in done.stderr, done.stderr
    equal(ctl(stack, "event", "ls", "--type", "user.profile_cancelled", "--limit", "500").stderr, "")


@case
def what_a_dead_letter_does_not_say_is_not_made_up(stack):
    with stack.bus("operator") as bus:
        bus.request("event.auth.account_created.05", b"no JSON")
    letter = eventually(lambda: [i for i in items(stack, "dead", "ls") if "ce-id" in i.get("reason", "")])[0]
    equal((letter["service"], letter["partition"], "saidAt" in letter, "key" in letter), ("audit", 5, False, False))
    equal(ctl(stack, "dead", "drop", letter["eventId"], "--yes").returncode, DONE)


def fnv1a(text):
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


@case
def a_dead_letter_is_shown_and_dropped(stack):
    user = str(uuid.uuid4())
    event = publish_event(stack, user, b'{"userId":7}')
    letter = eventually(lambda: [i for i in items(stack, "dead", "ls") if i["eventId"] == event])[0]
    equal((letter["service"], letter["state"], letter["key"], letter["type"]),
          ("audit", "DEAD", user, "auth.account_created"))
    shown = json.loads(ctl(stack, "dead", "show", event, "-o", "json").stdout)
    equal(shown["data"], '{"userId":7}')
    equal(ctl(stack, "__complete", "dead", "drop", event[:8]).stdout.split("\t")[0], event)
    refused(stack, NOT_SO, "", "dead", "replay", event)
    refused(stack, USAGE, "--yes", "dead", "drop", event)
    equal(ctl(stack, "dead", "drop", event, "--yes").returncode, DONE)
    refused(stack, NOT_SO, "no such dead letter", "dead", "show", event)


@case
def what_could_not_be_handled_is_replayed_in_order(stack):
    stack.sql(f"RENAME TABLE hanok_audit.{TRAIL} TO hanok_audit.gone")
    user = str(uuid.uuid4())
    first = publish_event(stack, user, json.dumps({"userId": user}).encode())
    eventually(lambda: [i for i in items(stack, "dead", "ls") if i["eventId"] == first], 120)
    second = publish_event(stack, user, json.dumps({"userId": user}).encode())
    parked = eventually(lambda: [i for i in items(stack, "dead", "ls", "--key", user) if i["eventId"] == second], 120)
    equal(parked[0]["state"], "PARKED")
    refused(stack, NOT_SO, "", "dead", "replay", first)
    stack.sql(f"RENAME TABLE hanok_audit.gone TO hanok_audit.{TRAIL}")
    done = json.loads(ctl(stack, "dead", "replay", first, "-o", "json").stdout)
    equal(done["handled"], 2)
    equal(items(stack, "dead", "ls", "--key", user), [])


@case
def a_role_is_granted_is_in_the_next_token_and_is_taken_away(stack):
    admin, other = stack.person(), stack.person()
    for person in (admin, other):
        equal(stack.signup(person).json()["status"], "ACTIVE")
    profile = f"/users/{stack.token_of(other)[0]}"
    equal(stack.request("GET", profile, headers=stack.token_of(admin)[1]).status, 403)
    for _ in range(2):
        done = ctl(stack, "user", "grant", admin["loginId"].upper(), "admin")
        equal(done.returncode, DONE, done.stderr)
    equal(json.loads(ctl(stack, "user", "show", admin["loginId"], "-o", "json").stdout)["roles"], "admin")
    token = stack.token_of(admin)[1]
    equal([stack.request("GET", path, headers=token).status for path in (profile, profile + "/events")], [200, 200])
    equal(stack.request("GET", f"/users/{NOBODY}/events", headers=token).json(), {"items": []})
    equal(ctl(stack, "user", "revoke", admin["loginId"], "admin").returncode, DONE)
    equal(stack.request("GET", profile, headers=stack.token_of(admin)[1]).status, 403)
    told = [("auth.role_granted", "admin"), ("auth.role_revoked", "admin")]
    own = f"/users/{stack.token_of(admin)[0]}/events"
    eventually(lambda: [(e["type"], e["data"]["role"]) for e in
                        stack.request("GET", own, headers=stack.token_of(admin)[1]).json()["items"]
                        if e["type"].startswith("auth.role")] == told, why="audit does not tell it, once each")
    for message in "role granted", "role revoked":
        noted = [entry for entry in stack.logs("auth").splitlines() if f'"{message}"' in entry]
        assert noted and all('"requestId":"ctl-' in entry for entry in noted), noted
    refused(stack, NOT_SO, "role must be one of", "user", "grant", admin["loginId"], "king")
    refused(stack, NOT_SO, "No account has this login id", "user", "show", "nobody.at.all")
    equal(ctl(stack, "__complete", "user", "grant", "x", "cou").stdout, "courier\n")
    equal(stack.request("POST", "/auth/admin/user/grant", {"loginId": "x", "role": "admin"}, token).status, 404)


# ---- who may

@case
def only_an_operator_may(stack):
    refused(stack, DENIED, "use an operator's context", "--context", "hanok", "--timeout", "1s", "saga", "ls")
    with stack.bus("operator") as bus:
        equal(bus.request("auth.admin.saga.list").error, "401")
        equal(bus.request("auth.admin.saga.list", b"{}", {"Auth-Subject": NOBODY, "Auth-Roles": "admin"}).error, "403")
        equal(bus.request("auth.admin.saga.list", b"{}", {"Auth-Subject": NOBODY, "Auth-Roles": "operator"}).error, None)


@case
def what_was_done_is_in_the_log_under_the_name_of_who_did_it(stack):
    saga = stack.signup(stack.person()).json()["sagaId"]
    ctl(stack, "saga", "retry", saga)
    eventually(lambda: [line for line in stack.logs("auth").splitlines()
                        if '"auth.admin.saga.retry"' in line and '"requestId":"ctl-' in line and saga in line])


# ---- the tool itself

@case
def errors_say_what_to_do_and_have_codes(stack):
    refused(stack, USAGE, "there is no drum", "drum")
    refused(stack, USAGE, "saga needs a verb", "saga")
    refused(stack, USAGE, "usage: hanokctl saga show SAGA_ID", "saga", "show")
    refused(stack, USAGE, "there is no context elsewhere", "--context", "elsewhere", "status")
    elsewhere = os.path.join(stack.home, ".config/nats/context")
    os.makedirs(elsewhere, exist_ok=True)
    for name, context in (("nowhere", {"url": "nats://127.0.0.1:9"}),
                          ("stranger", {"url": f"nats://127.0.0.1:{stack.settings['NATS_PORT']}", "user": "x", "password": "y"})):
        with open(f"{elsewhere}/{name}.json", "w") as f:
            json.dump(context, f)
    refused(stack, UNREACHABLE, "not to be reached", "--context", "nowhere", "status")
    refused(stack, DENIED, "refuses the user", "--context", "stranger", "status")
    problem = json.loads(ctl(stack, "saga", "show", NOBODY, "-o", "json").stderr)
    equal((problem["code"], problem["status"]), ("not_found", 404))


@case
def watching_prints_a_line_of_json_an_item(stack):
    watcher = subprocess.Popen([f"{stack.dir}/bin/hanokctl", "status", "-w", "-o", "json"], text=True,
                               stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"]})
    try:
        seen = [json.loads(watcher.stdout.readline())["service"] for _ in range(2 * len(SERVICES))]
    finally:
        watcher.kill()
        watcher.wait()
    equal(sorted(seen), sorted(2 * SERVICES))


@case
def shells_complete_commands_options_and_ids(stack):
    saga = stack.signup(stack.person()).json()["sagaId"]
    equal(ctl(stack, "__complete", "saga", "re").stdout.split("\t")[0], "retry")
    assert "auth\n" in ctl(stack, "__complete", "service", "info", "").stdout
    equal(ctl(stack, "__complete", "saga", "ls", "--state", "EN").stdout, "ENDED\n")
    equal(ctl(stack, "__complete", "saga", "show", saga[:4]).stdout, "", "it is not open")
    for shell in ("bash", "zsh", "fish"):
        done = ctl(stack, "completion", shell)
        equal(done.returncode, DONE)
        if shutil.which(shell):
            equal(subprocess.run([shell, "-n"], input=done.stdout, text=True, capture_output=True, timeout=60).stderr, "", shell)


@case
def bash_completes_with_what_the_program_prints(stack):
    if not os.path.exists("/usr/share/bash-completion/bash_completion"):
        raise Skip("bash-completion is not installed")
    script = f"""
        PATH={stack.dir}/bin:$PATH
        source /usr/share/bash-completion/bash_completion
        source <(hanokctl completion bash)
        COMP_WORDS=(hanokctl saga w) COMP_CWORD=2
        $(complete -p hanokctl | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        echo "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", script], text=True, capture_output=True, timeout=60)
    equal(done.stdout.strip(), "watch", done.stderr)


@case
def fish_completes_with_what_the_program_prints(stack):
    if not shutil.which("fish"):
        raise Skip("fish is not installed")
    script = "hanokctl completion fish | source; complete -C'hanokctl saga w'; complete -C'hanokctl --out'"
    done = subprocess.run(["fish", "-c", script], text=True, capture_output=True, timeout=60,
                          env={"PATH": f"{stack.dir}/bin:{os.environ['PATH']}", "HOME": stack.home})
    equal([line.split("\t")[0] for line in done.stdout.splitlines()], ["watch", "--output"], done.stderr)


@case
def the_manual_page_has_its_commands(stack):
    done = subprocess.run([f"{ROOT}/tool/man.sh", f"{stack.dir}/bin/hanokctl"], text=True, capture_output=True, timeout=60, check=True)
    for text in (".SH COMMANDS", ".B saga compensate SAGA_ID", ".SH OPTIONS", ".SH EXIT STATUS"):
        assert text in done.stdout, done.stdout


if __name__ == "__main__":
    sys.exit(run_cases())
