#!/usr/bin/env python3
# test/run: unsanitized
"""/asyncapi.json: what AsyncAPI's own parser says of it, and that it is what the gateway answers."""
import json
import os
import sys
import tempfile

import npm
import tap
from stack import Stack
from tap import case, equal


def validate(document):
    """(exit code, what the parser says)"""
    with tempfile.TemporaryDirectory() as home:
        path = os.path.join(home, "asyncapi.json")
        with open(path, "w") as f:
            json.dump(document, f)
        ran = npm.node("test/asyncapi", "validate.mjs", path)
    return ran.returncode, ran.stdout + ran.stderr


@case
def it_is_valid_and_has_every_event(document):
    code, said = validate(document)
    equal(code, 0, said)
    names = " ".join(sorted(document["channels"]))
    assert "auth.account_created" in names and "user.profile_registered" in names, names
    equal(said.strip(), "3.0.0: " + names)


@case
def a_slip_would_be_found(document):
    for path, key in (("operations", "action"), ("channels", "address")):
        slip = json.loads(json.dumps(document))
        slip[path]["auth.account_created"]["x" + key] = slip[path]["auth.account_created"].pop(key)
        slip[path]["auth.account_created"][key + "s"] = "wrong"
        code, said = validate(slip)
        assert code == 1 and key + "s" in said, said


def main():
    if why := npm.missing("test/asyncapi"):
        print(f"1..0 # SKIP {why}")
        return 0
    stack = Stack()
    stack.up()
    return tap.run(stack.request("GET", "/asyncapi.json").json())


if __name__ == "__main__":
    sys.exit(main())
