"""Clients that hold what they get: answers that nobody reads, heads that do not end, bytes that are no HTTP.

Runs as a process of its own: what they cost the soak must not count as what they cost the services.
"""

import contextlib
import json
import os
import random
import resource
import socket
import subprocess
import sys
import time

# What has long answers, the one with the API and the other with the admin listeners: few of them fill what the system
# holds for a client that reads none. No more are asked for than that takes: it is about holding, and not about load.
LONG = b"".join(b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % path for path in (b"/openapi.yaml", b"/metrics")) * 15
GARBAGE = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"AMQP\x00\x00\x09\x01", b"\x00" * 4096, b"\xff" * 4096,
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    b"POST /api/requests HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
)
# By kind: how many connections to each listener, how many seconds apart, and what each begins and goes on with.
KINDS = {
    "slow-readers": (25, 0.15, lambda _: LONG, None),
    # More than what the system takes on a service's behalf: so each of them is at work.
    "full-house": (300, 0, lambda _: LONG * 8, None),
    "half-heads": (150, 0, lambda _: b"GET / HTTP/1.1\r\nHost: a\r\n", lambda _: b"X: 1\r\n"),
    "garbage-requests": (
        40, 0, lambda dice: dice.choice(GARBAGE) if dice.random() < 0.7 else os.urandom(500), lambda _: os.urandom(64)),
}


def disturb(kind, ports, seconds, seed):
    """Runs the clients of a kind; returns how many were let in."""
    command = [sys.executable, __file__, kind, str(seconds), str(seed), *map(str, ports)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 60)
    return json.loads(done.stdout)


def _run(kind, seconds, seed, ports):
    count, distance, first, more = KINDS[kind]
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    dice = random.Random(seed)
    sockets = []
    deadline = time.monotonic() + seconds
    for _ in range(count):
        time.sleep(distance)
        for port in ports:
            connection = socket.socket()
            # Little room on this side: what is not read stays with the service.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(1)
            try:
                connection.connect(("127.0.0.1", port))
                connection.setblocking(False)
                connection.send(first(dice))
                sockets.append(connection)
            except OSError:
                connection.close()
    while (left := deadline - time.monotonic()) > 0:
        time.sleep(min(left, 0.5))
        for connection in sockets if more else ():
            with contextlib.suppress(OSError):
                connection.send(more(dice))
    print(len(sockets))


if __name__ == "__main__":
    _run(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), [int(port) for port in sys.argv[4:]])
