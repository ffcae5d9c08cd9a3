"""All of it together: a partner, a broker, the services, and what ends them however a run ends."""

import contextlib
import signal
import sys
import threading

from .broker import Broker
from .checkout import claim
from .intake import Intake


class System:
    """A partner, a broker (without nodes: none), perhaps a database, and services, with ports and a directory of their
    own; the broker's nodes perhaps in a network."""

    def __init__(
            self, executables, directory, partner, nodes=1, configuration=None, services=Intake.NAMES, database=None,
            replicas=None, network=None):
        self.partner = partner
        self.database = database
        self.broker = Broker(nodes, directory, network) if nodes else None
        url = self.broker.url() if self.broker else "amqp://guest:guest@127.0.0.1:1/%2F"
        self.intake = Intake(executables, directory, url, partner.port, configuration, services, replicas)
        if network:
            # Each comes from an address of its own, so that its way alone can be cut.
            for number, service in enumerate(self.intake.services, 1):
                service.environment["INTAKE_BROKER_URL"] = self.broker.url(number)

    def start(self):
        self.partner.start()
        if self.broker:
            self.start_broker()
        if self.database:
            self.database.start()
        self.intake.start()

    def start_broker(self):
        """What an heir adds comes between the broker and the services."""
        self.broker.start()

    def stop(self):
        """Ends everything that was started, services first: with a broker at hand they drain in a moment."""
        self.intake.end_watch()
        groups = [self.intake.children] + ([self.broker.nodes, self.broker.children] if self.broker else [])
        groups += [self.database.children] if self.database else []
        for child in (child for group in groups for child in group):
            child.end()
        for group in groups:
            stoppers = [threading.Thread(target=child.stop, args=(30,)) for child in group if child.is_alive]
            for stopper in stoppers:
                stopper.start()
            for stopper in stoppers:
                stopper.join()
        if self.database:
            self.database.remove()
        self.partner.stop()


@contextlib.contextmanager
def run_in(state, name):
    """One run of the check `name` in a directory that is its own as long as it lasts.

    What the block registers with the stack that it gets is ended however the run ends; Ctrl-C meanwhile changes
    nothing.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with contextlib.ExitStack() as ending:
        ending.enter_context(claim(state, name))
        try:
            yield ending
        except KeyboardInterrupt:
            print("\nStopping.")
            sys.exit(130)
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
