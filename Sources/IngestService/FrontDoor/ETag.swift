import Contracts
import Crypto
import HTTPListener
import Hummingbird

/// A strong entity tag (RFC 9110, section 8.8.3): the same for the same bytes, whoever asks when.
struct ETag: Sendable, Hashable, CustomStringConvertible {
    /// With its quotes.
    let description: String

    /// Of a body that is sent as these bytes.
    init(ofBytes bytes: [UInt8]) {
        let digits = SHA256.hash(data: bytes).prefix(16)
            .map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }
        description = "\"" + digits.joined() + "\""
    }

    /// Of a body that is sent as JSON.
    init(of json: some Encodable) {
        // What cannot be written is not sent either.
        self.init(ofBytes: (try? WireJSON.bytes(json)) ?? [])
    }
}

/// What `If-Match` and `If-None-Match` say (RFC 9110, section 13.1).
struct ETagCondition: Sendable, Equatable {
    private let tags: [String]

    /// - Returns: `nil` when there is no such field.
    init?(_ fields: [String]) {
        guard !fields.isEmpty else { return nil }
        tags = fields.filter(\.isShortASCII).flatMap { $0.split(separator: ",") }.map { String($0.trimmingBlanks()) }
    }

    /// The comparison of `If-Match`: a weak tag is none of ours.
    func matches(_ tag: ETag) -> Bool { tags.contains { $0 == "*" || $0 == tag.description } }

    /// The comparison of `If-None-Match`: a proxy that packs bodies makes our tags weak.
    func matchesWeakly(_ tag: ETag) -> Bool { matches(tag) || tags.contains("W/" + tag.description) }
}
