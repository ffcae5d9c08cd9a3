"""A fresh pipeline to measure: a node, the four services, and ten partners that take their callbacks."""

import json
import time

from harness.intake import Configuration, endpoint, provider
from harness.partner import Partner
from harness.processes import Child, free_ports
from harness.system import System

from .figures import Usage, memory

PARTNERS = tuple(f"partner-{number}" for number in range(1, 11))
WARM_UP = 1000
# How long nothing may happen before a run is given up, as `intake simulate` takes it.
PATIENCE = "120s"


class Stack(System):
    """Everything is new with each: the broker, the store, the processes."""

    def __init__(self, options, directory, database=None, settings=None):
        """`database` is where the requests are kept, if not in SQLite; `settings` are further variables."""
        directory.mkdir(parents=True)
        self._bin = options.bin
        self._directory = directory
        self._ports = dict(zip(PARTNERS, free_ports(len(PARTNERS))))
        configuration = Configuration(
            providers="providers:\n" + "".join(provider(name, "relief", token(name)) for name in PARTNERS),
            callbacks="providers:\n" + "".join(
                endpoint(name, f"http://127.0.0.1:{port}/callbacks", timeout=15) for name, port in self._ports.items()),
            # The services' own schedule and heartbeat.
            settings={"INTAKE_CALLBACK_SCHEDULE": None, "INTAKE_BROKER_HEARTBEAT": None, "INTAKE_LOG_LEVEL": "error"}
            | ({"INTAKE_STORE_URL": database.url, "INTAKE_STORE_PATH": None} if database else {}) | (settings or {}))
        # The partners are `intake simulate`: nothing of this process takes part in what is measured.
        super().__init__(options.bin, directory, Partner(), configuration=configuration, database=database)

    @property
    def processes(self):
        """By short names: the services, and the broker."""
        services = {service.name.removesuffix("-service"): service for service in self.intake.services}
        return services | {"broker": self.broker.nodes[0]}

    def simulate(self, name, count, **options):
        """Lets a partner post so many; returns its report."""
        child, report = self.begin(name, count, **options)
        return self.finish(child, report)

    def begin(self, name, count, **options):
        """Starts a partner's run; `options` are those of `intake simulate`."""
        report = self._directory / f"{name}-{time.monotonic_ns()}.json"
        flags = [text for key, value in options.items() for text in (f"--{key}", str(value))]
        child = Child(
            f"simulate {name}",
            [self._bin / "intake", "simulate", "--count", count, "--url", f"http://127.0.0.1:{self.intake.port}",
             "--token", token(name), "--callback-port", self._ports[name], "--timeout", PATIENCE, "--seed", "7",
             "--report", report, "--json", *flags], self._directory / f"{name}.log")
        child.start()
        return child, report

    @staticmethod
    def finish(child, report):
        """Waits for a partner's run; returns its report."""
        child.wait(None)
        if not report.exists():
            raise RuntimeError(f"{child.name} has no report: {child.last_lines(3)}")
        return json.loads(report.read_text())

    def warm_up(self):
        """As after some time of work: code is loaded, connections and caches are there."""
        self.simulate(PARTNERS[0], WARM_UP)
        self.settle()

    def settle(self):
        """Waits until the last facts are written and the queues are empty; at most half a minute."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and (any(self.broker.depths().values()) or self.intake.outbox()):
            time.sleep(0.5)
        # Statistics of queues are a second old, and the last commit may still be due.
        time.sleep(1.5)

    def usage(self):
        return Usage(self.processes)

    def memory(self):
        """MiB of each service, resident and private."""
        return self.memory_of(name for name in self.processes if name != "broker")

    def memory_of(self, names):
        return {name: memory(self.processes[name]) for name in names}


def token(name):
    return f"bench-token-of-{name}"

