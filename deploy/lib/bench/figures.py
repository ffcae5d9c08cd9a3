"""What processes have used and hold, as the kernel tells it."""

import os

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


def memory(child):
    """MiB of a process: resident, and of that what no other has."""
    found = {}
    with open(f"/proc/{child.process.pid}/smaps_rollup") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name in ("Rss", "Private_Clean", "Private_Dirty"):
                found[name] = int(value.split()[0]) / 1024
    return found["Rss"], found["Private_Clean"] + found["Private_Dirty"]


class Usage:
    """CPU of several processes between two moments."""

    def __init__(self, children):
        self._children = children
        self._before = {name: cpu(child) for name, child in children.items()}

    def since(self):
        """CPU seconds of each since the start."""
        return {name: cpu(child) - self._before[name] for name, child in self._children.items()}
