"""A service in another language, which knows the schemas alone, and standard tools that know CloudEvents alone."""

import datetime
import uuid

from cloudevents.core.v1.event import CloudEvent

from harness.waiting import wait_until

from .made_up import headers as example_headers


def check_messages(findings, schemas, messages):
    """Everything that was said fits its schema, and is a CloudEvent to a library that knows nothing of Intake."""
    wrong, seen = {}, {}
    for message in messages:
        seen[message.event] = seen.get(message.event, 0) + 1
        if problems := schemas.problems(message.event, message.headers, message.data):
            wrong.setdefault(message.event, problems)
        if problem := _is_no_cloud_event(message):
            wrong.setdefault(message.event, problem)
        if "Bagby" in message.body.decode() and message.event != "request.accepted":
            wrong.setdefault(message.event, "the street travels on")
        key = message.headers.get("cloudEvents:partitionkey")
        if message.routing_key != message.event + (f".{key}" if key else ""):
            wrong.setdefault(message.event, f"routing key {message.routing_key}")
    for event, count in sorted(seen.items()):
        findings.expect(
            event not in wrong, f"{count} of {event} fit their schema, and are CloudEvents", wrong.get(event))
    missing = set(schemas.by_type) - set(seen)
    findings.expect(not missing, "every event was said", missing)


def _is_no_cloud_event(message):
    """What CloudEvents' own library finds wrong with the attributes; None when it takes them."""
    attributes = {
        name.partition(":")[2]: value for name, value in message.headers.items() if name.startswith("cloudEvents:")}
    attributes["datacontenttype"] = "application/json"
    # The library wants the time as a value, as its bindings decode it.
    attributes["time"] = datetime.datetime.fromisoformat(attributes["time"].replace("Z", "+00:00"))
    try:
        event = CloudEvent(attributes, message.data)
    except Exception as error:  # Its errors have no common base.
        return f"{error}"
    read = (event.get_type(), event.get_subject(), event.get_specversion())
    return None if read == (message.event, message.subject, "1.0") else "attributes differ"


def check_foreign_service(findings, schemas, system):
    """Publishes a `request.accepted` made from its schema alone, and reads the `callback.delivered` of it."""
    schema = schemas.by_type["request.accepted"]
    body = {name: _value(name, schema["properties"][name], schema) for name in schema["required"]}
    body.update(provider="smokealarm-portal", organization="relief", providerRequestId=f"PYTHON-{uuid.uuid4()}")
    subject = str(uuid.uuid4())
    headers = dict(
        example_headers(schemas, "request.accepted"),
        **{"cloudEvents:id": str(uuid.uuid4()), "cloudEvents:subject": subject, "cloudEvents:source": "/python"})
    problems = schemas.problems("request.accepted", headers, body)
    findings.expect(not problems, "a request.accepted that is made from the schema fits it", problems)
    system.tap.publish("request.accepted", headers, body)
    delivered = system.wait_for("callback.delivered", subject)
    problems = schemas.problems("callback.delivered", delivered.headers, delivered.data)
    findings.expect(not problems, "the callback.delivered of another language's request fits its schema", problems)
    findings.expect(
        delivered.data["providerRequestId"] == body["providerRequestId"], "it is about that request", delivered.data)
    told = [told for request, told in system.partner.told if request == body["providerRequestId"]]
    findings.expect(len(told) == 1, "the partner was told once", told)
    # The store knows no such request: the projection has nothing to show, and nothing dies of it.
    findings.expect(system.call("GET", f"/api/jobs/{subject}")[0] == 404, "no job is made up for it")
    wait_until(lambda: not system.broker.depths().get("intake.progress"), 20, "the projection has taken what was said")
    findings.expect(not system.broker.depths().get("intake.progress.dead"), "the projection buries nothing of it")


def _value(name, schema, root):
    """A value that a schema allows, from the schema alone."""
    if reference := schema.get("$ref"):
        schema = root["$defs"][reference.rpartition("/")[2]]
    if schema["type"] == "object":
        return {inner: _value(inner, schema["properties"][inner], root) for inner in schema.get("required", ())}
    if schema.get("format") == "date-time":
        return "2026-01-31T08:15:00Z"
    if pattern := schema.get("pattern"):
        return {"^[A-Z]{2}$": "TX", "^[0-9]{5}(-[0-9]{4})?$": "77002"}[pattern]
    return f"any {name}"
