import Foundation

/// A message that waits in a queue.
package struct QueuedMessage: Decodable, Sendable {
    package var body: [UInt8]
    /// The headers that are strings or integers, both as text; others (the `x-death` table) are left out.
    package var headers: [String: String]

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let payload = try container.decode(String.self, forKey: .payload)
        guard let data = Data(base64Encoded: payload) else {
            throw DecodingError.dataCorruptedError(forKey: .payload, in: container, debugDescription: "not base64")
        }
        body = [UInt8](data)
        // Without any property the API writes an empty array in place of an object.
        let properties = (try? container.decode(Properties.self, forKey: .properties)) ?? Properties()
        headers = (properties.headers ?? [:]).compactMapValues(\.text)
    }

    private struct Properties: Decodable {
        var headers: [String: Header]?
    }

    private struct Header: Decodable {
        var text: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            // Tried in turn: a header's kind is not known before.
            if let string = try? container.decode(String.self) {
                text = string
            } else if let integer = try? container.decode(Int64.self) {
                text = String(integer)
            }
        }
    }

    enum CodingKeys: String, CodingKey {
        case payload, properties
    }
}
