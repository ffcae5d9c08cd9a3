"""A partner whose answer depends on the request, so that jobs end in every way."""

import http.server
import threading
import urllib.parse

# By the last digit of the partner's id of the request; every other one is taken.
ANSWERS = {"3": 410, "6": 503}


def answer(request):
    """The status that the callback of a request gets."""
    return ANSWERS.get(request[-1:], 204)


class Partner:
    """An HTTP server on 127.0.0.1 and a free port."""

    def __init__(self):
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def start(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status = answer(urllib.parse.unquote(self.path.rpartition("/")[2]))
        self.send_response_only(status)
        if status != 204:
            self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass
