import Foundation

/// JSON as the contract writes it: sorted keys, times as `Timestamp`, no escaped slashes.
package enum EventCoding {
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Timestamp.string(date))
        }
        return encoder
    }()

    private static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let date = Timestamp.date(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time")
            }
            return date
        }
        return decoder
    }()

    /// - Throws: `ContractError` with code `badData`.
    package static func encode(_ value: some Encodable) throws(ContractError) -> [UInt8] {
        do {
            return [UInt8](try encoder.encode(value))
        } catch {
            throw ContractError(code: .badData, detail: path(of: error))
        }
    }

    /// - Throws: `ContractError` with code `badData`; its detail names the JSON path and holds no value.
    package static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8]
    ) throws(ContractError) -> Value {
        do {
            return try decoder.decode(type, from: Data(bytes))
        } catch {
            throw ContractError(code: .badData, detail: path(of: error))
        }
    }

    private static func path(of error: any Error) -> String {
        func join(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
            (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
        }
        return switch error {
        case DecodingError.keyNotFound(let key, let context): "missing \(join(context, key))"
        case DecodingError.valueNotFound(_, let context): "null at \(join(context))"
        case DecodingError.typeMismatch(let type, let context): "expected \(type) at \(join(context))"
        case DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty: "not JSON"
        case DecodingError.dataCorrupted(let context): "bad value at \(join(context))"
        case EncodingError.invalidValue(_, let context):
            "bad value at \(context.codingPath.map(\.stringValue).joined(separator: "."))"
        default: "not JSON"
        }
    }
}
