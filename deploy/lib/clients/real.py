"""HTTP clients and servers that others wrote: as partners' programs at the front door, and as what takes callbacks."""

import contextlib
import json
import pathlib
import random
import shutil
import socket
import subprocess
import time

from harness.api import API, Examples
from harness.intake import AUTHORIZATION, Configuration, endpoint, provider, shipped
from harness.processes import Child, free_ports

PROGRAMS = pathlib.Path(__file__).with_name("programs")
# In the environment of the generated clients.
REQUIREMENTS = ("requests==2.32.5", "httpx==0.28.1", "uvicorn==0.38.0")
PYTHON = {
    "requests": "import sys, requests; u, t, b = sys.argv[1:];"
                " print(requests.post(u, b, headers={'Authorization': 'Bearer ' + t,"
                " 'Content-Type': 'application/json'}).status_code)",
    "httpx": "import sys, httpx; u, t, b = sys.argv[1:];"
             " print(httpx.post(u, content=b, headers={'Authorization': 'Bearer ' + t,"
             " 'Content-Type': 'application/json'}).status_code)",
    "urllib": "import sys, urllib.request as r; u, t, b = sys.argv[1:];"
              " q = r.Request(u, b.encode(), {'Authorization': 'Bearer ' + t, 'Content-Type': 'application/json'});"
              " print(r.urlopen(q).status)",
}
NODE = ("const [u, t, b] = process.argv.slice(1);"
        " const headers = {Authorization: 'Bearer ' + t, 'Content-Type': 'application/json'};"
        " fetch(u, {method: 'POST', body: b, headers}).then(answer => console.log(answer.status))")
HAPROXY = """\
defaults
    mode http
    timeout client 30s
    timeout server 30s
    timeout connect 5s
frontend partner
    bind 127.0.0.1:{port}
    http-request return status 200 content-type text/plain string taken
"""


def clients(python):
    """By name: what it needs, and the command, behind which come URL, token and body; it prints the status."""
    def curl(*more):
        return [
            "sh", "-c", "u=$1 t=$2 b=$3; shift 3; exec curl -s -o /dev/null -w '%{http_code}\\n' \"$@\""
            " -H \"Authorization: Bearer $t\" -H 'Content-Type: application/json' --data-binary \"$b\" \"$u\"", *more]
    yield "curl", "curl", curl("sh"), []
    yield "curl, HTTP/1.0", "curl", curl("sh"), ["--http1.0"]
    yield "curl, Expect: 100-continue", "curl", curl("sh"), ["-H", "Expect: 100-continue"]
    yield "curl, chunked", "curl", curl("sh"), ["-H", "Transfer-Encoding: chunked"]
    yield "curl, HTTP/2 by an upgrade", "curl", curl("sh"), ["--http2"]
    yield "wget", "wget", [
        "sh", "-c", "wget -q -S -O /dev/null --header \"Authorization: Bearer $2\" --header"
        " 'Content-Type: application/json' --post-data \"$3\" \"$1\" 2>&1 | awk '/HTTP\\//{print $2}'", "sh"], []
    for name, program in PYTHON.items():
        yield f"Python {name}", "python3", [python, "-c", program], []
    yield "Perl LWP", "lwp-request", ["perl", PROGRAMS / "post.pl"], []
    yield "Java HttpClient", "javac", ["java", PROGRAMS / "Post.java"], []
    yield "Node fetch", "node", ["node", "-e", NODE, "--"], []


def servers(python, directory, port):
    """By name: what it needs, and the command that takes callbacks at the port."""
    (directory / "haproxy-partner.cfg").write_text(HAPROXY.format(port=port("HAProxy")))
    return {
        "Python http.server, HTTP/1.0": ("python3", [python, PROGRAMS / "take.py", "{port}", "HTTP/1.0"]),
        "Python http.server, HTTP/1.1": ("python3", [python, PROGRAMS / "take.py", "{port}", "HTTP/1.1"]),
        "uvicorn": ("python3", [
            python, "-m", "uvicorn", "--app-dir", PROGRAMS, "take_asgi:application", "--port", "{port}"]),
        "Node": ("node", ["node", PROGRAMS / "take.js", "{port}"]),
        "Java HttpServer": ("javac", ["java", PROGRAMS / "Take.java", "{port}"]),
        "Perl HTTP::Daemon": ("lwp-request", ["perl", PROGRAMS / "take.pl", "{port}"]),
        "HAProxy": ("haproxy", ["haproxy", "-db", "-f", directory / "haproxy-partner.cfg"]),
    }


