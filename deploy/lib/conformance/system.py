"""What is examined: the services on a private broker, with requests in every state."""

import random
import urllib.parse

from harness.api import API, Examples
from harness.intake import Intake
from harness.partner import Partner
from harness.system import System
from harness.waiting import wait_until

# Enough for each kind of answer that the partner gives.
SEEDS = 20


class MixedPartner(Partner):
    """A partner whose answer depends on the request, so that jobs end in every way."""

    def answer(self, path, body):
        return status_for(urllib.parse.unquote(path)), b""


def status_for(request):
    """The status that the callback of a request gets, by the last digit of its id."""
    return {"3": 410, "6": 503}.get(request[-1:], 204)


class SeededSystem(System):
    """Intake, with requests that have come as far as their partner's answers let them."""

    def __init__(self, executables, directory, ingest_only):
        names = ("ingest-service",) if ingest_only else Intake.NAMES
        super().__init__(executables, directory, MixedPartner(), nodes=0 if ingest_only else 1, services=names)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.intake.port}"

    def seed(self):
        """Posts requests, waits until each has come as far as its partner's answer lets it, and returns their ids."""
        api, examples = API(self.intake.port), Examples(random.Random(1))
        expected = {}
        for number in range(SEEDS):
            name, body, _ = examples.make(number)
            status, location, _ = api.call("POST", "/api/requests", body)
            if status != 202:
                raise RuntimeError(f"a seed got {status}")
            expected[location] = {204: 303, 410: 400, 503: 200}[status_for(name)] if self.broker else 200
        for job, status in expected.items():
            wait_until(lambda job=job, status=status: self._has_come(api, job, status), 30, f"{job} gets {status}")
        return [job.rpartition("/")[2] for job in expected]

    @staticmethod
    def _has_come(api, job, expected):
        status, _, content = api.call("GET", job)
        # One whose partner answers 503 stays in progress, and has failed once.
        return status == expected and (status != 200 or expected != 200 or b"acceptedAt" in content)
