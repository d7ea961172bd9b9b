"""Test cases as functions whose names are sentences; prints TAP."""
import time
import traceback

CASES = []


class Skip(Exception):
    """Raised by a case that cannot run here; says why."""


def case(function):
    CASES.append(function)
    return function


def run(*arguments):
    """Runs all cases in order, each with arguments. The process's exit code."""
    print(f"1..{len(CASES)}", flush=True)
    failed = 0
    for number, function in enumerate(CASES, 1):
        name = function.__name__.replace("_", " ")
        try:
            function(*arguments)
            print(f"ok {number} - {name}", flush=True)
        except Skip as why:
            print(f"ok {number} - {name} # SKIP {why}", flush=True)
        except Exception:  # whatever it is, the other cases still run
            failed += 1
            print(f"not ok {number} - {name}", flush=True)
            print("# " + traceback.format_exc().rstrip().replace("\n", "\n# "), flush=True)
    return 1 if failed else 0


def equal(got, want, why=""):
    if got != want:
        raise AssertionError(f"{why}{': ' if why else ''}got {got!r}, want {want!r}")


def eventually(condition, seconds=60, why="it did not come true"):
    """The first true value of condition(); the limit only guards against hanging, and is three times as long: machines are shared.
    why: a text, or what returns it."""
    seconds *= 3
    until = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        if time.monotonic() > until:
            raise AssertionError(f"{why() if callable(why) else why} (waited {seconds} s)")
        time.sleep(0.05)
