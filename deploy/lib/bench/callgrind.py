"""Reads what callgrind has counted: instructions by function, those of the runtime carried up to whoever asked
for them (https://valgrind.org/docs/manual/cl-format.html)."""

import collections
import re
import subprocess

# Reference counts, metadata, allocation and copying say nothing by themselves: what matters is for whom.
RUNTIME = re.compile(
    r"_?_?_?(swift_|\$s[Ss])|_Z\w*(5swift|tryCast|destroyTask|getCache)|_ZN?K?S[ta]|_Z[nd][wal]"
    r"|_?_?mem(cpy|move|set|cmp)|malloc|calloc|realloc|free|sdallocx|_?_?_?pthread_|0x|\(below main\)|do_lookup"
    r"|_dl_|_?_?_?tls_")
ROUNDS = 60


class Counts:
    """One file: what each function cost by itself, and what its callers passed on to it."""

    def __init__(self, path):
        self.own = collections.Counter()
        self.callers = collections.defaultdict(collections.Counter)
        self._names = {}
        self._read(path)

    @property
    def total(self):
        return sum(self.own.values())

    def _read(self, path):
        function = callee = None
        is_call = False
        with open(path, errors="replace") as lines:
            for line in lines:
                if line.startswith("fn="):
                    function = self._name(line[3:].strip())
                elif line.startswith("cfn="):
                    callee = self._name(line[4:].strip())
                elif line.startswith("calls="):
                    is_call = True
                elif line[:1].isdigit() or line[:1] in "+-*":
                    cost = int(line.split()[1])
                    if is_call:
                        self.callers[callee][function] += cost
                    else:
                        self.own[function] += cost
                    is_call = False

    def _name(self, text):
        """A name stands in full the first time, and as its number from then on."""
        number, _, name = text.partition(" ")
        if name:
            # Levels of a recursion count as one.
            self._names[number] = re.sub(r"'\d+$", "", name)
        return self._names.get(number, text)

    def by_function(self):
        """Instructions by function of the program; the runtime's are shared out among those who called it."""
        costs = self.own
        for _ in range(ROUNDS):
            passed, is_done = collections.Counter(), True
            for function, cost in costs.items():
                callers = {name: share for name, share in self.callers[function].items() if name != function}
                whole = sum(callers.values())
                if whole and RUNTIME.match(function):
                    is_done = False
                    for name, share in callers.items():
                        passed[name] += cost * share / whole
                else:
                    passed[function] += cost
            costs = passed
            if is_done:
                break
        return costs


def readable(names):
    """Names of Swift's and of C++'s as a person writes them, where the tools are there."""
    text = "\n".join(names)
    for tool in (["swift-demangle", "-compact", "-simplified"], ["c++filt"]):
        try:
            text = subprocess.run(tool, input=text, text=True, capture_output=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            continue
    return text.splitlines()
