"""What those do who mean no good, as faults among the others."""

import contextlib
import sqlite3
import threading
import time

from ..faults import Faults
from . import clocks, listeners
from .wire import GARBAGE

ROUND = {
    "slow-readers": 2, "half-heads": 2, "full-house": 1, "garbage-requests": 2, "garbage-frames": 3,
    "foreign-messages": 2, "hostile-answers": 3, "clock-shift": 2, "store-locked": 1, "store-full": 1,
}
MEANING = {
    "slow-readers": "to each listener 25 clients that ask for long answers and read none, for 5 to 15 s",
    "half-heads": "to each listener 150 clients whose head does not end, for 5 to 15 s",
    "full-house": "more clients than the front door has places for ask for long answers and read none, for 5 to 15 s",
    "garbage-requests": "to each listener 40 clients that speak no HTTP, or none that agrees with itself",
    "garbage-frames": "half of the broker's connections say what no broker says, fall silent for 1 to 12 s, or are cut",
    "foreign-messages": "a neighbour puts messages that are none into every stage's queue",
    "hostile-answers": "the partner answers from the corpus of Tests/TestSupport for 2 to 5 s",
    "clock-shift": "the clock of a service is up to a day ahead or behind for 5 to 20 s",
    "store-locked": "another process holds the lock of ingest-service's store for 2 to 8 s",
    "store-full": "the file system of ingest-service's store has no room left for 2 to 6 s",
}
# While these are on, and shortly after, POSTs have to wait or to be refused: they do not tell what honest clients pay.
FRONT = ("store-locked", "store-full", "disk-full", "full-house")
_OWN_LOCK = (
    "slow-readers", "half-heads", "full-house", "garbage-requests", "garbage-frames", "foreign-messages", "clock-shift")


class HostileFaults(Faults):
    """With what has to be known to be hostile; `Hostility` fills it in."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._locks = {kind: threading.Lock() for kind in _OWN_LOCK}
        self.wire = None
        self.neighbour = None
        self.directory = None
        self.store = None

    def _take(self, kind):
        if kind in self._locks:
            return (self._locks[kind], None) if self._locks[kind].acquire(blocking=False) else None
        if kind == "hostile-answers":
            return (self._partner_lock, None) if self._partner_lock.acquire(blocking=False) else None
        if kind in ("store-locked", "store-full"):
            service = self.intake["ingest-service"]
            return (service.lock, service) if service.lock.acquire(blocking=False) else None
        return super()._take(kind)

    def _ports(self):
        return [self.intake.port, *(service.admin_port for service in self.intake.services)]

    def _slow_readers(self, fault, dice):
        self._crowd(fault, dice.uniform(5, 15), dice)

    def _half_heads(self, fault, dice):
        self._crowd(fault, dice.uniform(5, 15), dice)

    def _full_house(self, fault, dice):
        clients = listeners.disturb(fault.kind, [self.intake.port], dice.uniform(5, 15), dice.random())
        fault.target = f"{clients} clients"

    def _garbage_requests(self, fault, dice):
        self._crowd(fault, dice.uniform(1, 4), dice)

    def _crowd(self, fault, seconds, dice):
        fault.target = f"{listeners.disturb(fault.kind, self._ports(), seconds, dice.random())} clients"

    def _garbage_frames(self, fault, dice):
        kind = dice.choice(sorted(GARBAGE))
        fault.target = f"{kind}, over {self.wire.disturb(kind, dice)} connections"

    def _foreign_messages(self, fault, dice):
        fault.target = f"{self.neighbour.publish(self.broker.nodes[0].port, dice, 4)} messages"

    def _hostile_answers(self, fault, dice):
        self._misbehave("hostile", dice.uniform(2, 5))

    def _clock_shift(self, fault, dice):
        service = dice.choice(self.intake.services)
        seconds = dice.choice((-1, 1)) * dice.choice((2, 60, 3600, 86_400))
        fault.target = f"{service.name} {seconds:+} s"
        clock = clocks.file_of(self.directory, service.name)
        clocks.shift(clock, seconds)
        try:
            time.sleep(dice.uniform(5, 20))
        finally:
            clocks.shift(clock, 0)

    def _store_locked(self, fault, service, dice):
        connection = sqlite3.connect(self.store / "intake.sqlite", timeout=5, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(dice.uniform(2, 8))
            connection.execute("ROLLBACK")
        finally:
            connection.close()

    def _store_full(self, fault, service, dice):
        filler = self.store / "filler"
        try:
            # Without a buffer, which would be written once more at the end.
            with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
                while file.write(bytes(1 << 16)):
                    pass
            time.sleep(dice.uniform(2, 6))
        finally:
            filler.unlink()
