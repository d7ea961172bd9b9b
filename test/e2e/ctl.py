"""hanokctl as people and scripts call it."""
import json
import os
import subprocess

from tap import equal

DONE, NOT_SO, USAGE, UNREACHABLE, TIMEOUT, DENIED = range(6)


def ctl(stack, *words, **more):
    """The finished process; its context is the one beside the program."""
    env = {"PATH": os.environ["PATH"], "HOME": stack.home, **more.pop("env", {})}
    return subprocess.run([f"{stack.dir}/bin/hanokctl", *words], text=True, env=env, timeout=120,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


def items(stack, *words):
    done = ctl(stack, *words, "-o", "json")
    equal(done.returncode, DONE, done.stderr)
    return json.loads(done.stdout)["items"]


def refused(stack, code, why, *words):
    done = ctl(stack, *words)
    equal(done.returncode, code, done.stderr)
    assert why in done.stderr, done.stderr
    equal(done.stdout, "")
