"""What is done to the pipeline while it works."""

import dataclasses
import random
import signal
import threading
import time

from harness.broker import PARTNER_QUEUE, STAGE_QUEUES
from harness.intake import HEARTBEAT
from harness.waiting import Late, wait_until

from .silence import Silence

# How often each kind comes in one round, by what it disturbs; nothing is disturbed in two ways at once.
ROUND = {
    "service": {"service-kill": 4, "service-stop": 3, "service-pause": 2, "service-freeze": 1},
    "ingest": {"disk-full": 1},
    "database": {"database-kill": 2, "database-restart": 1, "database-process-kill": 1, "database-freeze": 1},
    "partner": {"partner-errors": 1, "partner-silence": 1, "partner-reset": 1, "partner-refusal": 1},
    "broker": {
        "broker-kill": 1, "broker-restart": 1, "broker-pause": 1, "connections-close": 2, "memory-alarm": 1},
}
CLUSTER_ROUND = {"leader-kill": 1, "node-freeze": 1, "rolling-restart": 1}
# Where nodes have network namespaces.
NETWORK_ROUND = {"node-cut": 1, "service-cut": 2}
STANDBY_ROUND = {"database-failover": 2}
UPGRADE_ROUND = {"rolling-upgrade": 1}
TARGETS = {kind: target for target, kinds in ROUND.items() for kind in kinds} | dict.fromkeys(
    CLUSTER_ROUND, "broker") | dict.fromkeys(STANDBY_ROUND, "database") | dict.fromkeys(
    UPGRADE_ROUND, "version") | {"node-cut": "broker", "service-cut": "service"}

MEANING = {
    "service-kill": "SIGKILL to a service, started again at once",
    "service-stop": "SIGTERM to a service, started again when it has ended",
    "service-pause": "SIGSTOP to a service for 1 to 4 s",
    "service-freeze": f"SIGSTOP to a service for longer than the broker waits for it (heartbeat {HEARTBEAT} s)",
    "disk-full": "ingest-service cannot write to its files for 2 to 6 s",
    "database-kill": "PostgreSQL ends at once, as when the power goes, and is started again",
    "database-restart": "PostgreSQL is stopped in order and started again",
    "database-process-kill": "SIGKILL to a process of PostgreSQL's that serves a client: it ends all, and recovers",
    "database-freeze": "SIGSTOP to all of PostgreSQL for 2 to 14 s",
    "database-failover": "PostgreSQL's primary ends for good, and its standby is promoted",
    "partner-errors": "the partner answers 500 for 2 to 5 s",
    "partner-silence": "the partner answers nothing for 2 to 6 s",
    "partner-reset": "the partner cuts connections, before or after it has read, for 2 to 5 s",
    "partner-refusal": "the partner's port is closed for 2 to 5 s",
    "broker-kill": "SIGKILL to a RabbitMQ node, started again at once",
    "broker-restart": "a RabbitMQ node is stopped in order and started again",
    "broker-pause": "SIGSTOP to a RabbitMQ node for 2 to 14 s",
    "connections-close": "every AMQP connection is closed through the management API",
    "memory-alarm": "RabbitMQ's memory watermark near zero for 2 to 6 s: publishers are blocked",
    "leader-kill": "SIGKILL to the node that leads a stage's queue, started again after 5 to 15 s",
    "node-freeze": "SIGSTOP to a node for 20 to 60 s",
    "node-cut": "the network drops all that goes to a node or comes from it, for 5 to 100 s",
    "service-cut": "the network drops all between a service and the node that it is connected to, for 5 to 40 s",
    "rolling-upgrade": "each process is stopped in order and started as the other version, one after the other",
    "rolling-restart": "all nodes stopped in order and started again, one after the other",
}


@dataclasses.dataclass
class Fault:
    """One fault; times are of the monotonic clock."""
    kind: str
    start: float
    target: str = ""
    end: float | None = None
    trouble: str | None = None


@dataclasses.dataclass
class Return:
    """How long after the broker was ready again a queue had its consumer; None when it had none within the limit."""
    kind: str
    queue: str
    seconds: float | None


class Locks:
    """Those of several processes, taken together or not at all."""

    def __init__(self, children):
        self._locks = [child.lock for child in children]

    def acquire(self, blocking):
        taken = []
        for lock in self._locks:
            if not lock.acquire(blocking=blocking):
                for other in taken:
                    other.release()
                return False
            taken.append(lock)
        return True

    def release(self):
        for lock in self._locks:
            lock.release()


