"""The front door as partners and staff use it, and requests for it."""

import csv
import http.client
import json

from .processes import REPOSITORY

# Those of deploy/config/providers.yaml.
TOKEN = "demo-token-not-for-production"
STAFF_READ_TOKEN = "demo-read-token-not-for-production"
STAFF_WRITE_TOKEN = "demo-write-token-not-for-production"


class API:
    """The front door, over one connection that is kept open."""

    def __init__(self, port, timeout=10):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def call(self, method, path, body=None, token=TOKEN):
        """Status, Location, content. Raises OSError when there is no answer."""
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        try:
            self._connection.request(
                method, path, body, {"Authorization": f"Bearer {token}", "Content-Type": kind})
            response = self._connection.getresponse()
            return response.status, response.getheader("Location"), response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise OSError(str(error)) from error

    def close(self):
        self._connection.close()


class Examples:
    """Requests like those of examples/, with ids of their own; the decisions that examples/expected.csv names."""

    def __init__(self, random):
        self._random = random
        folder = REPOSITORY / "examples"
        self._requests = [json.loads(line) for line in (folder / "requests.jsonl").read_text().splitlines()]
        with open(folder / "expected.csv", newline="") as file:
            self._covered = {row["providerRequestId"]: row["acceptance"] == "true" for row in csv.DictReader(file)}

    def make(self, number):
        """A request's id, its body, and whether it is covered."""
        example = self._random.choice(self._requests)
        request = f"soak-{number:07}"
        body = dict(example, providerRequestId=request, name=f"A. Resident {number}")
        return request, json.dumps(body).encode(), self._covered[example["providerRequestId"]]
