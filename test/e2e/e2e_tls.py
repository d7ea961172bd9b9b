#!/usr/bin/env python3
# test/run: asan
"""With TLS=on nothing between the services, NATS and MariaDB is in clear, and who comes without is refused."""
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import warnings

import web
from bus import Bus
from stack import ROOT, SERVICES, run_cases
from tap import Skip, case, equal, eventually


def certificates(folder, *servers, **env):
    """Runs the script; returns the texts of what is in the folder then."""
    subprocess.run([f"{ROOT}/deploy/tls/certificates.sh", folder, *servers], check=True, timeout=60,
                   env={**os.environ, **env})
    texts = {}
    for name in os.listdir(folder):
        with open(f"{folder}/{name}") as f:
            texts[name] = f.read()
    return texts


@case
def the_main_job_is_done(stack):
    person = stack.person()
    reply = stack.signup(person)
    equal((reply.status, reply.json().get("status")), (201, "ACTIVE"), repr(reply))
    user_id, bearer = stack.token_of(person)
    equal(stack.request("GET", "/users/" + user_id, headers=bearer).json()["email"], person["email"])


@case
def every_connection_to_nats_is_encrypted(stack):
    with open(f"{stack.dir}/nats.admin") as f:
        port = int(f.read().rsplit(":", 1)[1])
    connections = web.request(port, "GET", "/connz").json()["connections"]
    assert {c.get("name") for c in connections} >= set(SERVICES), connections
    equal([c["name"] for c in connections if not c.get("tls_version", "").startswith("1.")], [])


@case
def who_comes_to_nats_without_tls_is_refused(stack):
    who = stack.inspector()
    stack.bus().close()
    try:
        Bus(stack.settings["NATS_PORT"], who["NATS_USER"], who["NATS_PASSWORD"])
    except (PermissionError, ConnectionError):
        return
    raise AssertionError("NATS took a client without TLS")


@case
def who_comes_to_mariadb_without_tls_is_refused(stack):
    with open(f"{stack.dir}/secrets/hanok_auth") as f:
        env = {**os.environ, "MYSQL_PWD": f.read()}

    def ask(*options):
        command = ["mariadb", "--no-defaults", "-u", "hanok_auth", *options, "-e", "show tables in hanok_auth"]
        return subprocess.run(command, env=env, text=True, capture_output=True, timeout=60)
    tcp = ("-h", "127.0.0.1", "-P", str(stack.settings["MYSQL_PORT"]))
    encrypted = ask(*tcp, "--ssl-ca", f"{stack.dir}/tls/ca.pem", "--ssl-verify-server-cert")
    equal(encrypted.returncode, 0, encrypted.stderr)
    for clear in (ask(*tcp, "--skip-ssl"), ask("-S", f"{stack.dir}/mysql.sock", "--skip-ssl")):
        assert clear.returncode and "Access denied" in clear.stderr, clear.stderr


