"""Keeps messages as they were said, so that later versions are held to take them."""

import hashlib
import json
import re

from harness.processes import REPOSITORY

GOLDEN = REPOSITORY / "Tests/ContractTests/Golden"


def record(folder, schemas, messages, subjects):
    """Writes the first message of each event and case: bytes as they came, and the headers. What is there stays."""
    cases = {subject: case for case, subject in subjects.items()}
    for message in messages:
        case = re.sub("[^a-z0-9]+", "-", cases.get(message.subject, "any").lower()).strip("-")
        version = list(schemas.by_type[message.event]["x-versions"])[-1]
        path = folder / message.event / version / f"{case}.json"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(message.body)
            headers = {name: value for name, value in message.headers.items() if isinstance(value, str)}
            path.with_suffix(".headers.json").write_text(json.dumps(headers, indent=2) + "\n")


def check(findings):
    """No message that was kept has been edited since, none is gone, and each is in the list."""
    kept = dict(reversed(line.split("  ", 1)) for line in (GOLDEN / "SHA256SUMS").read_text().splitlines())
    there = {str(path.relative_to(GOLDEN)): path for path in GOLDEN.rglob("*.json")}
    for name, wanted in kept.items():
        found = there.get(name) and hashlib.sha256(there[name].read_bytes()).hexdigest()
        findings.expect(found == wanted, f"{name} is as it was kept", "it is edited" if found else "it is gone")
    findings.expect(set(there) <= set(kept), "every message that is kept is in SHA256SUMS", set(there) - set(kept))
