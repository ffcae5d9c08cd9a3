"""Messages with made-up values, written by the services' own types, against the schemas; and the other way round."""

import json
import subprocess

SEED = 20260131


def check(findings, schemas, executable, count):
    """What Swift writes fits the schemas, and the schemas' examples are what Swift reads."""
    shown = subprocess.run(
        [executable, "emit", str(count), str(SEED)], check=True, capture_output=True, text=True, timeout=120)
    wrong, seen = {}, dict.fromkeys(schemas.by_type, 0)
    for line in shown.stdout.splitlines():
        message = json.loads(line)
        event = message["type"]
        seen[event] += 1
        if problems := schemas.problems(event, message["headers"], message["body"]):
            wrong.setdefault(event, (problems[0], line))
    for event, number in seen.items():
        findings.expect(number == count, f"{event} is made up {count} times", number)
        findings.expect(event not in wrong, f"made-up {event} fits its schema", wrong.get(event))
    lines = [
        json.dumps({"type": name, "headers": headers(schemas, name), "body": example})
        for name, schema in schemas.by_type.items() for example in schema["examples"]]
    read = subprocess.run([executable, "read"], input="\n".join(lines), capture_output=True, text=True, timeout=60)
    findings.expect(read.returncode == 0, "the schemas' examples are read", read.stdout)
    broken = json.dumps({"type": "request.decided", "headers": headers(schemas, "request.decided"), "body": {}})
    read = subprocess.run([executable, "read"], input=broken, capture_output=True, text=True, timeout=60)
    findings.expect(read.returncode == 1, "a body without its fields is not read")


def headers(schemas, event):
    """The headers of the document's example of an event."""
    messages = schemas.document["components"]["messages"].values()
    return next(message["examples"][0]["headers"] for message in messages if message["name"] == event)
