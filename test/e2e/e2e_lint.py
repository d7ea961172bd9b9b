#!/usr/bin/env python3
"""The checks of `make lint` that are ours complain where they should, and only there."""
import glob
import os
import re
import subprocess
import sys
import tempfile

import tap
from stack import ROOT
from tap import case, equal

LAYERS = """tool/core:
model:          tool/core
tool/dbc:       tool/core <mysql
usecase/auth:   model tool/core
usecase/user:   model tool/core
_test.c:        tool/dbc <cmocka
"""


def complaints(check, table, path, text):
    """The lines a check prints for one file."""
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, os.path.dirname(path) or "."))
        with open(os.path.join(folder, path), "w") as f:
            f.write(text)
        if table is None:
            tables = []
        else:
            tables = ["table.txt"]
            with open(os.path.join(folder, "table.txt"), "w") as f:
                f.write(table)
        done = subprocess.run(["awk", "-f", f"{ROOT}/tool/lint/{check}.awk", *tables, path], cwd=folder, text=True,
                              capture_output=True, timeout=30)
    lines = [line for line in done.stdout.splitlines() if not line.endswith(" waivers")]
    equal(done.returncode != 0, bool(lines), done.stdout + done.stderr)
    return lines


def banned(text, path="tool/x/a.c"):
    with open(f"{ROOT}/tool/lint/banned.txt") as f:
        return complaints("banned", f.read(), path, text)


@case
def an_include_may_point_down_only():
    for path, include, wanted in (("model/a.c", '"tool/core/log.h"', 0), ("model/a.c", '"model/b.h"', 0),
                                  ("model/a.c", '"tool/dbc/dbc.h"', 1), ("tool/core/a.c", '"model/a.h"', 1),
                                  ("usecase/auth/a.c", '"usecase/user/b.h"', 1), ("model/a.c", "<mysql.h>", 1),
                                  ("tool/dbc/a.c", "<mysql.h>", 0), ("model/a.c", "<stdio.h>", 0),
                                  ("model/a_test.c", '"tool/dbc/dbc.h"', 0), ("model/a_test.c", "<cmocka.h>", 0),
                                  ("model/a.c", '"b.h"', 1), ("elsewhere/a.c", "<stdio.h>", 1)):
        lines = complaints("layers", LAYERS, path, f"#include {include}\n")
        equal(len([line for line in lines if "does not need" not in line]), wanted, f"{path} includes {include}")


@case
def a_permission_that_nobody_uses_is_named():
    table = "tool/core:\ntool/dbc: tool/core <mysql\n_test.c: tool/core <cmocka\ntest: *\n"
    for path, text, unused in (("tool/dbc/a.c", '"tool/core/log.h" <mysql.h>', ["_test.c does not need tool/core", "_test.c does not need <cmocka"]),
                               ("tool/dbc/a_test.c", '"tool/core/log.h" <cmocka.h> <mysql.h>', ["tool/dbc does not need tool/core"])):
        lines = complaints("layers", table, path, "".join(f"#include {name}\n" for name in text.split()))
        equal(sorted(line.split(": ", 1)[1] for line in lines), sorted(unused), path)


def closure(table):
    """What each row leads to, as the linker gets it."""
    done = subprocess.run(["awk", "-f", f"{ROOT}/tool/lint/closure.awk", "-"], input=table, text=True, capture_output=True, check=True)
    rows = (line.split(":=") for line in done.stdout.splitlines())
    return {name: reached.split(",") for name, reached in rows}


@case
def a_row_leads_to_what_its_rows_lead_to():
    rows = closure(LAYERS + "cmd/auth: usecase/auth\ntest: *\n")
    equal(rows["tool/core"], ["tool/core"])
    equal(rows["cmd/auth"], ["cmd/auth", "usecase/auth", "model", "tool/core"])
    equal(set(rows["test"]), {"test", "tool/core", "model", "tool/dbc", "<mysql", "usecase/auth", "usecase/user"})
    equal(closure("a: b\nb: a\n"), {"a": ["a", "b"], "b": ["b", "a"]})


@case
def business_rules_reach_no_driver():
    with open(f"{ROOT}/tool/lint/layers.txt") as f:
        rows = closure(f.read())
    drivers = {"<mysql", "<nats", "<microhttpd"}
    assert drivers <= set(rows["test"]), rows["test"]
    for layer, reached in rows.items():
        if layer.split("/")[0] in ("model", "usecase", "_test.c") or layer in ("protocol", "tool/core", "tool/saga"):
            equal(drivers & set(reached), set(), layer)


