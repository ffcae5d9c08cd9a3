import Contracts
import Foundation
import NIOHTTP1
import Terminal

extension AdminAPI {
    /// A page of the dead letters, those that died first at the top.
    /// - Parameter after: the `next` of the page before.
    func deadLetters(
        _ filter: DeadLetterQuery, after: String? = nil, limit: Int = 500
    ) async throws(CommandError) -> DeadLetterPage {
        var items = filter.items
        items.append(URLQueryItem(name: "limit", value: "\(limit)"))
        if let after { items.append(URLQueryItem(name: "after", value: after)) }
        return try Self.decode(try await send(.GET, "dead-letters", items))
    }

    /// Every dead letter with this id, or about the request with this id; empty when there is none.
    /// - Parameter isRaw: whether headers and body come as they are, personal data included.
    func deadLetters(_ id: UUID, isRaw: Bool = false) async throws(CommandError) -> [DeadLetterEntry] {
        let items = isRaw ? [URLQueryItem(name: "raw", value: "true")] : []
        guard let answer = try await sendIfThere(.GET, "dead-letters/\(id.canonical)", items) else { return [] }
        let page: DeadLetterPage = try Self.decode(answer)
        return page.deadLetters
    }
}

/// A dead letter as the admin API shows it.
struct DeadLetterEntry: Sendable, Equatable, Codable {
    var stage: Stage
    var messageId: AdminID
    var requestId: AdminID?
    var reason: String
    var code: String
    var message: String
    var attempts: Int
    var firstFailedAt: Date?
    var diedAt: Date
    /// How often it had been given back before that; absent in the answer of an older service.
    var replays: Int?
    var host: String?
    var version: String?
    /// Whether the partner was told all the same.
    var told: Bool
    /// What an operator has done about it; absent as long as it waits for one.
    var resolution: Resolution?
    // MARK: Of one letter, not in lists.
    var headers: [String: String]?
    var body: String?
    /// Of the whole body.
    var bodyBytes: Int?
    /// How much of it is kept beside the queue; absent when all of it is.
    var bodyKept: Int?
    /// The SHA-256 of the whole body, in hexadecimal.
    var bodySha256: String?
    var bodyBase64: String?
    var job: Job?

    struct Resolution: Sendable, Equatable, Codable {
        var kind: String
        var at: Date
        var by: String
        var why: String?
        /// How often the message had been given back before the death that this is about; absent when nobody said.
        var replays: Int?
    }

    struct Job: Sendable, Equatable, Codable {
        var status: String
        var stage: Stage?
    }
}

/// A page of the dead letters.
struct DeadLetterPage: Sendable, Equatable, Decodable {
    /// All of them counted, on the first page alone.
    var groups: [Group]?
    var deadLetters: [DeadLetterEntry]
    /// Where the next page begins; absent on the last.
    var next: String?

    struct Group: Sendable, Equatable, Codable {
        var stage: Stage
        var reason: String
        var count: Int
        var oldest: Date
    }
}

/// Which dead letters are asked for; `nil` for any. Those that were replayed or discarded are not among them.
struct DeadLetterQuery: Sendable, Equatable {
    var stage: Stage?
    var reason: String?
    var olderThan: Duration?
    var provider: String?

    var items: [URLQueryItem] {
        [
            stage.map { URLQueryItem(name: "stage", value: $0.rawValue) },
            reason.map { URLQueryItem(name: "reason", value: $0) },
            provider.map { URLQueryItem(name: "provider", value: $0) },
            olderThan.map { URLQueryItem(name: "olderThan", value: "\($0.components.seconds)") },
        ].compactMap { $0 }
    }
}
