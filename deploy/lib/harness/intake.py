"""The four services, with a configuration of their own."""

import dataclasses
import hashlib
import http.client
import os
import re
import threading

from .balancer import Balancer
from .processes import REPOSITORY, Child, free_ports
from .waiting import wait_until

# How long a service that is silent is waited for: the broker takes it for dead after twice as long.
HEARTBEAT = 5
# Retries that come soon, and more of them than a run can use up: no request is to die of the faults of its partner.
SCHEDULE = "1s,1s,5s,5s,5s,5s,30s,30s,30s,30s,30s,2m,2m,2m,10m"
PARTNER_TIMEOUT = 4

# What the partner of deploy/config asks for.
AUTHORIZATION = "harness-partner-token"


def provider(name, organization, token):
    """An entry of providers.yaml."""
    return f"  {name}:\n    organization: {organization}\n    tokens: [{{sha256: {sha256(token)}}}]\n"


def endpoint(name, url, authorization=None, timeout=PARTNER_TIMEOUT):
    """An entry of callbacks.yaml."""
    entry = f"  {name}:\n    url: {url}/{{providerRequestId}}\n    allow: [http, private-networks]\n"
    entry += f"    timeout: {timeout}s\n"
    return entry + (f"    authorization: {authorization}\n" if authorization else "")


def sha256(token):
    return hashlib.sha256(token.encode()).hexdigest()


def shipped(name):
    """A file of deploy/config."""
    return (REPOSITORY / "deploy/config" / name).read_text()


@dataclasses.dataclass
class Configuration:
    """The files that the services read; those of deploy/config and its one partner, where nothing else is said."""
    providers: str = dataclasses.field(default_factory=lambda: shipped("providers.yaml"))
    coverage: str = dataclasses.field(default_factory=lambda: shipped("coverage.yaml"))
    callbacks: str | None = None
    # Environment variables; None takes one away that the harness would set.
    settings: dict = dataclasses.field(default_factory=dict)
    # Those of one service alone, by its name.
    own_settings: dict = dataclasses.field(default_factory=dict)


class Service(Child):
    """A process of one of the services; `kind` is what its executable is called, and `name` tells it from others."""

    def __init__(self, name, executable, environment, directory, admin_port):
        self.kind = executable.name
        self.admin_port = admin_port
        environment = dict(environment, INTAKE_ADMIN_PORT=str(self.admin_port))
        # A write beyond the limit that `disk-full` sets is to fail, as on a full disk, rather than be a signal.
        super().__init__(
            name, ["env", "--ignore-signal=XFSZ", executable], directory / f"{name}.log", environment)

    def use(self, executables):
        """From its next start on it is another version."""
        self.command[-1] = executables / self.kind

    def get(self, path, timeout=5):
        """Status and content of its admin listener."""
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=timeout)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()

    def is_ready(self):
        return self.get("/health/ready")[0] == 200

    def is_consuming(self):
        """Whether its consumer is set up; False while it cannot be asked."""
        try:
            return "broker-consume: ok" in self.get("/health/ready", timeout=1)[1]
        except OSError:
            return False

    def is_live(self):
        return self.get("/health/live")[0] == 200

    def await_live(self):
        wait_until(lambda: not self.is_alive or self.is_live(), 60, f"{self.name} answers after its start")


