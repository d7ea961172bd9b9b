"""Lines of a service that are about nothing but that it is one: neither model, protocol, use case, migration nor test.
Not empty ones, of what its program is linked with: what stands in for that in tests is a test."""
import functools
import os
import re
import subprocess

from stack import ROOT, services

# The rows of a file that are about the service NAME.
ROWS = {"deploy/gateway/routes.conf": r"^[A-Z]+ +\S+ +NAME\.", "deploy/local/services.conf": r"^NAME ",
        "tool/lint/layers.txt": r"^(cmd|dataservice|usecase)/NAME[/:]"}
TESTS = ("_test.c", "_test.h", "_fuzz.c")
BEFORE_THE_SHOP = ("auth", "user", "audit")
MOST = 100


def full_lines(text):
    return [line for line in text.splitlines() if line.strip()]


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


@functools.cache
def layers():
    """Of each layer: those that its row leads to, itself among them."""
    rows = subprocess.run(["awk", "-f", "tool/lint/closure.awk", "tool/lint/layers.txt"], cwd=ROOT, check=True,
                          stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return {name: set(led_to.split(",")) for name, led_to in (row.split(":=") for row in rows)}


def layer_of(folder):
    while folder and folder not in layers():
        folder = os.path.dirname(folder)
    return folder


def of_folder(folder, name):
    total = 0
    for path, _, files in os.walk(os.path.join(ROOT, folder)):
        if layer_of(os.path.relpath(path, ROOT)) not in layers()[f"cmd/{name}"]:
            continue
        for file in files:
            if file.endswith((".c", ".h")) and not file.endswith(TESTS):
                total += len(full_lines(read(os.path.join(path, file))))
    return total


def rows_of(name):
    return sum(len(re.findall(rows.replace("NAME", name), read(path), re.MULTILINE)) for path, rows in ROWS.items())


def of_service(name):
    return {f"cmd/{name}": of_folder(f"cmd/{name}", name), f"dataservice/{name}": of_folder(f"dataservice/{name}", name),
            "rows": rows_of(name)}


def lines(table):
    for row in services.services():
        if "schema" not in row.words or row.name in BEFORE_THE_SHOP:
            continue
        parts = of_service(row.name)
        total = sum(parts.values())
        table.add(f"lines of {row.name} that are not about what it does", f"≤ {MOST}", f"{total}", total <= MOST,
                  ", ".join(f"{part} {number}" for part, number in parts.items()))
