"""A partner who takes callbacks well, unless it was told otherwise of a request."""

import http.server
import json
import threading
import urllib.parse


class Partner:
    """An HTTP server on 127.0.0.1 and a free port."""

    def __init__(self):
        # Statuses that a request's next callbacks are answered with; after the last one all is well.
        self.answers = {}
        # Requests whose answer (status `new`) gets 503 while their steps are taken.
        self.deaf_to_answers = set()
        # Whether everything under a path that begins so is refused.
        self.refuses_under = None
        self.told = []
        self.lock = threading.Lock()
        partner = self

        class Handler(_Handler):
            pass

        Handler.partner = partner
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def start(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path, body):
        """The status that a callback gets."""
        request = urllib.parse.unquote(path.rpartition("/")[2])
        with self.lock:
            self.told.append((request, body))
            if self.refuses_under and path.startswith(self.refuses_under):
                return 503
            if request in self.deaf_to_answers and body.get("status") == "new":
                return 503
            waiting = self.answers.get(request)
            return waiting.pop(0) if waiting else 204


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    partner = None

    def do_POST(self):
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status = self.partner.answer(self.path, json.loads(content))
        text = b"" if status == 204 else b"out of order"
        self.send_response_only(status)
        if text:
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *arguments):
        pass
