#!/usr/bin/env python3
"""services.py [--check] - prints what deployment repeats for each service from its row in deploy/local/services.conf.

Two kinds of text: deploy/templates/* makes a file a service (PRINTED below), and in files that are written by hand, a
list with an entry a service stands between two comments, with its template above it:

    # for each service [that has [no] WORD], printed by deploy/services.py:
    # | - @name@
    - gateway
    # end

In both, @column@ is a column's value, and lines between `#if WORD` and `#end` (with an `#else`) are for services that
have WORD: schema, http, keys, provider. With --check nothing is written: what is not as it would be printed is shown, and the
end is 1. A row that has demo is nobody's in production: nothing is printed for it.
"""
import difflib
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROWS = "deploy/local/services.conf"
COLUMNS = ("name", "schema", "user", "cpu", "memory", "threads", "has")
THINGS = {"http", "keys", "provider"}
DEMO = "demo"
WORDS = {"schema", *THINGS}
USERS = range(10001, 10100)
TAKEN_USERS = {"10004": "hanok-migrate", "10005": "hanok-streams"}
TAKEN_NAMES = {"nats", "mysql", "migrate", "streams", "ctl", "inspector", "operator", "db", "secrets", "prometheus"}
PRINTED = {  # template: the file it makes
    "compose.yml": "cmd/@name@/docker-compose.yml",
    "kubernetes.yaml": "deploy/kubernetes/base/@name@.yaml",
    "systemd.service": "deploy/systemd/hanok-@name@.service",
    "systemd.conf": "deploy/systemd/@name@.conf",
}
HEADER = "# Printed by deploy/services.py from a row of " + ROWS
LIST = re.compile(r"( *)# for each service(?: that has (no )?(\w+))?, printed by deploy/services\.py:\n")


class Wrong(Exception):
    """What is wrong, as FILE:LINE: what."""


class Service:
    """A row. What a template may name are its attributes."""

    def __init__(self, where, line):
        text, hash_sign, summary = line.partition("#")
        fields = text.split()
        if len(fields) < len(COLUMNS):
            raise Wrong(f"{where}: {COLUMNS[len(fields)]} is missing; a row has {', '.join(COLUMNS)}")
        values = dict(zip(COLUMNS, fields))

        def want(column, pattern, what):
            if not re.fullmatch(pattern, values[column]):
                raise Wrong(f"{where}: {column} is '{values[column]}'; it must be {what}")

        want("name", r"[a-z][a-z0-9]{1,19}", "2 to 20 lower-case letters and digits")
        self.name = values["name"]
        if self.name in TAKEN_NAMES:
            raise Wrong(f"{where}: name is '{self.name}', which is something else's")
        want("schema", f"-|hanok_{self.name}", f"hanok_{self.name}, or - without a database")
        want("user", r"\d+", "a number")
        if int(values["user"]) not in USERS or values["user"] in TAKEN_USERS:
            owner = TAKEN_USERS.get(values["user"])
            raise Wrong(f"{where}: user is '{values['user']}'" + (f", which is {owner}'s" if owner else
                        f"; it must be from {USERS[0]} to {USERS[-1]}"))
        number = r"[1-9]\d*|\d+\.\d+"
        want("cpu", f"({number})/({number})", "cores asked for and at most, as in 0.25/2")
        want("memory", r"[1-9]\d*/[1-9]\d*", "MiB asked for and at most, as in 32/128")
        want("threads", r"[1-9]\d*", "a number")
        want("has", r"-|[a-z]+(,[a-z]+)*", "words with commas between, or -")
        self.words = set(values["has"].split(",")) - {"-"}
        if self.words - {*THINGS, DEMO}:
            raise Wrong(f"{where}: has is '{values['has']}'; it knows {', '.join(sorted({*THINGS, DEMO}))}")
        for column in ("cpu", "memory"):
            request, limit = values[column].split("/")
            if float(request) > float(limit):
                raise Wrong(f"{where}: {column} is '{values[column]}': more is asked for than may be taken")
            setattr(self, column + "_request", request)
            setattr(self, column + "_limit", limit)
        self.summary = summary.strip()
        if not hash_sign or not self.summary:
            raise Wrong(f"{where}: after # a row says what the service is")
        self.schema, self.user, self.threads, self.has = (values[c] for c in ("schema", "user", "threads", "has"))
        if self.schema != "-":
            self.words.add("schema")
        # An engine refuses more than its machine has.
        self.cpu_limit_2 = min(float(self.cpu_limit), 2.0)
        self.admin_port = 9100 + int(self.user) - USERS[0]

    def has_word(self, word, where):
        if word not in WORDS:
            raise Wrong(f"{where}: there is no word '{word}'; there are {', '.join(sorted(WORDS))}")
        return word in self.words


