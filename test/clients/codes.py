#!/usr/bin/env python3
"""codes.py FILE - whether the Python client hanok_client knows the codes in FILE, [[tag, operation, status, [code, ...]], ...],
and no others; prints a line a slip."""
import enum
import importlib
import json
import sys

import httpx
from hanok_client import Client
from openapi_python_client.strings import snake_case

CLIENT = Client(base_url="http://127.0.0.1")


def code_of(tag, operation, status, code):
    """What the client makes of a refusal with that code; None: it does not take it."""
    module = importlib.import_module(f"hanok_client.api.{tag}.{snake_case(operation)}")
    problem = {"type": "about:blank", "title": "Refused", "status": status, "code": code}
    try:
        parsed = module._parse_response(client=CLIENT, response=httpx.Response(status, json=problem))
    except ValueError:
        return None
    return getattr(parsed, "code", None)


def main(path):
    with open(path) as f:
        rows = json.load(f)
    for tag, operation, status, codes in rows:
        typed = [code_of(tag, operation, status, code) for code in codes]
        known = all(isinstance(one, enum.Enum) and one.value == code for one, code in zip(typed, codes))
        if not known or sorted(one.value for one in type(typed[0])) != sorted(codes) \
                or code_of(tag, operation, status, "no_such_code") is not None:
            print(f"{tag} {operation} {status}: {typed}, where {codes} are told")


if __name__ == "__main__":
    main(sys.argv[1])
