"""Nodes that fall silent, and those that are cut off."""

import itertools
import time

from harness.waiting import Late, wait_until

# How long a node is cut off, by turns, in seconds. The second is longer than any node takes to miss another one, which
# is 45 to 75 s with RabbitMQ's default of net_ticktime; services miss a node after twice their heartbeat.
CUTS = ((5, 15), (80, 100), (20, 60))


class Silence:
    """What `Faults` does to who stays connected and says nothing."""

    # Until then a node that was cut off is to be of use again, seconds. What lies in TCP's buffers is sent again ever
    # less often, and half a minute after a cut of one.
    HEALED_LIMIT = 120

    def __init__(self):
        self._cuts = itertools.cycle(CUTS)
        # How long after each cut the cluster was whole again by itself, seconds; None when a node had to be restarted.
        self.healed = []

    def _broker_pause(self, fault, dice):
        self._pause_node(fault, dice.choice(self.broker.nodes), dice.uniform(2, 14))

    def _node_freeze(self, fault, dice):
        self._pause_node(fault, dice.choice(self.broker.nodes), dice.uniform(20, 60))

    def _pause_node(self, fault, node, seconds):
        fault.target = node.name
        self.broker.avoided = None if len(self.broker.nodes) == 1 else node
        try:
            self._pause(node, seconds)
            node.await_ready()
        finally:
            self.broker.avoided = None
        self.broker.await_whole()

    def _node_cut(self, fault, dice):
        node = dice.choice(self.broker.nodes)
        seconds = dice.uniform(*next(self._cuts))
        fault.target = f"{node.name} for {seconds:.0f} s"
        self.broker.avoided = node
        try:
            self.broker.network.cut(node.number)
            try:
                time.sleep(seconds)
            finally:
                self.broker.network.heal(node.number)
            self._await_healed(fault, node)
        finally:
            self.broker.avoided = None

    def _await_healed(self, fault, node):
        """Waits until a node that was cut off is of use again.

        Where it does not come by itself, which happens to 3.10, it is restarted, as an operator would. The report names
        that; the run fails only when it does not help.
        """
        try:
            whole = self.broker.await_healed(self.HEALED_LIMIT)
        except Late as late:
            fault.trouble = f"{late}; then {node.name} was restarted"
            self.healed.append(None)
            node.stop(90)
            node.start()
            self.broker.await_healed(self.HEALED_LIMIT)
        else:
            self.healed.append(whole)
            self._write(fault, f"the cluster is whole {whole:.1f} s after the cut")

    def _service_cut(self, fault, service, dice):
        network = self.broker.network
        number = self.intake.services.index(service) + 1
        node = dice.choice(wait_until(
            lambda: network.connected(number), 30, f"{service.name} is connected to a node"))
        fault.target = f"{service.name} from rabbitmq-{node}"
        network.cut_way(number, node)
        try:
            time.sleep(dice.uniform(5, 40))
        finally:
            network.heal_way(number, node)
        # It has gone to another node, or finds its connection as it was.
        wait_until(service.is_ready, 60, f"{service.name} is ready")
