"""A network of a run's own, in which the nodes of a broker can be cut off.

Each node has a network namespace, and a bridge joins them with the one that the rest of the run is in. A port of the
bridge that is switched off takes and gives nothing: packets are dropped without a word in both directions, no
connection is reset and no interface goes down, as when a switch on the way fails. Neighbours' hardware addresses are
written down beforehand, or the kernel would ask for them in vain and report that.

None of it has a name outside the run: any number of runs stand side by side, and the kernel removes everything with the
last process that is in there, however that ends.
"""

import ctypes
import os
import shutil
import subprocess
import threading

# What all addresses begin with; the third part is the node's number, 0 for the rest of the run.
PREFIX = "10.77"
# The last part of a node's own address, and of that of the harness. Below stand those of the services' ways.
OWN = 254
# Nobody has it.
NOWHERE = "02:00:00:00:ff:ff"
_NEW_NAMESPACE = 0x40000000  # CLONE_NEWNET; os.unshare came with Python 3.12.


class Network:
    """Namespaces for nodes 1 to `nodes`, which services 1 to `services` reach each over an address of their own.

    Moves the calling thread, and so what it starts from now on, into a namespace without any other way out. Raises
    OSError where the kernel does not allow it.
    """

    def __init__(self, nodes, services):
        self._namespaces = {number: _new_namespace() for number in range(1, nodes + 1)}
        _leave_namespace()
        here = [
            "link set lo up", f"link add name hub address {_hardware(0)} type bridge", "link set hub up",
            f"address add {_address(0)}/16 dev hub"]
        for service in range(1, services + 1):
            here.append(f"address add {_address(0, service)}/32 dev hub")
        for number in self._namespaces:
            place = f"/proc/{os.getpid()}/fd/{self._namespaces[number]}"
            here += [
                f"link add name node-{number} type veth peer name eth0 address {_hardware(number)} netns {place}",
                f"link set node-{number} master hub up", _neighbour(_address(number), _hardware(number), "hub")]
            for service in range(1, services + 1):
                # The service's own address is what the node then sees as the other side.
                here += [
                    f"route add {_address(number, service)}/32 dev hub src {_address(0, service)}",
                    _neighbour(_address(number, service), _hardware(number), "hub")]
        _ip(here)
        for number in self._namespaces:
            there = [
                "link set lo up", "link set eth0 up", f"address add {_address(number)}/16 dev eth0",
                _neighbour(_address(0), _hardware(0), "eth0")]
            for service in range(1, services + 1):
                there += [
                    f"address add {_address(number, service)}/32 dev eth0",
                    _neighbour(_address(0, service), _hardware(0), "eth0")]
            there += [_neighbour(_address(other), _hardware(other), "eth0")
                      for other in self._namespaces if other != number]
            _ip(there, self.inside(number))

    def close(self):
        """What is still in a namespace keeps it."""
        while self._namespaces:
            os.close(self._namespaces.popitem()[1])

    def inside(self, node):
        """What stands before a command that is to run in a node's namespace."""
        return ["nsenter", f"--net=/proc/{os.getpid()}/fd/{self._namespaces[node]}", "--"]

    def address(self, node, service=None):
        """Where a service reaches a node; without one, where everybody else does."""
        return _address(node, service or OWN)

    def cut(self, node):
        """From now on nothing reaches a node, and nothing comes from it."""
        _run(["bridge", "link", "set", "dev", f"node-{node}", "state", "0"])

    def heal(self, node):
        _run(["bridge", "link", "set", "dev", f"node-{node}", "state", "3"])

    def cut_way(self, service, node):
        """From now on a service and a node hear nothing of each other."""
        self._lead(service, node, NOWHERE, NOWHERE)

    def heal_way(self, service, node):
        self._lead(service, node, _hardware(0), _hardware(node))

    def _lead(self, service, node, to_service, to_node):
        _ip([_neighbour(_address(node, service), to_node, "hub")])
        _ip([_neighbour(_address(0, service), to_service, "eth0")], self.inside(node))

    def connected(self, service):
        """The nodes to which a service has a connection."""
        command = ["ss", "--no-header", "--numeric", "--tcp", "state", "established", "src", _address(0, service)]
        peers = [line.split()[3].rpartition(":")[0] for line in _run(command).splitlines()]
        return [node for node in self._namespaces if _address(node, service) in peers]


def obstacle():
    """Why there can be no such network, in words; None where there can."""
    if os.geteuid() != 0:
        return "only root can make network namespaces"
    missing = [program for program in ("ip", "bridge", "ss", "nsenter") if not shutil.which(program)]
    if missing:
        return f"{', '.join(missing)} is not there (Debian: iproute2)"
    found = []

    def attempt():
        try:
            Network(1, 1).close()
        except OSError as error:
            found.append(f"the kernel makes no network for it: {error}")

    # What it changes is its own namespace alone.
    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    return found[0] if found else None


def _address(node, last=OWN):
    """Of a node, or (0) of the rest of the run."""
    return f"{PREFIX}.{node}.{last}"


def _hardware(node):
    return f"02:00:00:00:00:{node:02x}"


def _neighbour(address, hardware, device):
    return f"neighbour replace {address} lladdr {hardware} dev {device} nud permanent"


def _leave_namespace():
    """Moves the calling thread into a new network namespace."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(_NEW_NAMESPACE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _new_namespace():
    """A descriptor of a new namespace, which lasts as long as that, or as a process in there."""
    found = []

    def open_own():
        try:
            _leave_namespace()
            found.append(os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC))
        except OSError as error:
            found.append(error)

    thread = threading.Thread(target=open_own)
    thread.start()
    thread.join()
    if isinstance(found[0], OSError):
        raise found[0]
    return found[0]


def _ip(commands, prefix=()):
    _run([*prefix, "ip", "-batch", "-"], "".join(f"{command}\n" for command in commands))


def _run(command, text=None):
    """What a command says. Raises OSError when it fails."""
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise OSError(f"{command[0]}: {done.stderr.strip() or done.returncode}")
    return done.stdout