def nats_agrees_on(stack, version, suites):
    """The suite, when nats-server speaks TLS of that version by one of the suites; None when it does not."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(f"{stack.dir}/tls/ca.pem")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of what must not be spoken
        context.minimum_version = context.maximum_version = version
    context.set_ciphers(suites + ":@SECLEVEL=0")  # old versions are this library's last choice
    with socket.create_connection(("127.0.0.1", stack.settings["NATS_PORT"]), 30) as plain:
        assert plain.recv(4096).startswith(b"INFO ")
        try:
            with context.wrap_socket(plain, server_hostname="localhost") as secure:
                return secure.cipher()[0]
        except (ssl.SSLError, ConnectionError):
            return None


@case
def only_today_s_tls_is_spoken(stack):
    """TLS 1.2 and 1.3, by suites with forward secrecy and authenticated encryption; between services and MariaDB 1.3 alone."""
    equal(nats_agrees_on(stack, ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES256-GCM-SHA384"), "ECDHE-ECDSA-AES256-GCM-SHA384")
    assert nats_agrees_on(stack, ssl.TLSVersion.TLSv1_3, "ALL")
    for version, suites in ((ssl.TLSVersion.TLSv1_1, "ALL"), (ssl.TLSVersion.TLSv1, "ALL"), (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA"),
                            (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES256-SHA"), (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA256")):
        equal(nats_agrees_on(stack, version, suites), None, f"{version} {suites}")
    equal(stack.sql("select @@tls_version"), [["TLSv1.3"]])
    with open(f"{stack.dir}/secrets/hanok_auth") as f:
        env = {**os.environ, "MYSQL_PWD": f.read()}
    login = ["mariadb", "--no-defaults", "-h", "127.0.0.1", "-P", str(stack.settings["MYSQL_PORT"]), "-u", "hanok_auth", "--ssl", "--batch",
             "--skip-column-names", f"--ssl-ca={stack.dir}/tls/ca.pem", "-e", "show session status like 'Ssl_version'"]
    for version, spoken in (("TLSv1.3", True), ("TLSv1.2", False), ("TLSv1.1", False)):
        ran = subprocess.run([*login, f"--tls-version={version}"], env=env, text=True, capture_output=True, timeout=60)
        equal(ran.returncode == 0 and version in ran.stdout, spoken, f"{version}: {ran}")


@case
def the_inspectors_context_works(stack):
    if not shutil.which("nats"):
        raise Skip("the nats CLI is not installed")
    done = subprocess.run(["nats", "micro", "ls"], text=True, capture_output=True, timeout=60,
                          env={**os.environ, "XDG_CONFIG_HOME": f"{stack.dir}/config"})
    assert done.returncode == 0 and "auth" in done.stdout, done


@case
def the_operators_context_works(stack):
    done = subprocess.run([f"{stack.dir}/bin/hanokctl", "service", "ls", "-o", "name"], text=True, capture_output=True, timeout=60)
    equal(sorted(done.stdout.split()), sorted(SERVICES), done.stderr)


@case
def a_broken_link_is_encrypted_again(stack):
    old = stack.kill("nats")
    eventually(lambda: stack.pid("nats") not in (None, old))
    eventually(stack.ready)
    every_connection_to_nats_is_encrypted(stack)
    the_main_job_is_done(stack)


@case
def certificates_are_renewed_while_all_runs(stack):
    pids = [stack.pid(name) for name in SERVICES]
    os.remove(f"{stack.dir}/tls/nats.key")
    certificates(f"{stack.dir}/tls", "nats=localhost", "mysql=localhost")
    os.kill(stack.pid("nats"), signal.SIGHUP)
    stack.sql("FLUSH SSL")
    eventually(lambda: "Reloaded: tls" in stack.logs("nats"))
    stack.bus().close()
    for schema in ("hanok_auth", "hanok_user"):  # have everybody connect again
        stack.sql(f"KILL USER {schema}@'127.0.0.1'")
    a_broken_link_is_encrypted_again(stack)
    equal([stack.pid(name) for name in SERVICES], pids)


@case
def keys_are_their_owners(stack):
    for name in os.listdir(f"{stack.dir}/tls"):
        if name.endswith(".key"):
            equal(os.stat(f"{stack.dir}/tls/{name}").st_mode & 0o077, 0, name)
    equal(sorted(os.listdir(f"{stack.dir}/tls")), ["ca.pem", "mysql.crt", "mysql.key", "nats.crt", "nats.key"])
    with open(f"{stack.dir}/config/nats/context/hanok.json") as f:
        equal(json.load(f)["ca"], f"{stack.dir}/tls/ca.pem")


@case
def certificates_are_made_anew_only_when_they_no_longer_do(stack):
    folder, other = stack.home + "/certificates", stack.home + "/other"
    short = certificates(folder, "a=one", DAYS="20")
    made = certificates(folder, "a=one")
    assert made["a.crt"] != short["a.crt"], "it ends soon, and was kept"
    equal(certificates(folder, "a=one"), made)

    def is_replaced(why, *servers):
        old = made["a.crt"]
        made.update(certificates(folder, *servers))
        assert made["a.crt"] != old, why + ", and was kept"
        subprocess.run(["openssl", "verify", "-CAfile", f"{folder}/ca.pem", f"{folder}/a.crt"], check=True,
                       stdout=subprocess.DEVNULL)
    is_replaced("another name is wanted", "a=one,two")
    is_replaced("another server is wanted", "a=one,two", "b=three")
    os.remove(f"{folder}/a.key")
    is_replaced("its key is gone", "a=one")
    certificates(other, "a=one")
    shutil.copy(f"{other}/ca.pem", folder)
    is_replaced("it is not the authority's", "a=one")


if __name__ == "__main__":
    sys.exit(run_cases(TLS="on"))
