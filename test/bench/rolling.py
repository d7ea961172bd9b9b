#!/usr/bin/env python3
"""rolling.py [REQUESTS] - starts all services again, one after another and over and over, until so many requests (1,000,000) have
been asked: reads of a profile mostly, logins and signups. Says how many failed; ends with 1 when any did."""
import sys
import time

sys.dont_write_bytecode = True

from load import PASSWORD, Wrk, create_accounts  # noqa: E402
from stack import Stack, services  # noqa: E402

ROUND_S = 20
LIMIT_S = 600
ROLLED = ("gateway", *(row.name for row in services.services() if "schema" in row.words))


def load(stack, user, token, number):
    return [Wrk(f"{stack.url}/users/{user}", 64, ROUND_S, "get", token), Wrk(stack.url, 1, ROUND_S, "login", "bench", PASSWORD),
            Wrk(stack.url, 1, ROUND_S, "signup", f"roll{number}n")]


def main(wanted):
    asked = failed = rolled = 0
    began = time.monotonic()
    with Stack("HANOK_SHARE_PORT=on") as stack:
        token, user = create_accounts(stack)
        number = 0
        while asked < wanted and time.monotonic() - began < LIMIT_S:
            number += 1
            running = load(stack, user, token, number)
            while any(one.process.poll() is None for one in running):
                stack.roll(ROLLED[rolled % len(ROLLED)])
                rolled += 1
            for told in (one.told() for one in running):
                asked += told["requests"]
                failed += told["refused"] + told["broken"]
                if told["refused"] or told["broken"]:
                    print(f"rolling: {told}", file=sys.stderr)
    print(f"{asked:,} requests in {time.monotonic() - began:.0f} s, {rolled} restarts meanwhile ({', '.join(ROLLED)} in turns): {failed} failed")
    return 1 if failed or asked < wanted else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000))
