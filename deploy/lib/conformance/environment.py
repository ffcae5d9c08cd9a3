"""Schemathesis, in an environment of its own inside the checkout's build directory."""

import pathlib
import subprocess
import sys
import venv

from soak.processes import REPOSITORY

# Both, since it is Hypothesis that turns a seed into requests.
REQUIREMENTS = ("schemathesis==4.32.5", "hypothesis==6.170.15")


def schemathesis():
    """The command; installs it where it is not there yet, or is there in another version."""
    folder = REPOSITORY / ".build/venv/conformance"
    stamp = folder / "requirements.txt"
    wanted = "\n".join((f"python {sys.version}", *REQUIREMENTS))
    if not stamp.exists() or stamp.read_text() != wanted:
        print("Installing " + ", ".join(REQUIREMENTS), flush=True)
        try:
            venv.create(folder, clear=True, with_pip=True)
            pip = [folder / "bin/pip", "--quiet", "--disable-pip-version-check", "install", *REQUIREMENTS]
            subprocess.run(pip, check=True)
        except subprocess.CalledProcessError as error:
            sys.exit(f"conformance: Schemathesis could not be installed: {error}")
        stamp.write_text(wanted)
    return pathlib.Path(folder / "bin/schemathesis")
