#!/usr/bin/env python3
"""new_service.py NAME [ROW] - writes a service that builds, runs and passes its tests: `make new-service NAME=coupon`.

ROW is what its table keeps, where that is not called as the service is: `make new-service NAME=catalog ROW=product`. The
files are those of tree/, with both in their names and texts (@name@, @NAME@; @row@, @Row@, @ROW@); in the files that have
a row for each service, rows are added (ROWS below). All of it is made in a folder beside first, and only then moved to
its place: a mistake leaves nothing behind, and what is there already is never overwritten.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TREE = os.path.join(ROOT, "tool/new_service/tree")
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "deploy"))
import services  # noqa: E402

HEADERS = ("<assert.h>", "<errno.h>", "<stdio.h>", "<stdlib.h>", "<string.h>", "<sys/stat.h>", '"tool/service/service.h"')
ROWS = (  # file; the text after whose last match a row is added; the row, <N> filling up to column N
    ("deploy/local/services.conf", r"^[a-z].*\n",
     "@name@<10>hanok_@name@<24>@user@<31>0.25/2<39>32/128<47>100<56>-<62># @Row@s\n"),
    ("deploy/gateway/routes.conf", r"^[A-Z].*\n",
     "POST @path@<29>@name@.create<49>auth=bearer status=201 location=@path@/{@row@Id} idempotency=yes etag=yes rate=callers\n"
     "GET  @path@/{@row@Id}<29>@name@.get<49>auth=bearer etag=yes rate=callers\n"),
    ("tool/lint/layers.txt", r"^dataservice/.*\n", "dataservice/@name@:<21>model tool/store\n"),
    ("tool/lint/layers.txt", r"^usecase/.*\n", "usecase/@name@:<21>dataservice/@name@ protocol tool/core tool/event tool/outbox\n"),
    ("tool/lint/layers.txt", r"^cmd/.*\n",
     "cmd/@name@:<21>protocol usecase/@name@ tool/core tool/service\n"),
    ("protocol/operations.c", r'^#include "protocol/.*\n', '#include "protocol/@name@.h"\n'),
    ("protocol/operations.c", r"&\w+,\s+(?=NULL,)", "&@NAME@_CREATE, &@NAME@_GET, "),
    ("protocol/events.c", r'^#include "protocol/.*\n', '#include "protocol/@name@.h"\n'),
    ("protocol/events.c", r"^    \w+_EVENTS,\n", "    @NAME@_EVENTS,\n"),
    ("test/dataservice/tables.c", r'^#include "dataservice/.*\n', '#include "dataservice/@name@/@row@_store.h"\n'),
    ("test/dataservice/tables.c", r'^    \{"\w+", +&\w+_TABLE\},\n', '    {"@name@", &@ROW@_TABLE},\n'),
)


DEAD_LETTERS, OUTBOX = "../common/dead_letter.sql", "../common/outbox.sql"


class Wrong(Exception):
    """Why nothing was done."""


def read(path):
    with open(os.path.join(ROOT, path)) as f:
        return f.read()


def run(*command):
    """What the command prints."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Wrong(f"{' '.join(command)} failed")
    return done.stdout


