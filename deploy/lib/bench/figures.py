"""What processes have used and hold, as the kernel and Erlang tell it."""

import os
import re
import subprocess

from harness.processes import REPOSITORY

# Reductions by name; Erlang's processes without one count under what they run.
REDUCTIONS = (
    "[io:format(\"~p ~p~n\", [case process_info(P, registered_name) of {registered_name, N} -> N;"
    " _ -> element(1, proc_lib:translate_initial_call(P)) end, element(2, process_info(P, reductions))])"
    " || P <- processes(), is_process_alive(P)].")
TICK = os.sysconf("SC_CLK_TCK")


def cpu(child):
    """CPU seconds, user's and system's, of a process that was started here and of all in its session."""
    session = str(child.process.pid)
    total = 0
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat") as file:
                # After the name, which may hold anything, in parentheses: state, parent, group, session, … (proc(5)).
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[3] == session:
            total += sum(map(int, fields[11:15]))
    return total / TICK


def used(pid):
    """CPU seconds of a process and of all that descend from it, and the bytes that they have written to disk."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    with open(f"/proc/{pid}/io") as file:
        written = re.search(r"^write_bytes: (\d+)", file.read(), re.M)
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        children = file.read().split()
    total = sum(map(int, fields[11:13])) / TICK, int(written[1])
    for child in map(used, children):
        total = tuple(map(sum, zip(total, child)))
    return total


def memory(child):
    """MiB of a process: resident, and of that what no other has."""
    found = {}
    with open(f"/proc/{child.process.pid}/smaps_rollup") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name in ("Rss", "Private_Clean", "Private_Dirty"):
                found[name] = int(value.split()[0]) / 1024
    return found["Rss"], found["Private_Clean"] + found["Private_Dirty"]


def reductions(node):
    """How much each of a RabbitMQ node's Erlang processes has done, by name."""
    command = [str(REPOSITORY / "deploy/rabbitmqctl"), str(node.directory), "--quiet", "eval", REDUCTIONS]
    found = {}
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        name, _, count = line.rpartition(" ")
        if name and count.isdigit():
            name = name.strip("'").replace("%2F_", "")
            found[name] = found.get(name, 0) + int(count)
    return found


class Usage:
    """CPU of several processes between two moments."""

    def __init__(self, children):
        self._children = children
        self._before = {name: cpu(child) for name, child in children.items()}

    def since(self):
        """CPU seconds of each since the start."""
        return {name: cpu(child) - self._before[name] for name, child in self._children.items()}
