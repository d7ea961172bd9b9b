"""A stack of its own for the benchmark, the processes in it, and the nginx that stands beside it."""
import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TICKS = os.sysconf("SC_CLK_TCK")
sys.path.insert(0, os.path.join(ROOT, "deploy"))
import services  # noqa: E402

SERVICES = tuple(row.name for row in services.services())
OURS = tuple(row.name for row in services.rows())
PROCESSES = ("nats", "mysql", *OURS)


def free_port(taken=set()):
    """Below the ports that the kernel hands to clients."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as s:
            if port not in taken and s.connect_ex(("127.0.0.1", port)) != 0:
                taken.add(port)
                return port


def wait_for(what, condition, seconds):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(0.001)


def cpu_s(pid):
    """Processor time of a process since its start."""
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def kib_of(file, field):
    with open(file) as f:
        return next(int(line.split()[1]) for line in f if line.startswith(field))


def memory_mb(pid):
    return kib_of(f"/proc/{pid}/status", "VmRSS:") * 1024 / 1e6


def share_mb(pid):
    """As memory_mb, but of each page that several processes have only its share: the sum of all is what they take."""
    return kib_of(f"/proc/{pid}/smaps_rollup", "Pss:") * 1024 / 1e6


def answers(port, path):
    """True when an HTTP server on the port answers the path with 200."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as s:
            s.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            return s.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


class Stack:
    def __init__(self, *settings):
        self.dir = tempfile.mkdtemp(prefix="hanok-bench-", dir="/tmp")
        self.port, self.nats_port = free_port(), free_port()
        self.settings = [f"RUN_DIR={self.dir}/run", f"HTTP_PORT={self.port}", f"NATS_PORT={self.nats_port}",
                         f"MYSQL_PORT={free_port()}", "BUILD=release", "RATE_LIMIT=off", *settings]
        self.url = f"http://127.0.0.1:{self.port}"

    def make(self, target):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "HANOK_"))}
        subprocess.run(["make", "-C", ROOT, "--no-print-directory", target, *self.settings], env=env, check=True,
                       stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

    def __enter__(self):
        try:
            self.make("up")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        self.make("reset")
        shutil.rmtree(self.dir, ignore_errors=True)

    def pid(self, name):
        with open(f"{self.dir}/run/{name}.pid") as f:
            return int(f.read())

    def cpu(self):
        return {name: cpu_s(self.pid(name)) for name in PROCESSES}

    def memory(self):
        return {name: memory_mb(self.pid(name)) for name in OURS}

    def together(self):
        """All that `make up` starts, without NATS and MariaDB."""
        return sum(share_mb(self.pid(name)) for name in OURS)

    def sql(self, statement):
        """The first column, as texts."""
        done = subprocess.run(["mariadb", "--no-defaults", "-N", "-S", f"{self.dir}/run/mysql.sock", "-e", statement], check=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    def inspector(self):
        """NATS_USER and NATS_PASSWORD of who looks."""
        with open(f"{self.dir}/run/inspector.env") as f:
            return dict(line.split("=", 1) for line in f.read().splitlines())

    def settle(self):
        """Waits until what a load left behind is worked off."""
        def idle():
            before = sum(self.cpu().values())
            time.sleep(0.3)
            return sum(self.cpu().values()) - before <= 0.05
        wait_for("the stack comes to rest", idle, 60)

    @contextlib.contextmanager
    def second(self, name, env=None, **arguments):
        """A second instance beside the first, with the same command line but for those arguments: ready, its pid and HTTP port."""
        port, admin = free_port(), free_port()
        with open(f"/proc/{self.pid(name)}/cmdline", "rb") as f:
            command = f.read().decode().rstrip("\0").split("\0")
        with open(f"/proc/{self.pid(name)}/environ", "rb") as f:
            env = dict(entry.split("=", 1) for entry in f.read().decode().rstrip("\0").split("\0")) | (env or {})
        other = {"--admin-listen": f"127.0.0.1:{admin}", "--admin-file": f"{self.dir}/second.admin",
                 "--listen": f"127.0.0.1:{port}", **{f"--{key}": value for key, value in arguments.items()}}
        command = [other.get(before, word) for before, word in zip([None] + command, command)]
        with open(f"{self.dir}/second.log", "ab") as log:
            process = subprocess.Popen(command, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            wait_for(f"a second {name} is ready", lambda: answers(admin, "/readyz"), 20)
            yield process.pid, port
        finally:
            process.terminate()
            process.wait(30)

    def roll(self, name):
        """A second instance helps out while the first is started again; both end."""
        with self.second(name, listen=f"127.0.0.1:{self.port}"):
            old = self.pid(name)
            os.kill(old, signal.SIGTERM)
            wait_for(f"{name} is started again", lambda: self.pid_now(name) not in (None, old), 60)
            wait_for(f"{name} is ready", lambda: self.is_ready(name), 60)

    def pid_now(self, name):
        """None while there is none."""
        try:
            return self.pid(name)
        except (OSError, ValueError):
            return None

    def is_ready(self, name):
        try:
            with open(f"{self.dir}/run/{name}.admin") as f:
                return answers(int(f.read().rsplit(":", 1)[1]), "/readyz")
        except (OSError, ValueError, IndexError):
            return False

    def start_ms(self, name):
        """From the start of a second instance to its /readyz."""
        start = time.monotonic()
        with self.second(name):
            return (time.monotonic() - start) * 1000


class Nginx:
    """One worker that answers everything with an empty 200."""
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="hanok-nginx-", dir="/tmp")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        temp = "".join(f"{kind}_temp_path {self.dir}/{kind};"
                       for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(f"{self.dir}/nginx.conf", "w") as f:
            f.write(f"""daemon off; master_process off; pid {self.dir}/pid; error_log {self.dir}/log;
                events {{ worker_connections 1024; }}
                http {{ access_log off; keepalive_requests 1000000000; {temp}
                       server {{ listen 127.0.0.1:{self.port}; location / {{ return 200 ''; }} }} }}""")
        path = os.environ["PATH"] + ":/usr/sbin"
        self.process = subprocess.Popen([shutil.which("nginx", path=path), "-c", f"{self.dir}/nginx.conf",
                                         "-e", f"{self.dir}/log"], stdin=subprocess.DEVNULL)
        wait_for("nginx answers", lambda: answers(self.port, "/"), 10)
        return self

    def __exit__(self, *exception):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        shutil.rmtree(self.dir, ignore_errors=True)

    def cpu(self):
        return {"nginx": cpu_s(self.process.pid)}
