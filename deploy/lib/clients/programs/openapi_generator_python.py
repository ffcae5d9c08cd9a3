"""Sends a request, follows it, lists it, takes a step with it and reads errors, by what openapi-generator made.

Arguments: where the service is, the partner's token, the staff's token, a name for the request.
"""

import contextlib
import json
import sys
import uuid

from intake_client import ApiClient, ApiException, Configuration
from intake_client.api import JobsApi, OrganisationApi, RequestsApi
from intake_client.models import JobStatus, OrganizationStatus, Problem, RequestChange, StateCode, Submission


def submission(name, **changes):
    fields = {
        "provider_request_id": name, "name": "A. Resident", "address": "901 Bagby St", "city": "Houston",
        "state": StateCode.TX, "zip": "77002", "phone": "713-555-0101", "email": "resident@example.org",
        "status": "new"}
    return Submission(**(fields | changes))


@contextlib.contextmanager
def problem(status, code, found):
    """What the block is refused with; `found` gets it."""
    try:
        yield
    except ApiException as error:
        found.append(error.data if isinstance(error.data, Problem) else Problem.from_dict(json.loads(error.body)))
        assert (error.status, found[-1].code) == (status, code), error
    else:
        raise AssertionError(f"no {status}")


def main(url, token, staff_token, name):
    partner = ApiClient(Configuration(host=url, access_token=token))
    staff = ApiClient(Configuration(host=url, access_token=staff_token))
    requests, jobs, organisation = RequestsApi(partner), JobsApi(partner), OrganisationApi(staff)
    accepted = requests.submit_request(submission(name))

    job = jobs.get_job(accepted.id, prefer="wait=30", redirect="no")
    while job.status is JobStatus.IN_MINUS_PROGRESS:
        job = jobs.get_job(accepted.id, prefer="wait=30", redirect="no")
    assert job.status is JobStatus.COMPLETED and job.decision.acceptance is True, job

    request = requests.get_request(accepted.id)
    assert request.status is OrganizationStatus.NEW and 29 < request.location.latitude < 30, request
    page = requests.list_requests(provider_request_id=name)
    assert [one.id for one in page.requests] == [accepted.id], page

    changed = organisation.change_request(
        accepted.id, RequestChange(status="assigned", note="by a generated client"))
    assert changed.status is OrganizationStatus.ASSIGNED, changed

    found = []
    with problem(409, "duplicate", found):
        requests.submit_request(submission(name))
    assert found[-1].id == accepted.id, found
    with problem(422, "invalid", found):
        requests.submit_request(submission(name + "-bad", email="nobody"))
    assert [error.pointer for error in found[-1].errors] == ["/email"], found
    with problem(409, "status-transition", found):
        organisation.change_request(accepted.id, RequestChange(status="reopened"))
    with problem(404, "not-found", found):
        jobs.get_job(uuid.UUID(int=0x7000_8000_0000_0000_0000))
    with problem(401, "unauthorized", found):
        RequestsApi(ApiClient(Configuration(host=url, access_token="nobody-has-this-token"))).list_requests()


if __name__ == "__main__":
    main(*sys.argv[1:])
