"""The private RabbitMQ: one node, or a cluster of three."""

import base64
import contextlib
import http.client
import json
import secrets
import subprocess
import time
import urllib.parse

from .amqp import Inquiry
from .processes import REPOSITORY, Child, free_ports
from .waiting import Late, wait_until

STAGES = ("geocode", "decision", "callback", "progress")
STAGE_QUEUES = tuple(f"intake.{stage}" for stage in STAGES)
# The one partner of deploy/config has a queue of its own. It is without a consumer while the partner is left alone.
PARTNER_QUEUE = "intake.callback.smokealarm-portal"


class ManagementError(OSError):
    """The management API did not answer as it should."""


class Node(Child):
    """One RabbitMQ node, as deploy/broker runs it; where there is a network, in a namespace of its own."""

    def __init__(self, number, directory, options=(), network=None):
        self.port, self.management_port = free_ports(2)
        self.number = number
        self.directory = directory
        self.host = network.address(number) if network else "127.0.0.1"
        self.erlang_name = _erlang_name(number, network)
        self._network = network
        self._inside = network.inside(number) if network else []
        command = [
            *self._inside, REPOSITORY / "deploy/broker", directory, "--port", self.port,
            "--management-port", self.management_port, "--node", self.erlang_name, "--statistics-interval", 1000,
            *(("--address", "0.0.0.0") if network else ()), *options]
        super().__init__(f"rabbitmq-{number}", command, directory.parent / f"rabbitmq-{number}.log")

    def url(self, service=None):
        """Where the harness reaches it, or the service of that number."""
        host = self._network.address(self.number, service) if self._network else self.host
        return f"amqp://guest:guest@{host}:{self.port}/%2F"

    def ask(self, method, path, body=None, timeout=10):
        """A call of the management API: the decoded answer, or None when it has none."""
        connection = http.client.HTTPConnection(self.host, self.management_port, timeout=timeout)
        try:
            headers = {"Authorization": "Basic " + base64.b64encode(b"guest:guest").decode()}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            content = response.read()
        except http.client.HTTPException as error:
            raise ManagementError(str(error)) from error
        finally:
            connection.close()
        if response.status >= 300:
            raise ManagementError(f"{method} {path}: {response.status}")
        return json.loads(content) if content else None

    def listens(self):
        self.ask("GET", f"/api/health/checks/port-listener/{self.port}", timeout=3)
        return True

    def await_ready(self, seconds=120):
        """Waits until it takes connections."""
        wait_until(lambda: not self.is_alive or self.listens(), seconds, f"{self.name} takes connections")
        if not self.is_alive:
            raise Late(f"{self.name} ended while it started: {self.status}")

    def inquiry(self):
        """A connection to it, for questions."""
        return Inquiry(self.port, host=self.host)

    def sees_all(self):
        """Whether it takes part with all the others, none out of touch, and answers for every stage's queue."""
        nodes = self.ask("GET", "/api/nodes?columns=name,running,partitions", timeout=5)
        if not all(node.get("running") and not node.get("partitions") for node in nodes):
            return False
        with self.inquiry() as inquiry:
            for queue in STAGE_QUEUES:
                inquiry.consumers(queue)
        return not self.is_critical()

    def is_critical(self):
        """Whether a queue would be without its majority were this node gone."""
        try:
            self.ask("GET", "/api/health/checks/node-is-quorum-critical")
            return False
        except ManagementError:
            return True

    def control(self, *arguments):
        """Runs rabbitmqctl."""
        subprocess.run(
            [*self._inside, str(REPOSITORY / "deploy/rabbitmqctl"), str(self.directory), *arguments], check=True,
            timeout=90, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def save_declarations(self):
        """Makes it write down now what was declared, which it does some moments after it has confirmed it."""
        self.control(
            "eval",
            "[dets:sync(Table) || Table <- dets:all()],"
            " case mnesia:system_info(is_running) of yes -> mnesia:sync_log(); _ -> ok end.")


class Broker:
    """All nodes. `lock` is held by whoever disturbs one, so that a cluster always keeps its majority."""

    def __init__(self, count, directory, network=None):
        self.network = network
        # Erlang's name servers: one on the loopback, or one in each namespace.
        self.epmds = []
        options = ()
        if count > 1:
            port = free_ports(1)[0]
            if network:
                self.epmds = [
                    Child(f"epmd-{number}", [*network.inside(number), "epmd", "-port", port],
                          directory / f"epmd-{number}.log") for number in range(1, count + 1)]
            else:
                command = ["epmd", "-address", "127.0.0.1", "-port", port]
                self.epmds = [Child("epmd", command, directory / "epmd.log")]
            names = ",".join(_erlang_name(number, network) for number in range(1, count + 1))
            options = ("--epmd-port", port, "--cluster", names)
        self.nodes = [Node(number, directory / f"node-{number}", options, network) for number in range(1, count + 1)]
        self.lock = self.nodes[0].lock
        for node in self.nodes:
            node.lock = self.lock
        # The one that is disturbed at the moment, and better not asked.
        self.avoided = None

    def url(self, service=None):
        """Where the harness reaches all nodes, or the service of that number."""
        return ",".join(node.url(service) for node in self.nodes)

    @property
    def children(self):
        return self.epmds + self.nodes

    def start(self):
        """Starts the first node, then those that join it."""
        if self.epmds:
            for epmd in self.epmds:
                epmd.start()
            cookie = secrets.token_hex(16)
            for node in self.nodes:
                node.directory.mkdir(parents=True)
                path = node.directory / ".erlang.cookie"
                path.write_text(cookie)
                path.chmod(0o400)
            for epmd in self.epmds:
                wait_until(lambda epmd=epmd: _answers(epmd), 10, f"{epmd.name} answers")
        self.nodes[0].start()
        # RabbitMQ 4 wants to see the others before it begins a cluster.
        with contextlib.suppress(Late):
            self.nodes[0].await_ready(120 if len(self.nodes) == 1 else 15)
        for node in self.nodes[1:]:
            node.start()
        for node in self.nodes:
            node.await_ready()

    def await_whole(self):
        """Waits until every node of a cluster serves.

        Nodes that were out of touch with each other find that out only then, and those that do restart themselves.
        """
        if len(self.nodes) > 1:
            time.sleep(3)
            for node in self.nodes:
                node.await_ready()

    def await_healed(self, seconds):
        """Waits until a node that was cut off is one of the cluster again, in every node's view; returns how long.

        One that found itself alone has stopped serving, and begins again by itself.
        """
        begin = time.monotonic()
        for node in self.nodes:
            left = begin + seconds - time.monotonic()
            wait_until(node.sees_all, left, f"{node.name} serves, and the cluster is whole for it", interval=0.5)
        return time.monotonic() - begin

    def ask(self, method, path, body=None):
        """Asks a node that nobody disturbs."""
        nodes = [node for node in self.nodes if node is not self.avoided] or self.nodes
        for node in nodes[:-1]:
            try:
                return node.ask(method, path, body)
            except OSError:
                pass
        return nodes[-1].ask(method, path, body)

    def inquiry(self):
        """A connection to the first node that takes one, of those that nobody disturbs."""
        nodes = [node for node in self.nodes if node is not self.avoided] or self.nodes
        for node in nodes[:-1]:
            try:
                return node.inquiry()
            except OSError:
                pass
        return nodes[-1].inquiry()

    def has_consumers(self):
        """Whether every stage's queue has one."""
        with self.inquiry() as inquiry:
            return all(inquiry.consumers(queue) for queue in STAGE_QUEUES)

    def close_connections(self):
        """Closes every AMQP connection; returns how many."""
        closed = 0
        for connection in self.ask("GET", "/api/connections?columns=name"):
            try:
                self.ask("DELETE", "/api/connections/" + urllib.parse.quote(connection["name"], safe=""))
                closed += 1
            except ManagementError:
                pass  # Gone by itself.
        return closed

    def leader(self, queue):
        """The node that leads a queue."""
        name = self.ask("GET", f"/api/queues/%2F/{queue}").get("leader")
        return next((node for node in self.nodes if node.erlang_name == name), None)

    def depths(self):
        """How many messages each queue holds, those being handled included."""
        return {queue["name"]: queue.get("messages", 0) for queue in self.ask("GET", "/api/queues")}

    def subjects(self, queue, count):
        """The requests whose messages lie in a queue; puts them back."""
        body = {"count": count, "ackmode": "ack_requeue_true", "encoding": "auto", "truncate": 1}
        messages = self.ask("POST", f"/api/queues/%2F/{queue}/get", body)
        return {message["properties"].get("headers", {}).get("cloudEvents:subject") for message in messages}


def _erlang_name(number, network):
    return f"harness{number}@{network.address(number) if network else 'localhost'}"


def _answers(epmd):
    """Whether a name server does."""
    command = [str(part) for part in epmd.command]
    question = [*command[:command.index("epmd") + 1], "-port", command[-1], "-names"]
    return subprocess.run(question, capture_output=True).returncode == 0
