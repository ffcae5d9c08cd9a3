import Contracts

/// An event's headers as the outbox keeps them: one JSON object.
enum OutboxHeaders {
    /// Leaves out kinds that only a broker adds; an event that is not published yet has none.
    static func encode(_ headers: [String: HeaderValue]) -> [UInt8] {
        var object = JSONObjectText()
        for (name, value) in headers { object.add(name, value) }
        return object.bytes()
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
    private struct Stored: Decodable {
        let value: HeaderValue

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            // One of the three fits: that another does not is no error.
            if let text = try? container.decode(String.self) {
                value = .string(text)
            } else if let number = try? container.decode(Int64.self) {
                value = .int(number)
            } else {
                value = .bool(try container.decode(Bool.self))
            }
        }
    }
}
