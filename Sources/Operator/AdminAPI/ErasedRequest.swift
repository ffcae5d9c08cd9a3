import struct Foundation.Date
import struct Foundation.UUID

/// A request whose personal data is gone.
struct ErasedRequest: Sendable, Equatable, Codable {
    var id: UUID
    var erasedAt: Date
    /// Whether it was erased now, or before.
    var erased: Bool
}
