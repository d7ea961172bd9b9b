"""What the stream EVENTS holds, message by message."""
import json
import uuid
from typing import NamedTuple

PATIENCE_S = 30  # until the next message; guards against hanging
AT_A_TIME = 500


class Kept(NamedTuple):
    """A message of the stream. Ids are 32 hexadecimal digits."""
    seq: int
    id: str
    type: str
    key: str
    subject: str


def partition(key):
    """FNV-1a of a key's text, modulo the number of partitions."""
    sum_ = 0x811c9dc5
    for byte in str(uuid.UUID(key)).encode():
        sum_ = (sum_ ^ byte) * 0x01000193 & 0xffffffff
    return sum_ % 16


def checked(answer, what):
    if answer is None or "error" in answer.json():
        raise AssertionError(f"{what}: {answer and answer.json()['error']}")
    return answer.json()


def consumers(stack):
    """What the server says of each consumer of the stream."""
    found = []
    with stack.bus() as bus:
        while True:
            answer = checked(bus.request("$JS.API.CONSUMER.LIST.EVENTS", json.dumps({"offset": len(found)}).encode()), "CONSUMER.LIST")
            found += answer["consumers"] or []
            if len(found) >= answer["total"] or not answer["consumers"]:
                return found


def last_number(stack):
    with stack.bus() as bus:
        return checked(bus.request("$JS.API.STREAM.INFO.EVENTS"), "STREAM.INFO")["state"]["last_seq"]


def read_stream(stack):
    """All of it, in its order. Pulled: who is sent more than he reads is cut off by the server."""
    kept = []
    with stack.bus() as bus:
        left = checked(bus.request("$JS.API.STREAM.INFO.EVENTS"), "STREAM.INFO")["state"]["messages"]
        name = checked(bus.request("$JS.API.CONSUMER.CREATE.EVENTS", json.dumps({"stream_name": "EVENTS", "config": {
            "deliver_policy": "all", "ack_policy": "none", "headers_only": True}}).encode()), "CONSUMER.CREATE")["name"]
        here = "_INBOX.looking." + uuid.uuid4().hex
        bus.subscribe(here)
        while left > 0:
            asked = min(left, AT_A_TIME)
            bus.publish(f"$JS.API.CONSUMER.MSG.NEXT.EVENTS.{name}", {"batch": asked, "expires": PATIENCE_S * 10**9}, reply=here)
            for _ in range(asked):
                message = bus.next(PATIENCE_S)
                if not message or not message.reply:
                    raise AssertionError(f"the stream says that it has {left} messages more")
                kept.append(from_message(message))
                left = int(message.reply.split(".")[-1])
    return kept


def from_message(message):
    words, headers = message.reply.split("."), message.headers
    return Kept(int(words[5]), headers["Nats-Msg-Id"].replace("-", ""), headers["ce-type"], headers["ce-subject"].replace("-", ""),
                message.subject)
