// Sends a request, follows it, lists it, takes a step with it and reads errors, by what openapi-generator made.
//
// Arguments: where the service is, the partner's token, the staff's token, a name for the request.

import {
    Configuration, JobsApi, JobStatus, OrganisationApi, OrganizationStatus, Problem, ProblemFromJSON, RequestsApi,
    ResponseError, StateCode, Submission,
} from './intake_client';

declare const process: { argv: string[]; exitCode: number };

const [url, token, staffToken, name] = process.argv.slice(2);

function configuration(accessToken: string): Configuration {
    return new Configuration({ basePath: url, accessToken });
}

function submission(changes: Partial<Submission> = {}): Submission {
    return {
        providerRequestId: name, name: 'A. Resident', address: '901 Bagby St', city: 'Houston', state: StateCode.Tx,
        zip: '77002', phone: '713-555-0101', email: 'resident@example.org', status: 'new', ...changes,
    };
}

function expect(holds: boolean, found: unknown): void {
    if (!holds) throw new Error(`unexpected: ${JSON.stringify(found)}`);
}

// What a call is refused with.
async function problem(status: number, code: string, call: () => Promise<unknown>): Promise<Problem> {
    try {
        await call();
    } catch (error) {
        if (!(error instanceof ResponseError)) throw error;
        const problem = ProblemFromJSON(await error.response.json());
        expect(error.response.status === status && problem.code === code, problem);
        return problem;
    }
    throw new Error(`no ${status}`);
}

async function main(): Promise<void> {
    const requests = new RequestsApi(configuration(token));
    const jobs = new JobsApi(configuration(token));
    const organisation = new OrganisationApi(configuration(staffToken));
    const accepted = await requests.submitRequest({ submission: submission() });

    const ask = () => jobs.getJob({ id: accepted.id, prefer: 'wait=30', redirect: 'no' });
    let job = await ask();
    while (job.status === JobStatus.InProgress) job = await ask();
    expect(job.status === JobStatus.Completed && job.decision?.acceptance === true, job);

    const request = await requests.getRequest({ id: accepted.id });
    const latitude = request.location?.latitude ?? 0;
    expect(request.status === OrganizationStatus.New && latitude > 29 && latitude < 30, request);
    const page = await requests.listRequests({ providerRequestId: name });
    expect(page.requests.length === 1 && page.requests[0].id === accepted.id, page);

    const change = { status: 'assigned' as const, note: 'by a generated client' };
    const changed = await organisation.changeRequest({ id: accepted.id, requestChange: change });
    expect(changed.status === OrganizationStatus.Assigned, changed);

    const again = await problem(409, 'duplicate', () => requests.submitRequest({ submission: submission() }));
    expect(again.id === accepted.id, again);
    const bad = submission({ providerRequestId: `${name}-bad`, email: 'nobody' });
    const invalid = await problem(422, 'invalid', () => requests.submitRequest({ submission: bad }));
    expect(invalid.errors?.map((error) => error.pointer).join() === '/email', invalid);
    await problem(409, 'status-transition', () =>
        organisation.changeRequest({ id: accepted.id, requestChange: { status: 'reopened' } }));
    await problem(404, 'not-found', () => jobs.getJob({ id: '00000000-0000-7000-8000-000000000000' }));
    await problem(401, 'unauthorized', () => new RequestsApi(configuration('nobody-has-this-token')).listRequests());
}

main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