def rows(path=os.path.join(ROOT, ROWS)):
    """All of them, in their order."""
    found = []
    with open(path) as f:
        for number, line in enumerate(f, 1):
            if line.split("#")[0].strip():
                where = f"{os.path.relpath(path, ROOT)}:{number}"
                one = Service(where, line)
                for other in found:
                    for column in ("name", "user"):
                        if getattr(one, column) == getattr(other, column):
                            raise Wrong(f"{where}: {column} is '{getattr(one, column)}', as {other.name}'s is")
                found.append(one)
    return found


def services():
    """The rows of what is deployed."""
    return [row for row in rows() if DEMO not in row.words]


def expand(template, service, where):
    """The template's lines for a service."""
    lines, wanted = [], [True]
    for line in template:
        word = re.fullmatch(r"#(if (\w+)|else|end)\n", line)
        if not word:
            if all(wanted):
                lines.append(re.sub(r"@(\w+)@", lambda m: str(value(service, m[1], where)), line))
        elif word[2]:
            wanted.append(service.has_word(word[2], where))
        elif len(wanted) == 1:
            raise Wrong(f"{where}: #{word[1]} without an #if")
        elif word[1] == "else":
            wanted[-1] = not wanted[-1]
        else:
            wanted.pop()
    if len(wanted) > 1:
        raise Wrong(f"{where}: an #if without its #end")
    return lines


def value(service, column, where):
    try:
        return getattr(service, column)
    except AttributeError:
        raise Wrong(f"{where}: there is no column @{column}@") from None


def read(path):
    with open(os.path.join(ROOT, path)) as f:
        return f.readlines()


def filled(lines, deployed, where):
    """The lines of a file that is written by hand, its lists as they are printed."""
    made, rest = [], iter(lines)
    for line in rest:
        made.append(line)
        if not (start := LIST.fullmatch(line)):
            continue
        indent, no, word = start.groups()
        template, end = [], None
        for line in rest:
            if line == f"{indent}# end\n":
                end = line
            if not line.startswith(indent) or end or LIST.fullmatch(line):
                break
            if text := re.fullmatch(rf"{indent}# \| (.*)\n", line):
                template.append(text[1] + "\n")
                made.append(line)
        if not end:
            raise Wrong(f"{where}: a list without its end")
        for service in deployed:
            if not word or service.has_word(word, where) != bool(no):
                made += [indent + text for text in expand(template, service, where)]
        made.append(end)
    return made


def with_lists():
    """Files that are written by hand and hold a list to be printed."""
    names = ["docker-compose.yml", *glob.glob("deploy/**/*.*", root_dir=ROOT, recursive=True)]
    return [name for name in names if name.endswith((".yml", ".yaml", ".conf")) and any(map(LIST.fullmatch, read(name)))]


def printed():
    """Every file that is printed, wholly or in part, with its lines; None for one whose row is gone."""
    deployed, files = services(), {}
    for template, path in PRINTED.items():
        for name in glob.glob(path.replace("@name@", "*"), root_dir=ROOT):
            if read(name)[0].startswith(HEADER):
                files[name] = None
        for service in deployed:
            where = f"deploy/templates/{template}"
            files[path.replace("@name@", service.name)] = [f"{HEADER} and {where}.\n", *expand(read(where), service, where)]
    for name in with_lists():
        files[name] = filled(read(name), deployed, name)
    return files


def main(arguments):
    check = arguments == ["--check"]
    if arguments and not check:
        sys.exit("usage: services.py [--check]")
    different = False
    for name, lines in printed().items():
        path = os.path.join(ROOT, name)
        now = read(name) if os.path.exists(path) else []
        if now == lines:
            continue
        different = True
        if check:
            sys.stdout.writelines(difflib.unified_diff(now, lines or [], name, "as printed", n=0))
        elif lines is None:
            os.unlink(path)
        else:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                f.writelines(lines)
    return check and different


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Wrong as wrong:
        sys.exit(f"services.py: {wrong}")
