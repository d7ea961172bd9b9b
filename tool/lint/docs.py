#!/usr/bin/env python3
"""docs.py [FILE PAGE] - checks what the pages for people name, in all of them or in FILE as if it stood at PAGE:
links, with their sections; targets and variables of make, and what T= restricts to; files; tests as `FILE: CASE`; names in
C, SQL, Python and metrics; subjects; settings; in tables of operations what doctor looks at, in quotes. And that it has each alert."""
import functools
import glob
import os
import re
import shlex
import sys

sys.dont_write_bytecode = True

from asvs import ROOT, missing  # noqa: E402

OPERATIONS, SETTINGS, ALERTS = "docs/operations.md", "docs/settings.md", "deploy/prometheus/alerts.yml"
LEFT_OUT = re.compile(r"^(\.git|build|\.run.*|node_modules|__pycache__|.*_corpus)$")
# Names that are not ours: of MariaDB, Linux, and options of the nats command.
FOREIGN = {"binlog_expire_logs_seconds", "mysql_native_password", "sched_setattr", "--tlsca", "--headers-only", "--match-replies"}
LINK = re.compile(r"(?<!\\)\[[^][]*\]\(([^()\s]+)\)")
SPAN = re.compile(r"`([^`]+)`")
MAKE = re.compile(r"(?:^|[;&|($]\s*|\s)((?:[A-Z_]+=\S+\s+)*)make((?:\s+[^;&|#)]*)?)(?:$|[;&|#)])")
NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?=$|\{)")
CASE = re.compile(r"([\w./-]+/[\w.-]+\.(?:c|py|md)): (.+)")
PATH = re.compile(r"\w[\w.*{},/-]*")
SUBJECT = re.compile(r"[a-z][a-z0-9]*(\.[a-z_]+)+")
FLAG = re.compile(r"--[a-z][a-z0-9-]+")
SENTENCE = re.compile(r'"([a-z][a-z ]+ [^"`]*)"')


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as f:
        return f.read()


@functools.cache
def files():
    found = []
    for where, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not LEFT_OUT.match(name)]
        found += [os.path.relpath(os.path.join(where, name), ROOT) for name in names]
    return found


@functools.cache
def text_of_all():
    """All that is no page; settings and their bounds are a page that programs print."""
    return "\n".join(read(path) for path in files() if not path.endswith((".md", ".png", ".pyc"))) + read(SETTINGS)


@functools.cache
def words():
    """Each name that occurs in a file, or is one's, without its ending."""
    return set(re.findall(r"\w+", text_of_all())) | {os.path.basename(path).split(".")[0] for path in files()}


@functools.cache
def flags():
    return set(FLAG.findall(text_of_all())) | {"--" + name for name in re.findall(r'"([a-z][a-z0-9-]+)"', text_of_all())}


@functools.cache
def composed():
    """Sentences that a macro puts together, each as a pattern: "each version of " one_ " was said"."""
    return [re.compile(re.escape(begin) + ".+" + re.escape(end)) for begin, end in re.findall(r'"([a-z][a-z ]+ )" \w+ "( [a-z ]+)"', text_of_all())]


@functools.cache
def targets():
    return set(re.findall(r"^([a-z][a-z-]*):(?!=)", read("Makefile") + read("build.mk"), re.MULTILINE))


@functools.cache
def variables():
    return set(re.findall(r"^#: ([A-Z_]+)", read("Makefile"), re.MULTILINE)) | {"V"}


@functools.cache
def services():
    return set(re.findall(r"^([a-z][a-z0-9]*) ", read("deploy/local/services.conf"), re.MULTILINE))


@functools.cache
def tests():
    return [path for path in files() if re.search(r"(_test|_fuzz)\.c$|/e2e_\w+\.py$", path)]


