"""The executables, a directory for a run, and tools from PyPI."""

import fcntl
import pathlib
import shutil
import subprocess
import sys
import venv

from .processes import REPOSITORY


def build(released=False):
    """Builds the executables, as they are run in earnest or for tests; returns where they are."""
    command = [REPOSITORY / "deploy/lib/release-build"] if released else ["swift", "build"]
    subprocess.run(command, cwd=REPOSITORY, check=True)
    shown = subprocess.run([*command, "--show-bin-path"], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    return pathlib.Path(shown.stdout.strip())


def claim(state, name):
    """Empties the directory of a run, which belongs to one run of one check at a time; returns its lock."""
    state.mkdir(parents=True, exist_ok=True)
    lock = open(state / "lock", "w")  # noqa: SIM115
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"{name}: another run uses {state}; choose another directory with --state")
    mark = state / name
    strangers = [entry for entry in state.iterdir() if entry.name != "lock"]
    if strangers and not mark.exists():
        sys.exit(f"{name}: {state} holds something else; choose another directory with --state")
    for entry in strangers:
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    mark.touch()
    return lock


def environment(name, requirements):
    """An environment inside the build directory, made where it is not there yet or holds other versions."""
    folder = REPOSITORY / ".build/venv" / name
    stamp = folder / "requirements.txt"
    wanted = "\n".join((f"python {sys.version}", *requirements))
    if not stamp.exists() or stamp.read_text() != wanted:
        print("Installing " + ", ".join(requirements), flush=True)
        try:
            venv.create(folder, clear=True, with_pip=True)
            pip = [folder / "bin/pip", "--quiet", "--disable-pip-version-check", "install", *requirements]
            subprocess.run(pip, check=True)
        except subprocess.CalledProcessError as error:
            sys.exit(f"{name}: what it needs could not be installed: {error}")
        stamp.write_text(wanted)
    return folder
