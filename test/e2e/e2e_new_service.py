#!/usr/bin/env python3
"""docs/adding-a-service.md: its commands, one after the other, in a copy of the tree, lead to a service that runs."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import tap
from stack import ROOT, SERVICES, free_port
from tap import case, equal

NAME = "voucher" if "coupon" in SERVICES else "coupon"  # a tree where somebody did as the page says is tested too
LEFT_OUT = shutil.ignore_patterns(".git", ".run*", "build", "__pycache__", "node_modules", ".new-service-*")
TESTS = shutil.ignore_patterns("*_test", "*_bench", "*.deb")  # as programs


class Copy:
    """The tree in a folder of its own, with the release as far as it is built, and a shell in it."""

    def __init__(self, home):
        self.folder = shutil.copytree(ROOT, f"{home}/hanok", symlinks=True, ignore=LEFT_OUT)
        if os.path.isdir(f"{ROOT}/build/release"):
            shutil.copytree(f"{ROOT}/build/release", f"{self.folder}/build/release", symlinks=True, ignore=TESTS)
        ports = {name: str(free_port()) for name in ("HTTP_PORT", "NATS_PORT", "MYSQL_PORT")}
        self.environment = {**{k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "HANOK_")) and k != "T"},
                            **ports, "RUN_DIR": f"{home}/run", "BUILD": "release", "CC": "gcc"}

    def run(self, script, code=0):
        """What it prints, both streams."""
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=self.folder, env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=900)
        equal(done.returncode, code, f"{script}: {done.stdout}")
        return done.stdout

    def files(self):
        return {os.path.join(where, name) for where, folders, names in os.walk(self.folder)
                for name in (*folders, *names) if "__pycache__" not in where and name != "__pycache__"}


def page():
    with open(f"{ROOT}/docs/adding-a-service.md") as f:
        return f.read().replace("coupon", NAME)


def command(number):
    """A block of commands of the page, by its place."""
    return re.findall(r"^```sh\n(.*?)^```", page(), re.MULTILINE | re.DOTALL)[number]


@case
def a_bad_name_leaves_nothing_behind(copy):
    before = copy.files()
    assert before
    for name, why in (("", "say which"), ("Coupon", "lower-case"), ("a-b", "lower-case"), ("x", "lower-case"), ("int", "name in C"),
                      ("stat", "name in C"), ("user", "there is a service"), ("operations", "protocol/operations.h is there"),
                      ("table", "ROW="), ("common", "migrations/common is there"), ("nats", "something else's"), ("a b", "")):
        said = copy.run(f"tool/new_service/new_service.py '{name}'", code=1)
        assert said.startswith("new-service: ") and why in said, f"{name}: {said}"
        equal(copy.files() ^ before, set(), name)


@case
def the_first_commands_make_a_service_that_passes_its_tests(copy):
    said = copy.run(command(0))
    last = said.splitlines()[-1]
    assert re.fullmatch(r"[1-9]\d* passed, 0 failed, 0 skipped", last), said
    for test in (f"usecase/{NAME}/{NAME}_test", f"test/e2e/e2e_{NAME}.py"):
        assert f"ok   {test}" in said, said


@case
def it_is_not_written_again(copy):
    assert f"there is a service {NAME} already" in copy.run(f"tool/new_service/new_service.py {NAME}", code=1)


@case
def its_lines_are_as_many_as_the_page_says(copy):
    lines = int(copy.run(command(1)))
    assert lines <= 100, lines
    equal(f"says {lines}." in page(), True, f"{lines} lines")


@case
def it_passes_what_lint_has_of_ours(copy):
    copy.run("shopt -s globstar; NAME=" + NAME + """
        mine=({model,protocol,usecase/$NAME,dataservice/$NAME,cmd/$NAME}/$NAME*.[ch] cmd/$NAME/main.c protocol/operations.c)
        mapfile -t mine < <(ls "${mine[@]}" 2>/dev/null)
        awk -f tool/lint/layers.awk tool/lint/layers.txt **/*.[ch]
        awk -f tool/lint/banned.awk tool/lint/banned.txt "${mine[@]}"
        awk -f tool/lint/sizes.awk "${mine[@]}" test/e2e/e2e_$NAME.py deploy/local/services.conf deploy/gateway/routes.conf
        if command -v clang-format; then clang-format --dry-run -Werror "${mine[@]}"; fi""")


@case
def what_is_printed_has_it(copy):
    copy.run("NAME=" + NAME + """; deploy/services.py --check
        tool/lint/settings.sh | diff docs/settings.md - && grep hanok-$NAME docs/settings.md
        deploy/nats/users.sh build/release | diff deploy/nats/users.conf - && grep "user: $NAME" deploy/nats/users.conf
        ls cmd/$NAME/docker-compose.yml deploy/kubernetes/base/$NAME.yaml deploy/systemd/{hanok-$NAME.service,$NAME.conf}""")


@case
def every_operation_and_route_is_still_right(copy):
    said = copy.run("make -s --no-print-directory test T=protocol; make -s --no-print-directory test T=dataservice; build/release/hanok-gateway --check "
                    "--routes deploy/gateway/routes.conf --nats-user any --nats-password any")
    equal(said.count(", 0 failed, "), 2, said)


@case
def it_is_used_as_the_page_shows(copy):
    said = copy.run(command(2))
    equal(len(re.findall(r'"title":"Summer"', said)), 2, said)
    assert f'"/{NAME}s"' in said and f'"/{NAME}s/{{{NAME}Id}}"' in said, said


@case
def a_service_may_keep_what_is_called_otherwise(copy):
    copy.run("""make -s --no-print-directory new-service NAME=table ROW=zebra
        grep "GET  /zebras/{zebraId} *table.get" deploy/gateway/routes.conf
        make -s --no-print-directory test T=usecase/table
        build/release/hanok-table --check --mysql-schema any --mysql-user any --mysql-password any --nats-password any""")


def main():
    with tempfile.TemporaryDirectory(prefix="hanok-new-", dir="/tmp") as home:
        copy = Copy(home)
        try:
            return tap.run(copy)
        finally:
            if os.path.isdir(copy.environment["RUN_DIR"]):
                copy.run("make -s reset")


if __name__ == "__main__":
    sys.exit(main())
