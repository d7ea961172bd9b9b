"""The Secrets of docs/kubernetes.md: what an overlay expects to find."""
import os
import re

from render import ROOT

ROW = re.compile(r"^\| `([a-z-]+)` \| ([^|]*) \|")


def secrets_table():
    """Name to keys, from the table's first two columns."""
    with open(os.path.join(ROOT, "docs/kubernetes.md")) as f:
        rows = [ROW.match(line) for line in f]
    return {row[1]: re.findall(r"`([^`]+)`", row[2]) for row in rows if row}
