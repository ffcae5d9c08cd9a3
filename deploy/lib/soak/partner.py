"""The partner: takes callbacks, remembers every one, and misbehaves when told to."""

import collections
import contextlib
import dataclasses
import json
import random
import socket
import struct
import threading
import time
import urllib.parse

from harness.intake import AUTHORIZATION
from harness.partner import Handler, Partner


@dataclasses.dataclass
class Callback:
    """One callback that reached the partner."""
    at: float
    body: bytes
    key: str
    # When it was answered with 2xx.
    answered: float | None = None

    @property
    def word(self):
        """What the organisation does with the request."""
        return json.loads(self.body).get("status")


class _Handler(Handler):
    """One connection of the callback service's."""

    def setup(self):
        super().setup()
        with self.partner.lock:
            self.partner.connections.add(self.connection)

    def finish(self):
        with self.partner.lock:
            self.partner.connections.discard(self.connection)
        super().finish()

    def do_POST(self):
        """Notes the callback, and answers as the partner's mode says."""
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            # Whoever sent it died in the middle: it is no callback, and no HTTP server would hand it on.
            self.close_connection = True
            return
        mode = self.partner.mode
        request = urllib.parse.unquote(self.path.rpartition("/")[2])
        callback = Callback(time.monotonic(), body, self.headers.get("Idempotency-Key", ""))
        if self.headers.get("Authorization") != AUTHORIZATION:
            with self.partner.lock:
                self.partner.unauthorized += 1
            self.send(401)
            return
        if mode == "reset" and self.partner.count % 2:
            with self.partner.lock:
                self.partner.count += 1
            self._cut()
            return
        self.partner.note(request, callback)
        if mode == "well":
            if self.send(204):
                self.partner.note_answer(request, callback)
        elif mode == "errors":
            self.send(500)
        elif mode == "silence":
            self.partner.await_change()
            self._cut()
        elif mode == "hostile":
            self._answer_so(random.choice(self.partner.answers), request, callback)
        else:
            self._cut()

    def _answer_so(self, answer, request, callback):
        """Sends what the corpus has, and keeps to its ending."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.settimeout(2)
            self.connection.sendall(answer.bytes)
            if answer.is_good:
                self.partner.note_answer(request, callback)
            for _ in range(200 if answer.endless else 0):
                self.connection.sendall(answer.endless)
            if answer.ending == "keepOpen":
                # Until the client has had enough.
                self.connection.recv(1)
            elif answer.ending == "reset":
                _reset(self.connection)

    def _cut(self):
        _reset(self.connection)
        self.close_connection = True


class MoodyPartner(Partner):
    """A partner that remembers every callback.

    `mode` says how it behaves: `well`; `errors` answers 500; `silence` answers nothing as long as it lasts; `reset`
    cuts the connection, for every other callback only after it was noted; `refusal` closes the port; `hostile` answers
    as no partner should, see `hostile.answers`.
    """
    handler = _Handler

    def __init__(self):
        super().__init__()
        self.mode = "well"
        self.lock = threading.Lock()
        self.callbacks = collections.defaultdict(list)
        self.unauthorized = 0
        self.count = 0
        self.duplicates = []
        # What it may answer in the mode `hostile`.
        self.answers = []
        self.connections = set()
        self._told = 0
        self._changed = threading.Event()

    def behave(self, mode):
        """Changes how it behaves, for connections that are open too."""
        old, self.mode = self.mode, mode
        changed, self._changed = self._changed, threading.Event()
        changed.set()
        if mode == "refusal":
            self.stop()
            with self.lock:
                for connection in self.connections:
                    _reset(connection)
        elif old == "refusal":
            self.start()

    @property
    def told(self):
        """How many requests it has answered with 2xx."""
        with self.lock:
            return self._told

    def has_been_told(self, request, word=None):
        """Whether it has answered a callback about the request with 2xx; one with this word, where there is one."""
        with self.lock:
            return any(callback.answered and word in (None, callback.word)
                       for callback in self.callbacks.get(request, ()))

    def note(self, request, callback):
        with self.lock:
            self.count += 1
            self.callbacks[request].append(callback)

    def note_answer(self, request, callback):
        """After the answer is on its way: a first one tells, a further one of the same message is a duplicate."""
        with self.lock:
            before = [other for other in self.callbacks[request] if other.answered]
            if any(other.key == callback.key for other in before):
                self.duplicates.append(callback.at)
            elif not before:
                self._told += 1
            callback.answered = time.monotonic()

    def await_change(self):
        self._changed.wait(120)


def _reset(connection):
    """Ends a connection with RST instead of FIN."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RD)
    except OSError:
        pass
