import AdminAPI
import Contracts
import Foundation
import HTTPListener
import ServiceRuntime

/// Finds requests by whatever somebody has of them, and shows one: for operators, without anything about the person.
struct RequestFinder: Sendable {
    static let mostFound = 50

    var access: StoreAccess
    var now: @Sendable () -> Date

    @Sendable func find(_ asked: AdminQuestion<FindRequests>) async throws -> FoundRequests {
        let found = try await access.ask(.operate, asked.logger) { store in
            try await store.find(asked.query.q, limit: Self.mostFound)
        }
        return FoundRequests(requests: found.map(RequestSummary.init))
    }

    @Sendable func show(_ asked: AdminQuestion<ShowRequest>) async throws -> ShowRequest.Answer {
        let job = try await access.ask(.operate, asked.logger) { store in try await store.job(asked.subject) }
        guard let job else { throw Problem.notFound }
        return ShowRequest.Answer(request: RequestSummary(job.request), job: JobView(job, at: now()))
    }
}

extension RequestSummary {
    fileprivate init(_ request: StoredRequest) {
        let job = request.job
        self.init(
            id: request.id, provider: request.provider.id, providerRequestId: request.submission.providerRequestID,
            organization: request.provider.organization, acceptedAt: request.acceptedAt, job: job.name,
            stage: job.stage, acceptance: request.decision?.fact.acceptance)
    }
}

extension RequestStore {
    /// Requests of any organisation that have all that is asked for, the newest first. By the index of words a request
    /// is found a moment after it was accepted, by its ids at once.
    func find(_ raw: String, limit: Int) async throws(StoreError) -> [StoredRequest] {
        guard let text = SearchText(raw) else { return [] }
        let wanted = raw.trimmingCharacters(in: .whitespacesAndNewlines)
        return try await read { transaction in
            // From one name to the next along the index.
            let organizations = try transaction.rows(
                """
                WITH RECURSIVE one (name) AS (
                    SELECT min(organization) FROM request
                    UNION ALL
                    SELECT (SELECT min(organization) FROM request WHERE organization > one.name) FROM one
                    WHERE one.name IS NOT NULL
                )
                SELECT name FROM one WHERE name IS NOT NULL LIMIT 1000
                """
            ) { row in try row["name"] as String }
            var numbers = Set(
                try transaction.rows("\(RequestSelection.numbersCalled) LIMIT ?", [wanted, limit]) { row in
                    try row["number"] as Int64
                })
            for organization in organizations {
                numbers.formUnion(
                    try transaction.numbers(
                        with: text, of: organization, StoreConditions(), isNewest: true, after: nil, limit: limit
                    ).found)
                numbers.formUnion(try transaction.numbers(called: text, of: organization))
            }
            return try numbers.sorted(by: >).prefix(limit).compactMap { try transaction.stored(number: $0) }
        }
    }
}
