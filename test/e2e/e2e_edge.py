#!/usr/bin/env python3
# test/run: asan
"""The edge: who has the port, who is at the other end of a connection, and what is told and written down of it."""
import http.client
import json
import os
import signal
import socket
import ssl
import struct
import subprocess
import sys
import warnings

from gateway import Gateway
from load import Connections, Load, outcome
from reader import Reader
from stack import ROOT, run_cases
from tap import case, equal, eventually

TAKEOVERS = 2


def take_over_under_load(stack, first, take_over):
    """take_over(gateway): the next one that serves. None of their clients is told anything but 200."""
    gateway = first.ready()
    reader, connections = Reader(stack), Connections(gateway.port)

    def status():
        told = outcome(lambda: connections.request("GET", reader.path, headers=reader.bearer))
        return told if isinstance(told, str) else told.status

    with Load(8, status) as load:
        for _ in range(TAKEOVERS):
            served = load.count()
            eventually(lambda served=served: load.count() >= served + 100)
            gateway = take_over(gateway)
        served = load.count()
        eventually(lambda served=served: load.count() >= served + 100)
    gateway.drain()
    equal(set(load.seen), {200})


@case
def a_new_gateway_takes_the_port_over_and_no_request_is_lost(stack):
    def take_over(old):
        new = Gateway(stack, port=old.port, share_port="on").ready()
        old.drain()
        return new

    take_over_under_load(stack, Gateway(stack, share_port="on"), take_over)


@case
def a_gateway_that_is_started_again_goes_on_with_the_socket_it_is_passed(stack):
    with socket.create_server(("127.0.0.1", 0), backlog=100) as passed:
        port = passed.getsockname()[1]

        def take_over(old):
            old.drain()
            return Gateway(stack, passed, port).ready()

        take_over_under_load(stack, Gateway(stack, passed, port), take_over)


@case
def a_gateway_that_does_not_share_finds_the_port_in_use(stack):
    with Gateway(stack, share_port="on") as gateway:
        other = Gateway(stack, port=gateway.port)
        equal(other.process.wait(60), 1)
        with open(other.log) as f:
            assert f"127.0.0.1:{gateway.port} is in use" in f.read()


# ---- TLS

def make_certificate(folder, server="gateway"):
    """A new authority and a certificate of its for 127.0.0.1; the settings that name it."""
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        os.remove(f"{folder}/{name}")
    subprocess.run([f"{ROOT}/deploy/tls/certificates.sh", folder, f"{server}=localhost"], check=True, timeout=60)
    return {"tls_certificate": f"{folder}/{server}.crt", "tls_key": f"{folder}/{server}.key"}


def trusting(folder):
    context = ssl.create_default_context(cafile=f"{folder}/ca.pem")
    context.set_alpn_protocols(["http/1.1"])
    return context


def https(port, context, path="/welcome", before=b"", source=None, connection=None):
    """(the answer, with its body in .text, and the connection, which is kept). before: bytes that come before TLS."""
    if not connection:
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=30)
        raw = socket.create_connection(("127.0.0.1", port), 30, source)
        raw.sendall(before)
        connection.sock = context.wrap_socket(raw, server_hostname="127.0.0.1")
    connection.request("GET", path, headers={"User-Agent": "tester"})
    answer = connection.getresponse()
    answer.text = answer.read()
    return answer, connection


