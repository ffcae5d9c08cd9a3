"""The private PostgreSQL server, for runs in which IngestService keeps its requests there; perhaps with a standby."""

import contextlib
import glob
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from .processes import REPOSITORY, Child
from .waiting import wait_until


class Server(Child):
    """A server on a socket in a directory of its own, as deploy/postgres runs it."""

    def __init__(self, place, name, directory):
        self.socket = place / name
        super().__init__(name, [REPOSITORY / "deploy/postgres", self.socket], directory / f"{name}.log")

    def await_ready(self, seconds=60):
        """Waits until it takes connections; after a crash it recovers first."""
        wait_until(lambda: self.ask("SELECT 1") == "1", seconds, f"{self.name} takes connections")

    def ask(self, sql):
        """The answer to a question, as text; None when there is none."""
        command = [
            "psql", "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", f"--host={self.socket}",
            "--username=postgres", f"--command={sql}"]
        done = subprocess.run(command, capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else None

    def pause(self):
        self._signal_all(signal.SIGSTOP)

    def resume(self):
        self._signal_all(signal.SIGCONT)

    def crash(self):
        """At once, as when the power goes: the next start recovers."""
        self.signal(signal.SIGQUIT)
        self.wait(None)

    def kill_client(self, dice):
        """Ends one of the processes that serve a client with SIGKILL; returns whether there was one."""
        clients = [pid for pid in self._children() if b"[local]" in _title(pid)]
        if clients:
            os.kill(dice.choice(clients), signal.SIGKILL)
        return bool(clients)

    def _signal_all(self, number):
        for pid in [self.process.pid, *self._children()]:
            with contextlib.suppress(ProcessLookupError):  # It has ended meanwhile.
                os.kill(pid, number)

    def _children(self):
        """The ids of its other processes, each in a session of its own."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as file:
            return [int(pid) for pid in file.read().split()]


class Database:
    """One server, or two: a primary, and a standby that each commit waits for."""

    def __init__(self, directory, has_standby=False):
        names = ("postgresql-a", "postgresql-b") if has_standby else ("postgresql",)
        # PostgreSQL does not run as root, and whom it runs as then may not reach the directory of the run.
        self._place = pathlib.Path(tempfile.mkdtemp(prefix="intake-database-"))
        self._place.chmod(0o755)
        self.children = [Server(self._place, name, directory) for name in names]
        self.has_standby = has_standby

    @property
    def primary(self):
        return self.children[0]

    @property
    def url(self):
        hosts = ",".join(str(server.socket) for server in sorted(self.children, key=lambda server: server.name))
        return f"postgresql:///postgres?host={hosts}&user=postgres&target_session_attrs=read-write"

    def start(self):
        self.primary.start()
        self.primary.await_ready()
        if self.has_standby:
            self._add_standby()

    def remove(self):
        """After its end: what was in it, the logs of the run apart."""
        shutil.rmtree(self._place, ignore_errors=True)

    def start_again(self):
        """Starts the primary after its end, whatever that was."""
        self.primary.start()
        self.primary.await_ready()

    def fail_over(self):
        """The primary is gone for good, and the standby takes its place."""
        self.primary.crash()
        self.children.reverse()
        wait_until(lambda: self.primary.ask("SELECT pg_promote(wait => true, wait_seconds => 60)") == "t", 90,
                   f"{self.primary.name} is promoted")
        # Whoever promotes it also sees to it that it waits for no other until there is one.
        self._wait_for_standbys("")

    def add_standby_again(self):
        """A copy of the primary in the place of what was the primary before."""
        shutil.rmtree(self.children[1].socket)
        self._add_standby()

    def _add_standby(self):
        standby = self.children[1]
        standby.socket.mkdir()
        as_server = []
        if os.geteuid() == 0:
            shutil.chown(standby.socket, "postgres")
            as_server = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        program = sorted(glob.glob("/usr/lib/postgresql/*/bin/pg_basebackup"))[-1]
        subprocess.run(
            [*as_server, program, f"--host={self.primary.socket}", "--username=postgres", "--checkpoint=fast",
             "--write-recovery-conf", "--no-sync", f"--pgdata={standby.socket / 'data'}"],
            check=True, cwd="/", capture_output=True)
        standby.start()
        standby.await_ready()
        follows = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        wait_until(lambda: self.primary.ask(follows) == "1", 60, f"{standby.name} follows")
        self._wait_for_standbys("*")

    def _wait_for_standbys(self, names):
        """A commit is answered when these have it, too."""
        for sql in (f"ALTER SYSTEM SET synchronous_standby_names = '{names}'", "SELECT pg_reload_conf()"):
            wait_until(lambda sql=sql: self.primary.ask(sql) is not None, 30, sql)


def _title(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""
