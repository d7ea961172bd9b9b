"""A real browser, Debian's chromium without a window where it is installed, told what to do through test/browser/drive.mjs."""
import json
import shutil
import subprocess

import npm

SOURCE = "test/browser"
# The whole one opens for each page a window that nobody sees, which takes three times as long.
PROGRAM = shutil.which("chromium-headless-shell") or shutil.which("chromium")


def missing():
    """What keeps it from being run; None when nothing does."""
    return npm.missing(SOURCE) or (None if PROGRAM else "chromium-headless-shell is not installed")


class Asked:
    """A request that a page made, however it ended."""

    def __init__(self, method=None, url="", status=None, failed=None, bytes=0):
        self.method, self.url, self.status, self.failed, self.bytes = method, url, status, failed, bytes  # bytes: over the wire

    def __repr__(self):
        return f"{self.method} {self.url}: {self.status or self.failed}"


class Browser:
    def __init__(self):
        self.process = subprocess.Popen(["node", "drive.mjs", PROGRAM], cwd=npm.home(SOURCE), text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def tell(self, word, argument=None):
        self.process.stdin.write(json.dumps([word, argument]) + "\n")
        self.process.stdin.flush()
        said = json.loads(self.process.stdout.readline() or '{"failed": "the browser is gone"}')
        if "failed" in said:
            raise AssertionError(f"{word} {argument}: {said['failed']}")
        return said["done"]

    def open(self, url):
        """Like somebody who was never here; the status."""
        return self.tell("open", url)

    def go(self, url):
        return self.tell("go", url)

    def run(self, expression):
        """What a JavaScript expression of the page, or its promise, comes to."""
        return self.tell("run", expression)

    def seen(self):
        """(messages of the console, requests of the page) since it was opened, or forgot; a status may come a little later."""
        messages, asked = self.tell("seen")
        return messages, [Asked(**one) for one in asked if "url" in one]

    def forget(self):
        self.tell("forget")

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)
