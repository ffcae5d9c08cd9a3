"""The reckoning: what became of every accepted request."""

import collections
import concurrent.futures
import dataclasses
import datetime
import json
import threading
import time

from harness.api import API, STAFF_READ_TOKEN
from harness.broker import STAGES

from .staff import WORDS

# How old, in seconds, what a callback service knows of newer ones may be when it sends: the tenth of a second that it
# believes it for, and what a machine at full load takes to act upon it.
BELIEVED = 0.25


@dataclasses.dataclass
class Outcome:
    """Where every accepted request is, and what is wrong."""
    accepted: int = 0
    told: int = 0
    # Reasons of the jobs that failed, and how many of each.
    dead: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    # Neither told nor dead, but a message of theirs is in a queue or in the outbox.
    pending: list = dataclasses.field(default_factory=list)
    lost: list = dataclasses.field(default_factory=list)
    duplicates: int = 0
    contradictory: list = dataclasses.field(default_factory=list)
    # What was sent though the partner had taken something newer about the same request.
    overtaken: list = dataclasses.field(default_factory=list)
    # How often something older arrived after something newer because two processes had both on the wire.
    crossed: int = 0
    # Of how many steps of the staff the partner was to be told.
    steps: int = 0
    # Callbacks that were never seen, because a newer one had overtaken them.
    dropped: int = 0
    # Told, and the job does not show it.
    behind: list = dataclasses.field(default_factory=list)
    depths: dict = dataclasses.field(default_factory=dict)

    @property
    def adds_up(self):
        return self.told + self.dead.total() + len(self.pending) == self.accepted


class Jobs:
    """What the job API says of every accepted request."""

    def __init__(self, port):
        self._port = port
        self._local = threading.local()

    def state(self, job):
        """`completed`, `in-progress`, `failed: reason`, or what the API answered instead."""
        if not hasattr(self._local, "api"):
            self._local.api = API(self._port, timeout=30)
        for _ in range(5):
            try:
                status, _, content = self._local.api.call("GET", job)
            except OSError:
                time.sleep(1)
                continue
            match status:
                case 303:
                    return "completed"
                case 200:
                    return "in-progress"
                case 400:
                    error = json.loads(content)["error"]
                    return f"failed: {error['stage']} {error['reason']} {error['code']}"
                case 503:
                    time.sleep(1)
                case _:
                    return f"answered {status}"
        return "no answer"

    def states(self, accepted):
        """The state of each request."""
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            return dict(zip(accepted, pool.map(lambda posted: self.state(posted.job), accepted.values())))


def contradictions(partner, accepted):
    """What one request was told with different words, under different keys, or against what it ought to be told."""
    found = []
    with partner.lock:
        for request, callbacks in partner.callbacks.items():
            answers = {(callback.body, callback.key) for callback in callbacks}
            words = {callback.word for callback in callbacks}
            if len(answers) != len(words) or not words.issubset(WORDS):
                found.append(f"{request}: {len(answers)} different answers {sorted(answers)}")
            posted = accepted.get(request)
            for body in {body for body, _ in answers}:
                if posted and json.loads(body).get("acceptance") is not posted.covered:
                    found.append(f"{request}: told {body.decode()}, though covered is {posted.covered}")
    return found


def overtaken(partner):
    """What reached the partner after it had taken something newer about the same request: each callback with the first
    newer one."""
    found = []
    with partner.lock:
        for request, callbacks in partner.callbacks.items():
            for callback in callbacks:
                newer = [other for other in callbacks if other.answered and other.answered < callback.at
                         and WORDS.index(other.word) > WORDS.index(callback.word)]
                if newer:
                    found.append((request, callback, newer[0]))
    return found


