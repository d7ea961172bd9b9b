#!/usr/bin/env python3
# test/run: unsanitized
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
COUPON = "coupon hanok_coupon 10006 0.25/2 32/128 100 - # Coupons\n"
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
    copy.write(ROWS, copy.read(ROWS) + COUPON)
    copy.print()
    copy.print("--check")
    for name, *wanted in (
            ("cmd/coupon/docker-compose.yml", "image: hanok-coupon:", '"10006:10006"', "mem_limit: 128m", "coupon-migrate:"),
            ("deploy/kubernetes/base/coupon.yaml", "image: hanok-coupon\n", "runAsUser: 10006", "name: coupon-migrate", "128Mi"),
            ("deploy/systemd/hanok-coupon.service", "hanok-migrate@coupon.service", "coupon/mysql-password", "MemoryMax=128M"),
            ("deploy/systemd/coupon.conf", "mysql-user = hanok_coupon", "127.0.0.1:9105"),
            ("docker-compose.yml", "- coupon:10006:hanok_coupon\n", "coupon: {condition: service_healthy}"),
            ("deploy/compose/tls.yml", "  coupon:\n", "  coupon-migrate:\n"), ("deploy/compose/cluster.yml", "  coupon:\n"),
            ("deploy/prometheus/prometheus.yml", "- coupon\n"), ("deploy/prometheus/alerts.yml", 'job="coupon"'),
            ("deploy/kubernetes/base/kustomization.yaml", "- coupon.yaml\n"),
            ("deploy/kubernetes/overlays/dev/kustomization.yaml", "- name: hanok-coupon-migrate\n", "- hanok_coupon="),
            ("deploy/kubernetes/overlays/dev/passwords.conf", "coupon_password: "),
            ("deploy/kubernetes/overlays/prod/kustomization.yaml", "name: hanok-coupon,"),
            ("deploy/kubernetes/overlays/stage/kustomization.yaml", "name: hanok-coupon,")):
        text = copy.read(name)
        equal([part for part in wanted if part not in text], [], name)


@copied
def a_row_that_goes_takes_its_files_with_it(copy):
    before = copy.files()
    rows = copy.read(ROWS)
    copy.write(ROWS, rows + COUPON)
    copy.print()
    copy.write(ROWS, rows)
    assert "cmd/coupon/docker-compose.yml" in copy.print("--check", code=1)
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
    for row, column in (("Coupon hanok_coupon 10006 1/1 1/1 9 - # x", "name"), ("nats - 10006 1/1 1/1 9 - # x", "name"),
                        ("coupon hanok_user 10006 1/1 1/1 9 - # x", "schema"), ("coupon - ten 1/1 1/1 9 - # x", "user"),
                        ("coupon - 10004 1/1 1/1 9 - # x", "user"), ("coupon - 10003 1/1 1/1 9 - # x", "user"),
                        ("coupon - 99 1/1 1/1 9 - # x", "user"), ("coupon - 10006 2 1/1 9 - # x", "cpu"),
                        ("coupon - 10006 2/1 1/1 9 - # x", "cpu"), ("coupon - 10006 1/1 1M/2M 9 - # x", "memory"),
                        ("coupon - 10006 1/1 1/1 no - # x", "threads"), ("coupon - 10006 1/1 1/1 9 wings # x", "has"),
                        ("coupon - 10006 1/1 1/1 9", "has"), ("coupon - 10006", "cpu"), ("user - 10006 1/1 1/1 9 - # x", "name"),
                        ("coupon - 10006 1/1 1/1 9 -", "after #"), ("coupon - 10006 1/1 1/1 9 - #", "after #")):
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
