import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird

import struct Foundation.Date
import struct Foundation.UUID

/// What an operator sees of the dead letters. Nothing here touches a queue.
struct DeadLetterController: Sendable {
    var access: StoreAccess
    var now: @Sendable () -> Date

    /// `GET /admin/dead-letters?stage=&reason=&provider=&olderThan=&state=&limit=&after=`: those that died first at the
    /// top. The first page counts all of them by stage and reason as well.
    @Sendable func list(_ request: Request, context: some RequestContext) async throws -> Response {
        var query = AdminQuery(request.uri.queryParameters)
        let states = ["dead", "all"]
        let filter = DeadLetterFilter(
            stage: query.stage(),
            reason: query.value("reason", "must not be empty") { $0.isEmpty ? nil : $0 },
            diedBefore: query.olderThan(now()),
            includesResolved: query.value("state", "must be dead or all", code: .notAllowed) {
                states.contains($0) ? $0 == "all" : nil
            } ?? false,
            provider: query.value("provider", "must not be empty") { $0.isEmpty ? nil : $0 })
        let limit = query.limit()
        let after = query.value("after", "must come from the next of a page", DeadLetterCursor.init)
        try query.check()

        let (letters, groups) = try await access.ask(.operate, context.logger) { store in
            (
                // One more than asked for tells whether there is a next page.
                try await store.deadLetters(filter, after: after, limit: limit + 1),
                after == nil ? try await store.deadLetterGroups(filter) : nil
            )
        }
        let page = letters.prefix(limit)
        let next = letters.count > limit ? page.last.map { DeadLetterCursor($0.message).description } : nil
        return Response(status: .ok, json: List(groups: groups, deadLetters: page.map { .init($0) }, next: next))
    }

    private struct List: Encodable {
        var groups: [DeadLetterGroup]?
        var deadLetters: [DeadLetterView]
        /// The `after` of the next page; absent on the last.
        var next: String?
    }

    /// `GET /admin/dead-letters/{id}?raw=`, by the message's id or the request's. Personal data is left out unless
    /// `raw` is true.
    @Sendable func show(_ request: Request, context: some RequestContext) async throws -> Response {
        var query = AdminQuery(request.uri.queryParameters)
        let isRaw = query.value("raw", "must be true or false", code: .notAllowed) { Bool($0) } ?? false
        try query.check()
        guard let id = context.parameters.get("id").flatMap(UUID.init(canonical:)) else { throw Problem.notFound }
        let (letters, jobs) = try await access.ask(.operate, context.logger) { store in
            let letters = try await store.deadLetters(id)
            var jobs: [Contracts.RequestID: JobView] = [:]
            for id in Set(letters.compactMap(\.message.requestID)) {
                jobs[id] = try await store.request(id).map { JobView($0) }
            }
            return (letters, jobs)
        }
        guard !letters.isEmpty else { throw Problem.notFound }
        let views = letters.map { letter in
            var view = DeadLetterView(letter)
            view.show(letter.message, isRaw: isRaw)
            view.job = letter.message.requestID.flatMap { jobs[$0] }
            return view
        }
        return Response(status: .ok, json: List(deadLetters: views))
    }
}
