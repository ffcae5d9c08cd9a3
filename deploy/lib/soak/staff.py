"""The organisation's staff: they take steps with requests, which the partner is told one after the other."""

import heapq
import random
import threading
import time

from harness.api import API, STAFF_WRITE_TOKEN

# What the partner is told of a request, from the oldest to the newest.
WORDS = ("new", "scheduled", "installed")
# What staff say for the last two.
STEPS = ("scheduled", "completed")
# Of so many covered requests staff take steps with one.
SHARE = 3
# Seconds until a step that could not be taken is tried again.
PAUSE = 1


class Staff:
    """Takes both steps with some of the covered requests, soon after each other: a step is often taken while the
    partner has not been told of the one before, or not even of the decision.

    A step without an answer, with a 5xx, or for which it is too early, is taken again until it is taken.
    """

    THREADS = 4

    def __init__(self, port, seed):
        self._port = port
        self._random = random.Random(seed)
        self._due = []
        self._changed = threading.Condition()
        self._is_over = False
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(self.THREADS)]
        self._open = 0
        # Of each request with which staff take steps, the word for the last step taken.
        self.newest = {}
        # What should never be: a step that is refused.
        self.wrong = []

    def start(self):
        for thread in self._threads:
            thread.start()

    def accepted(self, number, request, job):
        """A covered request has been accepted; `number` counts those."""
        if number % SHARE == 0:
            with self._changed:
                self._open += 1
                self.newest[request] = WORDS[0]
                self._plan(request, f"/api/requests/{job.rpartition('/')[2]}", 0, self._random.uniform(0, 4))

    @property
    def taken(self):
        with self._changed:
            return sum(WORDS.index(word) for word in self.newest.values())

    def stop(self, seconds):
        """Returns whether all steps were taken in time."""
        with self._changed:
            is_done = self._changed.wait_for(lambda: self._open == 0, seconds)
            self._is_over = True
            self._changed.notify_all()
        return is_done

    def _plan(self, request, path, step, seconds):
        """Puts a step at its time; the lock is held."""
        heapq.heappush(self._due, (time.monotonic() + seconds, request, path, step))
        self._changed.notify()

    def _next(self):
        """The next step, at its time; None when all is over."""
        with self._changed:
            while not self._is_over:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[1:]
                self._changed.wait(wait)
        return None

    def _work(self):
        api = API(self._port)
        while item := self._next():
            request, path, step = item
            refusal = self._take(api, path, STEPS[step])
            with self._changed:
                if refusal is None:
                    self.newest[request] = WORDS[step + 1]
                    if step + 1 < len(STEPS):
                        self._plan(request, path, step + 1, self._random.choice((0, 0.2, 1, 4)))
                        continue
                elif not refusal:
                    self._plan(request, path, step, PAUSE)
                    continue
                else:
                    self.wrong.append(f"{request}: the step {STEPS[step]} was answered {refusal}")
                self._open -= 1
                self._changed.notify_all()

    @staticmethod
    def _take(api, path, step):
        """None when it was taken, an empty text when it is to be tried again, else what was answered."""
        try:
            status, _, content = api.call("PATCH", path, f'{{"status": "{step}"}}', STAFF_WRITE_TOKEN)
        except OSError:
            return ""
        # 409 before there is a decision.
        if status >= 500 or status == 409 and b"not-decided" in content:
            return ""
        return None if status == 200 else f"{status} {content[:200]!r}"
