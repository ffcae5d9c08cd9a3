"""What a hostile run needs around the services, and what it asks of them in the end."""

import os
import subprocess
import urllib.parse

from harness.intake import Configuration, Intake
from harness.processes import free_ports

from . import clocks
from .answers import answers
from .faults import FRONT
from .messages import FACTS, Neighbour
from .readiness import ReadinessWatch
from .resources import Watch
from .wire import Wire

# How long after a fault of the front door its clients may still feel it.
AFTERMATH = 5
# Below it a percentile says more of the machine than of the service; seconds.
FINEST = 0.020
ENOUGH = 2000
# By how much memory may seem to grow: allocators keep what they had. Megabytes, and a share.
MEMORY_SLACK, MEMORY_SHARE = 40, 1.25
FILES_SLACK = 24
# Megabytes of the store's file system.
STORE_SIZE = 192
# Connections of the front door: more than all others have together, and fewer than `full-house` wants.
CONNECTIONS = 220


class Hostility:
    """The proxy before the broker, a file system for the store, the neighbour, and the figures."""

    def __init__(self, options, partner):
        self._directory = options.state
        self._store = options.state / "store"
        self._mounted = self._mount()
        self._port = free_ports(1)[0]
        self._wire = self._watch = self._readiness = None
        # When nothing was done to anybody: from, until.
        self._calms = []
        self._neighbour = Neighbour()
        self._has_clocks = clocks.library(options.state) is not None
        for kind, is_there, needed in (
            ("store-full", self._mounted, "root"), ("clock-shift", self._has_clocks, "a C compiler"),
        ):
            if kind in options.faults and not is_there:
                print(f"left out: {kind}, which needs {needed}", flush=True)
                del options.faults[kind]
        partner.answers = answers(options.bin)

    @property
    def configuration(self):
        """What differs from other runs: the way to the broker, the store, the clocks."""
        own = {name: clocks.variables(self._directory, name) for name in Intake.NAMES} if self._has_clocks else {}
        for name in own:
            clocks.shift(clocks.file_of(self._directory, name), 0)
        own["ingest-service"] = own.get("ingest-service", {}) | {"INTAKE_HTTP_CONNECTIONS": str(CONNECTIONS)}
        return Configuration(
            settings={"INTAKE_BROKER_URL": f"amqp://guest:guest@127.0.0.1:{self._port}/%2F",
                      "INTAKE_STORE_PATH": str(self._store / "intake.sqlite")},
            own_settings=own)

    def begin(self, soak):
        """Before the services start: the broker is up."""
        self._wire = Wire(self._port, soak.broker.nodes[0].port)
        self._watch = Watch(soak.intake.services)
        self._readiness = ReadinessWatch(soak.intake, soak.broker)
        soak.faults.wire, soak.faults.neighbour = self._wire, self._neighbour
        soak.faults.directory, soak.faults.store = self._directory, self._store

    def watch(self):
        """The services are ready: from now on what they hold and say is looked at."""
        self._watch.start()
        self._readiness.start()

    def was_calm(self, begin, end):
        self._calms.append((begin, end))

    def stop(self):
        if self._watch:
            self._watch.stop()
            self._readiness.stop()
        if self._wire:
            self._wire.stop()
        if self._mounted:
            subprocess.run(["umount", "--lazy", self._store])

    def _mount(self):
        """A small file system of its own; without root it is a directory like others."""
        self._store.mkdir()
        if os.geteuid() != 0:
            return False
        command = ["mount", "-t", "tmpfs", "-o", f"size={STORE_SIZE}m", "tmpfs", self._store]
        return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0

    # The reckoning.

    def judge(self, soak):
        """Figures, as name, value and remark; what must not be goes to the run's problems."""
        self._watch.stop()
        self._readiness.stop()
        soak.problems += soak.intake.accidents
        parts = (
            self._judge_latencies(soak.posting.latencies, soak.faults.done), self._judge_resources(),
            self._readiness.judge(), self._judge_messages(soak.broker))
        for _, problems in parts:
            soak.problems += problems
        return [figure for figures, _ in parts for figure in figures]

    def _judge_latencies(self, latencies, faults):
        held_up = [(fault.start, (fault.end or fault.start) + AFTERMATH) for fault in faults
                   if fault.kind in FRONT or fault.target == "ingest-service"]
        calm, beside = [], []
        for at, seconds in latencies:
            if _is_within(at, held_up):
                continue
            if _is_within(at, self._calms):
                calm.append(seconds)
            elif at > self._calms[0][1]:
                beside.append(seconds)
        figures, percentiles = [], []
        for name, part in (("p99 calm", sorted(calm)), ("p99 hostile", sorted(beside))):
            if not part:
                return figures, ["no POST tells what honest clients pay"]
            percentiles.append(part[int(len(part) * 0.99)])
            figures.append((name, f"{percentiles[-1] * 1000:.1f} ms",
                            f"of {len(part)} POSTs, median {part[len(part) // 2] * 1000:.1f} ms"))
        # Of few the percentile is one of the worst, which says nothing.
        if len(calm) < ENOUGH or percentiles[1] <= 2 * max(percentiles[0], FINEST):
            return figures, []
        return figures, ["the 99th percentile of honest POSTs is more than twice that of the calm"]

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

    def _judge_messages(self, broker):
        """Each message of the neighbour's is one dead letter of the stage whose queue it was put into."""
        letters = {queue: _identifiers(broker, queue, depth) for queue, depth in broker.depths().items()
                   if queue.endswith(".dead") and depth}
        sent = self._neighbour.sent
        problems, good = [], 0
        for identifier, (queue, kind) in sent.items():
            stage = queue.split(".")[1]
            count = letters.get(f"intake.{stage}.dead", []).count(identifier)
            # The projection passes over facts about requests that it does not know, whatever they say.
            if count == 1 or (count == 0 and stage == "progress" and kind in FACTS):
                good += 1
            else:
                problems.append(f"{identifier} ({kind}, to {queue}) is {count} dead letters")
        return [("foreign messages", len(sent), f"{good} of them one dead letter")], problems


def _is_within(at, spans):
    return any(start <= at <= end for start, end in spans)


def _identifiers(broker, queue, count):
    """The messages that lie in a queue; puts them back."""
    body = {"count": count, "ackmode": "ack_requeue_true", "encoding": "base64", "truncate": 1}
    path = f"/api/queues/%2F/{urllib.parse.quote(queue)}/get"
    return [message["properties"].get("message_id") for message in broker.ask("POST", path, body)]
