"""What the services hold: memory and descriptors, looked at every second."""

import os
import statistics
import threading


class Watch:
    """Samples of each service, as long as it is one process."""

    def __init__(self, services):
        self._services = services
        self._stopping = threading.Event()
        # By service: the id of its process, and (megabytes, descriptors) of each second.
        self._samples = {}
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self):
        while not self._stopping.wait(1):
            for service in self._services:
                if not service.is_alive:
                    continue
                pid = service.process.pid
                try:
                    with open(f"/proc/{pid}/statm") as file:
                        pages = int(file.read().split()[1])
                    descriptors = len(os.listdir(f"/proc/{pid}/fd"))
                except (OSError, IndexError, ValueError):
                    continue
                known, samples = self._samples.get(service.name, (pid, []))
                if known != pid:
                    samples = []
                samples.append((pages * 4096 / 1e6, descriptors))
                self._samples[service.name] = (pid, samples)

    def figures(self):
        """For each service: megabytes in the first and the last sixth of the time, and at most; descriptors, too."""
        found = {}
        for name, (_, samples) in sorted(self._samples.items()):
            part = max(1, len(samples) // 6)
            if len(samples) < 6:
                continue
            memory, files = zip(*samples)
            found[name] = {
                "memory_first": statistics.median(memory[:part]), "memory_last": statistics.median(memory[-part:]),
                "memory_most": max(memory), "files_first": statistics.median(files[:part]),
                "files_last": files[-1], "files_most": max(files)}
        return found
