#!/usr/bin/env python3
"""Clients that public generators make of /openapi.json, in TypeScript and in Python: they type each code of each answer, and
are good for requests."""
import copy
import functools
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys

import npm
import tap
from documented import PROBLEM, Document
from npm import OFFLINE, ROOT
from stack import PASSWORD, Stack
from tap import Skip, case, equal

SOURCE = "test/clients"
HOME = npm.home(SOURCE)
PACKAGES = os.path.join(HOME, "python")  # of the generator; what it makes is beside it


def codes_of(content):
    """Those of a problem that is narrowed to some."""
    schema = content.get(PROBLEM, {}).get("schema", {})
    return [code for part in schema.get("allOf", ()) for code in part.get("properties", {}).get("code", {}).get("enum", ())]


def told(document):
    """[[tag, operation, status, [code, ...]], ...]: all that the document says of refusals."""
    rows = []
    for item in document["paths"].values():
        for operation in item.values():
            for status, response in operation["responses"].items():
                if codes := codes_of(Document(document).found(response).get("content", {})):
                    rows.append([operation["tags"][0], operation["operationId"], int(status), codes])
    return rows


def written(name, text):
    path = os.path.join(HOME, name)
    with open(path, "w") as f:
        f.write(text)
    return path


def of_use(document):
    """What of the document use.ts and use.py ask for."""
    return {**document, "paths": {path: document["paths"][path] for path in ("/login", "/users/{userId}")}}


def untyped(document):
    """The document, in which one refusal of a login has any code."""
    slip = copy.deepcopy(document)
    schema = slip["paths"]["/login"]["post"]["responses"]["401"]["content"][PROBLEM]["schema"]
    schema["allOf"] = schema["allOf"][:1]
    return slip


def need_npm():
    if why := npm.missing(SOURCE):
        raise Skip(why)


@functools.cache
def python_missing():
    """Installs the generator where it is not there yet; says what kept it from that."""
    if sys.version_info[:2] != (3, 11) or platform.machine() not in ("x86_64", "aarch64"):
        return "its packages are pinned for CPython 3.11"
    if not importlib.util.find_spec("pip"):
        return "pip is not installed"
    wanted, done = os.path.join(ROOT, SOURCE, "requirements.txt"), os.path.join(PACKAGES, "requirements.txt")
    if os.path.exists(done) and open(done).read() == open(wanted).read():
        return None
    shutil.rmtree(PACKAGES, ignore_errors=True)
    ran = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:",
                          "--target", PACKAGES, "-r", wanted], text=True, capture_output=True, timeout=600)
    if ran.returncode and (OFFLINE.search(ran.stderr) or "NewConnectionError" in ran.stderr):
        return "pip cannot fetch its packages"
    equal(ran.returncode, 0, ran.stderr)
    shutil.copy(wanted, done)
    return None


def need_python():
    if why := python_missing():
        raise Skip(why)


def python(*command):
    return subprocess.run([sys.executable, *command], cwd=HOME, env={**os.environ, "PYTHONPATH": PACKAGES + os.pathsep + HOME},
                          text=True, capture_output=True, timeout=120)


# ---- TypeScript

def compiled(document, rows):
    """What the compiler complains of where types of the document are held against the rows."""
    described = written("document.json", json.dumps(document))
    made = npm.node(SOURCE, "node_modules/openapi-typescript/bin/cli.js", described, "-o", "schema.ts")
    equal(made.returncode, 0, made.stdout + made.stderr)
    lines = ['import type {operations} from "./schema.js";',
             "type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;"]
    for _, operation, status, codes in rows:
        typed = f'operations["{operation}"]["responses"][{status}]["content"]["{PROBLEM}"]["code"]'
        lines.append(f"true satisfies Same<{typed}, {' | '.join(json.dumps(code) for code in codes)}>;")
    written("codes.ts", "\n".join(lines) + "\n")
    ran = npm.node(SOURCE, "node_modules/typescript/bin/tsc", "-p", ".")
    equal(ran.returncode != 0, ran.stdout != "", ran.stderr)
    return ran.stdout


@case
def a_code_that_typescript_does_not_type_would_be_found(document, stack):
    need_npm()
    few = of_use(document)
    said = compiled(untyped(few), told(few))
    for complaint in ("codes.ts(", "does not satisfy the expected type 'false'", "use.ts("):
        assert complaint in said, said


@case
def typescript_types_every_code(document, stack):
    need_npm()
    equal(compiled(document, told(document)), "")


@case
def a_typescript_client_asks_and_is_answered(document, stack):
    need_npm()
    person = stack.person()
    equal(stack.signup(person).status, 201)
    ran = npm.node(SOURCE, "out/use.js", f"http://127.0.0.1:{stack.port}", person["loginId"], PASSWORD)
    equal((ran.stdout.splitlines(), ran.stderr), (["refused 401", "wrong password", "name " + person["name"], "stranger 401"], ""))


# ---- Python

def generated(document):
    described = written("document.json", json.dumps(document))
    settings = written("generator.json", json.dumps({
        "post_hooks": [], "package_name_override": "hanok_client", "content_type_overrides": {"*/*": "application/octet-stream"}}))
    ran = python("-m", "openapi_python_client", "generate", "--path", described, "--output-path", "hanok_client", "--meta", "none",
                 "--config", settings, "--overwrite", "--fail-on-warning")
    equal(ran.returncode, 0, ran.stdout + ran.stderr)


def slips(document, rows):
    generated(document)
    ran = python(os.path.join(ROOT, SOURCE, "codes.py"), written("codes.json", json.dumps(rows)))
    equal((ran.returncode, ran.stderr), (0, ""))
    return ran.stdout.splitlines()


@case
def a_code_that_python_does_not_type_would_be_found(document, stack):
    need_python()
    few = of_use(document)
    said = slips(untyped(few), told(few))
    equal([line.split(":")[0] for line in said], ["auth authLogin 401"])


@case
def python_types_every_code(document, stack):
    need_python()
    equal(slips(document, told(document)), [])


@case
def a_python_client_asks_and_is_answered(document, stack):
    need_python()
    person = stack.person()
    equal(stack.signup(person).status, 201)
    ran = python(os.path.join(ROOT, SOURCE, "use.py"), f"http://127.0.0.1:{stack.port}", person["loginId"], PASSWORD)
    equal((ran.stdout.splitlines(), ran.stderr), (["invalid_credentials 401", person["name"], "invalid_token"], ""))


def main():
    os.makedirs(HOME, exist_ok=True)
    stack = Stack()
    stack.up()
    document = stack.request("GET", "/openapi.json").json()
    assert len(told(document)) > 50, told(document)
    return tap.run(document, stack)


if __name__ == "__main__":
    sys.exit(main())