@case
def banned_functions_are_named_by_their_rule():
    for call, rule in (("strcpy(a, b);", "unsafe-string"), ("n = atoi(s);", "number-parsing"),
                       ("usleep(5);", "sleep"), ("p = malloc(5);", "allocation"), ('printf("x");', "print"),
                       ("exit(1);", "process"), ("strtok (a, b);", "hidden-state"), ("t = time(NULL);", "clock")):
        lines = banned(f"void f(void)\n{{\n    {call}\n}}\n")
        equal(len(lines), 1, call)
        assert lines[0].startswith(f"tool/x/a.c:3: {rule}:"), lines


@case
def names_in_comments_strings_and_longer_names_are_let_be():
    equal(banned('/* printf(x)\n * atoi(y) */\nchar s[] = "gets(z)"; // exit(1)\nint n = snprintf(a, 1, "");\n'
                 "my_exit(1); x->time(x); assert_true(1); char c = '\"'; f();\n"), [])


@case
def a_waiver_needs_a_rule_a_reason_and_a_cause():
    equal(banned("usleep(5); /* lint: allow sleep a device wants it */\n"), [])
    equal(banned("/* lint: allow sleep a device wants it */\nusleep(5);\n"), [])
    equal(len(banned("usleep(5); /* lint: allow sleep */\n")), 1, "no reason")
    equal(len(banned("usleep(5); /* lint: allow print it is nice */\n")), 2, "another rule")
    equal(len(banned("/* lint: allow sleep a device wants it */\nint n;\n")), 1, "no cause")
    equal(len(banned("/* lint: allow dream it is nice */\nint n;\n")), 2, "no such rule")


@case
def sizes_and_tidiness_are_checked():
    body = "".join(f"    n += {i};\n" for i in range(81))
    for text, wanted in (("int n;\n", 0), (f"void f(void)\n{{\n{body}}}\n", 1), ("int n;\n" * 401, 1),
                         ("int n; \n", 1), ("\tint n;\n", 1), ("int n;\r\n", 1), ("/* TO" + "DO */\n", 1)):
        equal(len(complaints("sizes", None, "tool/x/a.c", text)), wanted, text[:60])


@case
def libraries_are_those_of_the_page():
    """What the programs are linked with or load, and what docs/security.md says of it; a library more is one more to look after."""
    out = subprocess.run(["make", "-s", "--no-print-directory", "out"], cwd=ROOT, text=True, capture_output=True, check=True).stdout.strip()
    programs = [path for path in glob.glob(f"{ROOT}/{out}/hanok*") if "." not in os.path.basename(path)]  # a package may be there
    assert len(programs) > 5, programs
    needed = set()
    for program in programs:
        said = subprocess.run(["readelf", "-dW", program], text=True, capture_output=True, check=True, timeout=60).stdout
        needed |= set(re.findall(r"\(NEEDED\).*\[(.+)\]", said))
    for path in glob.glob(f"{ROOT}/tool/*/*.c"):  # and what is loaded when it is needed
        with open(path, encoding="utf-8") as f:
            needed |= set(re.findall(r'"(lib\w+\.so\.[\d.]+)"', f.read()))
    with open(f"{ROOT}/docs/security.md", encoding="utf-8") as f:
        page = f.read().partition("\n## Components\n")[2].partition("\n## ")[0]
    equal(needed, set(re.findall(r"`(lib\w+\.so\.[\d.]+)`", page)))


@case
def mall_services_do_not_know_each_other():
    with open(f"{ROOT}/tool/lint/layers.txt") as f:
        rows = closure(f.read())
    own = {layer.split("/")[1] for layer in rows if layer.startswith("cmd/")}
    for layer, reached in rows.items():
        folder, *name = layer.split("/")
        if folder in ("cmd", "usecase", "dataservice"):
            others = {other for other in reached if other.split("/")[0] in ("cmd", "usecase", "dataservice")}
            strangers = {other for other in others if other.split("/")[1] in own - {name[0]}}
            equal(strangers, set(), layer)


def said_of_page(name, *change):
    """What tool/lint/NAME.py says of docs/NAME.md with a change made to it."""
    with open(os.path.join(ROOT, f"docs/{name}.md"), encoding="utf-8") as f:
        text = f.read()
    for old, new in (change,) if change else ():
        assert old in text, old
        text = text.replace(old, new, 1)
    with tempfile.NamedTemporaryFile("w", suffix=".md", encoding="utf-8") as f:
        f.write(text)
        f.flush()
        done = subprocess.run([f"{ROOT}/tool/lint/{name}.py", f.name], text=True, capture_output=True, timeout=60)
    equal(done.returncode != 0, bool(done.stdout), done.stdout + done.stderr)
    return done.stdout


