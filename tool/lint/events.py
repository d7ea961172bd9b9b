#!/usr/bin/env python3
"""events.py - prints docs/events.md from the AsyncAPI document. `make lint` compares: after a change of an event,
tool/lint/events.py >docs/events.md"""
import json
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEAD = """# Events

What services say has happened: a row in the outbox, written by the transaction that makes it so, then a message in JetStream's
stream `EVENTS`. An event may come more than once, with the same `ce-id`; those of one key come in order. No event holds anything
personal. `GET /asyncapi.json` has all of this for programs; `nats sub 'event.auth.>'` shows them as they come. This page is
made by `tool/lint/events.py`.

## Types
"""


def resolve(document, value):
    """What a $ref stands for."""
    while "$ref" in value:
        where, value = value["$ref"].removeprefix("#/"), document
        for name in where.split("/"):
            value = value[name]
    return value


def row(cells):
    return f"| {' | '.join(cells)} |"


def table(heads, rows):
    return "\n".join([row(heads), row("---" for _ in heads), *map(row, rows)])


def members(schema):
    return "; ".join(f"`{name}`: {member['description'].rstrip(' .')}" for name, member in schema["properties"].items())


def main():
    make = ["make", "-s", "--no-print-directory", "BUILD=release", "CC=gcc", "out"]
    out = subprocess.run(make, cwd=ROOT, text=True, capture_output=True, check=True).stdout.strip()
    told = subprocess.run([os.path.join(ROOT, out, "hanok-gateway"), "--asyncapi"], text=True, capture_output=True, check=True)
    document = json.loads(told.stdout)
    print(HEAD)
    print(table(("type", "what happened", "data"),
                ([f"`{name}`", message["summary"], members(resolve(document, message["payload"]))]
                 for name, message in document["components"]["messages"].items())))
    headers = document["components"]["schemas"]["EventHeaders"]["properties"]
    print("\n## Headers\n")
    print(table(("header", "what it is"),
                ([f"`{name}`", header.get("description") or f"`{header['const']}`"] for name, header in headers.items())))
    partition = document["components"]["parameters"]["partition"]
    print("\n## Subjects\n\n`event.<type>.<partition>`. The partition has two digits, "
          f"{partition['enum'][0]} to {partition['enum'][-1]}: {partition['description']}")


if __name__ == "__main__":
    main()
