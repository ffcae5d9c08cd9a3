"""Whether `/health/ready` tells of what does not work: both are looked at from outside, all the time.

The front door refuses when a new client gets no answer. A stage stands still when its queue holds messages and its
process, which runs, has been through with none of them for a while. In each such span the service must have been seen
not to be ready, and must have said why.
"""

import dataclasses
import re
import socket
import threading
import time

from harness.broker import STAGE_QUEUES

# Seconds between two looks, and how long a new client waits to be let in.
PACE = 0.5
PATIENCE = 2
# Refusing for less is over before anybody who asks once a second can know.
SHORTEST_REFUSAL = 3
# A broker that says nothing is known to be gone after two heartbeats, of 5 s here.
STILL = 15
HANDLED = re.compile(r"^intake_stage_messages_total\{[^}]*\} (\S+)", re.MULTILINE)


@dataclasses.dataclass
class Span:
    """From when until when something did not work."""
    what: str
    service: str
    begin: float
    end: float


@dataclasses.dataclass
class Look:
    """What a service's readiness said at a moment; None when nobody answered."""
    at: float
    is_ready: bool | None
    reasons: list


class ReadinessWatch:
    """Asks the services, knocks at the front door, and looks at the queues."""

    def __init__(self, intake, broker):
        self._intake = intake
        self._broker = broker
        self._stopping = threading.Event()
        self._looks = {service.name: [] for service in intake.services}
        self._spans = []
        # By queue: since when nothing moves, and how much its service had handled then.
        self._still = {}
        self._threads = [
            threading.Thread(target=self._repeat, args=(action, *arguments), daemon=True)
            for action, *arguments in (
                *((self._ask, service) for service in intake.services), (self._knock,), (self._look_at_queues,))]
        self._refused_since = None

    def start(self):
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._stopping.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        self._note_refusal(time.monotonic())

    def judge(self):
        """Figures, as name, value and remark; and what must not be."""
        figures, problems = [], []
        for name, looks in sorted(self._looks.items()):
            unready = [look for look in looks if look.is_ready is False]
            silent = sum(look.is_ready is None for look in looks)
            reasons = {re.sub(r"\d+", "N", reason) for look in unready for reason in look.reasons}
            figures.append((
                name.removesuffix("-service") + " not ready", len(unready),
                f"of {len(looks)} looks; {silent} without an answer; {len(reasons)} reasons"))
            if any(not look.reasons for look in unready):
                problems.append(f"{name} was not ready and did not say why")
        for what in ("front door", *STAGE_QUEUES):
            spans = [span for span in self._spans if span.what == what]
            if spans:
                longest = max(span.end - span.begin for span in spans)
                figures.append((f"{what} still", len(spans), f"times; the longest for {longest:.0f} s"))
            for span in spans:
                if not self._was_told(span):
                    problems.append(
                        f"{what} did not work for {span.end - span.begin:.0f} s, and {span.service} was ready")
        return figures, problems

    def _was_told(self, span):
        # One look later: the readiness is a second old at most.
        return any(look.is_ready is not True for look in self._looks[span.service]
                   if span.begin <= look.at <= span.end + 2 * PACE + 1)

    def _repeat(self, action, *arguments):
        while not self._stopping.wait(PACE):
            action(*arguments)

    def _ask(self, service):
        at = time.monotonic()
        try:
            status, content = service.get("/health/ready", timeout=3)
        except OSError:
            look = Look(at, None, [])
        else:
            reasons = [line for line in content.splitlines() if line.strip() and not line.endswith(": ok")]
            look = Look(at, status == 200, reasons)
        self._looks[service.name].append(look)

    def _knock(self):
        at = time.monotonic()
        is_in = False
        try:
            with socket.create_connection(("127.0.0.1", self._intake.port), PATIENCE) as client:
                client.settimeout(PATIENCE)
                client.sendall(b"GET /api/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                is_in = client.recv(1) != b""
        except OSError:
            pass
        if is_in:
            self._note_refusal(at)
            self._refused_since = None
        elif self._refused_since is None:
            self._refused_since = at

    def _note_refusal(self, until):
        since = self._refused_since
        if since is not None and until - since >= SHORTEST_REFUSAL:
            self._spans.append(Span("front door", "ingest-service", since, until))

    def _look_at_queues(self):
        try:
            depths = self._broker.depths()
        except OSError:
            # Nobody knows: it begins anew.
            self._still.clear()
            return
        now = time.monotonic()
        for queue in STAGE_QUEUES:
            [service] = self._intake.consuming(queue)
            handled = self._handled(service) if depths.get(queue) else None
            since, then = self._still.get(queue, (now, None))
            if handled is None or handled != then:
                if then is not None and now - since >= STILL:
                    self._spans.append(Span(queue, service.name, since, now))
                self._still[queue] = (now, handled)

    @staticmethod
    def _handled(service):
        """How many messages a service's process has been through with; None when it cannot be asked."""
        try:
            return sum(map(float, HANDLED.findall(service.get("/metrics", timeout=3)[1])))
        except OSError:
            return None
