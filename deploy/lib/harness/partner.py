"""What takes callbacks: an HTTP server on 127.0.0.1, which answers as its heir says."""

import http.server
import threading

from .processes import free_ports


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection of the callback service's."""
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    partner = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.partner.receive(self.headers, body)
        self.send(*self.partner.answer(self.path, body))

    def send(self, status, text=b""):
        """Returns whether the answer could be sent."""
        try:
            self.send_response_only(status)
            if status != 204:
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
            return True
        except OSError:
            self.close_connection = True
            return False

    def log_message(self, *arguments):
        pass


class Partner:
    """A partner with a port of its own, which it keeps. Its heirs say how a callback is answered."""
    handler = Handler

    def __init__(self):
        self.port = free_ports(1)[0]
        self._server = None

    def start(self):
        self._server = _Server(("127.0.0.1", self.port), type("BoundHandler", (self.handler,), {"partner": self}))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        """Closes the port."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def receive(self, headers, body):
        """Is shown each callback before it is answered."""

    def answer(self, path, body):
        """The status of a callback's answer, and its text."""
        raise NotImplementedError


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 512

    def handle_error(self, request, address):
        pass  # A connection that ended in the middle is the other side's affair.
