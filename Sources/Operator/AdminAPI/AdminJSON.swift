import Contracts
import Foundation

/// JSON with times as on the wire.
enum AdminJSON {
    static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let date = Timestamp.date(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no RFC 3339 time")
            }
            return date
        }
        return decoder
    }()

    /// What `--json` prints, ending in a line feed. It may be shown on a terminal, too.
    static func text(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Timestamp.string(date))
        }
        let text = String(decoding: try encoder.encode(value), as: UTF8.self)
        return Data((PrintableText.inJSON(text) + "\n").utf8)
    }
}

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