class Faults(Silence):
    """Injects faults at random moments, several at once as long as they disturb different things."""

    # Until then every queue is to have its consumer again, seconds.
    RETURN_LIMIT = 60
    # Until then the front door is to write to a standby that was promoted, seconds.
    FAILOVER_LIMIT = 15

    def __init__(self, broker, intake, partner, seed, kinds, journal):
        super().__init__()
        self.broker = broker
        self.intake = intake
        self.partner = partner
        # PostgreSQL's server, where there is one; `Soak` fills it in.
        self.database = None
        self.done = []
        self.returns = []
        self._random = random.Random(seed)
        self._kinds = kinds
        self.journal = journal
        self._left = []
        self._threads = []
        self._partner_lock = threading.Lock()
        self._version_lock = threading.Lock()
        # Directories of executables, the one that is not in use in front; `Soak` fills it in.
        self.versions = []
        # When each service was last disturbed.
        self._disturbed = {}

    def run(self, seconds, gap, stopping):
        """Injects until the time is over, then waits until what was begun has been lifted."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not stopping.wait(self._random.uniform(0.4, 1.6) * gap):
            if chosen := self._choose():
                thread = threading.Thread(target=self._inject, args=chosen, daemon=True)
                self._threads.append(thread)
                thread.start()
        for thread in self._threads:
            thread.join()

    def _choose(self):
        """The next kind whose target nobody disturbs, with the target, whose lock is held then, and a seed."""
        for _ in range(2):
            for index, kind in enumerate(self._left):
                if target := self._take(kind):
                    del self._left[index]
                    return kind, *target, self._random.random()
            # What could not be done yet stays in front.
            more = [kind for kind, count in self._kinds.items() for _ in range(count) if kind not in self._left]
            self._random.shuffle(more)
            self._left += more
        return None

    def _take(self, kind):
        """Locks what a fault of the kind disturbs: the lock and, for services, which."""
        match TARGETS[kind]:
            case "partner":
                candidates = [(self._partner_lock, None)]
            case "broker":
                candidates = [(self.broker.lock, None)]
            case "version":
                candidates = [(self._version_lock, None)]
            # What depends on the database does not start without it.
            case "ingest" | "database":
                candidates = [(Locks(self.intake.front_doors), self.intake["ingest-service"])]
            case _:
                candidates = [(service.lock, service) for service in self.intake.services]
                self._random.shuffle(candidates)
        return next((pair for pair in candidates if pair[0].acquire(blocking=False)), None)

    def _inject(self, kind, lock, service, seed):
        fault = Fault(kind, time.monotonic(), service.name if service else "")
        self._write(fault, "begins")
        self.done.append(fault)
        action = getattr(self, "_" + kind.replace("-", "_"))
        try:
            dice = random.Random(seed)
            action(fault, service, dice) if service else action(fault, dice)
        except Exception as error:  # Whatever it is: the run goes on, and the report names it.
            fault.trouble = f"{type(error).__name__}: {error}"
        finally:
            fault.end = time.monotonic()
            if service:
                self._disturbed[service.name] = fault.end
            self._write(fault, fault.trouble or f"over after {fault.end - fault.start:.1f} s")
            lock.release()

    def _write(self, fault, text):
        now = time.time()
        clock = time.strftime("%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03}"
        with open(self.journal, "a") as journal:
            journal.write(f"{clock}Z {fault.kind} {fault.target}: {text}\n")

    # Services.

    def _service_kill(self, fault, service, dice):
        service.kill()
        service.start()
        service.await_live()

    def _service_stop(self, fault, service, dice):
        if not service.stop():
            fault.trouble = f"{service.name} did not stop within 60 s of SIGTERM, and was killed"
        elif service.process.returncode != 0:
            fault.trouble = f"{service.name} after SIGTERM: {service.status}"
        service.start()
        service.await_live()

    def _service_pause(self, fault, service, dice):
        self._pause(service, dice.uniform(1, 4))

    def _service_freeze(self, fault, service, dice):
        self._pause(service, HEARTBEAT * 2 + dice.uniform(2, 6))

    def _rolling_upgrade(self, fault, dice):
        self.versions.reverse()
        fault.target = f"to {self.versions[-1]}"
        for service in self.intake.services:
            with service.lock:
                service.use(self.versions[-1])
                self._service_stop(fault, service, dice)
                wait_until(service.is_ready, 60, f"{service.name} is ready")
                self._disturbed[service.name] = time.monotonic()

    def _pause(self, child, seconds):
        child.pause()
        try:
            time.sleep(seconds)
        finally:
            child.resume()

    def _disk_full(self, fault, service, dice):
        service.limit_file_size(0)
        time.sleep(dice.uniform(2, 6))
        if self.intake.revive(service):
            service.await_live()
        else:
            service.limit_file_size(None)

    # The database, whose faults hold ingest-service's lock.

    def _database_kill(self, fault, service, dice):
        self.database.primary.crash()
        self.database.start_again()

    def _database_restart(self, fault, service, dice):
        self.database.primary.signal(signal.SIGINT)
        if not self.database.primary.wait(60):
            raise Late("PostgreSQL did not stop within 60 s of SIGINT")
        self.database.start_again()

    def _database_process_kill(self, fault, service, dice):
        if not self.database.primary.kill_client(dice):
            raise Late("nobody is connected to PostgreSQL")
        self.database.primary.await_ready()

    def _database_freeze(self, fault, service, dice):
        self._pause(self.database.primary, dice.uniform(2, 14))

    def _database_failover(self, fault, service, dice):
        self.database.fail_over()
        begin = time.monotonic()
        for each in self.intake.front_doors:
            wait_until(each.is_ready, 60, f"{each.name} writes to the new primary")
        seconds = time.monotonic() - begin
        self._write(fault, f"ingest-service writes {seconds:.2f} s after the promotion")
        if seconds > self.FAILOVER_LIMIT:
            fault.trouble = f"ingest-service wrote only {seconds:.1f} s after the promotion"
        self.database.add_standby_again()

    # Partner. Shorter than the callback's first few retries together, so that few requests wait for the long ones.

    def _misbehave(self, mode, seconds):
        self.partner.behave(mode)
        try:
            time.sleep(seconds)
        finally:
            self.partner.behave("well")

    def _partner_errors(self, fault, dice):
        self._misbehave("errors", dice.uniform(2, 5))

    def _partner_silence(self, fault, dice):
        self._misbehave("silence", dice.uniform(2, 6))

    def _partner_reset(self, fault, dice):
        self._misbehave("reset", dice.uniform(2, 5))

    def _partner_refusal(self, fault, dice):
        self._misbehave("refusal", dice.uniform(2, 5))

    # Broker.

    def _broker_kill(self, fault, dice):
        self._bounce(fault, dice.choice(self.broker.nodes), lambda node: node.kill())

    def _broker_restart(self, fault, dice):
        self._bounce(fault, dice.choice(self.broker.nodes), lambda node: self._stop_node(fault, node))

    def _leader_kill(self, fault, dice):
        queue = dice.choice((*STAGE_QUEUES, PARTNER_QUEUE))
        node = self.broker.leader(queue)
        if node is None:
            raise Late(f"{queue} has no leader")
        fault.target = f"leader of {queue}"
        self._bounce(fault, node, lambda node: node.kill(), down=dice.uniform(5, 15))

    def _rolling_restart(self, fault, dice):
        for node in self.broker.nodes:
            wait_until(lambda node=node: not node.is_critical(), 60, f"every queue can do without {node.name}")
            self._bounce(fault, node, lambda node: self._stop_node(fault, node))

    def _stop_node(self, fault, node):
        if not node.stop(90):
            fault.trouble = f"{node.name} did not stop within 90 s of SIGTERM, and was killed"

    def _bounce(self, fault, node, end, down=0):
        """Ends a node, starts it again, and sees that every queue gets its consumer back.

        The clock starts when the node is ready again; in a cluster, where others take over, when it has ended.
        """
        fault.target = " ".join(filter(None, [fault.target, node.name]))
        begin = time.monotonic()
        alone = len(self.broker.nodes) == 1
        self.broker.avoided = None if alone else node
        try:
            end(node)
            gone = time.monotonic()
            if not alone:
                self._watch_consumers(fault, begin, gone)
                time.sleep(max(0, gone + down - time.monotonic()))
            node.start()
            node.await_ready()
        finally:
            self.broker.avoided = None
        if alone:
            self._watch_consumers(fault, begin, time.monotonic())
        self.broker.await_whole()

    def _watch_consumers(self, fault, begin, ready):
        """Notes when each queue has a consumer again, unless its service was disturbed meanwhile."""
        missing = list(STAGE_QUEUES)
        while missing and time.monotonic() < ready + self.RETURN_LIMIT:
            # In a cluster the others need a moment to see that the node and its consumers are gone.
            time.sleep(0.1 if len(self.broker.nodes) == 1 else 0.3)
            try:
                with self.broker.inquiry() as inquiry:
                    while missing:
                        for queue in [queue for queue in missing if self._is_consumed(queue, inquiry)]:
                            missing.remove(queue)
                            self._note_return(fault, queue, begin, time.monotonic() - ready)
                        if time.monotonic() >= ready + self.RETURN_LIMIT:
                            break
                        time.sleep(0.1)
            except OSError:
                pass
        for queue in missing:
            self._note_return(fault, queue, begin, None)

    def _is_consumed(self, queue, inquiry):
        """Broker and service must both say so: after a crash the broker counts consumers of before it for a moment.

        A service that is disturbed is not asked: its silence would delay the others' measurements.
        """
        services = [service for service in self.intake.consuming(queue) if not service.lock.locked()]
        return inquiry.consumers(queue) > 0 and any(service.is_consuming() for service in services)

    def _note_return(self, fault, queue, begin, seconds):
        services = self.intake.consuming(queue)
        if not any(service.lock.locked() or self._disturbed.get(service.name, 0) >= begin for service in services):
            self.returns.append(Return(fault.kind, queue, seconds))
            text = "no consumer" if seconds is None else f"consumer after {seconds:.2f} s"
            self._write(fault, f"{queue}: {text}")

    def _connections_close(self, fault, dice):
        # The API knows connections a few seconds late.
        closed = wait_until(self.broker.close_connections, 15, "connections to close")
        fault.target = f"{closed} connections"

    def _memory_alarm(self, fault, dice):
        node = dice.choice(self.broker.nodes)
        fault.target = node.name
        try:
            node.control("set_vm_memory_high_watermark", "0.00001")
            time.sleep(dice.uniform(2, 6))
        finally:
            node.control("set_vm_memory_high_watermark", "0.4")
