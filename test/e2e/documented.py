"""Whether an answer is one that /openapi.json tells of: its status, its type, its fields and its body."""
import json
import re

try:
    import jsonschema
except ImportError:
    jsonschema = None  # then nothing is compared

TOLD = ("Location", "ETag", "Retry-After", "WWW-Authenticate", "Allow")
PROBLEM = "application/problem+json"


class Document:
    def __init__(self, document):
        self.document = document
        literal_first = sorted(document["paths"].items(), key=lambda item: [part.startswith("{") for part in item[0].split("/")])
        self.paths = [(re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), item) for path, item in literal_first]

    def found(self, value):
        """What it refers to."""
        while "$ref" in value:
            target = self.document
            for name in value["$ref"].removeprefix("#/").split("/"):
                target = target[name]
            value = target
        return value

    def expected(self, method, path, status):
        """The Response Object; None when there is none. A path that is not in the document has refusals only."""
        item = next((item for pattern, item in self.paths if pattern.fullmatch(path)), None)
        operation = item and item.get("get" if method == "HEAD" else method.lower())
        if operation:
            response = operation["responses"].get(str(status))
            return response and self.found(response)
        if method == "OPTIONS":
            return {"headers": {"Allow": {}}} if status == 204 else None
        wanted = item and status == 405 or not item and status in (400, 404) or status in (408, 413, 414, 417, 431, 501, 503, 505)
        schema = {"$ref": "#/components/schemas/Problem"}
        return {"headers": {"Allow": {}, "Retry-After": {}}, "content": {PROBLEM: {"schema": schema}}} if wanted else None

    def slip(self, method, target, reply):
        """What is not as the document says; None when all is."""
        expected = self.expected(method, target.split("?")[0], reply.status)
        if expected is None:
            return "no such answer"
        if "X-Request-Id" not in reply.headers:
            return "no X-Request-Id"
        undeclared = [name for name in TOLD if name in reply.headers and name not in expected.get("headers", {})]
        if undeclared:
            return f"{undeclared} not told"
        return None if method == "HEAD" or reply.status == 304 else self.body_slip(expected, reply)

    def body_slip(self, expected, reply):
        content = expected.get("content")
        if not content:
            return "a body" if reply.body else None
        kind = (reply.headers["Content-Type"] or "").split(";")[0]
        if kind not in content:
            return f"of type {kind}"
        if "json" not in kind:
            return None
        schema = {**content[kind]["schema"], "components": self.document["components"]}
        wrong = next(jsonschema.Draft202012Validator(schema).iter_errors(json.loads(reply.body)), None)
        return wrong and f"{wrong.json_path}: {wrong.message}"


class Answers:
    """Those of one gateway, compared as they come."""

    def __init__(self, ask):
        self.ask, self.document, self.slips = ask, None, []  # ask(method, path): a reply

    def read(self):
        reply = self.ask("GET", "/openapi.json")
        self.document = Document(reply.json()) if reply.status == 200 else None
        return self.document

    def compare(self, method, target, reply):
        if not jsonschema:
            return
        try:
            slip = (self.document or self.read()).slip(method, target, reply)
            if slip:  # or its routes are other ones by now
                slip = self.read().slip(method, target, reply)
        except (OSError, AttributeError, ValueError):
            return  # it is away, or says so
        if slip:
            self.slips.append(f"{method} {target} -> {reply}: {slip}, by /openapi.json")
