#!/usr/bin/env python3
"""test/run counts what tests print, and runs again only what another run can say more of."""
import os
import shutil
import subprocess
import sys
import tempfile

import tap
from stack import ROOT
from tap import case, equal

FIRST_TIME = "import os, sys\nfirst = not os.path.exists(__file__ + '.ran')\nopen(__file__ + '.ran', 'w').close()\nprint('1..1')\n"
PASSES = "print('ok 1 - it holds')\n"
# A program that passes when the other one runs at the same time.
MEETS = """#!/usr/bin/env python3
import os, sys, time
print('1..1')
open(sys.argv[0] + '.here', 'w').close()
until = time.monotonic() + 60
while not (met := os.path.exists(sys.argv[0].translate(str.maketrans('ab', 'ba')) + '.here')) and time.monotonic() < until:
    time.sleep(0.02)
print('ok 1 - it meets the other' if met else 'not ok 1 - it is alone')
sys.exit(not met)
"""
FAILS = "print('not ok 1 - it holds')\n"


def run(again, programs=None, jobs=None, **scripts):
    """What a tree with these programs and scripts says: exit code, its lines."""
    with tempfile.TemporaryDirectory() as tree:
        os.makedirs(os.path.join(tree, "test/e2e"))
        shutil.copy(os.path.join(ROOT, "test/run"), os.path.join(tree, "test/run"))
        with open(os.path.join(tree, "Makefile"), "w") as f:
            f.write("list:\n" + "".join(f"\t@echo unit {name}\n" for name in programs or {}) + "\t@:\nall:;\n")
        for name, text in (programs or {}).items():
            with open(os.path.join(tree, name), "w") as f:
                f.write(text)
            os.chmod(os.path.join(tree, name), 0o755)
        for name, text in scripts.items():
            with open(os.path.join(tree, f"test/e2e/e2e_{name}.py"), "w") as f:
                f.write(text)
        env = {k: v for k, v in os.environ.items() if k not in ("T", "BUILD", "JOBS")}
        done = subprocess.run([os.path.join(tree, "test/run")], cwd=tree, text=True, capture_output=True, timeout=120,
                              env={**env, "AGAIN": str(again), **({"JOBS": str(jobs)} if jobs else {})})
    return done.returncode, done.stdout.splitlines()


def at_first(bad):
    return FIRST_TIME + f"if first:\n    {bad}\n" + PASSES


UNSTEADY = at_first("print('not ok 1 - it holds'), sys.exit(1)")


@case
def what_passes_and_what_fails_is_counted(_):
    code, lines = run(0, good=FIRST_TIME + PASSES, bad=FIRST_TIME + FAILS)
    equal((code, lines[-1]), (1, "1 passed, 1 failed, 0 skipped"))


@case
def a_plan_that_is_not_kept_is_a_failure(_):
    equal(run(0, short="print('1..2')\nprint('ok 1 - one')\n")[1][-1], "1 passed, 1 failed, 0 skipped")
    equal(run(0, silent="")[1][-1], "0 passed, 1 failed, 0 skipped")


@case
def nothing_is_run_again_unless_it_is_asked_for(_):
    code, lines = run(0, unsteady=UNSTEADY)
    equal((code, lines[-1]), (1, "0 passed, 1 failed, 0 skipped"))


@case
def programs_take_the_places_of_scripts_that_are_over(_):
    code, lines = run(0, {"a": MEETS, "b": MEETS}, 1, good=FIRST_TIME + PASSES)
    equal((code, lines[-1]), (0, "3 passed, 0 failed, 0 skipped"), lines)


@case
def programs_run_where_there_are_no_scripts(_):
    code, lines = run(0, {name: "#!/bin/sh\necho 1..1; echo ok 1 - it holds\n" for name in "abc"}, 1)
    equal((code, lines[-1]), (0, "3 passed, 0 failed, 0 skipped"), lines)


@case
def what_passes_alone_counts_and_is_named(_):
    code, lines = run(1, unsteady=UNSTEADY, good=FIRST_TIME + PASSES)
    equal((code, lines[-1]), (0, "2 passed, 0 failed, 0 skipped"))
    equal([line for line in lines if line.startswith("unsteady: ")],
          ["unsteady: test/e2e/e2e_unsteady.py failed beside others, see above, and passed alone"])
    equal("not ok 1 - it holds" in lines, True)


@case
def what_a_failed_case_has_not_freed_is_no_finding_of_its_own(_):
    leaks = at_first("print('not ok 1 - it holds'), print('ERROR: LeakSanitizer: detected memory leaks'),"
                     " print('SUMMARY: AddressSanitizer: 32 byte(s) leaked in 1 allocation(s).'), sys.exit(1)")
    equal(run(1, unsteady=leaks)[0], 0)
    equal(run(1, leaky=leaks.replace("not ok", "ok"))[0], 1)


@case
def what_fails_again_is_broken(_):
    code, lines = run(1, bad=FIRST_TIME + FAILS)
    equal((code, lines[-1]), (1, "0 passed, 1 failed, 0 skipped"))


@case
def of_many_none_is_run_again(_):
    code, lines = run(1, one=UNSTEADY, two=UNSTEADY)
    equal((code, lines[-1]), (1, "0 passed, 2 failed, 0 skipped"))


@case
def what_can_come_by_chance_only_or_says_enough_is_never_run_again(_):
    for bad in ("print('not ok 1 - it holds', flush=True), os.kill(os.getpid(), 11)",
                "print('not ok 1 - it holds'), print('WARNING: ThreadSanitizer: data race'), sys.exit(1)",
                "print('not ok 1 - sanitizers are silent'), sys.exit(1)",
                "sys.exit(3)"):
        code, lines = run(3, bad=at_first(bad))
        equal((code, lines[-1].split(", ")[1][0] != "0"), (1, True), bad)
    equal(run(3, chance="# test/run: by-chance\n" + UNSTEADY)[0], 1)


if __name__ == "__main__":
    sys.exit(tap.run(None))
