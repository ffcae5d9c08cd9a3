import Contracts

/// An event's headers as the outbox keeps them: one JSON object.
enum OutboxHeaders {
    /// - Throws: `StoreError` when they cannot be written as JSON.
    static func encode(_ headers: [String: HeaderValue]) throws(StoreError) -> [UInt8] {
        do {
            return try EventCoding.encode(headers.compactMapValues(Stored.init))
        } catch {
            throw StoreError(code: .unreadable, detail: "headers")
        }
    }

    /// - Throws: `StoreError` when the bytes are not what `encode` wrote.
    static func decode(_ bytes: [UInt8]) throws(StoreError) -> [String: HeaderValue] {
        do {
            return try EventCoding.decode([String: Stored].self, from: bytes).mapValues(\.value)
        } catch {
            throw StoreError(code: .unreadable, detail: "outbox.headers")
        }
    }

    /// A header of one of the kinds that Intake writes.
    private struct Stored: Codable {
        let value: HeaderValue

        /// `nil` for kinds that only a broker adds; an event that is not published yet has none.
        init?(_ value: HeaderValue) {
            if value == .other { return nil }
            self.value = value
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            // One of the three fits; what does not is of another kind, not an error.
            value =
                if let text = try? container.decode(String.self) {
                    .string(text)
                } else if let number =
                    try? container
                    .decode(Int64.self)
                {
                    .int(number)
                } else { .bool(try container.decode(Bool.self)) }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch value {
            case .string(let text): try container.encode(text)
            case .int(let number): try container.encode(number)
            case .bool(let flag): try container.encode(flag)
            case .other: try container.encodeNil()
            }
        }
    }
}
