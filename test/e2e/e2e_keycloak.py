#!/usr/bin/env python3
# test/run: first
"""Who comes from a Keycloak, which was not written to fit: its machines and its people, by each algorithm, with roles of its realm and
keys that change. It is skipped where test/oidc/keycloak.sh has not put one; a start takes it half a minute or more."""
import base64
import json
import os
import signal
import subprocess
import sys
import urllib.parse

import web
from outside import SOMEBODY_ELSES, known, own, with_issuer
from stack import PASSWORD, ROOT, free_port
from tap import case, equal, eventually

HOME = os.path.join(ROOT, "build/keycloak")
SECRET = "s3cret-for-tests-only"
START_S = 600  # guards against hanging
KEYS = "org.keycloak.keys.KeyProvider"


def client(name, algorithm="RS256", for_us=True, **more):
    mapper = {"name": "audience", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
              "config": {"included.custom.audience": "hanok", "access.token.claim": "true"}}
    return {"clientId": name, "protocol": "openid-connect", "standardFlowEnabled": False, "defaultClientScopes": ["basic", "roles"],
            "attributes": {"access.token.signed.response.alg": algorithm}, "protocolMappers": [mapper] if for_us else [], **more}


def machine(name, **more):
    return client(name, secret=SECRET, serviceAccountsEnabled=True, **more)


ALGORITHMS = ("RS256", "ES256", "EdDSA")
REALM = {
    "realm": "hanok", "enabled": True, "sslRequired": "none", "accessTokenLifespan": 600,
    "roles": {"realm": [{"name": "shop-admin"}]},
    "clients": [*(machine("machine-" + name, algorithm=name) for name in ALGORITHMS), machine("boss"), machine("elsewhere", for_us=False),
                client("page", publicClient=True, directAccessGrantsEnabled=True)],
    "users": [{"username": "service-account-boss", "enabled": True, "serviceAccountClientId": "boss", "realmRoles": ["shop-admin"]},
              {"username": "seoyeon", "enabled": True, "email": "seoyeon@example.org", "emailVerified": True, "firstName": "Seoyeon",
               "lastName": "Kim", "credentials": [{"type": "password", "value": PASSWORD}]}],
}


def part(token, number):
    """Its head is 0, what it says is 1."""
    return json.loads(base64.urlsafe_b64decode(token.split(".")[number] + "=="))


def bearer(token):
    return {"Authorization": "Bearer " + token}


