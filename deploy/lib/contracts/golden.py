"""Keeps messages as they were said, so that later versions are held to take them."""

import json
import re


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
