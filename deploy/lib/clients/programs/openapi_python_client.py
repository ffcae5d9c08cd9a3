"""Sends a request, follows it, lists it, takes a step with it and reads errors, by what openapi-python-client made.

Arguments: where the service is, the partner's token, the staff's token, a name for the request.
"""

import sys
import uuid

from intake_client import AuthenticatedClient
from intake_client.api.jobs import get_job
from intake_client.api.organisation import change_request
from intake_client.api.requests import get_request, list_requests, submit_request
from intake_client.models import (
    Acceptance,
    GetJobRedirect,
    Job,
    JobStatus,
    OrganizationStatus,
    Problem,
    Request,
    RequestChange,
    RequestChangeStatus,
    RequestPage,
    StateCode,
    Submission,
    SubmissionStatus,
)


def submission(name, **changes):
    fields = {
        "provider_request_id": name, "name": "A. Resident", "address": "901 Bagby St", "city": "Houston",
        "state": StateCode.TX, "zip_": "77002", "phone": "713-555-0101", "email": "resident@example.org",
        "status": SubmissionStatus.NEW}
    return Submission(**(fields | changes))


def expect(kind, answer):
    assert isinstance(answer, kind), answer
    return answer


def main(url, token, staff_token, name):
    partner = AuthenticatedClient(base_url=url, token=token, timeout=40)
    staff = AuthenticatedClient(base_url=url, token=staff_token)
    accepted = expect(Acceptance, submit_request.sync(client=partner, body=submission(name)))

    job = get_job.sync(accepted.id, client=partner, prefer="wait=30", redirect=GetJobRedirect.NO)
    while expect(Job, job).status is JobStatus.IN_PROGRESS:
        job = get_job.sync(accepted.id, client=partner, prefer="wait=30", redirect=GetJobRedirect.NO)
    assert job.status is JobStatus.COMPLETED and job.decision.acceptance is True, job

    request = expect(Request, get_request.sync(accepted.id, client=partner))
    assert request.status is OrganizationStatus.NEW and 29 < request.location.latitude < 30, request
    page = expect(RequestPage, list_requests.sync(client=partner, provider_request_id=name))
    assert [one.id for one in page.requests] == [accepted.id], page

    assigned = RequestChange(status=RequestChangeStatus.ASSIGNED, note="by a generated client")
    changed = expect(Request, change_request.sync(accepted.id, client=staff, body=assigned))
    assert changed.status is OrganizationStatus.ASSIGNED, changed

    again = expect(Problem, submit_request.sync(client=partner, body=submission(name)))
    assert (again.code, again.id) == ("duplicate", accepted.id), again
    bad = expect(Problem, submit_request.sync(client=partner, body=submission(name + "-bad", email="nobody")))
    assert bad.code == "invalid" and [error.pointer for error in bad.errors] == ["/email"], bad
    reopened = RequestChange(status=RequestChangeStatus.REOPENED)
    wrong = expect(Problem, change_request.sync(accepted.id, client=staff, body=reopened))
    assert (wrong.status, wrong.code) == (409, "status-transition"), wrong
    nowhere = expect(Problem, get_job.sync(uuid.UUID(int=0x7000_8000_0000_0000_0000), client=partner))
    assert (nowhere.status, nowhere.code) == (404, "not-found"), nowhere
    nobody = AuthenticatedClient(base_url=url, token="nobody-has-this-token")
    assert expect(Problem, list_requests.sync(client=nobody)).code == "unauthorized"


if __name__ == "__main__":
    main(*sys.argv[1:])
