"""Between the services and the broker: passes everything on, and now and then says something of its own."""

import contextlib
import random
import socket
import struct
import threading
import time


def _frame(kind, channel, payload):
    return struct.pack(">BHI", kind, channel, len(payload)) + payload + b"\xce"


def _method(channel, group, method, arguments=b""):
    return _frame(1, channel, struct.pack(">HH", group, method) + arguments)


# What a broker never says unasked, or never says at all; `silence` is said by holding back what it does say.
GARBAGE = {
    "close-ok": _method(0, 10, 51),
    "channel close-ok": _method(1, 20, 41),
    "unknown method": _method(1, 60, 999),
    "unasked answer": _method(1, 50, 11, b"\x01q" + b"\xff" * 8),
    "ack of nothing": _method(1, 60, 80, b"\xff" * 8 + b"\x01"),
    "delivery without end": _method(1, 60, 60, b"\x01x" + b"\xff" * 8 + b"\x00\x01x\x01k"),
    "body without header": _frame(3, 1, b"x"),
    "header of another class": _frame(2, 1, struct.pack(">HHQH", 10, 0, 0, 0xFFFE)),
    "frame over the limit": struct.pack(">BHI", 3, 1, 0x7FFFFFFF),
    "half a frame": _method(1, 60, 60, b"\x01x" * 20)[:20],
    "HTTP": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "random": None,
    "silence": None,
    "cut": None,
}


class Wire:
    """A proxy on a port of its own. A connection through it leads to the broker's port."""

    def __init__(self, port, target):
        self.port = port
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self._lock = threading.Lock()
        self._pairs = []
        # Until when nothing is passed on to the services.
        self._silent_until = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._listener.close()
        with self._lock:
            for pair in self._pairs:
                _close(*pair)

    def disturb(self, kind, dice):
        """Says something over some of the connections; returns over how many."""
        with self._lock:
            chosen = [pair for pair in self._pairs if dice.random() < 0.5]
        if kind == "silence":
            self._silent_until = time.monotonic() + dice.uniform(1, 12)
            time.sleep(max(0, self._silent_until - time.monotonic()))
            return len(chosen)
        for client, server in chosen:
            if kind == "cut":
                _close(client, server)
                continue
            with contextlib.suppress(OSError):
                client.send(random.Random(dice.random()).randbytes(200) if kind == "random" else GARBAGE[kind])
        return len(chosen)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._target), 5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            for each in (client, server):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pair = (client, server)
            with self._lock:
                self._pairs.append(pair)
            threading.Thread(target=self._pass, args=(client, server, pair, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, pair, True), daemon=True).start()

    def _pass(self, source, destination, pair, is_to_client):
        try:
            while content := source.recv(65536):
                while is_to_client and (left := self._silent_until - time.monotonic()) > 0:
                    time.sleep(min(left, 0.1))
                destination.sendall(content)
        except OSError:
            pass
        _close(*pair)
        with self._lock:
            if pair in self._pairs:
                self._pairs.remove(pair)


def _close(*sockets):
    for each in sockets:
        with contextlib.suppress(OSError):
            # Wakes whoever reads it; closing alone would not.
            each.shutdown(socket.SHUT_RDWR)
        each.close()
