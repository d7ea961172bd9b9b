"""A gateway of a test's own, beside the one of a stack: with settings that no stack has, on its NATS."""
import os
import signal
import subprocess

import web
from stack import ROOT, free_port
from tap import eventually


class Gateway:
    """with Gateway(stack, share_port="on") as gateway: ... A socket: passed to it as by systemd."""
    count = 0

    def __init__(self, stack, socket=None, port=None, **settings):
        Gateway.count += 1
        self.port = port or free_port()
        self.admin_file = f"{stack.home}/gateway{Gateway.count}.admin"
        self.log = f"{stack.home}/gateway{Gateway.count}.log"
        given = {"config": "/dev/null", "listen": f"127.0.0.1:{self.port}", "routes": f"{ROOT}/deploy/gateway/routes.conf",
                 "nats-url": f"nats://127.0.0.1:{stack.settings['NATS_PORT']}", "nats-user": "gateway",
                 "admin-listen": "127.0.0.1:0", "admin-file": self.admin_file,
                 **{name.replace("_", "-"): value for name, value in settings.items()}}
        command = [f"{stack.dir}/bin/hanok-gateway", *(word for name, value in given.items() for word in ("--" + name, str(value)))]
        if socket:
            command = ["sh", "-c", f'exec 3<&{socket.fileno()}; export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"', "sh", *command]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[socket.fileno()] if socket else [],
                env={**os.environ, "HANOK_NATS_PASSWORD_FILE": f"{stack.dir}/secrets/nats_gateway"})

    def admin(self, path):
        try:
            with open(self.admin_file) as f:
                return web.request(int(f.read().rsplit(":", 1)[1]), "GET", path, timeout=10)
        except (OSError, ValueError, IndexError, web.http.client.HTTPException):
            return None

    def ready(self):
        """Itself, once it is."""
        def is_ready():
            answer = self.admin("/readyz")
            return answer and answer.status == 200
        eventually(is_ready, why="it does not get ready")
        return self

    def drain(self):
        """Ends it as a supervisor does; what it said."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        with open(self.log) as f:
            said = f.read()
        if code != 0:
            raise AssertionError(f"it ended with {code}:\n{said[-5000:]}")
        return said

    def request(self, method, path, body=None, headers=None, timeout=30):
        return web.request(self.port, method, path, body, headers, timeout)

    def __enter__(self):
        return self.ready()

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.drain()
