"""A partner who takes callbacks well, unless it was told otherwise of a request."""

import json
import threading
import urllib.parse

from harness.partner import Partner


class InstructedPartner(Partner):
    """Remembers what it was told of which request."""

    def __init__(self):
        super().__init__()
        # Statuses that a request's next callbacks are answered with; after the last one all is well.
        self.answers = {}
        # Requests whose answer (status `new`) gets 503 while their steps are taken.
        self.deaf_to_answers = set()
        # Whether everything under a path that begins so is refused.
        self.refuses_under = None
        self.told = []
        self.lock = threading.Lock()

    def answer(self, path, body):
        status = self._status(path, urllib.parse.unquote(path.rpartition("/")[2]), json.loads(body))
        return status, b"" if status == 204 else b"out of order"

    def _status(self, path, request, body):
        with self.lock:
            self.told.append((request, body))
            if self.refuses_under and path.startswith(self.refuses_under):
                return 503
            if request in self.deaf_to_answers and body.get("status") == "new":
                return 503
            waiting = self.answers.get(request)
            return waiting.pop(0) if waiting else 204
