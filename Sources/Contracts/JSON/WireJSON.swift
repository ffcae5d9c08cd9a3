import Foundation

/// JSON by Foundation's coders, for what is not written for every message: names in order, times as on the wire.
package enum WireJSON {
    package static func bytes(_ value: some Encodable) throws -> [UInt8] { [UInt8](try compact.encode(value)) }

    /// On several lines.
    package static func indented(_ value: some Encodable) throws -> [UInt8] { [UInt8](try pretty.encode(value)) }

    package static func value<Value: Decodable>(
        _ type: Value.Type = Value.self, from bytes: some Sequence<UInt8>
    ) throws -> Value {
        try decoder.decode(type, from: Data(bytes))
    }

    private static let compact = encoder([.sortedKeys, .withoutEscapingSlashes])
    private static let pretty = encoder([.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])

    private static func encoder(_ formatting: JSONEncoder.OutputFormatting) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Timestamp.string(date))
        }
        return encoder
    }

    private static let decoder: JSONDecoder = {
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
}
