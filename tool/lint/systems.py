#!/usr/bin/env python3
"""systems.py [FILE] - checks docs/systems.md: each statement has tests, and they exist (`FILE: CASE`)."""
import os
import re
import sys

sys.dont_write_bytecode = True

from asvs import NAMED, ROOT, missing  # noqa: E402

PAGE = "docs/systems.md"
ROW = re.compile(r"^\| (?!statement |-)(.*?) \| (.*?) \| (.*?) \|$")
LEAST = 30  # rows: fewer, and it is another page


def check(text):
    """Complaints, a line each."""
    rows = [(number, match) for number, line in enumerate(text.splitlines(), 1) if line.startswith("| ") and (match := ROW.match(line))]
    for number, match in rows:
        statement, _, tests = match.groups()
        if not NAMED.search(tests):
            yield f"{number}: \"{statement}\" names no test as `FILE: CASE`"
        for path, name in NAMED.findall(tests):
            if why := missing(path, name):
                yield f"{number}: {why}"
    if len(rows) < LEAST:
        yield f"1: there are {len(rows)} statements, {LEAST} are wanted at least"


def main():
    page = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, PAGE)
    with open(page, encoding="utf-8") as f:
        complaints = list(check(f.read()))
    for line in complaints:
        print(f"{PAGE}:{line}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