class Partners:
    """One partner for each server, with a provider's entry and a token of its own."""

    def __init__(self, python, directory):
        directory.mkdir(parents=True, exist_ok=True)
        self._ports = {}
        self._children = []
        self._found = servers(python, directory, self._port)
        self._directory = directory

    def _port(self, name):
        if name not in self._ports:
            self._ports[name] = free_ports(1)[0]
        return self._ports[name]

    @staticmethod
    def _slug(name):
        return "real-" + "".join(letter if letter.isalnum() else "-" for letter in name.lower()).strip("-")

    def _token(self, name):
        return f"token-of-{self._slug(name)}"

    @property
    def providers(self):
        return "".join(provider(self._slug(name), "relief", self._token(name)) for name in self._found)

    @property
    def endpoints(self):
        return "".join(
            endpoint(self._slug(name), f"http://127.0.0.1:{self._port(name)}/callbacks") for name in self._found)

    def start(self):
        """Starts those that are there; returns what each of the others lacks."""
        missing = {}
        for name, (needed, command) in self._found.items():
            if shutil.which(needed) is None:
                missing[name] = needed
                continue
            port = self._port(name)
            child = Child(
                name, [str(port) if part == "{port}" else part for part in command],
                self._directory / f"{self._slug(name)}.log")
            child.start()
            self._children.append((name, child))
        return missing

    def stop(self):
        for _, child in self._children:
            child.end()
            if child.is_alive:
                child.stop(10)

    def tell(self, port):
        """Sends a request for each, and waits until its callback was taken; yields name and what went wrong."""
        examples = Examples(random.Random(3))
        for number, (name, child) in enumerate(self._children):
            _await_port(self._port(name))
            with contextlib.closing(API(port)) as api:
                request, body, _ = examples.make(number)
                content = json.loads(body) | {"providerRequestId": f"{self._slug(name)}-{request}"}
                token = self._token(name)
                status, location, answer = api.call("POST", "/api/requests", json.dumps(content).encode(), token)
                if status != 202:
                    yield name, f"POST was answered {status} {answer[:200]!r}"
                    continue
                deadline = time.monotonic() + 30
                while (state := api.call("GET", location, token=token)[0]) != 303 and time.monotonic() < deadline:
                    time.sleep(0.2)
                yield name, None if state == 303 else f"its job is at {state} after 30 s: {child.last_lines(3)}"


def _await_port(port):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)


def configuration(partner, partners):
    """The shipped files, with these partners beside the one of theirs."""
    head, mark, rest = shipped("providers.yaml").partition("\nproviders:\n")
    own = endpoint("smokealarm-portal", f"http://127.0.0.1:{partner.port}/callbacks", AUTHORIZATION)
    return Configuration(
        providers=head + mark + partners.providers + rest, callbacks="providers:\n" + own + partners.endpoints)


def post(port, python, token):
    """Posts a request with each client; yields name and what went wrong, or what it lacks."""
    examples = Examples(random.Random(4))
    for number, (name, needed, command, more) in enumerate(clients(python)):
        if shutil.which(needed) is None:
            yield name, None, needed
            continue
        request, body, _ = examples.make(number)
        content = json.dumps(json.loads(body) | {"providerRequestId": f"client-{request}"})
        done = subprocess.run(
            [*map(str, command), f"http://127.0.0.1:{port}/api/requests", token, content, *more],
            capture_output=True, text=True, timeout=60)
        said = done.stdout.split()
        yield name, None if said[-1:] == ["202"] else f"was answered {done.stdout!r} {done.stderr[-300:]!r}", None
