"""The partner: takes callbacks, remembers every one, and misbehaves when told to."""

import collections
import dataclasses
import http.server
import random
import socket
import struct
import threading
import time
import urllib.parse

AUTHORIZATION = "soak-partner-token"


@dataclasses.dataclass
class Callback:
    """One callback that reached the partner."""
    at: float
    body: bytes
    key: str
    answered: bool = False


class Partner:
    """An HTTP server on a port of its own, which it keeps.

    `mode` says how it behaves: `well`; `errors` answers 500; `silence` answers nothing as long as it lasts; `reset`
    cuts the connection, for every other callback only after it was noted; `refusal` closes the port; `hostile` answers with
    anything but an answer that may be taken for a good one or not.
    """

    def __init__(self, port):
        self.port = port
        self.mode = "well"
        self.lock = threading.Lock()
        self.callbacks = collections.defaultdict(list)
        self.unauthorized = 0
        self.count = 0
        self.duplicates = []
        # What it answers in the mode `hostile`, see `hostile.answers`.
        self.answers = []
        self._told = 0
        self._connections = set()
        self._changed = threading.Event()
        self._server = None

    def start(self):
        partner = self

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 512

            def handle_error(self, request, address):
                pass  # A connection that ended in the middle is what the faults are for.

        class Handler(_Handler):
            pass

        Handler.partner = partner
        self._server = Server(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def behave(self, mode):
        """Changes how it behaves, for connections that are open too."""
        old, self.mode = self.mode, mode
        changed, self._changed = self._changed, threading.Event()
        changed.set()
        if mode == "refusal":
            self._server.shutdown()
            self._server.server_close()
            with self.lock:
                for connection in self._connections:
                    _reset(connection)
        elif old == "refusal":
            self.start()

    def stop(self):
        if self.mode != "refusal":
            self._server.shutdown()
            self._server.server_close()

    @property
    def told(self):
        """How many requests it has answered with 2xx."""
        with self.lock:
            return self._told

    def has_been_told(self, request):
        with self.lock:
            return any(callback.answered for callback in self.callbacks.get(request, ()))

    def note(self, request, callback):
        with self.lock:
            self.count += 1
            self.callbacks[request].append(callback)

    def note_answer(self, request, callback):
        """After the answer is on its way: a first one tells, a further one is a duplicate."""
        with self.lock:
            if any(other.answered for other in self.callbacks[request]):
                self.duplicates.append(callback.at)
            else:
                self._told += 1
            callback.answered = True

    def await_change(self):
        self._changed.wait(120)


def _reset(connection):
    """Ends a connection with RST instead of FIN."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RD)
    except OSError:
        pass


class _Handler(http.server.BaseHTTPRequestHandler):
    """One connection of the callback service's."""
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    partner = None

    def setup(self):
        super().setup()
        with self.partner.lock:
            self.partner._connections.add(self.connection)

    def finish(self):
        with self.partner.lock:
            self.partner._connections.discard(self.connection)
        super().finish()

    def do_POST(self):
        """Notes the callback, and answers as the partner's mode says."""
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            # Whoever sent it died in the middle: it is no callback, and no HTTP server would hand it on.
            self.close_connection = True
            return None
        mode = self.partner.mode
        request = urllib.parse.unquote(self.path.rpartition("/")[2])
        callback = Callback(time.monotonic(), body, self.headers.get("Idempotency-Key", ""))
        if self.headers.get("Authorization") != AUTHORIZATION:
            with self.partner.lock:
                self.partner.unauthorized += 1
            return self._answer(401)
        if mode == "reset" and self.partner.count % 2:
            with self.partner.lock:
                self.partner.count += 1
            return self._cut()
        self.partner.note(request, callback)
        if mode == "well":
            if self._answer(204):
                self.partner.note_answer(request, callback)
        elif mode == "errors":
            self._answer(500)
        elif mode == "silence":
            self.partner.await_change()
            self._cut()
        elif mode == "hostile":
            self._answer_so(random.choice(self.partner.answers), request, callback)
        else:
            self._cut()

    def _answer(self, status):
        """Returns whether the answer could be sent."""
        try:
            self.send_response_only(status)
            self.send_header("Content-Length", "0") if status != 204 else None
            self.end_headers()
            return True
        except OSError:
            self.close_connection = True
            return False

    def _answer_so(self, answer, request, callback):
        """Sends what the corpus has, and keeps to its ending."""
        self.close_connection = True
        try:
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
        except OSError:
            pass

    def _cut(self):
        _reset(self.connection)
        self.close_connection = True

    def log_message(self, *arguments):
        pass
