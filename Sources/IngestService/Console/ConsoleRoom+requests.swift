import Contracts
import Foundation
import HTTPListener
import HTTPTypes
import Hummingbird
import Pages

/// Any request, and who did what.
extension ConsoleRoom {
    // MARK: Requests

    /// Any request by our id, a message's, or the partner's.
    @Sendable func find(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let text = request.uri.queryParameters.get("q").map { String($0.prefix(200)) } ?? ""
        let wanted = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if let id = Contracts.RequestID(wanted), try await store.request(id) != nil {
            return .seeOther("/console/requests/\(id)")
        }
        if let id = UUID(canonical: wanted), let letter = try await store.deadLetters(id).first {
            return .seeOther("/console/failed/\(letter.message.messageID.canonical)")
        }
        let found = wanted.isEmpty ? [] : try await store.requests(providerRequestID: wanted, limit: 50)
        if found.count == 1 { return .seeOther("/console/requests/\(found[0].id)") }
        let view = FindView(wanted, found, now: now())
        return .page(
            templates.html(
                "console-requests", Page(frame("Requests", visitor, .requests, dead: try await deadCount()), view)))
    }

    @Sendable func request(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let id = try context.requestID()
        guard let job = try await store.job(id) else { throw Problem.notFound }
        let view = JobPage(job, letters: try await store.deadLetters(id.uuid))
        return .page(
            templates.html(
                "console-request", Page(frame("Request", visitor, .requests, dead: try await deadCount()), view)))
    }

    // MARK: Audit log

    @Sendable func audit(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let parameters = request.uri.queryParameters
        func text(_ name: String) -> String? {
            parameters.get(name).flatMap {
                $0.isBlank || $0.utf8.count > 500 ? nil : $0.trimmingCharacters(in: .whitespaces)
            }
        }
        let filter = AuditFilter(
            person: text("person")?.lowercased(), organization: text("organization"),
            request: text("request").flatMap(Contracts.RequestID.init))
        let before = text("before").flatMap { Int64(foreign: $0) }
        let found = try await store.audit(filter, before: before, limit: 101)
        let view = AuditView(filter, Array(found.prefix(100)), hasMore: found.count > 100)
        return .page(
            templates.html(
                "console-audit", Page(frame("Audit log", visitor, .audit, dead: try await deadCount()), view)))
    }
}

extension RequestStore {
    /// Requests that partners call so, the newest first.
    func requests(providerRequestID: String, limit: Int) async throws(StoreError) -> [StoredRequest] {
        try await read { transaction in
            let ids: [Contracts.RequestID] = try transaction.rows(
                "SELECT id FROM request WHERE number IN (\(RequestSelection.numbersCalled)) LIMIT ?",
                [providerRequestID, limit]
            ) { try $0["id"] }
            return try ids.compactMap { try transaction.request($0) }.sorted {
                $0.acceptedAt > $1.acceptedAt
            }
        }
    }
}
