#!/usr/bin/env python3
"""Says which Python files do not compile; writes nothing."""
import sys

bad = 0
for path in sys.argv[1:]:
    try:
        with open(path, encoding="utf-8") as f:
            compile(f.read(), path, "exec")
    except SyntaxError as e:
        print(f"{path}:{e.lineno}: {e.msg}")
        bad = 1
sys.exit(bad)