class Keycloak:
    def __init__(self, port):
        self.port, self.process = port, None
        self.issuer = f"http://127.0.0.1:{port}/realms/hanok"

    def up(self):
        """With nothing but REALM, in memory."""
        os.makedirs(os.path.join(HOME, "data/import"), exist_ok=True)
        with open(os.path.join(HOME, "data/import/hanok.json"), "w") as f:
            json.dump(REALM, f)
        env = {**os.environ, "JAVA_OPTS_APPEND": "-Xmx512m", "KC_BOOTSTRAP_ADMIN_USERNAME": "admin", "KC_BOOTSTRAP_ADMIN_PASSWORD": SECRET}
        self.process = subprocess.Popen(["bash", os.path.join(HOME, "bin/kc.sh"), "start-dev", "--import-realm", "--db=dev-mem",
                                         "--http-host=127.0.0.1", f"--http-port={self.port}"], env=env, stdin=subprocess.DEVNULL,
                                        stdout=sys.stderr, stderr=sys.stderr, start_new_session=True)
        eventually(self.answers, START_S, "Keycloak does not answer")

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError("Keycloak has ended")
        try:
            return web.request(self.port, "GET", "/realms/hanok/.well-known/openid-configuration").status == 200
        except (OSError, web.http.client.HTTPException):
            return False

    def down(self):
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def tokens(self, realm="hanok", **form):
        """What the token endpoint answers."""
        reply = web.request(self.port, "POST", f"/realms/{realm}/protocol/openid-connect/token", urllib.parse.urlencode(form),
                            {"Content-Type": "application/x-www-form-urlencoded"}, 60)
        equal(reply.status, 200, repr(reply))
        return reply.json()

    def machine(self, name="machine-RS256"):
        """(token, its subject)"""
        token = self.tokens(grant_type="client_credentials", client_id=name, client_secret=SECRET)["access_token"]
        return token, part(token, 1)["sub"]

    def begins_another_key(self):
        """Tokens by RS256 are signed with it from now on; that of before stays good."""
        admin = self.tokens("master", grant_type="password", client_id="admin-cli", username="admin", password=SECRET)["access_token"]
        key = {"name": "another", "providerId": "rsa-generated", "providerType": KEYS,
               "config": {"priority": ["1000"], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"]}}
        equal(web.request(self.port, "POST", "/admin/realms/hanok/components", key, bearer(admin), 60).status, 201)


@case
def its_tokens_are_good_by_each_algorithm(stack, keycloak):
    for algorithm in ALGORITHMS:
        token, subject = keycloak.machine("machine-" + algorithm)
        equal(part(token, 0)["alg"], algorithm)
        eventually(lambda token=token: stack.request("GET", SOMEBODY_ELSES, headers=bearer(token)).status == 403, 120)
        reply = own(stack, bearer(token), subject)
        equal((reply.status, reply.json()["items"]), (200, []), repr(reply))


@case
def a_role_of_its_realm_is_one_of_ours(stack, keycloak):
    (boss, his), (machine, its) = keycloak.machine("boss"), keycloak.machine()
    for token, subject in ((boss, his), (machine, its)):
        equal(own(stack, bearer(token), subject).status, 200)
    people = known(stack)
    equal(stack.request("GET", f"/users/{people[its]}/events", headers=bearer(boss)).status, 200, "a shop-admin there is an admin here")
    equal(stack.request("GET", f"/users/{people[his]}/events", headers=bearer(machine)).code, "forbidden")


@case
def a_person_logs_in_there_and_is_somebody_here(stack, keycloak):
    form = {"grant_type": "password", "client_id": "page", "username": "seoyeon", "password": PASSWORD, "scope": "openid"}
    told, again = keycloak.tokens(**form), keycloak.tokens(**form)
    subject = part(told["access_token"], 1)["sub"]
    for token in (told["access_token"], again["access_token"]):
        reply = own(stack, bearer(token), subject)
        equal((reply.status, reply.json()["items"]), (200, []), repr(reply))
    equal(stack.sql(f"select count(*) from hanok_auth.identity where subject = '{subject}'"), [["1"]])
    reply = stack.request("GET", SOMEBODY_ELSES, headers=bearer(told["id_token"]))
    equal((reply.status, reply.code), (401, "invalid_token"), "what says who somebody is lets nobody in")


@case
def a_token_for_somebody_else_is_refused(stack, keycloak):
    before = known(stack)
    token, subject = keycloak.machine("elsewhere")
    reply = stack.request("GET", SOMEBODY_ELSES, headers=bearer(token))
    equal((reply.status, reply.code), (401, "invalid_token"), repr(reply))
    head, claims, signature = keycloak.machine()[0].split(".")
    reply = stack.request("GET", SOMEBODY_ELSES, headers=bearer(f"{head}.{claims}.{signature[:-8]}AAAAAAAA"))
    equal((reply.status, reply.code), (401, "invalid_token"), repr(reply))
    equal(known(stack), before)
    assert subject not in before, before


@case
def its_new_key_is_known_and_what_the_old_one_signed_stays_good(stack, keycloak):
    old, subject = keycloak.machine()
    keycloak.begins_another_key()
    new, _ = keycloak.machine()
    assert part(new, 0)["kid"] != part(old, 0)["kid"], part(new, 0)
    eventually(lambda: own(stack, bearer(new), subject).status == 200, 60, "the new key is not known")
    equal(own(stack, bearer(old), subject).status, 200)


def main():
    if not os.path.exists(os.path.join(HOME, "bin/kc.sh")):
        print("1..1\nok 1 - an OpenID provider that half of the world uses # SKIP no Keycloak: test/oidc/keycloak.sh build/keycloak")
        return 0
    return with_issuer(Keycloak(free_port()), "audience=hanok claim=realm_access.roles role=shop-admin:admin", provider_first=True)


if __name__ == "__main__":
    sys.exit(main())