def begun_after(port, posted, callback, newer):
    """How long after the partner took something newer each attempt to tell it began, by the job: seconds, below 0 when
    before. Two processes may each have one on the wire, begun before or within the time for which a service believes
    what it has looked up."""
    path = f"/api/requests/{posted.job.rpartition('/')[2]}/attempts"
    status, _, content = API(port).call("GET", path, token=STAFF_READ_TOKEN)
    if status != 200:
        return []
    # By the clock of the services, which is this machine's.
    taken = newer.answered - time.monotonic() + time.time()
    begun = []
    for attempt in json.loads(content)["attempts"]:
        if attempt["sequence"] == WORDS.index(callback.word) + 1:
            at = datetime.datetime.fromisoformat(attempt["at"]).timestamp()
            # A receipt is noted when it comes, another attempt when it begins.
            begun.append(at - (attempt.get("durationMs", 0) / 1000 if attempt["delivered"] else 0) - taken)
    return begun


def settle(intake, partner, accepted, newest, seconds, report):
    """Waits until every accepted request is told, of its newest step where staff have taken one, and shown so, or is
    dead, for so long at most; returns the states."""
    jobs = Jobs(intake.port)
    deadline = time.monotonic() + seconds
    states = {}
    while True:
        unsettled = {request: posted for request, posted in accepted.items()
                     if not states.get(request, "").startswith(("completed", "failed"))}
        waiting = sum(not partner.has_been_told(request) for request in unsettled)
        waiting += sum(not partner.has_been_told(request, word) for request, word in newest.items())
        is_over = time.monotonic() >= deadline
        report(waiting)
        # The API is asked late: it would only be a load as long as many wait.
        if is_over or waiting < 50:
            states.update(jobs.states(unsettled))
            is_settled = all(state.startswith(("completed", "failed")) for state in states.values()) and not waiting
            if is_over or is_settled:
                return states
        time.sleep(3)


def reckon(broker, intake, partner, accepted, newest, states):
    """Sorts every accepted request."""
    outcome = Outcome(accepted=len(accepted), depths=broker.depths(), duplicates=len(partner.duplicates))
    outcome.contradictory = contradictions(partner, accepted)
    for request, callback, newer in overtaken(partner):
        begun = begun_after(intake.port, accepted[request], callback, newer)
        if intake.has_many("callback-service") and begun and max(begun) <= BELIEVED:
            outcome.crossed += 1
        else:
            attempts = ", ".join(f"{seconds:.3f}" for seconds in begun)
            outcome.overtaken.append(
                f"{request}: {callback.word} came {callback.at - newer.answered:.3f} s after {newer.word} was taken; "
                f"by the job its attempts began so many seconds after that: {attempts or 'none is known'}")
    for request, word in newest.items():
        said = WORDS[:WORDS.index(word) + 1]
        outcome.steps += len(said) - 1
        outcome.dropped += sum(not partner.has_been_told(request, each) for each in said[:-1])
    unresolved = {}
    for request, posted in accepted.items():
        state = states.get(request, "no answer")
        if partner.has_been_told(request, newest.get(request)):
            outcome.told += 1
            if state != "completed":
                outcome.behind.append(f"{request}: {posted.job} is {state}")
        elif state.startswith("failed"):
            outcome.dead[state.removeprefix("failed: ")] += 1
        else:
            unresolved[request] = state
    if unresolved:
        _sort_unresolved(broker, intake, accepted, unresolved, outcome)
    return outcome


def _sort_unresolved(broker, intake, accepted, unresolved, outcome):
    """Pending is what has a message in a queue; the outbox vouches for as many more as it has events."""
    waiting = _subjects(broker, outcome.depths)
    outbox = intake.outbox()
    for request, state in unresolved.items():
        line = f"{request}: {accepted[request].job} is {state}"
        if accepted[request].job.rpartition("/")[2] in waiting:
            outcome.pending.append(line)
        elif outbox > 0 and state == "in-progress":
            outbox -= 1
            outcome.pending.append(line + ", its event in the outbox")
        else:
            outcome.lost.append(line)


def _subjects(broker, depths):
    """The requests that have a message in a stage's queue or in one of its retry queues."""
    found = set()
    for queue, depth in depths.items():
        if depth and not queue.endswith(".dead") and queue.split(".")[1] in STAGES:
            found |= broker.subjects(queue, depth)
    return found
