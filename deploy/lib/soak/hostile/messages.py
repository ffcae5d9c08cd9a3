"""Messages that a neighbour with rights to the broker may put into a queue; none is what its stage's contract says."""

import struct

from harness.amqp import Publisher, field_table, long_string, short_string
from harness.broker import PARTNER_QUEUE, STAGE_QUEUES

QUEUES = (*STAGE_QUEUES, PARTNER_QUEUE)
# Bits of the properties that stand in front of them (AMQP 0-9-1, section 4.2.6.1), in the order of the properties.
CONTENT_TYPE, HEADERS, MODE, PRIORITY, EXPIRATION, MESSAGE_ID, TIMESTAMP, TYPE, USER, APPLICATION = (
    1 << bit for bit in (15, 13, 12, 11, 8, 7, 6, 5, 4, 3))
# Kinds that the projection takes for facts, if about nothing that it knows: events, and what says that it died.
FACTS = ("attempts of 2^63-1", "an event without its data", "data of 64 levels and more", "deaths of ever")


def _text(value):
    return b"S" + long_string(value if isinstance(value, bytes) else value.encode())


def _int(value):
    return b"l" + struct.pack(">q", value)


def _array(*values):
    return b"A" + long_string(b"".join(values))


def _nested(depth):
    content = b""
    for _ in range(depth):
        content = short_string("") + b"F" + long_string(content)
    return b"F" + long_string(content)


def _kinds():
    """Names, and for each the properties' flags, those before and behind the message's id, and the body."""
    death = field_table({
        "reason": _text("rejected"), "queue": _text("x"), "count": _int(2**63 - 1), "time": b"T" + b"\xff" * 8})
    accepted = {
        "cloudEvents:id": _text("6e8d5bb1-fa56-4a63-9081-8f99cf4ff0b3"), "cloudEvents:specversion": _text("1.0"),
        "cloudEvents:type": _text("request.accepted"), "cloudEvents:source": _text("/neighbour"),
        "cloudEvents:subject": _text("6f71035f-80f0-73a7-ad9e-d237bfd09f38"),
        "cloudEvents:time": _text("9999-12-31T23:59:59.999Z")}

    def headers(fields):
        return HEADERS, field_table(fields), b""

    attempts = {f"intake-{stage}-{what}": _int(2**63 - 1)
                for stage in ("geocode", "decision", "callback", "progress") for what in ("attempts", "replays")}
    return {
        "no event": (0, b"", b"", b'{"x":1}'),
        "nothing": (0, b"", b"", b""),
        "bytes": (0, b"", b"", bytes(range(256)) * 4),
        "a header of 120,000 bytes": (*headers({"stack": _text("x" * 120_000)}), b'{"x":1}'),
        "a thousand headers": (*headers({f"h{number}": _text("x" * 60) for number in range(1000)}), b"{}"),
        "headers of 0xFF": (*headers({"cloudEvents:type": _text(b"\xff" * 100)}), b"{}"),
        "tables 1,000 deep": (*headers({"deep": _nested(1000)}), b"{}"),
        "attempts of 2^63-1": (*headers(accepted | attempts), b"{}"),
        "deaths of ever": (*headers({"x-death": _array(b"F" + death)}), b"{}"),
        "further keys": (*headers({"CC": _array(_text("callback")), "BCC": _array(_text("geocode"))}), b"{}"),
        "an event without its data": (*headers(accepted), b'{"provider":7,"acceptedAt":"\\u0000"}'),
        "data of 64 levels and more": (*headers(accepted), b"[" * 5000 + b"]" * 5000),
        "an expiration": (EXPIRATION, short_string("20000"), b"", b"{}"),
        "an application of 0xFF": (APPLICATION, b"", bytes([100]) + b"\xff" * 100, b"{}"),
        "a time of 2^64-1": (TIMESTAMP | TYPE, b"", b"\xff" * 8 + short_string("x" * 255), b"{}"),
        "a priority and a user": (PRIORITY | USER, b"\xff", short_string("guest"), b"{}"),
        "a body of 5 MB": (0, b"", b"", b" " * (5 << 20)),
    }


class Neighbour:
    """Publishes messages of every kind, and knows which must end as dead letters."""

    def __init__(self):
        self.kinds = _kinds()
        # By message id: the queue, and the kind.
        self.sent = {}

    def publish(self, port, dice, count):
        """Some kinds into each queue; returns how many messages."""
        sent = {}
        for queue in QUEUES:
            messages = []
            for kind in dice.sample(sorted(self.kinds), min(count, len(self.kinds))):
                identifier = f"hostile-{len(self.sent) + len(sent)}"
                sent[identifier] = (queue, kind)
                flags, before, behind, body = self.kinds[kind]
                properties = _properties(flags, before, behind, identifier)
                messages.append((properties, body))
            with Publisher(port, timeout=20) as publisher:
                publisher.publish_raw("", queue, messages)
        # Only what the broker has confirmed is owed.
        self.sent.update(sent)
        return len(sent)


def _properties(flags, before, behind, identifier):
    """Flags and properties, in their order: what comes before the delivery mode, then the mode, the rest."""
    if flags & HEADERS:
        front, middle = before, b""
    else:
        front, middle = b"", before
    # Priority and expiration stand between the mode and the id.
    return (struct.pack(">H", flags | MODE | MESSAGE_ID) + front + b"\x02" + middle + short_string(identifier) + behind)
