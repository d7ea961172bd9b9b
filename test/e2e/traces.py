"""Where a word has left a trace in a stack: in what people, programs and backups get to see of it, and in its files."""
import base64
import json
import os
import pwd
import subprocess
import urllib.parse

from stack import SERVICES
from tap import eventually

# Below RUN_DIR: what is made to hold secrets.
MEANT_FOR_SECRETS = ("secrets/", "keys/", "config/nats/context/", "inspector.env", "tls/", "bin/")


def messages(bus):
    """(subject, headers, data) of everything the stream of events has, as bytes."""
    state = bus.request("$JS.API.STREAM.INFO.EVENTS").json()["state"]
    for seq in range(state["first_seq"], state["last_seq"] + 1):
        stored = bus.request("$JS.API.STREAM.MSG.GET.EVENTS", {"seq": seq}).json()
        if "message" in stored:  # else it was removed
            message = stored["message"]
            yield message["subject"], *(base64.b64decode(message.get(part, "")) for part in ("hdrs", "data"))


def forms(word):
    """How a word may be written: as it is, and in the usual encodings."""
    raw = word if isinstance(word, bytes) else word.encode()
    yield raw
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    if not isinstance(word, bytes):
        yield json.dumps(word).strip('"').encode()
        yield urllib.parse.quote(word, safe="").encode()
    for shift in range(3):  # where it may stand in the threes of base64; the ends depend on what is beside it
        text = base64.b64encode(bytes(shift) + raw).rstrip(b"=")
        text = text[(0, 2, 3)[shift]:len(text) - (len(raw) + shift) % 3]
        yield text
        yield text.replace(b"+", b"-").replace(b"/", b"_")


def found(words, places):
    """"the word in the place" for each one that is there. words: name -> text or bytes; places: (name, bytes)."""
    needles = {name: {form for form in forms(word) if len(form) >= 6} for name, word in words.items()}
    return [f"{name} in {place}" for place, content in places
            for name, written in needles.items() if any(form in content for form in written)]


def dump(stack, schema):
    """All rows of a schema, as a backup has them."""
    tables = stack.sql(f"select table_name from information_schema.tables where table_schema = '{schema}'")
    rows = subprocess.run(["mariadb", "--no-defaults", "-S", f"{stack.dir}/mysql.sock", "-u", pwd.getpwuid(os.geteuid()).pw_name, "--batch", "--raw",
                           "-e", ";".join(f"select '{table}'; select * from {table}" for (table,) in tables), schema],
                          capture_output=True, timeout=120, check=True)
    return rows.stdout


def told(stack, *asked):
    """What is told: logs, rows, events, numbers, discovery, and what hanokctl says when asked the lines of words in asked."""
    for name in sorted(os.listdir(f"{stack.dir}/log")):
        yield f"the log of {name}", log_bytes(f"{stack.dir}/log/{name}")
    for (schema,) in stack.sql("show databases like 'hanok%'"):
        yield f"schema {schema}", dump(stack, schema)
    for name in SERVICES:
        for path in ("/metrics", "/readyz"):
            yield f"{path} of {name}", stack.admin(name, path).body
    with stack.bus() as bus:
        for subject, headers, data in messages(bus):
            yield f"event {subject}", subject.encode() + headers + data
        for name in SERVICES:
            for verb in ("INFO", "STATS"):
                yield f"$SRV.{verb} of {name}", bus.request(f"$SRV.{verb}.{name}").data
    for words in asked:
        said = subprocess.run([f"{stack.dir}/bin/hanokctl", *words], capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
        yield "hanokctl " + " ".join(words), said.stdout + said.stderr


def log_bytes(path):
    content = b""
    for at, _, names in os.walk(path):
        for name in names:
            with open(os.path.join(at, name), "rb") as f:
                content += f.read()
    if os.path.isfile(path):
        with open(path, "rb") as f:
            content = f.read()
    return content


def files(stack):
    """Every file below RUN_DIR to the last byte, but those that are made to hold secrets; and every command line."""
    for at, _, names in os.walk(stack.dir):
        for name in names:
            path = os.path.join(at, name)
            short = os.path.relpath(path, stack.dir)
            if not short.startswith(MEANT_FOR_SECRETS) and os.path.isfile(path):
                with open(path, "rb") as f:
                    yield f"file {short}", f.read()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                command = f.read()
        except OSError:
            continue
        if stack.dir.encode() in command:
            yield f"command line {command[:60]}", command


def settled(stack):
    """All sagas have ended and all events are sent."""
    eventually(lambda: stack.sql("select count(*) from hanok_auth.saga where done = 0") == [["0"]])
    eventually(lambda: sum(stack.metric(name, "hanok_outbox_pending") for name in SERVICES) == 0)
