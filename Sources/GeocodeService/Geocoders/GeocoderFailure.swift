/// Why a geocoder has not answered.
struct GeocoderFailure: Error, Sendable, Equatable, CustomStringConvertible {
    enum Kind: Sendable, Equatable {
        /// It is away, overloaded, or asks for patience; it may answer later.
        case away(retryAfter: Duration?)
        /// It answers, but not us: a wrong key, a used-up contract. It may answer when the operator has mended that.
        case refused
        /// What came is no answer of such a geocoder: not its JSON, too long, cut off.
        case unreadable
    }

    var kind: Kind
    /// Stable, for metrics: `timeout`, `http-503`, `over-query-limit`, `request-denied`, `not-json`, …
    var code: String
    /// One sentence for the operator, without the address and without secrets.
    var message: String

    var description: String { "\(code): \(message)" }
}
