"""What consumers need of messages: verified with Pact's own verifier, against what the producers' processes say."""

import contextlib
import copy
import json
import os
import sys
import tempfile

from pact import Verifier

from harness.processes import REPOSITORY

from .system import ABOUT_A_PARTNER

PACTS = REPOSITORY / "Tests/ContractTests/Pacts"


def load(kind):
    """The contracts by file name: of `Asynchronous/Messages` or of `Synchronous/HTTP`."""
    pacts = {path.name: json.loads(path.read_text()) for path in sorted(PACTS.glob("*.json"))}
    return {name: pact for name, pact in pacts.items() if pact["interactions"][0]["type"] == kind}


class Emitted:
    """What producers have emitted, by the interaction that asks for it."""

    def __init__(self, messages, subjects):
        self._messages = messages
        self._subjects = subjects

    def find(self, producer, interaction):
        """The message of an interaction; None when nothing of the kind was said."""
        event = interaction["metadata"]["cloudEvents:type"]
        case = interaction["providerStates"][0]["name"]
        # The operator's command names no service.
        application = "intake-" + producer.removesuffix("-service")
        for message in self._messages:
            if message.event != event or not (message.producer or "").startswith(application):
                continue
            if event in ABOUT_A_PARTNER or message.subject == self._subjects.get(case):
                return message
        return None


def verify(pact, answers):
    """Runs the verifier over a contract.

    `answers` are pairs of headers and a body, by an interaction's description. Returns what does not fit, by the same.
    """
    def answer(name, metadata):
        headers, body = answers[name]
        return {"contents": json.dumps(body).encode(), "metadata": dict(headers), "content_type": "application/json"}

    with tempfile.TemporaryDirectory() as folder, silence():
        path = os.path.join(folder, "pact.json")
        with open(path, "w") as file:
            json.dump(pact, file)
        verifier = Verifier(pact["provider"]["name"]).message_handler(answer).add_source(path)
        with contextlib.suppress(RuntimeError):  # What failed is in the results.
            verifier.verify()
        results = verifier.results["interactionResults"]
    if len(results) != len(pact["interactions"]):
        raise RuntimeError(f"the verifier looked at {len(results)} of {len(pact['interactions'])} interactions")
    return {result["description"]: words(result) for result in results if result["result"] != "OK"}


def words(result):
    """What a result says is wrong, in one line."""
    mismatch = result.get("mismatch", {})
    found = mismatch.get("mismatches") or [mismatch]
    return "; ".join(f"{one.get('path') or one.get('key') or ''} {one.get('mismatch') or one}".strip() for one in found)


def check(findings, emitted):
    """Every consumer's contract against what its producer has said."""
    for name, pact in load("Asynchronous/Messages").items():
        answers, asked = {}, []
        for interaction in pact["interactions"]:
            title, is_pending = interaction["description"], interaction.get("pending")
            message = emitted.find(pact["provider"]["name"], interaction)
            if message is None:
                if is_pending:
                    print(f"   pending: {name}: {title}")
                else:
                    findings.expect(False, f"{name}: {title}", "nothing of the kind was said")
                continue
            asked.append(interaction)
            answers[title] = (message.headers, message.data)
        wrong = verify(dict(pact, interactions=asked), answers) if asked else {}
        for interaction in asked:
            title = interaction["description"]
            findings.expect(title not in wrong, f"{name}: {title}", wrong.get(title))


def mutate(findings, emitted):
    """Changes each field of what producers said: exactly the fields that a consumer needs must be missed."""
    for name, pact in load("Asynchronous/Messages").items():
        mutants, answers, needed = [], {}, {}
        for interaction in pact["interactions"]:
            message = emitted.find(pact["provider"]["name"], interaction)
            if message is None:
                continue
            for title, headers, body, is_needed in _mutants(interaction, message):
                title = f"{interaction['description']} {title}"
                mutants.append(dict(copy.deepcopy(interaction), description=title, key=title, pending=False))
                answers[title], needed[title] = (headers, body), is_needed
        wrong = verify(dict(pact, interactions=mutants), answers) if mutants else {}
        for title, is_needed in needed.items():
            verdict = "turns it red" if is_needed else "leaves it green"
            findings.expect((title in wrong) == is_needed, f"{name}: {title} {verdict}", wrong.get(title))


def _mutants(interaction, message):
    """Changed copies of a message: title, headers, body, and whether the consumer must notice."""
    content = interaction["contents"]["content"]
    headers, body = message.headers, message.data
    for path in _paths(body):
        is_needed = _at(content, path) is not None
        name = ".".join(path)
        yield f"without {name}", headers, _changed(body, path, None), is_needed
        yield f"with {name} renamed", headers, _changed(body, path, path[-1] + "Renamed"), is_needed
        if is_needed:
            yield f"with {name} of another type", headers, _retyped(body, path), True
    for header in interaction["metadata"]:
        if header != "contentType":
            yield f"without the header {header}", {k: v for k, v in headers.items() if k != header}, body, True
    richer = dict(body, addedLater={"deep": [1, 2]})
    for name, value in body.items():
        if isinstance(value, dict):
            richer[name] = dict(value, addedLater=True)
    yield "with more fields", dict(headers, **{"cloudEvents:later": "1"}), richer, False


def _paths(body, before=()):
    for name, value in body.items():
        yield (*before, name)
        if isinstance(value, dict):
            yield from _paths(value, (*before, name))


def _at(content, path):
    for name in path:
        if not isinstance(content, dict) or name not in content:
            return None
        content = content[name]
    return content


def _changed(body, path, new_name):
    """A copy without a field, or with the field under a new name."""
    body = copy.deepcopy(body)
    parent = _at(body, path[:-1]) if len(path) > 1 else body
    value = parent.pop(path[-1])
    if new_name:
        parent[new_name] = value
    return body


def _retyped(body, path):
    """A copy in which a field is of another JSON type."""
    body = copy.deepcopy(body)
    parent = _at(body, path[:-1]) if len(path) > 1 else body
    parent[path[-1]] = ["another type"]
    return body


@contextlib.contextmanager
def silence():
    """Keeps the verifier's own report, which its native part writes, off the terminal: the findings say all of it."""
    sys.stdout.flush()
    kept = [(number, os.dup(number)) for number in (1, 2)]
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        for number, _ in kept:
            os.dup2(sink, number)
        yield
    finally:
        for number, copy_of in kept:
            os.dup2(copy_of, number)
            os.close(copy_of)
        os.close(sink)
