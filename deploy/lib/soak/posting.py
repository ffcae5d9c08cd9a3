"""Made-up requests, posted at a steady rate until each has its answer."""

import collections
import dataclasses
import queue
import threading
import time

from harness.api import API


@dataclasses.dataclass
class Posted:
    """A request that the pipeline has taken."""
    job: str
    covered: bool
    at: float


class Posting:
    """Posts at a rate from several threads.

    A POST without an answer, or with a 5xx, is repeated under the same id until there is one: 202, or the 409 that
    names the job of an earlier try whose answer was lost.
    """

    THREADS = 16

    def __init__(self, port, rate, examples, journal, staff):
        self._port = port
        self._staff = staff
        self._journal = journal
        self._rate = rate
        self._examples = examples
        self._due = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._pace = threading.Thread(target=self._keep_pace, daemon=True)
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(self.THREADS)]
        self.accepted = {}
        self._covered = 0
        # The most POSTs that a request took.
        self.most_tries = 0
        self.made = 0
        # How POSTs were answered: by status, or `no answer`.
        self.answers = collections.Counter()
        # Of each that was accepted at the first try: when it was posted, and seconds to its answer.
        self.latencies = []
        # What should never be: a 4xx for a valid request, a second job for the same one.
        self.wrong = []

    def start(self):
        for thread in (self._pace, *self._threads):
            thread.start()

    def stop(self, seconds):
        """Makes no new requests; returns whether all that were made have been answered in time."""
        self._stopping.set()
        self._pace.join()
        for _ in self._threads:
            self._due.put(None)
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _keep_pace(self):
        begin = time.monotonic()
        while not self._stopping.wait(max(0, begin + self.made / self._rate - time.monotonic())):
            self._due.put(self._examples.make(self.made))
            self.made += 1

    def _work(self):
        api = API(self._port)
        while (item := self._due.get()) is not None:
            request, body, covered = item
            tries = 1
            while not self._post(api, request, body, covered):
                time.sleep(0.5)
                tries += 1
            with self._lock:
                self.most_tries = max(self.most_tries, tries)

    def _note(self, begin, what):
        """A line for each POST that went badly or took long, by the clock of the other logs."""
        now = time.time()
        clock = time.strftime("%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03}"
        with open(self._journal, "a") as journal:
            journal.write(f"{clock}Z {what} after {time.monotonic() - begin:.2f} s\n")

    def _post(self, api, request, body, covered):
        """One try; returns whether it is over with this request."""
        begin = time.monotonic()
        try:
            status, location, content = api.call("POST", "/api/requests", body)
        except OSError as error:
            with self._lock:
                self.answers["no answer"] += 1
                self._note(begin, f"no answer: {error}")
            return False
        with self._lock:
            self.answers[status] += 1
            if status == 202:
                self.latencies.append((begin, time.monotonic() - begin))
            if status != 202 or time.monotonic() - begin > 1:
                self._note(begin, status)
            if status in (202, 409) and location:
                self.accepted[request] = Posted(location, covered, time.monotonic())
                if covered:
                    self._covered += 1
                    self._staff.accepted(self._covered, request, location)
            elif status < 500:
                self.wrong.append(f"{request}: POST was answered {status} {content[:200]!r}")
            return status < 500