@case
def every_security_requirement_has_an_answer_and_its_tests_exist():
    equal(said_of_page("asvs"), "")
    for change, wanted in ((("\n| 1.1.1 |", "\n| 1.1.0 |"), None), (("\n| 1.1.1 | 2 |", "\n| 1.1.1 | 3 |"), "level of 1 or 2"),
                           (("\n| 1.1.1 |", "\n"), "level 2 has 182"), (("\n| 1.1.1 |", "\n| 9.9.9 |"), "comes after 9.9.9"),
                           (("not applicable because ", "no "), "wants a level"), (("_test.c: ", "_test.c: no_such_"), "has no no_such_"),
                           (("`test/e2e/", "`test/nowhere/"), "there is no test/nowhere/"), (("docs/security.md: ", "docs/security.md: No "), "has no No ")):
        said = said_of_page("asvs", *change)
        assert wanted is None or wanted in said, (change, said)


@case
def every_statement_of_the_systems_has_a_test_that_exists():
    equal(said_of_page("systems"), "")
    for change, wanted in (((": catalogue_logout`", ": catalogue_login`"), "has no catalogue_login"), (("`test/e2e/", "`test/nowhere/"), "there is no test/nowhere/"),
                           ((" `test/e2e/e2e_systems.py: mall_subjects` ", " - "), '"topics" names no test')):
        assert wanted in said_of_page("systems", *change), change


@case
def what_pages_name_is_there():
    def said_of(text, page):
        with tempfile.NamedTemporaryFile("w", suffix=".md", encoding="utf-8") as f:
            f.write(text)
            f.flush()
            done = subprocess.run([f"{ROOT}/tool/lint/docs.py", f.name, page], text=True, capture_output=True, timeout=60)
        equal(done.returncode != 0, bool(done.stdout), done.stdout + done.stderr)
        return done.stdout.splitlines()

    done = subprocess.run([f"{ROOT}/tool/lint/docs.py"], text=True, capture_output=True, timeout=60)
    equal((done.returncode, done.stdout), (0, ""), done.stderr)
    for text, wanted in (("[x](shop.md), [y](shop.md#states), [z](#folders-are-layers), [w](https://example.org/none)", None),
                         ("[x](nowhere.md)", "there is no docs/nowhere.md"), ("[x](shop.md#statutes)", "docs/shop.md has no section #statutes"),
                         ("[x](#stages)", "docs/architecture.md has no section #stages"), ("`make test`, `T=lint make test BUILD=asan`", None),
                         ("`make peace`", "make has no target peace"), ("```sh\nmake up && make peace # now\n```", "make has no target peace"),
                         ("```sh\ncurl x # and make peace\n```", None), ("`make up COLOUR=red`", "make has no variable COLOUR"),
                         ("`make test T=nosuchtest`", "no test has nosuchtest in its name"), ("`tool/core/nowhere.h`", "there is no tool/core/nowhere.h"),
                         ("`model/{order,older}.h`", "there is no model/older.h"), ("`test/e2e/e2e_lint.py: said_of_page`", None),
                         ("`test/e2e/e2e_lint.py: no_such`", "test/e2e/e2e_lint.py has no no_such"), ('`hanok_sweep_overdue{sweep="hold"}`', None),
                         ("`hanok_sweep_" + "overdone`", "nothing is called hanok_sweep_" + "overdone"), ("`--drain-ms 5`, `order.hold.check`, `store.accepted`", None),
                         ("`order.hold." + "cheque`", "there is no subject or event order.hold." + "cheque"),
                         ("`--drain-" + "days`", "nobody has the setting --drain-" + "days"),
                         ("`make new-service NAME=coupon`, then `model/coupon.{h,c}` and `T=coupon make test`", None)):
        lines = said_of(text, "docs/architecture.md")
        equal([line.split(": ", 1)[1] for line in lines], [wanted] if wanted else [], text)
    never = "a saga ends within " + "an hour"  # in pieces, for this file is looked at as well
    lines = said_of(f'| "a saga ends within a minute" | "{never}" |', "docs/operations.md")
    equal([line for line in lines if "alert" not in line], [f'docs/operations.md:1: nobody looks whether "{never}"'])
    assert "docs/operations.md:1: it has nothing of the alert SagaStuck" in lines, lines


if __name__ == "__main__":
    sys.exit(tap.run())
