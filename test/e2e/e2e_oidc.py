#!/usr/bin/env python3
"""Who comes from outside: tokens of an OpenID provider that is not ours (npm oidc-provider) are good here, under ids of ours, by
its discovery document and its keys, which change; and nothing of him is left once he has withdrawn."""
import base64
import json
import os
import subprocess
import sys

import npm
import tap
import traces
from stack import Stack, free_port
from tap import case, equal, eventually

SOURCE = "test/oidc"


class Provider:
    def __init__(self, port):
        self.port, self.process = port, None
        self.issuer = f"http://127.0.0.1:{port}"

    def up(self):
        """With other keys each time."""
        self.process = subprocess.Popen(["node", os.path.join(npm.home(SOURCE), "provider.mjs"), str(self.port)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        equal(self.process.stdout.readline(), "listening\n")

    def down(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = None

    def token(self, client="machine", resource="urn:hanok:RS256"):
        form = f"grant_type=client_credentials&scope=users:read&resource={resource}"
        ran = subprocess.run(["curl", "-sS", "--fail-with-body", "--noproxy", "*", "-u", f"{client}:s3cret-for-tests-only", "-d", form,
                              self.issuer + "/token"], text=True, capture_output=True, timeout=60)
        equal(ran.returncode, 0, ran.stdout + ran.stderr)
        return json.loads(ran.stdout)["access_token"]

    def bearer(self, *args, **named):
        return {"Authorization": "Bearer " + self.token(*args, **named)}


def known(stack):
    """{subject: user id} of who is known from outside."""
    rows = stack.sql("select subject, lower(hex(user_id)) from hanok_auth.identity")
    return {subject: f"{i[:8]}-{i[8:12]}-{i[12:16]}-{i[16:20]}-{i[20:]}" for subject, i in rows}


def own(stack, headers, subject):
    """What he is answered for a path that is his; None before auth knows him."""
    stack.request("GET", "/users/00000000-0000-7000-8000-000000000000/events", headers=headers)
    return stack.request("GET", f"/users/{known(stack)[subject]}/events", headers=headers)


@case
def its_tokens_are_good_by_each_algorithm(stack, provider):
    ids = set()
    for algorithm in ("RS256", "ES256", "EdDSA"):
        headers = provider.bearer(resource=f"urn:hanok:{algorithm}")
        header = json.loads(base64.urlsafe_b64decode(headers["Authorization"].split()[1].split(".")[0] + "=="))
        equal(header["alg"], algorithm)
        eventually(lambda: stack.request("GET", "/users/00000000-0000-7000-8000-000000000000/events", headers=headers).status == 403)
        reply = own(stack, headers, "machine")
        equal((reply.status, reply.json()["items"]), (200, []), repr(reply))
        ids.add(known(stack)["machine"])
    equal(len(ids), 1, "he is the same, whatever his token is signed by")


@case
def another_subject_is_somebody_else_and_a_role_of_theirs_is_one_of_ours(stack, provider):
    boss, machine = provider.bearer("boss"), provider.bearer()
    equal(own(stack, boss, "boss").status, 200)
    people = known(stack)
    assert people["boss"] != people["machine"], people
    equal(stack.request("GET", f"/users/{people['boss']}/events", headers=machine).code, "forbidden")
    equal(stack.request("GET", f"/users/{people['machine']}/events", headers=boss).status, 200, "a boss there is an admin here")


@case
def a_token_for_somebody_else_is_refused(stack, provider):
    before = known(stack)
    reply = stack.request("GET", f"/users/{before['machine']}/events", headers=provider.bearer(resource="urn:elsewhere:RS256"))
    equal((reply.status, reply.code), (401, "invalid_token"), repr(reply))
    token = provider.token()
    head, claims, signature = token.split(".")
    for other in (f"{head}.{claims}.", f"{head}.{claims}.{signature[:-4]}AAAA",
                  base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=") + f".{claims}."):
        reply = stack.request("GET", f"/users/{before['machine']}/events", headers={"Authorization": "Bearer " + other})
        equal((reply.status, reply.code), (401, "invalid_token"), repr(reply))
    equal(known(stack), before)


@case
def many_at_once_are_one(stack, provider):
    tokens = [provider.bearer("many") for _ in range(4)]
    path = "/users/00000000-0000-7000-8000-000000000000/events"
    asking = [subprocess.Popen(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--noproxy", "*", "-H",
                                "Authorization: " + tokens[i % 4]["Authorization"], f"http://127.0.0.1:{stack.port}{path}"],
                               stdout=subprocess.PIPE, text=True) for i in range(24)]
    equal({ran.communicate(timeout=60)[0] for ran in asking}, {"403"})
    equal(stack.sql("select count(*) from hanok_auth.identity where subject = 'many'"), [["1"]])


@case
def its_new_keys_are_known_and_its_old_ones_are_not(stack, provider):
    old = provider.bearer()
    equal(own(stack, old, "machine").status, 200)
    provider.down()
    equal(own(stack, old, "machine").status, 200, "it need not be there to be believed")
    provider.up()
    new = provider.bearer()
    eventually(lambda: own(stack, new, "machine").status == 200, 60, "the new keys are not known")
    equal(own(stack, old, "machine").status, 401)


@case
def nothing_is_left_of_who_has_withdrawn(stack, provider):
    subject = "forgotten-machine"
    headers = provider.bearer(subject)
    equal(own(stack, headers, subject).status, 200)
    user_id = known(stack)[subject]

    def found():
        places = (*traces.tables(stack), *traces.streams(stack), *traces.files(stack, but=("mysql/",)))
        return traces.found({subject: subject}, places, any_case=True)
    assert subject in found(), "the search is blind"
    reply = stack.request("DELETE", f"/users/{user_id}", headers={**headers, "Prefer": "wait=10"})
    equal((reply.status, reply.json()["status"]), (202, "WITHDRAWN"), repr(reply))
    equal(found(), {})
    equal(stack.sql(f"select type from hanok_auth.outbox where hex(`key`) = '{user_id.replace('-', '').upper()}'"),
          [["auth.account_withdrawn"]])
    stack.request("DELETE", f"/users/{user_id}", headers=headers)  # auth is asked, and he is somebody new
    assert known(stack)[subject] != user_id


def main():
    if why := npm.missing(SOURCE):
        print(f"1..1\nok 1 - an OpenID provider that is not ours # SKIP {why}")
        return 0
    provider = Provider(free_port())
    stack = Stack()
    rows = os.path.join(stack.home, "issuers.conf")
    with open(rows, "w") as f:
        f.write(f"{provider.issuer} audience=hanok type=at+jwt claim=groups role=boss:admin\n")
    stack.settings["HANOK_ISSUERS"] = rows
    try:
        stack.up()
        provider.up()
        return tap.run(stack, provider)
    finally:
        provider.down()


if __name__ == "__main__":
    sys.exit(main())
