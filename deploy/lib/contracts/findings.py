"""What was looked at, and what was found."""

import contextlib
import time


class Findings:
    """Counts tests by group, and keeps the names of those that failed."""

    def __init__(self):
        self.failed = []
        self._passed = 0

    def expect(self, holds, name, detail=""):
        """One test: its name says what should have been."""
        if holds:
            self._passed += 1
        else:
            self.failed.append(name)
            print(f"   FAILED {name}" + (f": {detail}" if detail else ""), flush=True)

    @contextlib.contextmanager
    def group(self, title):
        """Tests that belong together; says how many passed, and how long they took."""
        begin, passed, failed = time.monotonic(), self._passed, len(self.failed)
        print(f"== {title}", flush=True)
        yield
        passed, failed = self._passed - passed, len(self.failed) - failed
        print(f"   {passed} passed, {failed} failed, {time.monotonic() - begin:.1f} s", flush=True)
