"""What Schemathesis has to know about this API beyond its document. Loaded by Schemathesis itself."""

import itertools
import json

import schemathesis

_numbers = itertools.count()

# Bodies that clients send may hold what we do not know; those that we send may not.
_SENT_BY_CLIENTS = {"Submission", "RequestChange", "Withdrawal"}


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Closes the schemas of answers: a field that the document does not name is then a finding.

    The document itself leaves them open, as its readers are to ignore what they do not know.
    """
    for name, schema in raw_schema["components"]["schemas"].items():
        if name not in _SENT_BY_CLIENTS and schema.get("type") == "object":
            schema["additionalProperties"] = False


@schemathesis.hook
def before_call(context, case, kwargs):
    """Makes most generated names new, since generators like to repeat themselves.

    An id that was sent before gets 409, a key that was used for another body 422: both right, and both hide what would
    have been answered otherwise. Every fourth stays as it is.
    """
    number = next(_numbers)
    if number % 4 == 0:
        return
    if isinstance(case.body, dict):
        name = case.body.get("providerRequestId")
        if isinstance(name, str) and 0 < len(name.strip()) < 110 and name.isprintable():
            case.body = dict(case.body, providerRequestId=f"{name}-{number}")
    if case.headers and "Idempotency-Key" in case.headers:
        key = case.headers["Idempotency-Key"]
        if isinstance(key, str) and 0 < len(key) < 240 and key.isprintable() and " " not in key:
            case.headers["Idempotency-Key"] = f"{key}-{number}"


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether a finding is one. Each exception says why it is none."""
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    # One path takes what staff may change and what a partner may; the token is one of them, the body one of three.
    change = isinstance(case.body, dict) and case.method == "PATCH" and not _is_of_staff(case.body)
    return not (_is_about_state(response) or (change and response.status_code in (422, 403)))


def _is_of_staff(change):
    """Whether it is a status or a decision alone, of the three things that a change may be."""
    return change.keys() - {"note"} in ({"status"}, {"decision"})


def _is_about_state(response):
    """Whether a well-formed request was refused for what is stored, which no schema can say."""
    try:
        kind = json.loads(response.content)["type"]
    except (ValueError, TypeError, KeyError):
        return False
    return kind.removeprefix("urn:intake:problem:") in {
        # The answer of a job that has failed, whoever asks.
        "job-failed",
        # It was there, and its time is over.
        "gone",
        # If-Match named another state than the present one: a made-up one always does.
        "precondition-failed",
        # The key came before, with another body: the every fourth above.
        "idempotency-key-reused",
    }
