"""The order in which the linker puts functions: those that run stand side by side.

A service runs a tenth of its executable, a function here and a function there. As the linker finds them, nearly every
page holds one, and is read from disk and kept in memory for it.
"""

import collections
import subprocess


def functions(executable):
    """The names of the functions that an executable itself has."""
    lines = subprocess.run(["nm", "--defined-only", executable], check=True, capture_output=True, text=True).stdout
    return {name for _, kind, name in (line.split(" ", 2) for line in lines.splitlines()) if kind in "tTwW"}


def costs(counts, known):
    """Instructions by function, of those that are known; 0 for one that did no more than call another."""
    return {name: counts.own[name] for name in known & (counts.own.keys() | counts.callers.keys())}


def in_order(ran):
    """The functions that ran, as a list.

    ran has, for each service, what functions cost in its requests, and what before them. First what requests run, of
    that first what most services share; within it what costs most. What only a start runs follows in the same way.
    """
    ordered = {}
    for part in zip(*ran):
        users, together = collections.defaultdict(list), collections.Counter()
        for service, spent in enumerate(part):
            together.update(spent)
            for name in spent:
                users[name].append(service)
        ordered |= dict.fromkeys(sorted(
            users.keys() - ordered.keys(), key=lambda name: (-len(users[name]), users[name], -together[name], name)))
    return list(ordered)