class NewService:
    def __init__(self, name, keeps):
        rows = services.services()
        numbers = [n for n in services.USERS if str(n) not in services.TAKEN_USERS]
        self.name = name
        self.words = {"name": name, "NAME": name.upper(), "row": keeps, "Row": keeps.capitalize(), "ROW": keeps.upper(),
                      "path": "/" + keeps + ("" if keeps.endswith("s") else "s"),
                      "user": str(next(n for n in numbers if n > max(int(row.user) for row in rows)))}
        self.check(name, keeps, rows)

    def check(self, name, keeps, rows):
        try:
            services.Service("new-service", self.row(ROWS[0][2]))
        except services.Wrong as wrong:
            raise Wrong(str(wrong).removeprefix("new-service: ")) from None
        if name in [one.name for one in rows]:
            raise Wrong(f"there is a service {name} already")
        if not re.fullmatch("[a-z][a-z0-9]{1,19}", keeps):
            raise Wrong(f"ROW is '{keeps}'; it must be 2 to 20 lower-case letters and digits")
        test = "".join(f"#include {header}\n" for header in HEADERS) + \
            f"struct {keeps} {{ int {keeps}; }};\nenum {{ {keeps.upper()} }};\n"
        done = subprocess.run(["gcc", "-std=c17", "-D_GNU_SOURCE", "-I.", "-fsyntax-only", "-xc", "-"], cwd=ROOT, text=True,
                              input=test, capture_output=True)
        if done.returncode:
            why = next((line for line in done.stderr.splitlines() if "error:" in line), done.stderr)
            raise Wrong(f"{keeps} cannot be a name in C here: {why.partition('error: ')[2]}; say ROW=... for what {name} keeps")

    def fill(self, text):
        return re.sub(r"@(name|NAME|row|Row|ROW|path|user)@", lambda m: self.words[m[1]], text)

    def row(self, text):
        """The lines, each filled up with blanks, at least one, where it says <N>."""
        lines = []
        for line in self.fill(text).splitlines(keepends=True):
            parts = re.split(r"<(\d+)>", line)
            made = parts[0]
            for column, part in zip(parts[1::2], parts[2::2]):
                made = (made + " ").ljust(int(column)) + part
            lines.append(made)
        return "".join(lines)

    def write(self, folder):
        """All files as they will be, below folder: (those that are new, those that get a row)."""
        new, changed = [], {}
        for source in glob.glob(f"{TREE}/**/*.in", recursive=True):
            path = os.path.relpath(source, TREE).removesuffix(".in")
            own = self.fill(re.match(r".*?@(name|row)@[^/]*", path)[0])
            if os.path.lexists(os.path.join(ROOT, own)):
                raise Wrong(f"{own} is there already")
            new.append(self.fill(path))
            put(folder, new[-1], self.fill(read(source)))
            shutil.copymode(source, os.path.join(folder, new[-1]))
        for number, table in enumerate(common_migrations(), 2):
            new.append(f"dataservice/migrations/{self.name}/{number:03}_{os.path.basename(table)}")
            os.symlink(table, os.path.join(folder, new[-1]))
        for path, after, row in ROWS:
            text = changed.get(path) or read(path)
            places = list(re.finditer(after, text, re.MULTILINE))
            if not places:
                raise Wrong(f"{path} has no place for '{self.row(row).strip()}'")
            changed[path] = text[:places[-1].end()] + self.row(row) + text[places[-1].end():]
        for path, text in changed.items():
            put(folder, path, text)
        code = [os.path.join(folder, path) for path in (*new, *changed) if path.endswith((".c", ".h"))]
        run("clang-format", "-i", f"--style=file:{ROOT}/.clang-format", *code)
        return new, list(changed)


def common_migrations():
    """What the schema of every service that says events has, and who hears some, as the links go."""
    schemas = [os.path.join(ROOT, "dataservice/migrations", row.name) for row in services.services() if "schema" in row.words]
    links = [[os.readlink(path) for path in sorted(glob.glob(f"{schema}/*.sql")) if os.path.islink(path)] for schema in schemas]
    links = [of_schema for of_schema in links if OUTBOX in of_schema]
    return [link for link in links[0] if all(link in others for others in links)] + [DEAD_LETTERS]


def put(folder, path, text):
    os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
    with open(os.path.join(folder, path), "w") as f:
        f.write(text)


def print_again():
    """What is printed from rows and programs, and the messages that every later release shall understand."""
    recorder = "build/release/test/corpus/corpus_test"
    run("deploy/services.py")
    run("make", "-s", "--no-print-directory", "V=0", "BUILD=release", "CC=gcc", f"-j{os.cpu_count()}", "all", recorder)
    put(ROOT, "docs/settings.md", run("tool/lint/settings.sh"))
    put(ROOT, "docs/events.md", run("tool/lint/events.py"))
    put(ROOT, "deploy/nats/users.conf", run("deploy/nats/users.sh", "build/release"))
    run(recorder, "--record")


def main(arguments):
    name, keeps = (*arguments, "", "")[:2]
    if not name:
        raise Wrong("say which, for example: make new-service NAME=coupon")
    service = NewService(name, keeps or name)
    with tempfile.TemporaryDirectory(prefix=".new-service-", dir=ROOT) as folder:
        new, changed = service.write(folder)
        for path in (*new, *changed):
            os.makedirs(os.path.dirname(os.path.join(ROOT, path)), exist_ok=True)
            os.replace(os.path.join(folder, path), os.path.join(ROOT, path))
    print("Written:", *sorted(new), "Rows were added to:", *sorted(changed), sep="\n    ")
    print_again()
    print(f"Printed again: what follows from them. Next: make test T={service.name}, then docs/adding-a-service.md")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Wrong as wrong:
        sys.exit(f"new-service: {wrong}")
