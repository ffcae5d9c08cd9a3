"""The services on a private broker, led through every case that a contract speaks of."""

import hashlib
import http.client
import json
import os
import subprocess
import threading

from soak.broker import Broker
from soak.intake import CALLBACKS, Intake, PARTNER_TIMEOUT
from soak.waiting import wait_until

from .partner import Partner
from .tap import Tap

TOKEN = "demo-token-not-for-production"
STAFF_TOKEN = "demo-write-token-not-for-production"
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


class System:
    """Intake, a broker, a partner and a tap, each with ports and directories of its own."""

    def __init__(self, executables, directory):
        self.executables = executables
        self.partner = Partner()
        self.broker = Broker(1, directory)
        self.intake = Intake(executables, directory, self.broker.url, self.partner.port)
        self.tap = Tap(self.broker.url)
        self.subjects = {}
        self._configure(directory / "config")

    def _configure(self, folder):
        providers = (folder / "providers.yaml").read_text()
        added = "".join(
            f"  {name}:\n    organization: {organization}\n    tokens:\n"
            f"      - sha256: {hashlib.sha256((TOKEN + ending).encode()).hexdigest()}\n"
            for ending, (name, organization) in ENDINGS.items())
        staff = hashlib.sha256((STAFF_TOKEN + "-careful").encode()).hexdigest()
        (folder / "providers.yaml").write_text(
            providers.replace("\norganizations:", f"\n{added}organizations:", 1)
            + f"  careful:\n    tokens:\n      - {{sha256: {staff}, may: write}}\n")
        with open(folder / "coverage.yaml", "a") as coverage:
            coverage.write(CAREFUL)
        callbacks = CALLBACKS.format(port=self.partner.port, authorization="contracts-partner", timeout=PARTNER_TIMEOUT)
        for name, _ in ENDINGS.values():
            callbacks += (
                f"  {name}:\n    url: http://127.0.0.1:{self.partner.port}/{name}/{{providerRequestId}}\n"
                f"    allow: [http, private-networks]\n")
        (folder / "callbacks.yaml").write_text(callbacks)

    def start(self):
        self.partner.start()
        self.broker.start()
        self.intake.start()
        self.tap.start()

    def call(self, method, path, body=None, token=TOKEN):
        """Status and headers of an answer, and its decoded body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.intake.port, timeout=10)
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        try:
            connection.request(
                method, path, None if body is None else json.dumps(body),
                {"Authorization": f"Bearer {token}", "Content-Type": kind})
            response = connection.getresponse()
            content = response.read()
            return response.status, dict(response.getheaders()), json.loads(content) if content else None
        finally:
            connection.close()

    def post(self, request, place=HOUSTON, ending=""):
        """Posts a request; returns its id, which is that of the job."""
        body = {"name": "Pat Example", "phone": "713-555-0100", "email": "pat@example.org", "status": "new", **place}
        body["providerRequestId"] = request
        status, headers, answer = self.call("POST", "/api/requests", body, TOKEN + ending)
        if status != 202:
            raise RuntimeError(f"{request} was answered {status}: {answer}")
        return headers["Location"].rpartition("/")[2]

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
            wait_until(
                lambda: self.call("PATCH", path, step, STAFF_TOKEN)[0] == 200, 20, f"a step with {subject}")
            self.wait_for("callback.superseded" if is_overtaken else "request.status-changed", subject, 60)

    def _review(self):
        for case in ("a request that a person is to decide", "a request that was reviewed"):
            self.wait_for("request.review-requested", self.subjects[case])
        subject = self.subjects["a request that was reviewed"]
        path, no, staff = f"/api/requests/{subject}", {"decision": "decline"}, STAFF_TOKEN + "-careful"
        wait_until(lambda: self.call("PATCH", path, no, staff)[0] == 200, 20, f"{subject} is reviewed")
        self.wait_for("callback.delivered", subject)

    def _remedy_dead_letters(self):
        for case, arguments in (
            ("a dead letter that was given back", ["replay"]),
            ("a dead letter that was thrown away", ["discard", "--why", "Asked twice."]),
        ):
            subject = self.subjects[case]
            wait_until(lambda: self.call("GET", f"/api/jobs/{subject}")[0] == 400, 30, f"{subject} is dead")
            self.operate("dead", *arguments, subject)
            self.wait_for("stage.replayed" if arguments[0] == "replay" else "stage.discarded", subject)

    def operate(self, *arguments):
        """Runs the operator's command."""
        admin = f"http://127.0.0.1:{self.intake['ingest-service'].admin_port}"
        environment = dict(os.environ, INTAKE_BROKER_URL=self.broker.url, INTAKE_INGEST_ADMIN_URL=admin)
        subprocess.run(
            [self.executables / "intake", *arguments], check=True, env=environment, timeout=60, capture_output=True)

    def stop(self):
        """Ends everything that was started, services first."""
        self.intake.end_watch()
        self.tap.stop()
        for group in (self.intake.services, self.broker.children):
            for child in group:
                child.end()
            stoppers = [threading.Thread(target=child.stop, args=(30,)) for child in group if child.is_alive]
            for stopper in stoppers:
                stopper.start()
            for stopper in stoppers:
                stopper.join()
        self.partner.stop()