def agrees_on(port, version, suites, alpn=("http/1.1",)):
    """The suite, or None."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.minimum_version = context.maximum_version = version
        context.set_ciphers(suites + ":@SECLEVEL=0")
        context.set_alpn_protocols(alpn)
    try:
        with socket.create_connection(("127.0.0.1", port), 30) as raw, context.wrap_socket(raw) as s:
            return s.cipher()[0]
    except (ssl.SSLError, ConnectionError):
        return None


@case
def the_http_port_speaks_todays_tls_alone(stack):
    folder = f"{stack.home}/edge-tls"
    with Gateway(stack, **make_certificate(folder)) as gateway:
        assert agrees_on(gateway.port, ssl.TLSVersion.TLSv1_3, "ALL")
        equal(agrees_on(gateway.port, ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES256-GCM-SHA384"), "ECDHE-ECDSA-AES256-GCM-SHA384")
        for version, suites in ((ssl.TLSVersion.TLSv1_1, "ALL"), (ssl.TLSVersion.TLSv1, "ALL"), (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA"),
                                (ssl.TLSVersion.TLSv1_2, "AES256-GCM-SHA384"), (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA256")):
            equal(agrees_on(gateway.port, version, suites), None, f"{version} {suites}")
        equal(agrees_on(gateway.port, ssl.TLSVersion.TLSv1_3, "ALL", ["h2"]), None)
        with socket.create_connection(("127.0.0.1", gateway.port), 30) as clear:
            clear.sendall(b"GET /welcome HTTP/1.1\r\nHost: a\r\n\r\n")
            equal(clear.recv(100)[:4] == b"HTTP", False, "it speaks in clear")
        context = trusting(folder)
        connection = None
        for path, status in (("/welcome", 200), ("/openapi.json", 200), ("/nowhere", 404), ("/welcome", 200)):  # on one connection
            answer, connection = https(gateway.port, context, path, connection=connection)
            equal((answer.status, answer.headers["Strict-Transport-Security"]), (status, "max-age=31536000; includeSubDomains"), path)
            assert json.loads(answer.text)
        equal(connection.sock.selected_alpn_protocol(), "http/1.1")
        connection.close()
        metrics = gateway.admin("/metrics").body.decode()
        assert 'hanok_http_entries_refused_total{at="tls"} 0' not in metrics, metrics


@case
def it_says_goodbye_as_tls_has_it(stack):
    """Who reads to the end can tell that nothing was cut off."""
    folder = f"{stack.home}/edge-tls"
    with Gateway(stack, **make_certificate(folder)) as gateway:
        with socket.create_connection(("127.0.0.1", gateway.port), 30) as raw:
            with trusting(folder).wrap_socket(raw, server_hostname="127.0.0.1", suppress_ragged_eofs=False) as s:
                s.sendall(b"GET /welcome HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                received = b""
                while piece := s.recv(65536):  # raises where the end is not said
                    received += piece
        equal(received[:12], b"HTTP/1.1 200")


@case
def the_certificate_is_renewed_while_it_runs(stack):
    folder = f"{stack.home}/edge-tls"
    with Gateway(stack, **make_certificate(folder)) as gateway:
        old = trusting(folder)
        _, kept = https(gateway.port, old)

        def is_served():
            try:
                return https(gateway.port, trusting(folder))[0].status == 200
            except ssl.SSLError:
                return False

        make_certificate(folder)
        eventually(is_served, why="what has changed is not read")  # by itself
        make_certificate(folder)
        gateway.process.send_signal(signal.SIGHUP)
        eventually(is_served, why="SIGHUP was not obeyed")
        with open(f"{folder}/gateway.crt", "w") as f:
            f.write("nonsense")
        gateway.process.send_signal(signal.SIGHUP)
        eventually(lambda: "certificate not changed" in open(gateway.log).read(), why="a bad one is not named")
        assert is_served()
        equal(https(gateway.port, old, connection=kept)[0].status, 200, "who was there before")


@case
def what_is_no_certificate_is_no_start(stack):
    settings = make_certificate(f"{stack.home}/edge-tls")
    for wrong, word in (({**settings, "tls_key": settings["tls_certificate"]}, "gateway.crt: "), ({"tls_certificate": settings["tls_certificate"]}, "no TLS"),
                        ({"proxy_protocol": "on"}, "needs trusted-proxies")):
        gateway = Gateway(stack, **wrong)
        equal(gateway.process.wait(60), 1)
        with open(gateway.log) as f:
            assert word in f.read(), word


# ---- whose connection it is

def proxy_header(address, command=0x21):
    """The PROXY protocol's, version 2."""
    addresses = socket.inet_aton(address) + socket.inet_aton("127.0.0.1") + struct.pack("!HH", 12345, 443)
    return b"\r\n\r\n\0\r\nQUIT\n" + struct.pack("!BBH", command, 0x11, len(addresses)) + addresses


def clients(path):
    """Whom the access log names, the last first."""
    with open(path) as f:
        return [json.loads(line)["client"] for line in f][::-1]


@case
def a_proxy_says_by_its_header_whose_connection_it_is(stack):
    folder, log = f"{stack.home}/edge-tls", f"{stack.home}/access.log"
    for settings in ({}, make_certificate(folder)):
        context = trusting(folder) if settings else None
        with Gateway(stack, trusted_proxies="127.0.0.1", proxy_protocol="on", access_log=log, **settings) as gateway:
            def ask(header, source=None, gateway=gateway, context=context):
                if context:
                    return https(gateway.port, context, before=header, source=source)[0].status
                with socket.create_connection(("127.0.0.1", gateway.port), 30, source) as s:
                    for i in range(0, len(header), 7):  # in pieces
                        s.sendall(header[i:i + 7])
                    s.sendall(b"GET /welcome HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    return int((s.recv(65536) or b"- 0 ").split(b" ")[1])

            for header, source, client in ((proxy_header("198.51.100.7"), None, "198.51.100.7"), (proxy_header("198.51.100.8", 0x20), None, "127.0.0.1"),
                                           (b"", ("127.0.0.2", 0), "127.0.0.2")):
                equal(ask(header, source), 200)
                eventually(lambda client=client: os.path.exists(log) and clients(log)[:1] == [client], why=f"{client} in the access log")
            for header, source in ((b"", None), (b"PROXY TCP4 198.51.100.7 127.0.0.1 1 2\r\n", None), (proxy_header("198.51.100.7", 0x22), None),
                                   (proxy_header("198.51.100.7"), ("127.0.0.2", 0))):
                try:
                    assert ask(header, source) in (0, 400), header
                except (ssl.SSLError, OSError):
                    pass
            equal(clients(log)[0] in ("198.51.100.7", "198.51.100.8"), False, "a stranger is believed")


if __name__ == "__main__":
    sys.exit(run_cases())
