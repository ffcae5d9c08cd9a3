"""The services on a private broker, led through every case that a contract speaks of."""

import contextlib
import json
import os
import subprocess

from harness.api import API, TOKEN
from harness.api import STAFF_WRITE_TOKEN as STAFF_TOKEN
from harness.intake import AUTHORIZATION, Configuration, endpoint, provider, sha256
from harness.system import System
from harness.waiting import wait_until

from .partner import InstructedPartner
from .tap import Tap

# Of three more providers, whose tokens are TOKEN with these endings: one works for an organisation that covers nothing
# yet, one has an endpoint that fails, one works for an organisation that wants people to decide what is doubtful.
ENDINGS = {
    "-unlisted": ("unlisted-portal", "unlisted"), "-failing": ("failing-portal", "relief"),
    "-reviewing": ("reviewing-portal", "careful")}
CAREFUL = """
  careful:
    name: Careful Relief
    covers: {zips: ["77002"]}
    review: {when: [place_conflict], deadline: 48h, fallback: decline}
"""

HOUSTON = {"address": "901 Bagby St", "city": "Houston", "state": "TX", "zip": "77002"}
CASES = {
    "a covered request": HOUSTON,
    "a request that is not covered":
        {"address": "601 Lakeside Ave", "city": "Cleveland", "state": "OH", "zip": "44114"},
    "a request whose place is unknown": {"address": "1 Main St", "city": "Nowhere", "state": "OH", "zip": "00001"},
    "a request whose ZIP and city contradict each other": dict(HOUSTON, city="Dallas"),
    "a request whose ZIP lies in several counties":
        {"address": "15 W Bank St", "city": "Petersburg", "state": "VA", "zip": "23803"},
    "a request with the partner's region": dict(HOUSTON, providerData="TXGULF"),
    "a partner that answers 503": HOUSTON,
    "a request that the organisation has taken a step with": HOUSTON,
    "an answer that a step has overtaken": HOUSTON,
    "a dead letter that was given back": HOUSTON,
    "a dead letter that was thrown away": HOUSTON,
    "a request of an organisation that covers nothing yet": HOUSTON,
    "a request that a person is to decide": dict(HOUSTON, city="Dallas"),
    "a request that was reviewed": dict(HOUSTON, city="Dallas"),
    "a partner that fails again and again": HOUSTON,
    "a partner that answers again": HOUSTON,
}
# Events that are about a partner: their subject may be any of its requests.
ABOUT_A_PARTNER = ("callback.endpoint.degraded", "callback.endpoint.recovered")


def configuration(port):
    """The demo's, with more providers, who are all told at one port."""
    shipped = Configuration()
    url = f"http://127.0.0.1:{port}"
    entries = "".join(provider(name, organization, TOKEN + ending) for ending, (name, organization) in ENDINGS.items())
    staff = f"  careful:\n    tokens: [{{sha256: {sha256(STAFF_TOKEN + '-careful')}, may: write}}]\n"
    return Configuration(
        providers=shipped.providers.replace("\norganizations:", f"\n{entries}organizations:", 1) + staff,
        coverage=shipped.coverage + CAREFUL,
        callbacks="providers:\n" + endpoint("smokealarm-portal", f"{url}/callbacks", AUTHORIZATION)
        + "".join(endpoint(name, f"{url}/{name}") for name, _ in ENDINGS.values()))


