#!/usr/bin/env python3
"""Follows what happens to orders, a line an event: any program that knows NATS can. Needs nats-py.

    deploy/samples/follow_orders.py [--all] [--env .run/inspector.env] [SUBJECT]

--all begins with the oldest that the stream keeps, else with what comes next. SUBJECT is event.order.> if it is not said.
"""
import argparse
import asyncio
import json
import os
import sys

try:
    import nats
    from nats.js.api import ConsumerConfig, DeliverPolicy
except ImportError:
    sys.exit("This needs nats-py: pip install nats-py, in an environment of its own (python3 -m venv).")


def settings(path):
    """NATS_URL, NATS_USER and NATS_PASSWORD: of the environment, or of a file with such lines."""
    said = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            said = dict(line.rstrip("\n").split("=", 1) for line in f if "=" in line)
    return {**said, **{name: value for name, value in os.environ.items() if name.startswith("NATS_")}}


def line(headers, data):
    """CloudEvents: what it is, of which order and when are headers; the data is the order as it is since then."""
    total = data.get("total", {})
    costs = f"{total['amount']} {total['currency']}" if total else ""
    return f"{headers['ce-time']}  {headers['ce-type']:24} {headers['ce-subject']}  {data.get('status', ''):16} {costs}".rstrip()


async def follow(subject, from_the_first, env):
    """Never twice and none left out, also when the connection was lost: an ordered consumer begins again where it was."""
    bus = await nats.connect(env["NATS_URL"], user=env.get("NATS_USER"), password=env.get("NATS_PASSWORD"), name="follow_orders")
    config = ConsumerConfig(deliver_policy=DeliverPolicy.ALL if from_the_first else DeliverPolicy.NEW)
    events = await bus.jetstream().subscribe(subject, ordered_consumer=True, config=config)
    print(f"Following {subject}", file=sys.stderr, flush=True)
    async for event in events.messages:
        print(line(event.headers, json.loads(event.data)), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("subject", nargs="?", default="event.order.>")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--env", default=".run/inspector.env")
    args = parser.parse_args()
    env = settings(args.env)
    if "NATS_URL" not in env:
        sys.exit(f"There is no {args.env}, which `make up` writes, and no NATS_URL in the environment.")
    try:
        asyncio.run(follow(args.subject, args.all, env))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
