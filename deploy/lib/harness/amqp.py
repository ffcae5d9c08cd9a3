"""As much of AMQP 0-9-1 as it takes to ask a queue how many consumers it has, and to fill one.

The management API knows that too, but about five seconds late, and seconds are what is to be measured.
"""

import socket
import struct

START, TUNE, OPEN_OK, CHANNEL_OPEN_OK, DECLARE_OK = (10, 10), (10, 30), (10, 41), (20, 11), (50, 11)
CONFIRMED, ACK = (85, 11), (60, 80)


class ProtocolError(OSError):
    """The broker did not answer as expected; mostly because it is not quite there."""


class Inquiry:
    """A connection for questions. Use as a context manager; every failure is an OSError."""

    def __init__(self, port, timeout=5, host="127.0.0.1"):
        self._socket = socket.create_connection((host, port), timeout)
        self._stream = self._socket.makefile("rb")
        try:
            self._open()
        except OSError:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._stream.close()
        self._socket.close()

    def consumers(self, queue):
        """How many consumers a queue has; asked of its leader by a passive declaration."""
        self._send(1, 50, 10, struct.pack(">H", 0) + short_string(queue) + b"\x01" + _texts())
        answer = self._expect(DECLARE_OK)
        _, consumers = struct.unpack_from(">II", answer, 1 + answer[0])
        return consumers

    def _open(self):
        self._socket.sendall(b"AMQP\x00\x00\x09\x01")
        self._expect(START)
        login = short_string("PLAIN") + long_string(b"\x00guest\x00guest") + short_string("en_US")
        self._send(0, 10, 11, _texts() + login)
        channels, frame, _ = struct.unpack(">HIH", self._expect(TUNE))
        self._largest = frame - 8
        self._send(0, 10, 31, struct.pack(">HIH", channels, frame, 0))  # Without heartbeats: it does not live long.
        self._send(0, 10, 40, short_string("/") + short_string("") + b"\x00")
        self._expect(OPEN_OK)
        self._send(1, 20, 10, short_string(""))
        self._expect(CHANNEL_OPEN_OK)

    def _send(self, channel, group, method, arguments):
        payload = struct.pack(">HH", group, method) + arguments
        self._socket.sendall(struct.pack(">BHI", 1, channel, len(payload)) + payload + b"\xce")

    def _expect(self, method):
        """The arguments of the next frame, which has to be this method."""
        head = self._read(7)
        payload = self._read(struct.unpack(">BHI", head)[2] + 1)[:-1]
        found = struct.unpack_from(">HH", payload)
        if found != method:
            raise ProtocolError(f"method {found} instead of {method}")
        return payload[4:]

    def _read(self, count):
        content = self._stream.read(count)
        if len(content) != count:
            raise ProtocolError("the broker closed the connection")
        return content


def short_string(text):
    return struct.pack(">B", len(text)) + text.encode()


def long_string(content):
    return struct.pack(">I", len(content)) + content


def field_table(fields):
    """A table of values that are encoded, with the octet of their type in front."""
    return long_string(b"".join(short_string(name) + value for name, value in fields.items()))


def _texts(fields=None):
    """A table of texts."""
    return field_table({name: b"S" + long_string(text.encode()) for name, text in (fields or {}).items()})


class Publisher(Inquiry):
    """Publishes many messages, and returns when the broker has confirmed all."""

    def publish(self, exchange, routing_key, messages):
        """Publishes persistent messages: pairs of headers, whose values are text, and a body."""
        # Headers and delivery mode (persistent) are the properties that follow.
        self.publish_raw(exchange, routing_key, (
            (struct.pack(">H", 0x3000) + _texts(headers) + b"\x02", body) for headers, body in messages))

    def publish_raw(self, exchange, routing_key, messages):
        """Publishes messages: pairs of properties, with their flags in front as they go over the wire, and a body."""
        self._send(1, 85, 10, b"\x00")
        self._expect(CONFIRMED)
        count = 0
        for properties, body in messages:
            count += 1
            self._send(1, 60, 40, struct.pack(">H", 0) + short_string(exchange) + short_string(routing_key) + b"\x00")
            self._frame(2, struct.pack(">HHQ", 60, 0, len(body)) + properties)
            for start in range(0, len(body), self._largest):
                self._frame(3, body[start:start + self._largest])
            if count % 1000 == 0:
                self._await_confirm(count)
        self._await_confirm(count)

    def _frame(self, kind, payload):
        self._socket.sendall(struct.pack(">BHI", kind, 1, len(payload)) + payload + b"\xce")

    def _await_confirm(self, count):
        """Waits until so many are confirmed, in whatever order."""
        while self._confirmed < count:
            tag, multiple = struct.unpack(">QB", self._expect(ACK))
            if multiple:
                self._single -= {single for single in self._single if single <= tag}
                self._below = max(self._below, tag)
            elif tag > self._below:
                self._single.add(tag)
            self._confirmed = self._below + len(self._single)

    def _open(self):
        super()._open()
        self._confirmed, self._below, self._single = 0, 0, set()
