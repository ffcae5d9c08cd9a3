"""The directory of a run."""

import fcntl
import shutil
import sys

MARK = "contracts"


def claim(state):
    """Empties the directory of the run, which belongs to one run at a time; returns its lock."""
    state.mkdir(parents=True, exist_ok=True)
    lock = open(state / "lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"contracts: another run uses {state}; choose another directory with --state")
    if not (state / MARK).exists() and any(entry.name != "lock" for entry in state.iterdir()):
        sys.exit(f"contracts: {state} holds something else; choose another directory with --state")
    for entry in state.iterdir():
        if entry.name != "lock":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    (state / MARK).touch()
    return lock
