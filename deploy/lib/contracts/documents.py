"""The AsyncAPI document and the schemas, as another language's tools see them."""

import json

import jsonschema
import yaml

from harness.processes import REPOSITORY

SOURCES = REPOSITORY / "Sources/Contracts"
# AsyncAPI's own schema; looked at where it lies beside the checkout.
ASYNCAPI_SCHEMA = REPOSITORY.parent / "shared/testdata/asyncapi/asyncapi-3.0.0.schema.json"


class Schemas:
    """The events' JSON Schemas, by type; formats are checked, too."""

    def __init__(self):
        self.by_type = {
            path.name.removesuffix(".v1.json"): json.loads(path.read_text())
            for path in sorted((SOURCES / "Schemas").glob("*.v1.json"))}
        self._validators = {name: self._validator(schema) for name, schema in self.by_type.items()}
        self.document = yaml.safe_load((SOURCES / "asyncapi.yaml").read_text())
        trait = self.document["components"]["messageTraits"]["cloudEvent"]
        self._headers = self._validator(trait["headers"])

    @staticmethod
    def _validator(schema):
        kind = jsonschema.Draft202012Validator
        return kind(schema, format_checker=kind.FORMAT_CHECKER)

    def errors(self, event, body):
        """What is wrong with an event's data, as the validator says it."""
        return list(self._validators[event].iter_errors(body))

    def problems(self, event, headers, body):
        """What is wrong with a message, in words; empty for a good one. An event of an unknown type is wrong."""
        if event not in self._validators:
            return [f"no schema for {event}"]
        found = [("headers", error) for error in self._headers.iter_errors(headers)]
        found += [("body", error) for error in self.errors(event, body)]
        return [f"{where} {error.json_path}: {error.message}" for where, error in found]


def check(findings, schemas):
    """The documents by themselves."""
    for name, schema in schemas.by_type.items():
        errors = list(jsonschema.Draft202012Validator(jsonschema.Draft202012Validator.META_SCHEMA).iter_errors(schema))
        findings.expect(not errors, f"{name} is a JSON Schema 2020-12", errors and errors[0].message)
    if ASYNCAPI_SCHEMA.exists():
        errors = list(jsonschema.Draft7Validator(json.loads(ASYNCAPI_SCHEMA.read_text())).iter_errors(schemas.document))
        findings.expect(not errors, "asyncapi.yaml is an AsyncAPI 3.0 document", errors and errors[0].message[:300])
    else:
        print("   AsyncAPI's own schema is not here: asyncapi.yaml was not compared with it")
    for name, schema in schemas.by_type.items():
        for number, example in enumerate(schema["examples"]):
            problems = schemas.errors(name, example)
            findings.expect(
                not problems, f"example {number} of {name} fits its schema", problems and problems[0].message)
    for message in schemas.document["components"]["messages"].values():
        for example in message["examples"]:
            problems = schemas.problems(message["name"], example["headers"], example["payload"])
            findings.expect(not problems, f"the document's example of {message['name']} fits", problems)
    _check_references(findings, schemas.document, schemas.document, "#")


def _check_references(findings, part, document, place):
    """Each `$ref` leads somewhere."""
    if isinstance(part, dict):
        if isinstance(reference := part.get("$ref"), str):
            findings.expect(_leads_somewhere(reference, document), f"{place} refers to something", reference)
        for name, value in part.items():
            _check_references(findings, value, document, f"{place}/{name}")
    elif isinstance(part, list):
        for number, value in enumerate(part):
            _check_references(findings, value, document, f"{place}/{number}")


def _leads_somewhere(reference, document):
    if not reference.startswith("#/"):
        return (SOURCES / reference).is_file()
    for name in reference[2:].split("/"):
        if name not in document:
            return False
        document = document[name]
    return True
