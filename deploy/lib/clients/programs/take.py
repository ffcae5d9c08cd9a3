"""Takes callbacks with the standard library's server: take.py PORT PROTOCOL, which is HTTP/1.0 or HTTP/1.1."""

import http.server
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = sys.argv[2]

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        if self.protocol_version == "HTTP/1.1":
            self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
