"""Waiting for a condition, and saying when it did not come."""

import time


class Late(Exception):
    """A condition did not come within its time."""


def wait_until(condition, seconds, what, interval=0.1):
    """Polls until the condition holds, and returns what it returned.

    An error of the network's counts as not yet. Raises Late with `what` when the time is over.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            if result := condition():
                return result
        except (OSError, ValueError):
            pass
        if time.monotonic() >= deadline:
            raise Late(f"{what}: not within {seconds:.0f} s")
        time.sleep(interval)
