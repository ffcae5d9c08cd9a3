"""Shapely, in an environment of its own inside the checkout's build directory."""

import pathlib
import subprocess
import sys
import venv

from soak.processes import REPOSITORY

REQUIREMENTS = ("shapely==2.1.2", "numpy==2.4.6")


def python():
    """The interpreter that has Shapely; installs it where it is not there yet, or is there in another version."""
    folder = REPOSITORY / ".build/venv/polygons"
    stamp = folder / "requirements.txt"
    wanted = "\n".join((f"python {sys.version}", *REQUIREMENTS))
    if not stamp.exists() or stamp.read_text() != wanted:
        print("Installing " + ", ".join(REQUIREMENTS), flush=True)
        try:
            venv.create(folder, clear=True, with_pip=True)
            pip = [folder / "bin/pip", "--quiet", "--disable-pip-version-check", "install", *REQUIREMENTS]
            subprocess.run(pip, check=True)
        except subprocess.CalledProcessError as error:
            sys.exit(f"compare-polygons: Shapely could not be installed: {error}")
        stamp.write_text(wanted)
    return pathlib.Path(folder / "bin/python")
