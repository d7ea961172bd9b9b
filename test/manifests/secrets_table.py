"""The Secrets of docs/kubernetes.md: what an overlay expects to find."""
import os
import re

from render import ROOT

ROW = re.compile(r"^\| `([A-Za-z-]+)` \| ([^|]*) \|")


def secrets_table(services, with_schema):
    """Name to keys, from the table's first two columns; NAME stands for each service, or each that has a schema."""
    with open(os.path.join(ROOT, "docs/kubernetes.md")) as f:
        rows = [row for row in map(ROW.match, f) if row]
    found = {}
    for row in rows:
        keys = re.findall(r"`([^`]+)`", row[2])
        keys = [key.replace("NAME", name) for key in keys for name in (with_schema if "NAME" in key else ("",))]
        for name in services if row[1] == "hanok-NAME" else with_schema:
            found[row[1].replace("NAME", name)] = [key for key in keys if key != "mysql-password" or name in with_schema]
    return found
