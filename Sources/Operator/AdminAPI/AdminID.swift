import Contracts

import struct Foundation.UUID

/// An id as the admin API writes it, and as people do: in lower case.
struct AdminID: Sendable, Hashable, Codable {
    var uuid: UUID

    init(_ uuid: UUID) { self.uuid = uuid }

    var canonical: String { uuid.canonical }

    init(from decoder: any Decoder) throws { uuid = try decoder.singleValueContainer().decode(UUID.self) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(canonical)
    }
}
