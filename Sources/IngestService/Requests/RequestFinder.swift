import Contracts
import Foundation
import HTTPListener
import Hummingbird

/// Finds requests by whatever somebody has of them, and shows one: for operators, without anything about the person.
struct RequestFinder: Sendable {
    static let mostFound = 50

    var access: StoreAccess

    /// `GET /admin/requests?q=`: by our id or its beginning, the partner's id, name, telephone, e-mail, ZIP, city or
    /// street, of any organisation; the newest first, at most 50.
    @Sendable func find(_ request: Request, context: some RequestContext) async throws -> Response {
        var query = AdminQuery(request.uri.queryParameters)
        let text = query.value("q", "must be 1 to \(SearchText.longest) bytes of what is looked for") { text in
            text.utf8.count <= SearchText.longest && !text.isBlank ? text : nil
        }
        try query.check()
        guard let text else {
            throw Problem.badQuery([FieldError(pointer: "/q", detail: "says what is looked for", code: .required)])
        }
        let found = try await access.ask(.operate, context.logger) { store in
            try await store.find(text, limit: Self.mostFound)
        }
        return Response(status: .ok, json: FoundRequests(requests: found.map(FoundRequests.Summary.init)))
    }

    /// `GET /admin/requests/{id}`: where it is, and what happened to it.
    @Sendable func show(_ request: Request, context: some RequestContext) async throws -> Response {
        let id = try context.requestID()
        let job = try await access.ask(.operate, context.logger) { store in try await store.job(id) }
        guard let job else { throw Problem.notFound }
        return Response(
            status: .ok, json: ShownRequest(request: FoundRequests.Summary(job.request), job: JobView(job)))
    }
}

/// Requests that were found.
struct FoundRequests: Sendable, Encodable {
    var requests: [Summary]

    struct Summary: Sendable, Encodable {
        var id: Contracts.RequestID
        var provider: String
        var providerRequestId: String
        var organization: String
        var acceptedAt: Date
        /// As in `JobView`.
        var job: String
        /// Who has it, or gave it up; absent when all is done.
        var stage: Stage?
        /// Absent until it is decided.
        var acceptance: Bool?

        init(_ request: StoredRequest) {
            id = request.id
            provider = request.provider.id
            providerRequestId = request.submission.providerRequestID
            organization = request.provider.organization
            acceptedAt = request.acceptedAt
            let view = JobView(request)
            (job, stage) = (view.status, view.stage)
            acceptance = request.decision?.fact.acceptance
        }
    }
}

/// One request, as an operator sees it.
struct ShownRequest: Sendable, Encodable {
    var request: FoundRequests.Summary
    var job: JobView
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
