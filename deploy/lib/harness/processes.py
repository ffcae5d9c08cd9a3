"""Child processes: started, signalled and ended by their ids alone, each with a log file."""

import pathlib
import random
import resource
import signal
import socket
import subprocess
import threading

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


def free_ports(count):
    """Ports that nobody listens on, below those that the kernel gives to outgoing connections."""
    found = []
    while len(found) < count:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in found:
            found.append(port)
    return found


class Child:
    """A process that can be started again and again.

    It is tethered: were this script killed, it would end. `lock` is held by whoever disturbs it, so that no two faults
    meet in one process and nobody else takes its end for an accident.
    """

    def __init__(self, name, command, log, environment=None):
        self.name = name
        self.command = command
        self.environment = environment
        self.log = log
        self.lock = threading.Lock()
        self.process = None
        self._is_over = False

    def start(self):
        """Starts it. Its log goes through a pipe, so that a limit on what it may write to files spares the log."""
        if self._is_over:
            raise RuntimeError(f"{self.name} is not started any more")
        self.process = subprocess.Popen(
            [str(REPOSITORY / "deploy/tethered"), *map(str, self.command)], env=self.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        threading.Thread(target=self._copy_log, args=(self.process,), daemon=True).start()

    def _copy_log(self, process):
        with open(self.log, "ab", buffering=0) as log:
            while chunk := process.stdout.read1(65536):
                log.write(chunk)

    @property
    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    @property
    def status(self):
        """How it ended, in words."""
        code = self.process.poll()
        if code is None:
            return "runs"
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"

    def signal(self, number):
        self.process.send_signal(number)

    def pause(self):
        self.signal(signal.SIGSTOP)

    def resume(self):
        self.signal(signal.SIGCONT)

    def end(self):
        """From now on nobody starts it; and were it suspended, it now goes on."""
        self._is_over = True
        if self.is_alive:
            self.resume()

    def wait(self, seconds):
        """Waits for its end; returns whether it came."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        # Ends the tether's watcher.
        self.process.stdin.close()
        return True

    def kill(self):
        self.signal(signal.SIGKILL)
        self.wait(None)

    def stop(self, patience=60):
        """Stops it in order; returns whether it did within its time, and kills it when not."""
        self.signal(signal.SIGTERM)
        if self.wait(patience):
            return True
        self.kill()
        return False

    def limit_file_size(self, limit):
        """Lets writes to files beyond so many bytes fail; `None` lifts that. Only the soft limit is touched."""
        hard = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (hard if limit is None else limit, hard))

    def last_lines(self, count=15):
        try:
            return pathlib.Path(self.log).read_text(errors="replace").splitlines()[-count:]
        except FileNotFoundError:
            return []
