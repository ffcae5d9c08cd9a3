"""What a hostile run needs around the services, and what it asks of them in the end."""

import os
import subprocess
import time
import urllib.parse

from ..processes import free_ports
from . import clocks
from .answers import answers
from .faults import FRONT
from .messages import EVENTS, Neighbour
from .resources import Watch
from .wire import Wire

# How long after a fault of the front door its clients may still feel it.
AFTERMATH = 5
# Below it a percentile says more of the machine than of the service; seconds.
FINEST = 0.010
# By how much memory may seem to grow: allocators keep what they had. Megabytes, and a share.
MEMORY_SLACK, MEMORY_SHARE = 40, 1.25
FILES_SLACK = 24
# Megabytes of the store's file system.
STORE_SIZE = 192


class Hostility:
    """The proxy before the broker, a file system for the store, the neighbour, and the figures."""

    def __init__(self, options, broker, partner):
        self._broker = broker
        self._kinds = options.faults
        self._state = options.state
        self._mounted = self._mount(options.state / "store")
        self._port = free_ports(1)[0]
        self._wire = None
        self._watch = None
        self._neighbour = Neighbour()
        self._has_clocks = clocks.library(options.state) is not None
        for kind, is_there in (("store-full", self._mounted), ("clock-shift", self._has_clocks)):
            if kind in self._kinds and not is_there:
                print(f"left out: {kind} ({'needs root' if kind == 'store-full' else 'needs a C compiler'})", flush=True)
                del self._kinds[kind]
        partner.answers = answers(options.bin)
        self._calm_until = None
        self._faults = None

    @property
    def broker_url(self):
        """The broker as the services see it: through the proxy."""
        return self._broker.url.replace(f":{self._broker.nodes[0].port}/", f":{self._port}/")

    @property
    def surroundings(self):
        """The store's directory, and whether services have clocks of their own."""
        return self._state / "store", self._has_clocks

    def begin(self, intake, faults):
        """The services are ready; from now on what they hold is watched."""
        faults.wire, faults.neighbour, faults.store = self._wire, self._neighbour, self._state / "store"
        self._faults = faults
        self._watch = Watch(intake.services)
        self._watch.start()

    def open_wire(self):
        """The services' way to the broker, which is up."""
        self._wire = Wire(self._port, self._broker.nodes[0].port)

    def end_calm(self):
        self._calm_until = time.monotonic()

    def stop(self):
        if self._watch:
            self._watch.stop()
        if self._wire:
            self._wire.stop()
        if self._mounted:
            subprocess.run(["umount", "--lazy", self._state / "store"], check=False)

    @staticmethod
    def _mount(path):
        """A small file system of its own; without root it is a directory like others."""
        path.mkdir()
        if os.geteuid() != 0:
            return False
        command = ["mount", "-t", "tmpfs", "-o", f"size={STORE_SIZE}m", "tmpfs", path]
        return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0

    # The reckoning.

    def judge(self, latencies, accidents):
        """Figures, as name, value and remark; and what must not be, in words."""
        self._watch.stop()
        figures, problems = [], [f"{accident}, by itself" for accident in accidents]
        for part in (self._judge_latencies(latencies), self._judge_resources(), self._judge_messages()):
            figures += part[0]
            problems += part[1]
        return figures, problems

    def _judge_latencies(self, latencies):
        spans = [(fault.start, (fault.end or fault.start) + AFTERMATH) for fault in self._faults.done
                 if fault.kind in FRONT or fault.target == "ingest-service"]
        end = max((fault.end or fault.start for fault in self._faults.done), default=0)
        calm = sorted(seconds for at, seconds in latencies if at < self._calm_until)
        beside = sorted(seconds for at, seconds in latencies if self._calm_until <= at < end
                        and not any(start <= at <= last for start, last in spans))
        if min(len(calm), len(beside)) < 100:
            return [], ["too few POSTs to tell a percentile"]
        first, second = (part[int(len(part) * 0.99)] for part in (calm, beside))
        figures = [
            ("p99 calm", f"{first * 1000:.1f} ms", f"of {len(calm)} POSTs, median {calm[len(calm) // 2] * 1000:.1f} ms"),
            ("p99 hostile", f"{second * 1000:.1f} ms",
             f"of {len(beside)} POSTs, median {beside[len(beside) // 2] * 1000:.1f} ms")]
        problem = f"the 99th percentile of honest POSTs rose from {first * 1000:.1f} to {second * 1000:.1f} ms"
        return figures, [] if second <= 2 * max(first, FINEST) else [problem]

    def _judge_resources(self):
        figures, problems = [], []
        for name, found in self._watch.figures().items():
            figures.append((
                name.removesuffix("-service") + " holds", f"{found['memory_last']:.0f} MB",
                f"at first {found['memory_first']:.0f}, at most {found['memory_most']:.0f};"
                f" files {found['files_last']}, at first {found['files_first']:.0f}, at most {found['files_most']}"))
            if found["memory_last"] > found["memory_first"] * MEMORY_SHARE + MEMORY_SLACK:
                problems.append(f"{name} grew from {found['memory_first']:.0f} to {found['memory_last']:.0f} MB")
            if found["files_last"] > found["files_first"] + FILES_SLACK:
                problems.append(f"{name} has {found['files_last']} files open, {found['files_first']:.0f} at first")
        return figures, problems

    def _judge_messages(self):
        """Each message of the neighbour's is one dead letter of the stage whose queue it was put into."""
        letters = {queue: self._identifiers(queue, depth) for queue, depth in self._broker.depths().items()
                   if queue.endswith(".dead") and depth}
        sent = self._neighbour.sent
        problems, good = [], 0
        for identifier, (queue, kind) in sent.items():
            stage = queue.split(".")[1]
            count = letters.get(f"intake.{stage}.dead", []).count(identifier)
            # The projection passes over facts about requests that it does not know, whatever they say.
            if count == 1 or (count == 0 and stage == "progress" and kind in EVENTS):
                good += 1
            else:
                problems.append(f"{identifier} ({kind}, to {queue}) is {count} dead letters")
        return [("foreign messages", len(sent), f"{good} of them one dead letter")], problems

    def _identifiers(self, queue, count):
        body = {"count": count, "ackmode": "ack_requeue_true", "encoding": "base64", "truncate": 1}
        path = f"/api/queues/%2F/{urllib.parse.quote(queue)}/get"
        return [message["properties"].get("message_id") for message in self._broker.ask("POST", path, body)]
