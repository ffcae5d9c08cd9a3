import struct Foundation.Date
import struct Foundation.UUID

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
