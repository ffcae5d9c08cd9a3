"""The tools of other languages, in an environment of their own inside the checkout's build directory."""

import os
import pathlib
import subprocess
import sys
import venv

from soak.processes import REPOSITORY

REQUIREMENTS = (
    "pact-python==4.2.0", "jsonschema==4.26.0", "rfc3339-validator==0.1.4", "PyYAML==6.0.3", "aio-pika==10.2.1",
    "cloudevents==2.2.0")


def enter():
    """Goes on in the environment; makes it where it is not there yet, or is there in another version."""
    # Pact's library would tell its makers of every run.
    os.environ["PACT_DO_NOT_TRACK"] = "true"
    folder = REPOSITORY / ".build/venv/contracts"
    if pathlib.Path(sys.prefix).resolve() == folder.resolve():
        return
    stamp = folder / "requirements.txt"
    wanted = "\n".join((f"python {sys.version}", *REQUIREMENTS))
    if not stamp.exists() or stamp.read_text() != wanted:
        print("Installing " + ", ".join(REQUIREMENTS), flush=True)
        try:
            venv.create(folder, clear=True, with_pip=True)
            pip = [folder / "bin/pip", "--quiet", "--disable-pip-version-check", "install", *REQUIREMENTS]
            subprocess.run(pip, check=True)
        except subprocess.CalledProcessError as error:
            sys.exit(f"contracts: the tools could not be installed: {error}")
        stamp.write_text(wanted)
    os.execv(folder / "bin/python", [folder / "bin/python", *sys.argv])