class Intake:
    """The services, and who looks after them: one that ends by itself is started again, and that is noted."""

    NAMES = ("callback-service", "decision-service", "geocode-service", "ingest-service")

    def __init__(
            self, executables, directory, broker_url, partner_port, configuration=None, names=NAMES, replicas=None):
        """`replicas` says of how many processes each service is to be, where it is more than one."""
        self.port = free_ports(1)[0]
        configuration = configuration or Configuration()
        files = {
            "providers": configuration.providers, "coverage": configuration.coverage,
            "callbacks": configuration.callbacks or "providers:\n" + endpoint(
                "smokealarm-portal", f"http://127.0.0.1:{partner_port}/callbacks", AUTHORIZATION)}
        settings = {
            "INTAKE_BROKER_URL": broker_url, "INTAKE_BROKER_HEARTBEAT": f"{HEARTBEAT}s",
            "INTAKE_CALLBACK_SCHEDULE": SCHEDULE, "INTAKE_HTTP_PORT": str(self.port),
            "INTAKE_STORE_PATH": str(directory / "intake.sqlite"),
            "INTAKE_CALLBACK_STATE_PATH": str(directory / "callback.sqlite")}
        (directory / "config").mkdir()
        for name, content in files.items():
            file = directory / f"config/{name}.yaml"
            file.write_text(content)
            settings[f"INTAKE_{name.upper()}_FILE"] = str(file)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("INTAKE_")}
        environment |= settings | configuration.settings
        environment = {key: value for key, value in environment.items() if value is not None}
        own = configuration.own_settings
        replicas = replicas or {}
        self.services, front_doors = [], []
        # Of the first process of each.
        ports = dict(zip(names, free_ports(len(names))))
        for name in ("callback-service", "decision-service"):
            if name in ports:
                variable = f"INTAKE_{name.partition('-')[0].upper()}_ADMIN_URL"
                environment.setdefault(variable, f"http://127.0.0.1:{ports[name]}")
        for kind in names:
            for number in range(1, replicas.get(kind, 1) + 1):
                variables = environment | own.get(kind, {})
                name = kind if number == 1 else f"{kind}-{number}"
                if kind == "callback-service":
                    variables["INTAKE_CALLBACK_STATE_PATH"] = str(directory / f"{name}.sqlite")
                    # Several of them agree in the database, where there is one.
                    if replicas.get(kind, 1) > 1 and "INTAKE_STORE_URL" in variables:
                        variables["INTAKE_CALLBACK_STATE_URL"] = variables["INTAKE_STORE_URL"]
                if kind == "ingest-service" and replicas.get(kind, 1) > 1:
                    variables["INTAKE_HTTP_PORT"] = str(free_ports(1)[0])
                port = ports[kind] if number == 1 else free_ports(1)[0]
                service = Service(name, executables / kind, variables, directory, port)
                self.services.append(service)
                if kind == "ingest-service":
                    front_doors.append((int(variables["INTAKE_HTTP_PORT"]), service.admin_port))
        # Where there are several front doors, the port is that of what gives them their requests.
        self.balancer = Balancer(self.port, front_doors, directory) if len(front_doors) > 1 else None
        self.accidents = []
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._stopping = threading.Event()

    def __getitem__(self, name):
        return next(service for service in self.services if service.name == name)

    def consuming(self, queue):
        """The processes that consume a stage's queue."""
        stage = queue.rpartition(".")[2]
        kind = "ingest-service" if stage == "progress" else f"{stage}-service"
        return [service for service in self.services if service.kind == kind]

    def has_many(self, kind):
        return sum(service.kind == kind for service in self.services) > 1

    @property
    def front_doors(self):
        return [service for service in self.services if service.kind == "ingest-service"]

    @property
    def children(self):
        return [*([self.balancer] if self.balancer else []), *self.services]

    def start(self):
        for child in self.children:
            child.start()
        self.await_ready(60)
        self._watcher.start()

    def await_ready(self, seconds):
        for service in self.services:
            wait_until(service.is_ready, seconds, f"{service.name} is ready")

    def _watch(self):
        while not self._stopping.wait(0.5):
            for service in self.services:
                if service.lock.acquire(blocking=False):
                    self.revive(service)
                    service.lock.release()

    def revive(self, service):
        """Starts a service that has ended by itself; its lock is held. Returns whether it had."""
        if service.is_alive or self._stopping.is_set():
            return False
        self.accidents.append(f"{service.name} ended by itself: {service.status}")
        with open(service.log, "a") as log:
            log.write(f"--- ended by itself: {service.status}; started again\n")
        service.wait(None)
        service.start()
        return True

    def outbox(self):
        """How many events wait to be published."""
        metrics = self["ingest-service"].get("/metrics")[1]
        found = re.search(r"^intake_outbox_pending(?:\{.*\})? (\S+)", metrics, re.MULTILINE)
        return int(float(found[1])) if found else 0

    def end_watch(self):
        self._stopping.set()
        if self._watcher.is_alive():
            self._watcher.join()
