#!/usr/bin/env python3
"""Follows the logs of a stack, merged: `make logs`. FOLLOW=off prints what there is and returns.

A JSON line becomes `time level service msg key=value ...`; what nats-server and MariaDB write is passed on
behind their name. Rotated and newly started logs are picked up.
"""
import glob
import json
import os
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BACKLOG = 65536  # bytes of each log shown at first
COLOURS = {"warn": "33", "error": "31"}
FIRST = ("time", "level", "service", "msg")


class Tail:
    """One log file by its name, whatever file has that name at the moment."""

    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)[:-len(".log")]
        self.file = None
        self.rest = b""

    def open(self, skip_to_end):
        self.file = open(self.path, "rb")
        size = os.fstat(self.file.fileno()).st_size
        if skip_to_end and size > BACKLOG:
            self.file.seek(size - BACKLOG)
            self.file.readline()

    def replaced(self):
        try:
            return os.stat(self.path).st_ino != os.fstat(self.file.fileno()).st_ino
        except OSError:
            return False

    def lines(self, first=False):
        try:
            if self.file is None:
                self.open(skip_to_end=first)
            data = self.file.read()
            if not data and self.replaced():
                data = self.file.read()  # its last words
                self.file.close()
                self.open(skip_to_end=False)
                data += self.file.read()
        except OSError:
            return []
        *whole, self.rest = (self.rest + data).split(b"\n")
        return [line.decode(errors="replace") for line in whole]


def value_text(value):
    if isinstance(value, str):
        return value if value and " " not in value else json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)


def readable(name, line, colour):
    try:
        entry = json.loads(line)
        assert isinstance(entry, dict)
    except (ValueError, AssertionError):
        return f"{name}: {line}"
    level = str(entry.get("level", ""))
    text = "{} {:5} {:8} {}".format(str(entry.get("time", ""))[11:23], level, str(entry.get("service", name)),
                                   entry.get("msg", ""))
    rest = " ".join(f"{k}={value_text(v)}" for k, v in entry.items() if k not in FIRST)
    text = f"{text}  {rest}" if rest else text
    return f"\033[{COLOURS[level]}m{text}\033[0m" if colour and level in COLOURS else text


def time_of(line):
    """The time of a JSON line; lines without one stay behind the line before them."""
    try:
        return json.loads(line).get("time", "")
    except (ValueError, AttributeError):
        return ""


def backlog(tails):
    merged = []
    for tail in tails.values():
        last = ""
        for line in tail.lines(first=True):
            last = time_of(line) or last
            merged.append((last, tail.name, line))
    return [(name, line) for _, name, line in sorted(merged, key=lambda entry: entry[0])]


def main():
    run_dir = os.path.join(ROOT, os.environ.get("RUN_DIR") or ".run")
    follow = os.environ.get("FOLLOW", "on") != "off"
    colour = sys.stdout.isatty()
    tails = {}

    def look_for_logs():
        for path in glob.glob(os.path.join(run_dir, "*.log")):
            tails.setdefault(path, Tail(path))

    look_for_logs()
    if not tails:
        sys.exit(f"There are no logs in {run_dir}; make up starts Hanok.")
    for name, line in backlog(tails):
        print(readable(name, line, colour))
    while follow:
        sys.stdout.flush()
        time.sleep(0.2)
        look_for_logs()
        for tail in tails.values():
            for line in tail.lines():
                print(readable(tail.name, line, colour))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (KeyboardInterrupt, BrokenPipeError):
        sys.stderr.close()  # nobody reads any more
        sys.exit(0)
