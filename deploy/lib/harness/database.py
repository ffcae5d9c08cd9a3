"""The private PostgreSQL server, for runs in which IngestService keeps its requests there."""

import contextlib
import os
import signal
import subprocess

from .processes import REPOSITORY, Child
from .waiting import wait_until


class Database(Child):
    """A server on a socket in a directory of its own, as deploy/postgres runs it."""

    def __init__(self, directory):
        self._socket = directory / "database"
        super().__init__("postgresql", [REPOSITORY / "deploy/postgres", self._socket], directory / "postgresql.log")

    @property
    def url(self):
        return f"postgresql:///postgres?host={self._socket}&user=postgres"

    def await_ready(self, seconds=60):
        """Waits until it takes connections; after a crash it recovers first."""
        wait_until(self._answers, seconds, "PostgreSQL takes connections")

    def start_again(self):
        """Starts it after its end, whatever that was."""
        self.start()
        self.await_ready()

    def kill_client(self, dice):
        """Ends one of the processes that serve a client with SIGKILL; returns whether there was one."""
        clients = [pid for pid in self._children() if b"[local]" in _title(pid)]
        if clients:
            os.kill(dice.choice(clients), signal.SIGKILL)
        return bool(clients)

    def pause(self):
        self._signal_all(signal.SIGSTOP)

    def resume(self):
        self._signal_all(signal.SIGCONT)

    def crash(self):
        """At once, as when the power goes: the next start recovers."""
        self.signal(signal.SIGQUIT)
        self.wait(None)

    def _signal_all(self, number):
        for pid in [self.process.pid, *self._children()]:
            with contextlib.suppress(ProcessLookupError):  # It has ended meanwhile.
                os.kill(pid, number)

    def _children(self):
        """The ids of its other processes, each in a session of its own."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as file:
            return [int(pid) for pid in file.read().split()]

    def _answers(self):
        command = [
            "psql", "--no-psqlrc", "--quiet", f"--host={self._socket}", "--username=postgres", "--command=SELECT 1"]
        return subprocess.run(command, capture_output=True).returncode == 0


def _title(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""
