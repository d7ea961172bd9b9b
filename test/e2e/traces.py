"""Where a word has left a trace in a stack: in its rows, streams and files, and in what it says to people and programs."""
import base64
import json
import os
import subprocess
import urllib.parse

from stack import SERVICES
from tap import eventually

# Below RUN_DIR: what is made to hold secrets.
MEANT_FOR_SECRETS = ("secrets/", "keys/", "config/nats/context/", "inspector.env", "tls/", "bin/")


# ---- the search

def forms(word):
    """How a text or bytes may be written: as they are, and in the usual encodings."""
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


def found(words, places, any_case=False):
    """{name: the places it is in}. words: name -> text or bytes; places: (its name, bytes), such as the functions below give."""
    def cased(data):
        return data.lower() if any_case else data
    needles = {name: {cased(form) for form in forms(word) if len(form) >= 6} for name, word in words.items()}
    where = {}
    for place, data in places:
        data = cased(data)
        for name, written in needles.items():
            if any(form in data for form in written):
                where.setdefault(name, []).append(place)
    return where


# ---- places

def tables(stack):
    """(its name, all that is in it) of every table there is, the server's own too."""
    named = "select table_schema, table_name, group_concat(concat('hex(concat(`', column_name, '`))')) from information_schema.columns" \
            " natural join information_schema.tables where table_type = 'BASE TABLE'" \
            " and table_schema not in ('information_schema', 'performance_schema', 'sys') group by 1, 2"
    for schema, table, columns in stack.sql("set session group_concat_max_len = 100000; " + named):
        rows = stack.sql(f"select {columns} from `{schema}`.`{table}`")
        yield f"{schema}.{table}", b"\n".join(bytes.fromhex(column) for row in rows for column in row if column != "NULL")


def streams(stack):
    """(its name, all that is in it) of every stream, and what its consumers are."""
    with stack.bus("operator") as bus:
        for name in bus.request("$JS.API.STREAM.NAMES").json()["streams"]:
            info = bus.request("$JS.API.STREAM.INFO." + name)
            kept = [info.data, bus.request("$JS.API.CONSUMER.LIST." + name).data]
            for seq in range(info.json()["state"]["first_seq"], info.json()["state"]["last_seq"] + 1):
                message = bus.request(f"$JS.API.STREAM.MSG.GET.{name}", {"seq": seq}).json().get("message", {})
                kept += [message.get("subject", "").encode(), *(base64.b64decode(message.get(part, "")) for part in ("hdrs", "data"))]
            yield "stream " + name, b"\n".join(kept)


def files(stack, but=()):
    """(its path, all that is in it) of every file below RUN_DIR, logs too, but of those whose paths begin with one of but."""
    for at, _, names in os.walk(stack.dir):
        for name in names:
            path = os.path.join(at, name)
            short = os.path.relpath(path, stack.dir)
            if not short.startswith(tuple(but)) and os.path.isfile(path):
                with open(path, "rb") as f:
                    yield short, f.read()


def command_lines(stack):
    """Of all processes of the stack: every user of the machine may read them."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                command = f.read()
        except OSError:
            continue
        if stack.dir.encode() in command:
            yield f"command line {command[:60]}", command


def told(stack, *commands):
    """What programs say when asked: numbers, discovery, and hanokctl with each line of words."""
    for name in SERVICES:
        for path in ("/metrics", "/readyz"):
            yield f"{path} of {name}", stack.admin(name, path).body
    with stack.bus() as bus:
        for name in SERVICES:
            for verb in ("INFO", "STATS"):
                yield f"$SRV.{verb} of {name}", bus.request(f"$SRV.{verb}.{name}").data
    for words in commands:
        said = subprocess.run([f"{stack.dir}/bin/hanokctl", *words], capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
        yield "hanokctl " + " ".join(words), said.stdout + said.stderr


def settled(stack):
    """All sagas have ended and all events are sent."""
    eventually(lambda: stack.sql("select count(*) from hanok_auth.saga where done = 0") == [["0"]])
    eventually(lambda: sum(stack.metric(name, "hanok_outbox_pending") for name in SERVICES) == 0)
