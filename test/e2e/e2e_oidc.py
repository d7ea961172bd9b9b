#!/usr/bin/env python3
"""Who comes from outside: tokens of an OpenID provider that is not ours (npm oidc-provider) are good here, a machine's and a
person's, under ids of ours, by its discovery document and its keys, which change; and nothing of him is left once he has
withdrawn."""
import base64
import hashlib
import http.cookiejar
import json
import os
import re
import secrets
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import npm
import traces
from outside import SOMEBODY_ELSES, known, own, with_issuer
from stack import free_port
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


class Page(urllib.request.HTTPRedirectHandler):
    """A client that can keep no secret, in somebody's browser: code with PKCE (RFC 7636, 8252)."""
    BACK = "http://127.0.0.1:9/back"  # where nobody is: what stands behind it is enough

    def __init__(self, provider):
        self.provider = provider
        self.verifier = secrets.token_urlsafe(32)
        self.browser = urllib.request.build_opener(self, urllib.request.ProxyHandler({}),
                                                   urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.back = None  # what stood behind it

    def redirect_request(self, request, answer, code, text, headers, url):
        if not url.startswith(self.BACK):
            return super().redirect_request(request, answer, code, text, headers, url)
        self.back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        return None

    def visit(self, url, **form):
        """The page behind it, '' once the client has been sent back."""
        try:
            with self.browser.open(url, urllib.parse.urlencode(form).encode() if form else None, timeout=60) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as sent:
            if not self.back:
                raise AssertionError(f"{sent.code}: {sent.read()!r}") from None
            return ""

    def log_in(self, person, resource="urn:hanok:RS256"):
        """The code, once the person has filled in all forms."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        state = secrets.token_urlsafe(8)
        page = self.visit(self.provider.issuer + "/auth?" + urllib.parse.urlencode({
            "client_id": "page", "redirect_uri": self.BACK, "response_type": "code", "scope": "openid users:read", "resource": resource,
            "code_challenge": challenge, "code_challenge_method": "S256", "state": state}))
        while not self.back:
            action = re.search(r'<form [^>]*action="([^"]+)"', page)[1]
            prompt = re.search(r'name="prompt" value="(\w+)"', page)[1]
            page = self.visit(action, prompt=prompt, login=person, password="whatever")
        equal((self.back["state"], self.back["iss"]), (state, self.provider.issuer))
        return self.back["code"]

    def tokens(self, code, resource="urn:hanok:RS256"):
        """What the token endpoint says."""
        form = {"grant_type": "authorization_code", "client_id": "page", "redirect_uri": self.BACK, "code": code, "resource": resource,
                "code_verifier": self.verifier}
        try:
            with self.browser.open(self.provider.issuer + "/token", urllib.parse.urlencode(form).encode(), timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            return json.load(refused)


@case
def its_tokens_are_good_by_each_algorithm(stack, provider):
    ids = set()
    for algorithm in ("RS256", "ES256", "EdDSA"):
        headers = provider.bearer(resource=f"urn:hanok:{algorithm}")
        header = json.loads(base64.urlsafe_b64decode(headers["Authorization"].split()[1].split(".")[0] + "=="))
        equal(header["alg"], algorithm)
        eventually(lambda: stack.request("GET", SOMEBODY_ELSES, headers=headers).status == 403)
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
def a_person_comes_by_a_page_with_a_code_and_its_proof(stack, provider):
    page = Page(provider)
    told = page.tokens(page.log_in("seoyeon"))
    headers = {"Authorization": "Bearer " + told["access_token"]}
    reply = own(stack, headers, "seoyeon")
    equal((reply.status, reply.json()["items"]), (200, []), repr(reply))
    again = Page(provider)
    same = {"Authorization": "Bearer " + again.tokens(again.log_in("seoyeon"))["access_token"]}
    equal(own(stack, same, "seoyeon").status, 200)
    people = known(stack)
    equal(stack.request("GET", f"/users/{people['machine']}/events", headers=headers).code, "forbidden")
    reply = stack.request("GET", f"/users/{people['seoyeon']}/events", headers={"Authorization": "Bearer " + told["id_token"]})
    equal((reply.status, reply.code), (401, "invalid_token"), "what says who somebody is lets nobody in")
    code = Page(provider).log_in("minjun")
    equal(Page(provider).tokens(code)["error"], "invalid_grant", "a code without its proof")


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
    asking = [subprocess.Popen(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--noproxy", "*", "-H",
                                "Authorization: " + tokens[i % 4]["Authorization"], f"http://127.0.0.1:{stack.port}{SOMEBODY_ELSES}"],
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
    return with_issuer(Provider(free_port()), "audience=hanok type=at+jwt claim=groups role=boss:admin")


if __name__ == "__main__":
    sys.exit(main())
