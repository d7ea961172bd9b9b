#!/usr/bin/env python3
"""asvs.py [FILE] - checks docs/asvs.md: every requirement of level 1 and 2 is there once and in order, and each answer is
one of three: tests that exist (`FILE: CASE`, a test's case or a page's section), "not applicable because", or "open:".
The page's summary is as counted."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = "docs/asvs.md"
REQUIREMENTS = {1: 70, 2: 183}  # of ASVS 5.0.0
ROW = re.compile(r"^\| *(\d+\.\d+\.\d+) *\| *(\d) *\| *(.*?) *\| *(.*?) *\|$")
NAMED = re.compile(r"`([^`:]+): ([^`]+)`")
CASE = r"^(?:def|(?:static )?(?:void|bool|int)) {}\("
KINDS = ("tested", "not applicable", "open")


def kind_of(answer):
    if answer.startswith("`"):
        return "tested"
    if re.match(r"not applicable because \S", answer):
        return "not applicable"
    if re.match(r"open: \S", answer):
        return "open"
    return None


def missing(path, name):
    """What is wrong with a name; None when it is there."""
    full = os.path.join(ROOT, path)
    if not os.path.isfile(full):
        return f"there is no {path}"
    with open(full, encoding="utf-8") as f:
        text = f.read()
    if path.endswith(".md"):
        found = re.search(rf"^##+ {re.escape(name)}$", text, re.MULTILINE)
    else:
        found = re.search(CASE.format(re.escape(name)), text, re.MULTILINE)
    return None if found else f"{path} has no {name}"


def summary_of(counts):
    return [f"| {level} | " + " | ".join(str(counts[level, kind]) for kind in KINDS) + f" | {REQUIREMENTS[level]} |" for level in REQUIREMENTS]


def check(text):
    """Complaints, a line each."""
    rows = [(number, match) for number, line in enumerate(text.splitlines(), 1) if (match := ROW.match(line))]
    counts = {(level, kind): 0 for level in REQUIREMENTS for kind in KINDS}
    before = (0,)
    for number, match in rows:
        wanted, level, asks, answer = match.groups()
        place = tuple(map(int, wanted.split(".")))
        if place <= before:
            yield f"{number}: {wanted} comes after {'.'.join(map(str, before))}"
        before = place
        kind = kind_of(answer)
        if int(level) not in REQUIREMENTS or kind is None or not asks:
            yield f"{number}: {wanted} wants a level of 1 or 2, what it asks, and tests, \"not applicable because\" or \"open:\""
            continue
        counts[int(level), kind] += 1
        for path, name in NAMED.findall(answer):
            if why := missing(path, name):
                yield f"{number}: {wanted}: {why}"
        if kind == "tested" and not NAMED.match(answer):
            yield f"{number}: {wanted} names no test as `FILE: CASE`"
    for level, wanted in REQUIREMENTS.items():
        there = sum(counts[level, kind] for kind in KINDS)
        if there != wanted:
            yield f"level {level} has {there} requirements, ASVS {wanted}"
    for line in summary_of(counts):
        if line not in text.splitlines():
            yield f"the summary should have: {line}"


def main():
    page = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, PAGE)
    with open(page, encoding="utf-8") as f:
        complaints = list(check(f.read()))
    for line in complaints:
        print(f"{PAGE}:{line}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
