"""What partners answer who mean no good: the corpus in Tests/TestSupport."""

import base64
import dataclasses
import json
import re
import subprocess

# What an operator has to see to: tried again after an hour, which no run waits for.
HOURLY = re.compile(rb"^HTTP/1\.1 (3\d\d|401|403|407|410)\b")


@dataclasses.dataclass
class Answer:
    name: str
    # As soon as the request has come; then the endless part, for as long as it is taken.
    bytes: bytes
    endless: bytes
    ending: str
    # Whether a client takes it for a receipt.
    is_good: bool


def answers(executables):
    """All but those that a client may take for an answer or not: the reckoning could not tell what was told."""
    shown = subprocess.run([executables / "HostileAnswers"], check=True, capture_output=True, text=True).stdout
    found = []
    for line in map(json.loads, shown.splitlines()):
        if line["meaning"] == "either" or line["early"] or HOURLY.match(base64.b64decode(line["answer"])):
            continue
        found.append(Answer(
            line["name"], base64.b64decode(line["answer"]), base64.b64decode(line["endless"]), line["ending"],
            line["meaning"] == "good"))
    return found
