"""One run, from the first process to the reckoning."""

import contextlib
import random
import threading
import time

from harness.api import Examples
from harness.database import Database
from harness.intake import Configuration
from harness.system import System
from harness.waiting import Late, wait_until

from .faults import Faults
from .hostile.faults import HostileFaults
from .hostile.hostility import Hostility
from .outcome import reckon, settle
from .partner import MoodyPartner
from .posting import Posting
from .report import RETURN_GOAL, Progress, Run
from .staff import Staff

# How many processes of each service `--fleet` has.
FLEET = {"ingest-service": 3, "geocode-service": 2, "decision-service": 2, "callback-service": 2}
# Of so many processes at most a network knows the addresses.
PROCESSES = sum(FLEET.values())
# Seconds of each calm of a hostile run.
CALM = 20


class Soak(System):
    """Everything that a run starts, and what ends it."""

    def __init__(self, options, network=None):
        partner = MoodyPartner()
        self.hostility = Hostility(options, partner) if options.hostile else None
        configuration = self.hostility.configuration if self.hostility else Configuration()
        database = Database(options.state, options.standby) if options.store == "postgresql" else None
        if database:
            configuration.settings |= {"INTAKE_STORE_URL": database.url, "INTAKE_STORE_PATH": None}
        configuration.settings |= {"INTAKE_SHARDS": str(options.shards)}
        super().__init__(options.bin, options.state, partner, options.nodes, configuration, database=database,
                         replicas=FLEET if options.fleet else None, network=network)
        self.options = options
        self.progress = Progress()
        examples = Examples(random.Random(options.seed))
        self.staff = Staff(self.intake.port, options.seed)
        self.posting = Posting(self.intake.port, options.rate, examples, options.state / "posts.log", self.staff)
        self.faults = (HostileFaults if self.hostility else Faults)(
            self.broker, self.intake, self.partner, options.seed, options.faults, options.state / "faults.log")
        self.faults.database = database
        self.faults.versions = [options.other_bin, options.bin]
        self.problems = []
        self._stopping = threading.Event()

    def run(self):
        """Starts everything, lets it suffer, and returns what was found."""
        begin = time.monotonic()
        self.progress.say("Starting RabbitMQ and the services")
        self.start()
        if self.hostility:
            self.hostility.watch()
        # What docs/reliability.md says of a broker's first seconds.
        for node in self.broker.nodes:
            node.save_declarations()
        self.staff.start()
        self.posting.start()
        if self.hostility:
            self._alternate()
        else:
            self._suffer(self.options.minutes * 60)
        states = self._calm()
        outcome = reckon(
            self.broker, self.intake, self.partner, self.posting.accepted, self.staff.newest, states)
        self._judge(outcome)
        measured = self.hostility.judge(self) if self.hostility else []
        if healed := self.faults.healed:
            by_themselves = [seconds for seconds in healed if seconds is not None]
            remark = f"after a node was cut off, the longest of {len(by_themselves)}"
            if restarted := len(healed) - len(by_themselves):
                remark += f"; {restarted} more took a restart of the node"
            longest = f"{max(by_themselves):.1f} s" if by_themselves else "-"
            measured.append(("cluster whole", longest, remark))
        return Run(
            options=self._described_options(), outcome=outcome, faults=self.faults.done, returns=self.faults.returns,
            duplicates=self.partner.duplicates, stepped=len(self.staff.newest), answers=self.posting.answers,
            posted=self.posting.made,
            most_tries=self.posting.most_tries,
            problems=self.problems, accidents=self.intake.accidents, seconds=time.monotonic() - begin,
            measured=measured)

    def start_broker(self):
        super().start_broker()
        if self.hostility:
            self.hostility.begin(self)

    def stop(self):
        self._stopping.set()
        super().stop()
        if self.hostility:
            self.hostility.stop()

    def _alternate(self):
        """A minute of faults and some calm, by turns: whatever else the machine does meets both."""
        rounds = max(1, round(self.options.minutes))
        self._watch_calm()
        for _ in range(rounds):
            self._suffer(self.options.minutes * 60 / rounds)
            self._watch_calm()

    def _watch_calm(self):
        """A while without faults, to compare with."""
        begin = time.monotonic()
        self.progress.say(f"Measuring {CALM} s of calm")
        while (passed := time.monotonic() - begin) < CALM and not self._stopping.wait(0.5):
            self._show(passed)
        self.hostility.was_calm(begin, time.monotonic())

    def _suffer(self, seconds):
        """Faults for so long, with a line of progress."""
        self.progress.say(f"Injecting faults for {seconds / 60:g} minutes; journal: {self.faults.journal}")
        worker = threading.Thread(target=self.faults.run, args=(seconds, self.options.gap, self._stopping), daemon=True)
        begin = time.monotonic()
        worker.start()
        while worker.is_alive():
            worker.join(0.5)
            self._show(time.monotonic() - begin)

    def _show(self, seconds):
        accepted, told = len(self.posting.accepted), self.partner.told
        on = [fault.kind for fault in self.faults.done if fault.end is None]
        self.progress.show(
            f"{seconds:5.0f} s  accepted {accepted}, told {told}, {len(self.faults.done)} faults;"
            f" now {', '.join(on) or 'none'}")

    def _calm(self):
        """After the last fault: all requests made are accepted, all services well, all accepted requests told."""
        self.progress.say("Faults are over; waiting until every accepted request has been told")
        if not self.posting.stop(120):
            self.problems.append("some POSTs had no answer 120 s after the last fault")
        if not self.staff.stop(120):
            self.problems.append("some steps of staff could not be taken 120 s after the last fault")
        self._expect(lambda: self.intake.await_ready(60) or True, 61, "the services are ready")
        self._expect(self.broker.has_consumers, 60, "every queue has its consumer")
        if len(self.broker.nodes) > 1:
            self._expect(lambda: self.broker.await_healed(60) >= 0, 61, "the cluster is whole")
        states = settle(
            self.intake, self.partner, self.posting.accepted, self.staff.newest, self.options.patience,
            lambda waiting: self.progress.show(f"{waiting} requests or steps are not told yet"))
        # Figures of queues are a second old, those of a cluster a few.
        self._wait(lambda: not any(self.broker.depths().values()), 20)
        return states

    def _expect(self, condition, seconds, what):
        try:
            wait_until(condition, seconds, what)
        except Late as late:
            self.problems.append(f"after the last fault: {late}")

    def _wait(self, condition, seconds):
        with contextlib.suppress(Late):
            wait_until(condition, seconds, "", interval=1)

    def _judge(self, outcome):
        """Everything that must not be."""
        self.problems += self.posting.wrong + self.staff.wrong
        self.problems += [f"overtaken: {line}" for line in outcome.overtaken]
        self.problems += [f"lost: {line}" for line in outcome.lost]
        self.problems += [f"contradictory: {line}" for line in outcome.contradictory]
        self.problems += [f"told, but {line}" for line in outcome.behind]
        if self.partner.unauthorized:
            self.problems.append(f"{self.partner.unauthorized} callbacks did not have the agreed Authorization")
        for item in self.faults.returns:
            if item.seconds is None:
                self.problems.append(f"{item.queue} had no consumer {Faults.RETURN_LIMIT} s after {item.kind}")
            elif item.seconds > RETURN_GOAL:
                self.problems.append(f"{item.queue} had its consumer only {item.seconds:.1f} s after {item.kind}")

    def _described_options(self):
        return {
            "minutes": self.options.minutes, "rate": self.options.rate, "nodes": self.options.nodes,
            "shards": self.options.shards, "store": self.options.store, "standby": self.options.standby,
            "fleet": self.options.fleet,
            "seed": self.options.seed, "faults": sorted(self.options.faults)}
