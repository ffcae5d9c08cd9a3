import Contracts
import Foundation
import NIOHTTP1
import Terminal

extension AdminAPI {
    func conservation() async throws(CommandError) -> ConservationTable {
        try Self.decode(try await send(.GET, "conservation"))
    }

    /// A page of the requests under way that have not moved for so long, oldest first.
    func pending(olderThan age: Duration, after: UUID?) async throws(CommandError) -> PendingPage {
        var items = [URLQueryItem(name: "olderThan", value: "\(age.components.seconds)")]
        items.append(URLQueryItem(name: "limit", value: "500"))
        if let after { items.append(URLQueryItem(name: "after", value: after.canonical)) }
        return try Self.decode(try await send(.GET, "pending", items))
    }

    /// Has the event of the stage where a request stopped published again.
    func publishAgain(_ id: UUID) async throws(CommandError) -> RepublishedEvent {
        try Self.decode(try await send(.POST, "requests/\(id.canonical)/publish-again"))
    }

    /// Erases the personal data of a request; `nil` when there is no such request.
    func erase(_ id: UUID, force: Bool) async throws(CommandError) -> ErasedRequest? {
        let items = force ? [URLQueryItem(name: "force", value: "true")] : []
        guard let answer = try await sendIfThere(.POST, "requests/\(id.canonical)/erase", items) else { return nil }
        return try Self.decode(answer)
    }
}

/// How many requests are where.
struct ConservationTable: Sendable, Equatable, Codable {
    var providers: [Counts]
    var total: Counts

    struct Counts: Sendable, Equatable, Codable {
        /// Absent for the total.
        var provider: String?
        var accepted: Int
        var told: Int
        var pending: Int
        /// Waiting for a person to decide: in no queue.
        var review: Int
        var dead: Int

        /// `accepted = told + pending + review + dead`.
        var isConserved: Bool { accepted == told + pending + review + dead }
    }

    var isConserved: Bool { (providers + [total]).allSatisfy(\.isConserved) }
}

/// A page of the requests that are under way.
struct PendingPage: Sendable, Equatable, Decodable {
    var pending: [Request]
    /// Where the next page begins; absent on the last.
    var next: UUID?

    struct Request: Sendable, Equatable, Codable {
        var id: AdminID
        var provider: String
        /// Whose turn it is.
        var stage: Stage
        var movedAt: Date
        var isInOutbox: Bool
    }
}

/// An event that goes out once more.
struct RepublishedEvent: Sendable, Equatable, Codable {
    var eventId: UUID
    var eventType: String
    /// Whether it was put into the outbox now, or waited there.
    var enqueued: Bool
}

/// A request whose personal data is gone.
struct ErasedRequest: Sendable, Equatable, Codable {
    var id: UUID
    var erasedAt: Date
    /// Whether it was erased now, or before.
    var erased: Bool
    /// Whether older copies are still in the log of the service's store, from where they go by themselves; absent in
    /// the answer of an older service, which does not know.
    var pending: Bool?
}
