#!/usr/bin/env python3
"""deploy/services.py: what deployment repeats for each service is printed from its row, and a bad row is named."""
import os
import shutil
import subprocess
import sys
import tempfile

import tap
from stack import ROOT, SERVICES
from tap import case, equal

ROWS = "deploy/local/services.conf"
ZEBRA = "zebra hanok_zebra 10099 0.25/2 32/128 100 - # Zebras\n"
PARTS = ("deploy", "cmd", "docker-compose.yml")


class Copy:
    """The files that it reads and prints, in a folder of their own."""

    def __init__(self, folder):
        self.folder = folder
        for part in PARTS:
            if os.path.isdir(f"{ROOT}/{part}"):
                shutil.copytree(f"{ROOT}/{part}", f"{folder}/{part}", ignore=shutil.ignore_patterns("*.c", "*.h", "__pycache__"))
            else:
                shutil.copy(f"{ROOT}/{part}", folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name)) as f:
            return f.read()

    def write(self, name, text):
        with open(self.path(name), "w") as f:
            f.write(text)

    def print(self, *arguments, code=0):
        done = subprocess.run([self.path("deploy/services.py"), *arguments], text=True, capture_output=True, timeout=60)
        equal(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def files(self):
        names = [os.path.join(where, name) for part in PARTS for where, _, names in os.walk(self.path(part)) for name in names]
        return {name: self.read(name) for name in [*names, self.path("docker-compose.yml")] if "__pycache__" not in name}


def copied(function):
    """A case that gets a Copy."""
    def run():
        with tempfile.TemporaryDirectory(prefix="hanok-printed-") as folder:
            function(Copy(folder))
    run.__name__ = function.__name__
    return case(run)


@copied
def what_is_committed_is_as_it_is_printed(copy):
    equal(copy.print("--check"), "")


@copied
def a_row_is_all_it_takes(copy):
    copy.write(ROWS, copy.read(ROWS) + ZEBRA)
    copy.print()
    copy.print("--check")
    for name, *wanted in (
            ("cmd/zebra/docker-compose.yml", "image: hanok-zebra:", '"10099:10099"', "mem_limit: 128m", "zebra-migrate:"),
            ("deploy/kubernetes/base/zebra.yaml", "image: hanok-zebra\n", "runAsUser: 10099", "name: zebra-migrate", "128Mi"),
            ("deploy/systemd/hanok-zebra.service", "hanok-migrate@zebra.service", "zebra/mysql-password", "MemoryMax=128M"),
            ("deploy/systemd/zebra.conf", "mysql-user = hanok_zebra", "127.0.0.1:9198"),
            ("docker-compose.yml", "- zebra:10099:hanok_zebra\n", "zebra: {condition: service_healthy}"),
            ("deploy/compose/tls.yml", "  zebra:\n", "  zebra-migrate:\n"), ("deploy/compose/cluster.yml", "  zebra:\n"),
            ("deploy/prometheus/prometheus.yml", "- zebra\n"), ("deploy/prometheus/alerts.yml", 'job="zebra"'),
            ("deploy/kubernetes/base/kustomization.yaml", "- zebra.yaml\n"),
            ("deploy/kubernetes/overlays/dev/kustomization.yaml", "- name: hanok-zebra-migrate\n", "- hanok_zebra="),
            ("deploy/kubernetes/overlays/dev/passwords.conf", "zebra_password: "),
            ("deploy/kubernetes/overlays/prod/kustomization.yaml", "name: hanok-zebra,"),
            ("deploy/kubernetes/overlays/stage/kustomization.yaml", "name: hanok-zebra,")):
        text = copy.read(name)
        equal([part for part in wanted if part not in text], [], name)


@copied
def nothing_is_printed_of_who_plays_somebody_outside(copy):
    before = copy.files()
    copy.write(ROWS, before[copy.path(ROWS)] + "zebra - 10099 0.25/2 32/128 100 demo # Zebras\n")
    copy.print()
    equal([name for name, text in copy.files().items() if before.get(name) != text], [copy.path(ROWS)])


@copied
def a_row_that_goes_takes_its_files_with_it(copy):
    before = copy.files()
    rows = copy.read(ROWS)
    copy.write(ROWS, rows + ZEBRA)
    copy.print()
    copy.write(ROWS, rows)
    assert "cmd/zebra/docker-compose.yml" in copy.print("--check", code=1)
    copy.print()
    equal(copy.files(), before)


@copied
def a_change_by_hand_is_shown(copy):
    for name, old, new in (("cmd/user/docker-compose.yml", "mem_limit: 128m", "mem_limit: 129m"),
                           ("docker-compose.yml", "      - user:10003:hanok_user\n", "")):
        text = copy.read(name)
        assert old in text, name
        copy.write(name, text.replace(old, new))
        said = copy.print("--check", code=1)
        assert name in said and old.strip() in said, said
        copy.print()
        equal(copy.read(name), text)


@copied
def a_bad_row_is_named_with_its_column(copy):
    rows = copy.read(ROWS)
    line = rows.count("\n") + 1
    for row, column in (("Zebra hanok_zebra 10099 1/1 1/1 9 - # x", "name"), ("nats - 10099 1/1 1/1 9 - # x", "name"),
                        ("zebra hanok_user 10099 1/1 1/1 9 - # x", "schema"), ("zebra - ten 1/1 1/1 9 - # x", "user"),
                        ("zebra - 10004 1/1 1/1 9 - # x", "user"), ("zebra - 10003 1/1 1/1 9 - # x", "user"),
                        ("zebra - 99 1/1 1/1 9 - # x", "user"), ("zebra - 10099 2 1/1 9 - # x", "cpu"),
                        ("zebra - 10099 2/1 1/1 9 - # x", "cpu"), ("zebra - 10099 1/1 1M/2M 9 - # x", "memory"),
                        ("zebra - 10099 1/1 1/1 no - # x", "threads"), ("zebra - 10099 1/1 1/1 9 wings # x", "has"),
                        ("zebra - 10099 1/1 1/1 9", "has"), ("zebra - 10099", "cpu"), ("user - 10099 1/1 1/1 9 - # x", "name"),
                        ("zebra - 10099 1/1 1/1 9 -", "after #"), ("zebra - 10099 1/1 1/1 9 - #", "after #")):
        copy.write(ROWS, rows + row + "\n")
        said = copy.print(code=1)
        assert said.startswith(f"services.py: {ROWS}:{line}: {column} "), f"{row}: {said}"


@copied
def a_bad_template_is_named(copy):
    name = "deploy/templates/systemd.conf"
    text = copy.read(name)
    for wrong, why in (("#if schema\n", "without its #end"), ("#end\n", "without an #if"), ("x = @nothing@\n", "@nothing@"),
                       ("#if wings\n#end\n", "'wings'")):
        copy.write(name, text + wrong)
        said = copy.print(code=1)
        assert name in said and why in said, said
    copy.write(name, text)
    for name in ("docker-compose.yml", "deploy/compose/tls.yml"):
        text = copy.read(name)
        copy.write(name, text.replace("  # end\n", "", 1))
        assert f"{name}: a list without its end" in copy.print(code=1)
        copy.write(name, text)


@case
def the_rows_are_those_of_the_programs():
    for name in SERVICES:
        assert os.path.exists(f"{ROOT}/cmd/{name}/main.c"), name


if __name__ == "__main__":
    sys.exit(tap.run())