class LedSystem(System):
    """Intake, with more providers and organisations than the demo has, and a tap."""

    def __init__(self, executables, directory):
        partner = InstructedPartner()
        super().__init__(executables, directory, partner, configuration=configuration(partner.port))
        self.executables = executables
        self.tap = Tap(self.broker.url())
        self.subjects = {}

    def start(self):
        super().start()
        self.tap.start()

    def stop(self):
        self.tap.stop()
        super().stop()

    def call(self, method, path, body=None, token=TOKEN):
        """Status, Location, and the decoded body."""
        content = None if body is None else json.dumps(body)
        with contextlib.closing(API(self.intake.port)) as api:
            status, location, answer = api.call(method, path, content, token)
        return status, location, json.loads(answer) if answer else None

    def post(self, request, place=HOUSTON, ending=""):
        """Posts a request; returns its id, which is that of the job."""
        body = {"name": "Pat Example", "phone": "713-555-0100", "email": "pat@example.org", "status": "new", **place}
        body["providerRequestId"] = request
        status, location, answer = self.call("POST", "/api/requests", body, TOKEN + ending)
        if status != 202:
            raise RuntimeError(f"{request} was answered {status}: {answer}")
        return location.rpartition("/")[2]

    def wait_for(self, event, subject, seconds=30, count=1):
        """Waits until an event about a request was published so often; returns the first one."""
        def found():
            messages = [m for m in self.tap.messages if m.event == event and m.subject == subject]
            return messages if len(messages) >= count else None
        return wait_until(found, seconds, f"{event} of {subject}")[0]

    def run_cases(self):
        """Leads requests through every case, so that the tap has each event that a contract speaks of."""
        special = {
            "a partner that answers 503": [503], "a dead letter that was given back": [410],
            "a dead letter that was thrown away": [410]}
        for number, (case, place) in enumerate(CASES.items()):
            request = f"contract-{number}"
            if case in special:
                self.partner.answers[request] = list(special[case])
            if case == "an answer that a step has overtaken":
                self.partner.deaf_to_answers.add(request)
            if case == "a request of an organisation that covers nothing yet":
                self.subjects[case] = self.post(request, place, "-unlisted")
            elif case in ("a request that a person is to decide", "a request that was reviewed"):
                self.subjects[case] = self.post(request, place, "-reviewing")
            elif not case.startswith("a partner that fails") and case != "a partner that answers again":
                self.subjects[case] = self.post(request, place)
        self._fail_an_endpoint()
        self._take_steps()
        self._review()
        self._remedy_dead_letters()
        self.wait_for("stage.retrying", self.subjects["a request of an organisation that covers nothing yet"])
        for case in list(CASES)[:7]:
            self.wait_for("callback.delivered", self.subjects[case])
        self._mend_the_endpoint()

    def _fail_an_endpoint(self):
        self.partner.refuses_under = "/failing-portal/"
        for number in range(10):
            self.post(f"failing-{number}", ending="-failing")

    def _mend_the_endpoint(self):
        def is_said(event):
            return any(m.event == event and m.data["provider"] == "failing-portal" for m in self.tap.messages)
        wait_until(lambda: is_said("callback.endpoint.degraded"), 30, "an endpoint is degraded")
        self.partner.refuses_under = None
        wait_until(lambda: is_said("callback.endpoint.recovered"), 60, "the endpoint is well again")

    def _take_steps(self):
        for case in ("a request that the organisation has taken a step with", "an answer that a step has overtaken"):
            subject = self.subjects[case]
            path = f"/api/requests/{subject}"
            is_overtaken = case.startswith("an answer")
            self.wait_for("callback.attempted" if is_overtaken else "callback.delivered", subject)
            step = {"status": "scheduled"}
            self._change(path, step, STAFF_TOKEN)
            self.wait_for("callback.superseded" if is_overtaken else "request.status-changed", subject, 60)

    def _change(self, path, change, token):
        self._await_status(200, "PATCH", path, change, token)

    def _await_status(self, status, *arguments):
        wait_until(lambda: self.call(*arguments)[0] == status, 30, f"{arguments} gets {status}")

    def _review(self):
        for case in ("a request that a person is to decide", "a request that was reviewed"):
            self.wait_for("request.review-requested", self.subjects[case])
        subject = self.subjects["a request that was reviewed"]
        path, no, staff = f"/api/requests/{subject}", {"decision": "decline"}, STAFF_TOKEN + "-careful"
        self._change(path, no, staff)
        self.wait_for("callback.delivered", subject)

    def _remedy_dead_letters(self):
        for case, arguments in (
            ("a dead letter that was given back", ["replay"]),
            ("a dead letter that was thrown away", ["discard", "--why", "Asked twice."]),
        ):
            subject = self.subjects[case]
            self._await_status(400, "GET", f"/api/jobs/{subject}")
            self.operate("dead", *arguments, subject)
            self.wait_for("stage.replayed" if arguments[0] == "replay" else "stage.discarded", subject)

    def operate(self, *arguments):
        """Runs the operator's command."""
        admin = f"http://127.0.0.1:{self.intake['ingest-service'].admin_port}"
        environment = dict(os.environ, INTAKE_BROKER_URL=self.broker.url(), INTAKE_INGEST_ADMIN_URL=admin)
        subprocess.run(
            [self.executables / "intake", *arguments], check=True, env=environment, timeout=60, capture_output=True)