@functools.cache
def sections(path):
    """What a link to a heading of a page ends with, as GitHub makes it."""
    text = re.sub(r"^```.*?^```", "", read(path), flags=re.MULTILINE | re.DOTALL)
    return {re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-") for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


def of_link(page, target):
    if re.match(r"[a-z]+:", target):
        return
    path, _, section = target.partition("#")
    path = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
    if not os.path.exists(os.path.join(ROOT, path)):
        yield f"there is no {path}"
    elif section and section not in sections(path):
        yield f"{path} has no section #{section}"


def of_make(code, example):
    """Of a line of a shell, without what is a comment of it."""
    for before, behind in MAKE.findall(code):
        try:
            said = shlex.split(before + behind)
        except ValueError:
            said = (before + behind).split()
        for word in said:
            name, is_set, value = word.partition("=")
            if not is_set and re.fullmatch("[a-z][a-z0-9-]*", word) and word not in targets():
                yield f"make has no target {word}"
            elif is_set and re.fullmatch("[A-Z_]+", name) and not name.startswith("HANOK_") and name not in variables():
                yield f"make has no variable {name}"
            elif name == "T" and value not in example and not any(value in test for test in tests()):
                yield f"no test has {value} in its name"


def of_span(code, example):
    name, case = NAME.match(code), CASE.fullmatch(code)
    if any(one in code for one in example) or code in FOREIGN:
        return
    if case:
        yield from filter(None, [missing(*case.groups())])
    elif name and re.fullmatch(r"\w+(\{.*\})?", code) and name[0] not in words():
        yield f"nothing is called {name[0]}"
    elif PATH.fullmatch(code) and "/" in code and os.path.isdir(os.path.join(ROOT, code.split("/")[0])):
        first, brace, rest = code.partition("{")
        some, _, end = rest.partition("}")
        for path in [first + one + end for one in some.split(",")] if brace else [code]:
            if not glob.glob(os.path.join(ROOT, path)):
                yield f"there is no {path}"
    elif SUBJECT.fullmatch(code) and code.split(".")[0] in services() and code not in text_of_all():
        yield f"there is no subject or event {code}"
    elif (flag := FLAG.match(code)) and flag[0] not in flags() | FOREIGN:
        yield f"nobody has the setting {flag[0]}"


def of_line(page, line, example):
    """Of what people read, not of a block of commands."""
    for target in LINK.findall(SPAN.sub("code", line)):
        yield from of_link(page, target)
    for code in SPAN.findall(line):
        yield from of_span(code, example)
        yield from of_make(code, example)
    for check in SENTENCE.findall(line) if page == OPERATIONS and line.startswith("| ") else ():
        if check not in text_of_all() and not any(one.fullmatch(check) for one in composed()):
            yield f'nobody looks whether "{check}"'


def check(page, text):
    """Complaints, a line each."""
    example = set(re.findall(r"new-service NAME=(\w+)", text))
    block = None  # in one of commands: True, in another one: False
    for number, line in enumerate(text.splitlines(), 1):
        said = ()
        if line.startswith("```"):
            block = None if block is not None else line.startswith(("```sh", "```console"))
        elif block is None:
            said = of_line(page, line, example)
        elif block:
            said = of_make(re.sub(r"(^|\s)#.*", "", line.removeprefix("$ ")), example)
        for why in said:
            yield f"{page}:{number}: {why}"
    for alert in sorted(set(re.findall(r"^ +- alert: (\w+)$", read(ALERTS), re.MULTILINE))) if page == OPERATIONS else ():
        if f"`{alert}`" not in text:
            yield f"{page}:1: it has nothing of the alert {alert}"


def main():
    if len(sys.argv) > 1:
        file, page = sys.argv[1:]
        with open(file, encoding="utf-8") as f:
            complaints = list(check(page, f.read()))
    else:
        pages = sorted(path for path in files() if path.endswith(".md") and path != SETTINGS)
        complaints = [line for page in pages for line in check(page, read(page))]
    print(*complaints, sep="\n", end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
