"""What a run prints and writes at its end."""

import collections
import dataclasses
import json
import sys
import time

from .faults import MEANING
from .hostile.faults import MEANING as HOSTILE_MEANING

# For so long after a fault a repeated callback is put down to it.
AFTERMATH = 5
# What a consumer may take to be back.
RETURN_GOAL = 5


class Progress:
    """One line that is written over on a terminal, and a line now and then elsewhere."""

    def __init__(self, interval=10):
        self._is_terminal = sys.stdout.isatty()
        self._interval = 1 if self._is_terminal else interval
        self._last = 0

    def show(self, text):
        if time.monotonic() - self._last < self._interval:
            return
        self._last = time.monotonic()
        print(f"\r\033[K{text}" if self._is_terminal else text, end="" if self._is_terminal else "\n", flush=True)

    def say(self, text):
        """A line that stays."""
        print(f"\r\033[K{text}" if self._is_terminal else text, flush=True)


@dataclasses.dataclass
class Run:
    """Everything that a run has found."""
    options: dict
    outcome: object
    faults: list
    returns: list
    duplicates: list
    # With how many requests staff took steps.
    stepped: int
    answers: collections.Counter
    posted: int
    # The most POSTs that a request took.
    most_tries: int
    # What must not be, in words.
    problems: list
    accidents: list
    seconds: float
    # What `--hostile` has measured: names, values and remarks.
    measured: list = dataclasses.field(default_factory=list)

    @property
    def longest_return(self):
        return max((item.seconds for item in self.returns if item.seconds is not None), default=None)

    @property
    def is_good(self):
        return self.outcome.adds_up and not self.problems

    def after(self, kind):
        """How many repeated callbacks came during faults of a kind, or shortly after."""
        spans = [(fault.start, (fault.end or fault.start) + AFTERMATH) for fault in self.faults if fault.kind == kind]
        return sum(any(start <= at <= end for start, end in spans) for at in self.duplicates)

    def table(self):
        return "\n".join([*self._fault_lines(), "", *self._total_lines(), *self._problem_lines()])

    def _fault_lines(self):
        counts = collections.Counter(fault.kind for fault in self.faults)
        yield f"{'fault':<22} {'count':>5} {'duplicates':>10}   what it is"
        for kind, meaning in (MEANING | HOSTILE_MEANING).items():
            if counts[kind]:
                yield f"{kind:<22} {counts[kind]:>5} {self.after(kind):>10}   {meaning}"
        yield f"{'all':<22} {counts.total():>5} {self.outcome.duplicates:>10}   (a duplicate counts for every fault " \
              f"that was on or had ended within {AFTERMATH} s)"

    def _total_lines(self):
        outcome = self.outcome
        answers = ", ".join(f"{count} × {answer}" for answer, count in sorted(self.answers.items(), key=str))
        depths = ", ".join(f"{name} {depth}" for name, depth in sorted(outcome.depths.items()) if depth)
        dead = ", ".join(f"{count} × {reason}" for reason, count in outcome.dead.items())
        never = sum(item.seconds is None for item in self.returns)
        longest = "-" if self.longest_return is None else f"{self.longest_return:.1f} s"
        returns = f"the longest of {len(self.returns)}" if self.returns else "not measured"
        for name, value, remark in (
            ("posted", self.posted, f"POSTs answered: {answers}; of one request {self.most_tries} at most"),
            ("accepted", outcome.accepted, ""),
            ("told", outcome.told, ""),
            ("dead", outcome.dead.total(), dead),
            ("pending", len(outcome.pending), ""),
            ("LOST", len(outcome.lost), ""),
            ("duplicates", outcome.duplicates, "callbacks after the first receipt, all with the same answer and key"
             if not outcome.contradictory else ""),
            ("contradictory", len(outcome.contradictory), ""),
            ("steps of staff", outcome.steps, f"taken with {self.stepped} requests; {outcome.dropped} callbacks were "
             "overtaken before they could be sent, and were not"),
            ("overtaken, sent late", len(outcome.overtaken), f"{outcome.crossed} crossed on the wire"
             if outcome.crossed else ""),
            ("consumer back", longest, returns + (f"; {never} not at all" if never else "")),
            ("queues", sum(outcome.depths.values()), depths or "all empty"),
            *self.measured,
        ):
            yield f"{name:<20} {value:>8}   {remark}".rstrip()

    def _problem_lines(self):
        for title, lines in (
            ("Ended by themselves:", self.accidents),
            ("Faults that did not go as meant:",
             [f"{fault.kind} {fault.target}: {fault.trouble}" for fault in self.faults if fault.trouble]),
            ("Still pending:", self.outcome.pending),
            ("Wrong:", self.problems),
        ):
            if lines:
                yield ""
                yield title
                yield from (f"  {line}" for line in lines[:20])
                if len(lines) > 20:
                    yield f"  … and {len(lines) - 20} more"

    def write(self, path):
        """The same as JSON."""
        begin = min((fault.start for fault in self.faults), default=0)
        content = {
            "options": self.options, "seconds": round(self.seconds, 1), "good": self.is_good, "posted": self.posted,
            "most_tries": self.most_tries, "answers": {str(answer): count for answer, count in self.answers.items()},
            "outcome": dataclasses.asdict(self.outcome),
            "faults": [
                {"kind": fault.kind, "target": fault.target, "at": round(fault.start - begin, 2),
                 "seconds": round((fault.end or fault.start) - fault.start, 2), "trouble": fault.trouble}
                for fault in self.faults],
            "duplicates_at": [round(at - begin, 2) for at in self.duplicates],
            "duplicates_after": {kind: self.after(kind) for kind in {fault.kind for fault in self.faults}},
            "consumer_returns": [dataclasses.asdict(item) for item in self.returns],
            "accidents": self.accidents, "problems": self.problems, "measured": self.measured,
        }
        path.write_text(json.dumps(content, indent=1) + "\n")
