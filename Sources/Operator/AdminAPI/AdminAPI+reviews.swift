import Contracts
import Foundation
import NIOHTTP1
import Terminal

extension AdminAPI {
    /// A page of the reviews that wait for a person, the one with the nearest deadline first.
    /// - Parameter after: the `next` of the page before.
    func reviews(after: String? = nil) async throws(CommandError) -> ReviewPage {
        var items = [URLQueryItem(name: "limit", value: "500")]
        if let after { items.append(URLQueryItem(name: "after", value: after)) }
        return try Self.decode(try await send(.GET, "reviews", items))
    }

    /// Decides in a review.
    /// - Parameter by: who does.
    func decideReview(
        _ request: UUID, _ answer: ReviewWord, by: String, note: String?
    ) async throws(CommandError) -> DecidedReview {
        var body = JSONObjectText()
        body.add("decision", answer.rawValue)
        body.add("by", by)
        body.add("note", note)
        guard let answer = try await sendIfThere(.POST, "reviews/\(request.canonical)", body: Data(body.bytes())) else {
            throw CommandError("no request has the id \(request.canonical)")
        }
        return try Self.decode(answer)
    }
}

/// A page of the reviews that wait for a person.
struct ReviewPage: Sendable, Equatable, Decodable {
    /// On all pages.
    var open: Int
    /// Those of them whose deadline has passed.
    var overdue: Int
    var reviews: [Entry]
    /// Where the next page begins; absent on the last.
    var next: String?

    struct Entry: Sendable, Equatable, Codable {
        var id: AdminID
        var provider: String
        var organization: String
        var acceptedAt: Date
        var review: Question
    }

    /// What is to be decided.
    struct Question: Sendable, Equatable, Codable {
        var requestedAt: Date
        var reason: String
        var deadline: Date
        /// What is doubtful.
        var explanation: String
        /// What the rules say as far as they go.
        var proposal: Bool
        /// What is decided when nobody has until the deadline.
        var fallback: Bool
        var rule: String?
        var coverageVersion: String
    }
}

/// What a review has ended with.
struct DecidedReview: Sendable, Equatable, Codable {
    var id: AdminID
    /// Whether it was decided now, or so before.
    var decided: Bool
}

/// What may be decided in a review, as the admin API spells it.
enum ReviewWord: String, Sendable {
    case accept, decline

    /// What it has come to.
    var past: String {
        switch self {
        case .accept: "accepted"
        case .decline: "declined"
        }
    }
}
