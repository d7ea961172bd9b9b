"""Lines of a service that are about nothing but that it is one: neither model, protocol, use case, migration nor test.
As docs/adding-a-service.md counts them: no empty ones."""
import glob
import os
import re

from stack import ROOT, services

ROWS = ("deploy/gateway/routes.conf", "deploy/local/services.conf", "tool/lint/layers.txt", "protocol/operations.c", "protocol/events.c")
BEFORE_THE_SHOP = ("auth", "user", "audit")
MOST = 100


def full_lines(path):
    with open(path, encoding="utf-8") as f:
        return [line for line in f if line.strip()]


def of_folder(folder):
    return sum(len(full_lines(path)) for path in glob.glob(f"{ROOT}/{folder}/**/*.[ch]", recursive=True))


def rows_of(name):
    return sum(bool(re.search(name, line, re.IGNORECASE)) for path in ROWS for line in full_lines(os.path.join(ROOT, path)))


def lines(table):
    for row in services.services():
        if "schema" not in row.words or row.name in BEFORE_THE_SHOP:
            continue
        parts = {f"cmd/{row.name}": of_folder(f"cmd/{row.name}"), f"dataservice/{row.name}": of_folder(f"dataservice/{row.name}"),
                 "rows": rows_of(row.name)}
        total = sum(parts.values())
        table.add(f"lines of {row.name} that are not about what it does", f"≤ {MOST}", f"{total}", total <= MOST,
                  ", ".join(f"{part} {number}" for part, number in parts.items()))
