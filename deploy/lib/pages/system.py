"""An Intake with requests in every state that a page shows, and people who may sign in."""

import base64
import hmac
import json
import pathlib
import subprocess

from harness.api import API
from harness.intake import Configuration, shipped
from harness.partner import Partner
from harness.processes import REPOSITORY
from harness.system import System
from harness.waiting import wait_until

from .openid import OpenIDProvider

# A request that needs a person: the ZIP lies in another state than the one named.
DOUBTFUL = {"city": "Dallas", "state": "TX", "zip": "97201"}
REVIEW = """    review:
      when: [place_conflict, location_too_coarse]
      deadline: 48h
      fallback: decline
"""


class ObligingPartner(Partner):
    """Takes every callback, but for those about the ids that it is told to refuse."""

    def __init__(self):
        super().__init__()
        self.refused = set()
        self.count = 0
        self.headers, self.body = {}, b""

    def receive(self, headers, body):
        self.headers, self.body = headers, body

    def is_signed_by(self, secret):
        """Whether the newest callback carries the signature of this secret (Standard Webhooks)."""
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        code = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), signed, "sha256")
        return f"v1,{base64.b64encode(code).decode()}" in self.headers["webhook-signature"].split(" ")

    def answer(self, path, body):
        self.count += 1
        if path.rpartition("/")[2] in self.refused:
            return 410, b"<b>not mine</b> any more"
        return 204, b""


class DeskSystem(System):
    """The services on a private broker, with a review in the coverage."""

    def __init__(self, executables: pathlib.Path, directory):
        coverage = shipped("coverage.yaml").replace("    covers:\n", REVIEW + "    covers:\n", 1)
        sign_in = directory / "config/sign-in.yaml"
        super().__init__(
            executables, directory, ObligingPartner(), configuration=Configuration(
                coverage=coverage, own_settings={"ingest-service": {"INTAKE_SIGN_IN_FILE": str(sign_in)}}))
        self.command = executables / "intake"
        self.openid = OpenIDProvider(directory)
        self.sign_in = sign_in
        sign_in.write_text("")
        (directory / "config/oidc").write_text("a-secret-of-the-client\n")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.intake.port}"

    @property
    def admin_url(self):
        ports = [child.admin_port for child in self.intake.services if child.name == "ingest-service"]
        return f"http://127.0.0.1:{ports[0]}"

    def write_sign_in(self, text):
        """Says anew who signs people in; the service reads it by itself."""
        new = self.sign_in.with_suffix(".new")
        new.write_text(text)
        new.rename(self.sign_in)

    def stop(self):
        self.openid.stop()
        super().stop()

    def add(self, email, name, may):
        """Adds a person, an operator or one of deploy/config's organisation; returns the link that signs them in."""
        place = [] if may == "operate" else ["--organization", "relief"]
        text = self._staff("add", email, "--name", name, "--may", may, *place)
        return next(line.strip() for line in text.splitlines() if "/sign-in/" in line)

    def _staff(self, *arguments):
        command = [self.command, "staff", *arguments, "--url", self.url, "--admin-url", self.admin_url]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout

    def seed(self, doubtful=2):
        """Sends the examples, and some that are in doubt; waits until all have come as far as they come."""
        api = API(self.intake.port)
        lines = (REPOSITORY / "examples/requests.jsonl").read_text().splitlines()
        bodies = [json.loads(line) for line in lines]
        for number in range(doubtful):
            bodies.append(dict(bodies[0], **DOUBTFUL, providerRequestId=f"DOUBT-{number}", name=f"Dee Doubt {number}"))
        locations = []
        for body in bodies:
            status, location, _ = api.call("POST", "/api/requests", json.dumps(body))
            if status != 202:
                raise RuntimeError(f"{body['providerRequestId']} got {status}")
            locations.append(location)
        for location in locations:
            wait_until(lambda job=location: has_come(api, job), 90, f"{location} comes to its end")
        return [location.rpartition("/")[2] for location in locations], bodies


def has_come(api, job):
    """Whether a request is told, or waits for a person."""
    status, _, content = api.call("GET", job)
    return status == 303 or b'"review"' in content
