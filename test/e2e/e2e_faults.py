#!/usr/bin/env python3
"""What machines and networks do to services: people get the right status meanwhile, and it is over by itself."""
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

from stack import ROOT, run_cases
from tap import case, equal, eventually, Skip

BUILD = f"{ROOT}/build/{os.environ.get('BUILD', 'release')}"


@contextlib.contextmanager
def silent_name_server():
    """Its address. It gets what it is asked, and says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        try:
            s.bind(("127.0.53.53", 53))
        except OSError as e:
            raise Skip(f"a name server needs port 53: {e.strerror}") from e
        yield "127.0.53.53"


@case
def a_silent_name_server_keeps_no_program_from_ending(stack):
    with silent_name_server() as server, tempfile.NamedTemporaryFile("w", suffix=".conf") as conf:
        conf.write(f"nameserver {server}\noptions timeout:5 attempts:5\n")
        conf.flush()
        if subprocess.run(["unshare", "-m", "true"], check=False).returncode:
            raise Skip("no mount namespace may be made here")
        command = [f"{BUILD}/hanok-user", "--config", "/dev/null", "--nats-url", "nats://nats.example.test:4222",
                   "--nats-password", "any", "--mysql-host", "mysql.example.test", "--mysql-user", "any", "--mysql-password", "any",
                   "--mysql-schema", "any", "--admin-listen", "127.0.0.1:0", "--drain-ms", "1000"]
        for pause_s in (0.5, 2):  # in the middle of the first look-up, and of later ones
            process = subprocess.Popen(["unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"', conf.name, *command],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            eventually(lambda: '"started"' in process.stderr.readline(), why="it does not start")
            time.sleep(pause_s)
            since = time.monotonic()
            process.send_signal(signal.SIGTERM)
            said = process.communicate(timeout=120)[1]
            took_s = time.monotonic() - since
            equal(process.returncode, 0, said)
            assert took_s < 10, f"{took_s:.1f} s:\n{said}"


if __name__ == "__main__":
    sys.exit(run_cases())
