import Contracts

import struct Foundation.Date

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
