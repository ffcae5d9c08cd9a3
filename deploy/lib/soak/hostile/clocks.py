"""Clocks of a service's own: what it takes for the time, and not how fast it goes. See clock.c."""

import pathlib
import shutil
import struct
import subprocess


def library(directory):
    """The library that a service is started with, built in the directory; None without a compiler."""
    compiler = shutil.which("clang") or shutil.which("cc")
    path = directory / "clock.so"
    if compiler is None:
        return None
    if not path.exists():
        source = pathlib.Path(__file__).with_name("clock.c")
        subprocess.run([compiler, "-O1", "-fPIC", "-shared", "-o", path, source], check=True)
    return path


def file_of(directory, name):
    """The file that says by how many seconds a service's clock is ahead."""
    return directory / f"{name}.clock"


def variables(directory, name):
    """What a service is started with."""
    return {"LD_PRELOAD": str(library(directory)), "SOAK_CLOCK": str(file_of(directory, name))}


def shift(path, seconds):
    """From now on the clock is so far ahead. Written in place: the service has mapped the file."""
    with open(path, "r+b" if path.exists() else "wb") as file:
        file.write(struct.pack("=q", seconds))
