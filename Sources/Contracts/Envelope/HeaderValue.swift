/// The value of a message header: the few kinds that Intake itself writes, and everything else as `other`.
package enum HeaderValue: Sendable, Equatable {
    case string(String)
    case int(Int64)
    case bool(Bool)
    /// A kind that Intake does not interpret, e.g. the `x-death` table that the broker adds.
    case other

    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var int: Int64? { if case .int(let value) = self { value } else { nil } }
}
