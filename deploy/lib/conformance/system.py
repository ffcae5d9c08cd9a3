"""What is examined: the services on a private broker, with requests in every state."""

import json
import random
import threading

from soak.broker import Broker
from soak.intake import Intake
from soak.posting import API, Examples
from soak.waiting import wait_until

from .partner import Partner, answer

# Enough for each kind of answer that the partner gives.
SEEDS = 20


class System:
    """Intake, started with a store, a broker and ports of its own."""

    def __init__(self, executables, directory, ingest_only):
        self.partner = Partner()
        self.broker = None if ingest_only else Broker(1, directory)
        url = self.broker.url if self.broker else "amqp://guest:guest@127.0.0.1:1/%2F"
        self.intake = Intake(executables, directory, url, self.partner.port)
        if ingest_only:
            self.intake.services = [self.intake["ingest-service"]]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.intake.port}"

    def start(self):
        self.partner.start()
        if self.broker:
            self.broker.start()
        self.intake.start()

    def seed(self):
        """Posts requests, waits until each has come as far as its partner's answer lets it, and returns their ids."""
        api, examples = API(self.intake.port), Examples(random.Random(1))
        expected = {}
        for number in range(SEEDS):
            name, body, _ = examples.make(number)
            status, location, _ = api.call("POST", "/api/requests", body)
            if status != 202:
                raise RuntimeError(f"a seed got {status}")
            expected[location] = {204: 303, 410: 400, 503: 200}[answer(name)] if self.broker else 200
        for job, status in expected.items():
            wait_until(lambda job=job, status=status: self._has_come(api, job, status), 30, f"{job} gets {status}")
        return [job.rpartition("/")[2] for job in expected]

    @staticmethod
    def _has_come(api, job, expected):
        status, _, content = api.call("GET", job)
        # One whose partner answers 503 stays in progress, and has failed once.
        return status == expected and (status != 200 or expected != 200 or b"acceptedAt" in content)

    def problems(self):
        """What must not have happened meanwhile."""
        return list(self.intake.accidents)

    def stop(self):
        """Ends everything that was started, services first."""
        self.intake.end_watch()
        for group in (self.intake.services, self.broker.children if self.broker else []):
            for child in group:
                child.end()
            stoppers = [threading.Thread(target=child.stop, args=(30,)) for child in group if child.is_alive]
            for stopper in stoppers:
                stopper.start()
            for stopper in stoppers:
                stopper.join()
        self.partner.stop()
