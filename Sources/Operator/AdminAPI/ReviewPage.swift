import struct Foundation.Date
import struct Foundation.UUID

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
