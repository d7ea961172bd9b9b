#!/usr/bin/env python3
"""/asyncapi.json and /openapi.json: what AsyncAPI's own parser, redocly and spectral say of them."""
import copy
import json
import os
import sys
import tempfile

import npm
import tap
from stack import Stack
from tap import Skip, case, equal


def judged(source, script, document):
    """(exit code, what the script says of the document)"""
    if why := npm.missing(source):
        raise Skip(why)
    with tempfile.TemporaryDirectory() as home:
        path = os.path.join(home, "document.json")
        with open(path, "w") as f:
            json.dump(document, f)
        ran = npm.node(source, script, path)
    return ran.returncode, ran.stdout + ran.stderr


def asyncapi(document):
    return judged("test/asyncapi", "validate.mjs", document)


def openapi(document):
    return judged("test/openapi", "lint.mjs", document)


@case
def asyncapi_is_valid_and_has_every_event(stack):
    document = stack.request("GET", "/asyncapi.json").json()
    code, said = asyncapi(document)
    equal(code, 0, said)
    names = " ".join(sorted(document["channels"]))
    assert "auth.account_created" in names and "user.profile_registered" in names, names
    equal(said.strip(), "3.0.0: " + names)


@case
def a_slip_in_asyncapi_would_be_found(stack):
    document = stack.request("GET", "/asyncapi.json").json()
    for path, key in (("operations", "action"), ("channels", "address")):
        slip = copy.deepcopy(document)
        slip[path]["auth.account_created"]["x" + key] = slip[path]["auth.account_created"].pop(key)
        slip[path]["auth.account_created"][key + "s"] = "wrong"
        code, said = asyncapi(slip)
        assert code == 1 and key + "s" in said, said


@case
def openapi_is_without_an_error_or_a_warning(stack):
    equal(openapi(stack.request("GET", "/openapi.json").json()), (0, ""))


@case
def a_slip_in_openapi_would_be_found(stack):
    slip = stack.request("GET", "/openapi.json").json()
    del slip["servers"]
    del slip["paths"]["/welcome"]["get"]["responses"]["200"]["description"]
    code, said = openapi(slip)
    for complaint in ("redocly: #/openapi", "redocly: #/paths/~1welcome", "spectral: : ", "spectral: paths//welcome"):
        assert code == 1 and complaint in said, said


def main():
    stack = Stack()
    stack.up()
    return tap.run(stack)


if __name__ == "__main__":
    sys.exit(main())
