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
    """One RabbitMQ node, as deploy/broker runs it."""

    def __init__(self, number, directory, options=()):
        self.port, self.management_port = free_ports(2)
        self.directory = directory
        self.erlang_name = f"harness{number}@localhost"
        command = [
            REPOSITORY / "deploy/broker", directory, "--port", self.port, "--management-port", self.management_port,
            "--node", self.erlang_name, "--statistics-interval", 1000, *options]
        super().__init__(f"rabbitmq-{number}", command, directory.parent / f"rabbitmq-{number}.log")

    @property
    def url(self):
        return f"amqp://guest:guest@127.0.0.1:{self.port}/%2F"

    def ask(self, method, path, body=None, timeout=10):
        """A call of the management API: the decoded answer, or None when it has none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.management_port, timeout=timeout)
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
            [str(REPOSITORY / "deploy/rabbitmqctl"), str(self.directory), *arguments], check=True, timeout=90,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def save_declarations(self):
        """Makes it write down now what was declared, which it does some moments after it has confirmed it."""
        self.control(
            "eval",
            "[dets:sync(Table) || Table <- dets:all()],"
            " case mnesia:system_info(is_running) of yes -> mnesia:sync_log(); _ -> ok end.")


class Broker:
    """All nodes. `lock` is held by whoever disturbs one, so that a cluster always keeps its majority."""

    def __init__(self, count, directory):
        self.epmd = None
        options = ()
        if count > 1:
            port = free_ports(1)[0]
            self.epmd = Child("epmd", ["epmd", "-address", "127.0.0.1", "-port", port], directory / "epmd.log")
            names = ",".join(f"harness{number}@localhost" for number in range(1, count + 1))
            options = ("--epmd-port", port, "--cluster", names)
        self.nodes = [Node(number, directory / f"node-{number}", options) for number in range(1, count + 1)]
        self.lock = self.nodes[0].lock
        for node in self.nodes:
            node.lock = self.lock
        # The one that is disturbed at the moment, and better not asked.
        self.avoided = None

    @property
    def url(self):
        return ",".join(node.url for node in self.nodes)

    @property
    def children(self):
        return ([self.epmd] if self.epmd else []) + self.nodes

    def start(self):
        """Starts the first node, then those that join it."""
        if self.epmd:
            self.epmd.start()
            cookie = secrets.token_hex(16)
            for node in self.nodes:
                node.directory.mkdir(parents=True)
                path = node.directory / ".erlang.cookie"
                path.write_text(cookie)
                path.chmod(0o400)
            wait_until(self._epmd_answers, 10, "epmd answers")
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

    def _epmd_answers(self):
        port = str(self.epmd.command[-1])
        return subprocess.run(["epmd", "-port", port, "-names"], capture_output=True).returncode == 0

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
                return Inquiry(node.port)
            except OSError:
                pass
        return Inquiry(nodes[-1].port)

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
